"""The command `presets`: the clusters that come with klastersim."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from klastersim.cli.application import AsJson, app
from klastersim.cli.ending import guarded, write

if TYPE_CHECKING:
    from klastersim.scenario import Preset, Scenario


@app.command()
@guarded
def presets(
    name: Annotated[str | None, typer.Argument(help="One preset, to see what it changes.")] = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print the preset as a complete file to start from.")] = False,
    lang: Annotated[str, typer.Option("--lang", help='Language of titles and comments: "en" or "id".')] = "en",
    as_json: AsJson = False,
) -> None:
    """List the clusters that come with klastersim, or write one as a file to start from."""
    from klastersim.errors import InputError, did_you_mean
    from klastersim.scenario import PRESETS

    _check_language(lang)
    if toml and as_json:
        raise InputError("presets", "--toml", problem="stands beside --json", remedy="Ask for one of the two.")
    if name is not None:
        if name not in PRESETS:
            known = ", ".join(f'"{preset}"' for preset in PRESETS)
            raise InputError("presets", "", name, f"one of {known}", did_you_mean(name, PRESETS))
        _show_preset(_in_language(name, lang), lang, toml, as_json)
    elif toml:
        raise InputError(
            "presets", "--toml", problem="needs a preset", remedy="Write klastersim presets sentra --toml."
        )
    elif as_json:
        from klastersim.lab.provenance import as_json as written

        write(written([{"name": preset.name, "title": _title(preset, lang)} for preset in PRESETS.values()]))
    else:
        write("".join(f"{preset.name:<12}  {_title(preset, lang)}\n" for preset in PRESETS.values()))


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


def _preset_page(chosen: Scenario) -> str:
    lines = [f"{chosen.name}: {chosen.title}"]
    lines += [f"  {key} = {here} (sentra: {there})" for key, (here, there) in chosen.differences("sentra").items()]
    return "\n".join([*lines, f"Write it as a file: klastersim presets {chosen.name} --toml > mine.toml"])
