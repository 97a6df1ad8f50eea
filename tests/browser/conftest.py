from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.browser.visiting import ARGUMENTS, Server, Visit, chromium


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    served = Server(tmp_path_factory.mktemp("server"))
    yield served
    served.end()
    assert served.reached() == []


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    if path is None:
        why = "no Chromium was found on this machine"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, server) -> Iterator[Callable[..., Visit]]:
    """Opens pages; in the end none may have asked anybody outside, or complained."""
    visits = []

    def come(query: str = "", settled: bool = True, **size: float) -> Visit:
        visits.append(Visit(browser, server, **size))
        return visits[-1].open(query, settled)

    yield come
    for each in visits:
        each.close()
        assert each.outside == []
        assert each.complaints == []
