"""A server to visit, and a visitor: a page in a browser of its own, whose requests and complaints are noted."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = {"127.0.0.1", "127.0.0.2", "localhost", "::1"}

#: Milliseconds that a busy machine may take; no test measures time.
PATIENCE = 90_000


def chromium() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Server:
    """The dashboard in a process of its own."""

    #: What is run; it is told a port, a file and an address.
    program = "tests.browser.watched_server"

    def __init__(self, folder: Path, port: int | None = None, host: str = "127.0.0.1") -> None:
        self.port = port or free_port()
        self.url = f"http://{host}:{self.port}/"
        self.log = folder / "reached.txt"
        self.output = folder / "output.txt"
        self.home = folder / "home"
        self.home.mkdir(exist_ok=True)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.program, str(self.port), str(self.log), host],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "TMPDIR": str(self.home)},
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}readyz", timeout=5):  # noqa: S310
                    return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    raise AssertionError(self.output.read_text(encoding="utf-8")) from None
                time.sleep(0.1)

    def reached(self) -> list[str]:
        """Return the addresses that the server tried to reach, beyond this computer."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not any(name in line for name in LOCAL)]

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


class Visit:
    """A visitor's page."""

    def __init__(self, browser: Any, server: Server, width: int = 1280, height: int = 720, zoom: float = 1.0) -> None:
        self.server = server
        self.context = browser.new_context(
            viewport={"width": round(width / zoom), "height": round(height / zoom)},
            device_scale_factor=zoom,
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.context.route("**/*", self._let_through)
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _let_through(self, route: Any) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("data", "blob") or address.hostname in LOCAL:
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    def open(self, query: str = "", settled: bool = True) -> Visit:
        self.page.goto(f"{self.server.url}{query}")
        self.page.wait_for_selector(".ks-headline")
        if settled:
            self.settle()
        return self

    def settle(self) -> None:
        """Wait until the page is there, and the chance is counted."""
        self.page.wait_for_selector(".ks-headline")
        self.page.wait_for_selector('.ks-chance[data-runs="50"]')

    @property
    def digest(self) -> str:
        return self.page.get_attribute(".ks-headline", "data-digest") or ""

    def until_changed(self, digest: str) -> None:
        self.page.wait_for_function(
            "digest => document.querySelector('.ks-headline').dataset.digest !== digest", arg=digest
        )

    def tab(self, name: str) -> None:
        places = ("lines", "map", "orders", "money", "compare", "tipping", "pins", "numbers")
        self.page.locator(".v-tab").nth(places.index(name)).click()
        self.page.wait_for_selector(f'[data-panel="{name}"]')

    def slide(self, label: str, key: str = "ArrowRight", times: int = 1) -> None:
        """Move a slider by the keyboard."""
        before = self.digest
        slider = self.page.locator(f'[role="slider"][aria-label^="{label}"]')
        slider.focus()
        for _ in range(times):
            slider.press(key)
        self.until_changed(before)

    def close(self) -> None:
        self.context.close()
