"""The command `dashboard`: the page for workshops, on this computer."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from klastersim.cli.application import announce_compilation, app
from klastersim.cli.ending import guarded, say


@app.command()
@guarded
def dashboard(
    lang: Annotated[str, typer.Option("--lang", help='Language that the page begins with: "id" or "en".')] = "id",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 opens the page to all who can reach this computer.")
    ] = "127.0.0.1",
) -> None:
    """Open the page for workshops: choose a cluster and a programme, see what comes of it. It needs no internet."""
    from importlib.util import find_spec

    from klastersim.dashboard.server import check, serve
    from klastersim.errors import InputError

    check(lang, host, port)
    if find_spec("solara") is None:
        remedy = "Install it with: pip install 'klastersim[dashboard]'"
        raise InputError("dashboard", problem="needs packages that are not installed", remedy=remedy)
    announce_compilation()
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    say(f"open http://{shown}:{port}/ in a browser; Ctrl+C ends it")
    sys.stderr.flush()
    serve(lang, host, port)
