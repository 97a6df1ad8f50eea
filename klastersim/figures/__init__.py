"""What runs and sweeps look like: figure data apart from drawing, so that whatever shows them shares the data."""
