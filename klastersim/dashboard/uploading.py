"""Where a visitor uploads a scenario."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from typing import Any

import solara

from klastersim.dashboard.session import Session
from klastersim.dashboard.uploads import MOST_BYTES, choice_of, shown_name, with_table
from klastersim.dashboard.widgets import Upload
from klastersim.errors import InputError, said


@solara.component
def Uploading(session: Session) -> None:
    """A scenario file of the visitor's own."""
    words = session.words.value

    def arrived(file: dict[str, Any], table: str = "") -> None:
        try:
            name, content = str(file["name"]), _content(file)
            session.show(with_table(session.choice, table, name, content) if table else choice_of(name, content))
        except InputError as error:
            session.refuse(error)

    with solara.Details(words("upload.title")):
        solara.HTML("p", words("upload.help"), classes=["ks-help"])
        choose = words("upload.choose")
        Upload(
            label=words("upload.scenario"),
            choose=choose,
            name="ks-toml",
            accept=".toml",
            most=MOST_BYTES,
            event_arrived=arrived,
        )
        for table in ("firms", "ties"):
            Upload(
                label=words(f"upload.{table}"),
                choose=choose,
                name=f"ks-{table}",
                accept=".csv",
                most=MOST_BYTES,
                event_arrived=lambda file, table=table: arrived(file, table),
            )


def _content(file: dict[str, Any]) -> bytes:
    """Return the content of a file; what the browser found too large came without."""
    where = shown_name(str(file["name"]))
    if not 0 <= int(file["size"]) <= MOST_BYTES:
        raise InputError(where, problem=said("is larger than 1 MB"))
    try:
        return b64decode(file["content"], validate=True)
    except (Error, ValueError):
        raise InputError(where, problem=said("is binary, not text")) from None
