"""The server: one program, no internet."""

from __future__ import annotations

import os
import socket
from typing import Final

from klastersim.errors import InputError, did_you_mean

#: Where nobody but this computer can reach it.
LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8765
LOCAL: Final = ("127.0.0.1", "localhost", "::1")
LANGUAGES: Final = ("id", "en")

#: What keeps Solara from asking the internet for anything. A front end that is missing fails at home.
OFFLINE: Final = {
    "SOLARA_APP": "klastersim.dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_CHECK_HOOKS": "off",
}


def check(language: str, host: str, port: int) -> None:
    """Refuse what cannot be served."""
    if language not in LANGUAGES:
        known = ", ".join(f'"{name}"' for name in LANGUAGES)
        raise InputError("dashboard", "--lang", language, f"one of {known}", did_you_mean(language, LANGUAGES))
    if not 1 <= port <= 65_535:
        raise InputError("dashboard", "--port", port, "a whole number from 1 to 65535")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0] if host.strip() else None
    except OSError:
        family = None
    if family is None:
        raise InputError("dashboard", "--host", host, "an address of this computer", "Leave it out to stay private.")
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            remedy = "Another klastersim dashboard may be running; name another port, or an address of this computer."
            raise InputError(
                "dashboard", "--port", port, problem=f"of {host} cannot be used ({reason})", remedy=remedy
            ) from None


def serve(language: str = "id", host: str = LOOPBACK, port: int = PORT) -> None:
    """Serve the dashboard until interrupted.

    Parameters
    ----------
    language : str, default "id"
        Language that a page begins with: "id" or "en".
    host : str, default "127.0.0.1"
        Address to listen on; by default only this computer can connect.
    port : int, default 8765
        Port to listen on.

    Raises
    ------
    InputError
        If an argument cannot be used.
    """
    check(language, host, port)
    os.environ.update(OFFLINE)
    import uvicorn

    from klastersim.dashboard import worker
    from klastersim.dashboard.settings import SETTINGS

    SETTINGS.language = language
    SETTINGS.open_to_others = host not in LOCAL
    _warm_up()
    try:
        uvicorn.run(
            "solara.server.starlette:app",
            host=host,
            port=port,
            log_level="warning",
            ws_max_size=4_000_000,
            timeout_graceful_shutdown=2,
        )
    finally:
        worker.close()


def _warm_up() -> None:
    """Load the kernels before the first visitor comes."""
    from klastersim.dashboard.choice import Choice
    from klastersim.dashboard.link import START
    from klastersim.dashboard.outcome import Outcome

    Outcome.of(Choice.preset(START))


if __name__ == "__main__":
    serve()
