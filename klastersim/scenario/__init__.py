"""What a user declares: parameters with unit, bounds, grade and source; presets; TOML in and out."""
