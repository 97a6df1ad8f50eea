"""The program that the commands belong to, and what they share: options, scenario, folder."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from klastersim.cli.ending import say

if TYPE_CHECKING:
    from klastersim.scenario import Scenario

#: Values set on the command line that the title of a run tells.
MOST_TOLD = 3

app = typer.Typer(
    name="klastersim",
    help="Find out when clusters of small firms turn active, and what policy does to that.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a value of the scenario, such as ties.trust=0.7. Repeat."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from klastersim import __version__

        print(f"klastersim {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Tell more, with tracebacks of errors.")] = False,
) -> None:
    """Find out when clusters of small firms turn active, and what policy does to that."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("klastersim").setLevel(logging.DEBUG if verbose else logging.WARNING)


def announce_compilation() -> None:
    """Say why the first run of all takes longer."""
    from klastersim.compiled import compiled_already

    if not compiled_already():
        say("compiling kernels (first run only, about 40 seconds)")


def folder_named(out: str | None, option: str = "--out") -> Path | None:
    """Return the folder named; an empty name is that of a variable that was not set, not of the present folder."""
    from klastersim.errors import InputError

    if out is None:
        return None
    if not out.strip():
        raise InputError(option, "", out, problem="names no folder", remedy="Write . for the present folder.")
    return Path(out)


def scenario_named(name: str, settings: Sequence[str] | None) -> Scenario:
    """Return the scenario asked for; its title tells what was set."""
    from klastersim.errors import shown
    from klastersim.scenario import Scenario

    changes = values_set(settings)
    chosen = Scenario.find(name).replace(changes, where="--set")
    values = [f"{key} = {shown(chosen[key])}" for key in changes if key in chosen]
    if not values or "title" in changes:
        return chosen
    more = f" and {len(values) - MOST_TOLD} more" if len(values) > MOST_TOLD else ""
    return chosen.replace({"title": f"{chosen.title}, {', '.join(values[:MOST_TOLD])}{more}"[:200]})


def tell_filled(scenario: Scenario) -> None:
    """Say what the user's own tables leave open, and what it is filled from."""
    if scenario["cluster.file"] or scenario["ties.file"]:
        from klastersim.scenario.tables.filled import filled

        for each in filled(scenario):
            say(each.told())


def values_set(settings: Sequence[str] | None) -> dict[str, Any]:
    """Return the values of all ``--set``, refusing a key that is set twice."""
    from klastersim.errors import InputError
    from klastersim.scenario import parse_setting

    changes: dict[str, Any] = {}
    for text in settings or ():
        key, value = parse_setting(text)
        if key in changes:
            raise InputError("--set", key, value, problem="is given twice", remedy="Set each key once.")
        changes[key] = value
    return changes


def command_line() -> list[str]:
    """Return what was typed, for the record of provenance."""
    return ["klastersim", *sys.argv[1:]]
