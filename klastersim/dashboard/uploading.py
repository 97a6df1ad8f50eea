"""Where a visitor uploads a scenario."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from typing import Any

import solara

from klastersim.dashboard.session import Session
from klastersim.dashboard.uploads import MOST_BYTES, choice_of, shown_name
from klastersim.dashboard.widgets import Upload
from klastersim.errors import InputError


@solara.component
def Uploading(session: Session) -> None:
    """A scenario file of the visitor's own."""
    words = session.words.value

    def arrived(file: dict[str, Any]) -> None:
        try:
            session.show(choice_of(str(file["name"]), _content(file)))
        except InputError as error:
            session.refuse(error)

    with solara.Details(words("upload.title")):
        solara.HTML("p", words("upload.help"), classes=["ks-help"])
        Upload(label=words("upload.scenario"), name="ks-toml", accept=".toml", most=MOST_BYTES, event_arrived=arrived)


def _content(file: dict[str, Any]) -> bytes:
    """Return the content of a file; what the browser found too large came without."""
    where = shown_name(str(file["name"]))
    if not 0 <= int(file["size"]) <= MOST_BYTES:
        raise InputError(where, problem="is larger than 1 MB")
    try:
        return b64decode(file["content"], validate=True)
    except (Error, ValueError):
        raise InputError(where, problem="is binary, not text") from None
