"""The command `presets`: the clusters that come with klastersim."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from klastersim.cli.application import AsJson, announce_compilation, app, folder_named
from klastersim.cli.ending import guarded, write

if TYPE_CHECKING:
    from klastersim.scenario import Preset, Scenario, Value


@app.command()
@guarded
def presets(
    name: Annotated[str | None, typer.Argument(help="One preset, to see what it changes.")] = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print the preset as a complete file to start from.")] = False,
    lang: Annotated[str, typer.Option("--lang", help='Language of titles and comments: "en" or "id".')] = "en",
    csv: Annotated[
        str | None,
        typer.Option("--csv", metavar="FOLDER", help="Write its firms and ties as CSV tables to start from."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the clusters that come with klastersim, or write one as a file to start from."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.scenario import PRESETS

    _check_language(lang)
    _check_one(toml=toml, csv=csv is not None, json=as_json)
    if name is not None:
        if name not in PRESETS:
            known = ", ".join(f'"{preset}"' for preset in PRESETS)
            raise InputError("presets", "", name, f"one of {known}", did_you_mean(name, PRESETS))
        chosen = _in_language(name, lang)
        if csv is None:
            _show_preset(chosen, lang, toml, as_json)
        else:
            _write_tables(chosen, lang, csv)
    elif toml or csv is not None:
        option = "--toml" if toml else "--csv"
        remedy = f"Write klastersim presets sentra {option}{'' if toml else ' FOLDER'}."
        raise InputError("presets", option, problem="needs a preset", remedy=remedy)
    elif as_json:
        from klastersim.lab.provenance import as_json as written

        write(written([{"name": preset.name, "title": _title(preset, lang)} for preset in PRESETS.values()]))
    else:
        write("".join(f"{preset.name:<12}  {_title(preset, lang)}\n" for preset in PRESETS.values()))


def _check_one(**asked: bool) -> None:
    """Refuse two forms at a time."""
    from klastersim.errors import InputError

    first, *others = [*(f"--{name}" for name, wanted in asked.items() if wanted), ""]
    if others and others[0]:
        raise InputError("presets", first, problem=f"stands beside {others[0]}", remedy="Ask for one of the two.")


def _write_tables(chosen: Scenario, lang: str, folder: str) -> None:
    from klastersim.lab.own_cluster import write_own_cluster

    target = folder_named(folder, "--csv") or Path()
    announce_compilation()
    files = write_own_cluster(chosen, target, language=lang)
    write("".join(f"written: {path}\n" for path in files) + f"Run it: klastersim run {files[-1]}\n")


def _check_language(lang: str) -> None:
    from klastersim.errors import InputError, did_you_mean
    from klastersim.scenario.words import LANGUAGES

    if lang not in LANGUAGES:
        known = ", ".join(f'"{language}"' for language in LANGUAGES)
        raise InputError("presets", "--lang", lang, f"one of {known}", did_you_mean(lang, LANGUAGES))


def _title(preset: Preset, lang: str) -> str:
    return preset.title_id if lang == "id" else preset.title


def _in_language(name: str, lang: str) -> Scenario:
    from klastersim.scenario import PRESETS, Scenario

    return Scenario.preset(name).replace({"title": _title(PRESETS[name], lang)})


def _show_preset(chosen: Scenario, lang: str, toml: bool, as_json: bool) -> None:
    if as_json:
        from klastersim.lab.provenance import as_json as written

        write(written(chosen.to_dict()))
    elif toml:
        if isinstance(sys.stdout, io.TextIOWrapper):  # a scenario is read as UTF-8, whatever the terminal speaks
            sys.stdout.reconfigure(encoding="utf-8")
        write(chosen.to_toml(lang))
    else:
        write(f"{_preset_page(chosen)}\n")


def _changed(chosen: Scenario) -> list[tuple[str, tuple[Value, Value]]]:
    return [(key, pair) for key, pair in chosen.differences("sentra").items() if pair[0] != pair[1]]


def _preset_page(chosen: Scenario) -> str:
    lines = [f"{chosen.name}: {chosen.title}"]
    lines += [f"  {key} = {here} (sentra: {there})" for key, (here, there) in _changed(chosen)]
    return "\n".join([*lines, f"Write it as a file: klastersim presets {chosen.name} --toml > mine.toml"])
