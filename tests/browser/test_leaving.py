"""Nothing of a visitor who left stays in the server's memory."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.browser.clients import Client
from tests.browser.visiting import Server

pytest.importorskip("solara")

VISITORS = 4

#: Seconds within which the memory of those who left is to be free, on a busy machine; no test measures time.
PATIENCE = 60.0


class CountingServer(Server):
    """A server that tells how many sessions it has in memory."""

    program = "tests.browser.counting_server"

    def sessions(self) -> int:
        """Return the sessions in memory, after a collection."""
        self.log.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        ends = time.monotonic() + PATIENCE
        while not self.log.exists():
            assert time.monotonic() < ends, self.output.read_text(encoding="utf-8")
            time.sleep(0.05)
        return int(self.log.read_text(encoding="ascii"))

    def sessions_left(self) -> int:
        """Return the sessions that stay in memory."""
        ends = time.monotonic() + PATIENCE
        while (found := self.sessions()) and time.monotonic() < ends:
            time.sleep(0.5)
        return found


@pytest.fixture
def counting(tmp_path) -> Iterator[CountingServer]:
    served = CountingServer(tmp_path)
    yield served
    served.end()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1") or os.name != "posix", reason="the server is asked by a signal")
def test_no_session_stays_in_memory_when_its_visitor_has_left(counting):
    """They leave while the chance of what they last chose is still being counted."""

    def come(number: int) -> Client:
        client = Client(counting.port, f"preset=gap-market&lang=id&seed={number}")
        for place in (6, 8):
            client.move("Anggaran", place)
        return client

    with ThreadPoolExecutor(VISITORS) as pool:
        clients = list(pool.map(come, range(1, VISITORS + 1)))
    assert counting.sessions() == VISITORS
    for client in clients:
        client.leave()
        assert client.errors == []
    assert counting.sessions_left() == 0
