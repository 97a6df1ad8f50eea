"""What is made of the runs of an experiment: who gains, effects, sensitivity, scenario discovery, field studies."""
