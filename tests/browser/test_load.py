"""Thirty visitors at once, three of them in a browser, each moving a slider every six seconds for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest

from tests.browser.clients import Client
from tests.browser.visiting import Server, Visit

pytest.importorskip("solara")

CLIENTS, BROWSERS = 27, 3
MOVES, PAUSE = 10, 6.0
PLACES = (6, 8, 10, 12, 14)
QUERY = "preset=gap-market&lang=id"

#: How much larger the server may be after a third crowd than after the second, as a share: what a leak would exceed.
LEFT_OVER = 0.08


def resident(process: int) -> int:
    """Return the memory that a process holds, in kB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def come_and_move(port: int, number: int, moves: int, pause: float) -> tuple[list[float], list[str]]:
    """Be a visitor; return how long each answer took, and what went wrong."""
    client = Client(port, f"{QUERY}&seed={number}")
    answers = []
    try:
        for move in range(moves):
            time.sleep(pause)
            answers.append(client.move("Anggaran", PLACES[move % len(PLACES)]))
    finally:
        client.leave()
    return answers, client.errors


def crowd(port: int, moves: int, pause: float, meanwhile: Callable[[], None]) -> list[float]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        coming = [pool.submit(come_and_move, port, number, moves, pause) for number in range(1, CLIENTS + 1)]
        meanwhile()
        came = [each.result() for each in coming]
    assert [error for _, errors in came for error in errors] == []
    answers = [seconds for each, _ in came for seconds in each]
    assert len(answers) == CLIENTS * moves
    return answers


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux tells it")
def test_thirty_visitors_are_served_and_leave_nothing_behind(browser, tmp_path, record_property):
    server = Server(tmp_path)
    try:
        visits = [Visit(browser, server).open(f"?{QUERY}&seed={100 + k}") for k in range(BROWSERS)]

        def move_in_browsers() -> None:
            for move in range(MOVES):
                time.sleep(PAUSE)
                for visit in visits:
                    visit.slide("Anggaran", "ArrowRight" if move < MOVES / 2 else "ArrowLeft")

        answers = crowd(server.port, MOVES, PAUSE, move_in_browsers)
        record_property("median seconds to an answer", median(answers))
        print(f"median {median(answers):.2f} s, longest {max(answers):.2f} s to an answer")
        for visit in visits:
            assert visit.complaints == []
            visit.close()
        sizes = []
        # The first crowd also brings in what the server keeps for good: code, fonts, threads.
        for _ in range(2):
            crowd(server.port, 3, 0.5, lambda: None)
            time.sleep(3.0)
            sizes.append(resident(server.process.pid))
        first, second = sizes
        print(f"memory {first / 1024:.0f} MB after the second crowd, {second / 1024:.0f} MB after the third")
        assert second <= (1.0 + LEFT_OVER) * first
        assert server.reached() == []
    finally:
        server.end()
