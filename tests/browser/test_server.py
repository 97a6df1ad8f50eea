from __future__ import annotations

import os
import re
import socket
import subprocess
import sys

import pytest
import segno

from tests.browser.visiting import ROOT, Server, Visit

pytest.importorskip("solara")


def listening(port: int) -> set[str]:
    """Return the local addresses, in hexadecimal, on which something listens at a port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as lines:
            for line in lines.readlines()[1:]:
                address, state = line.split()[1], line.split()[3]
                if state == "0A" and int(address.rpartition(":")[2], 16) == port:
                    found.add(address.rpartition(":")[0])
    return found


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="the list of listening sockets is Linux's")
def test_only_this_computer_can_connect_unless_asked(server):
    assert listening(server.port) == {"0100007F"}  # 127.0.0.1


def test_a_visitor_leaves_nothing_on_the_disk(visit, server):
    visit("?cluster.firms=12&months=24&lang=id")
    assert [path for path in server.home.rglob("*") if path.is_file()] == []


def test_a_server_that_was_killed_and_started_again_is_found_again(browser, tmp_path):
    """The console complains of the refused connection, as it should; so this visit has a server of its own."""
    server = Server(tmp_path)
    here = Visit(browser, server).open("?preset=gap-market&programme.budget=75.0&seed=4&lang=en")
    try:
        here.tab("pins")
        here.page.get_by_label("Name, at most").fill("ours")
        here.page.get_by_role("button", name="Keep what is shown").click()
        here.page.get_by_text("ours").first.wait_for()
        digest = here.digest
        server.kill()
        lost = here.page.get_by_role("alert").filter(has_text="The connection to the program is lost")
        lost.wait_for()
        assert re.search("kept in the address bar", lost.inner_text())
        here.page.evaluate("window.before = true")
        server = Server(tmp_path, server.port)
        here.page.wait_for_function("window.before === undefined")
        here.settle()
        assert here.digest == digest
        assert "seed=4" in here.page.url
        here.tab("pins")
        here.page.get_by_text("ours").first.wait_for()
        assert here.outside == []
    finally:
        here.close()
        server.end()


def test_a_page_that_is_open_to_others_shows_its_link_as_a_picture(browser, tmp_path):
    server = Server(tmp_path, host="127.0.0.2")  # this computer too, by an address that is not the private one
    here = Visit(browser, server).open("?seed=4&lang=id")
    try:
        picture = here.page.locator("img.ks-qr")
        picture.wait_for()
        link = here.page.locator(".ks-link").inner_text()
        assert link.startswith(server.url)
        assert picture.get_attribute("src") == segno.make(link, error="m").svg_data_uri(scale=6, border=3)
        assert (here.outside, here.complaints) == ([], [])
    finally:
        here.close()
        server.end()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--lang", "fr"], '"id", "en"'),
        (["--port", "99999"], "a whole number from 1 to 65535"),
        (["--host", ""], "an address of this computer"),
    ],
)
def test_what_cannot_be_served_is_refused(options, said):
    ended = subprocess.run(
        [sys.executable, "-m", "klastersim", "dashboard", *options], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_port_that_is_taken_is_said_to_be():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        command = [sys.executable, "-m", "klastersim", "dashboard", "--port", str(port)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr
