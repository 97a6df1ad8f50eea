"""The dashboard as a visitor meets it, in a headless browser."""
