"""What ensembles of runs say: patterns the model is judged by."""
