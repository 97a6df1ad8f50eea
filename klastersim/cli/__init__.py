"""The command line, one module a command. Everything that is slow to import is imported inside the command."""

from klastersim.cli import dashboard, knockouts, patterns, presets, results, run, sweep
from klastersim.cli.application import app
from klastersim.cli.ending import open_streams

__all__ = ["app", "dashboard", "knockouts", "main", "patterns", "presets", "results", "run", "sweep"]


def main() -> None:
    """Run the command line."""
    open_streams()
    app(prog_name="klastersim")
