"""A visitor without a browser: speaks to the server as the page does, moves a slider and waits for the new run."""

from __future__ import annotations

import json
import struct
import time
import urllib.request
from contextlib import ExitStack
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from websockets.sync.client import ClientConnection, connect

#: Seconds that a client waits for an answer before it gives up.
PATIENCE = 60.0


class Client:
    """One visitor.

    Parameters
    ----------
    port : int
        Of the server on this computer.
    query : str
        What stands behind the question mark.
    """

    def __init__(self, port: int, query: str) -> None:
        self.port, self.kernel, self.session = port, str(uuid4()), str(uuid4())
        self.digest = ""
        self.sliders: dict[str, str] = {}
        self.errors: list[str] = []
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/?{query}", timeout=PATIENCE) as answer:
            cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
        self.cookie = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
        self._held = ExitStack()
        self.socket: ClientConnection = self._held.enter_context(
            connect(
                f"ws://127.0.0.1:{port}/jupyter/api/kernels/{self.kernel}/channels?session_id={self.session}",
                additional_headers={"Cookie": self.cookie},
                max_size=None,
                open_timeout=PATIENCE,
            )
        )
        control = str(uuid4())
        self._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        run = {"method": "run", "args": {"path": f"/?{query}", "appName": "__default__", "dark": False}}
        self._send("comm_msg", {"comm_id": control, "data": run})
        self._until(lambda: bool(self.digest and self.sliders))

    def move(self, label: str, place: int) -> float:
        """Move the slider whose label begins with `label`; return the seconds until the new run is there."""
        comm = next(comm for comm, told in self.sliders.items() if told.startswith(label))
        before, began = self.digest, time.perf_counter()
        update = {"method": "update", "state": {"v_model": place}, "buffer_paths": []}
        self._send("comm_msg", {"comm_id": comm, "data": update})
        self._until(lambda: self.digest != before)
        return time.perf_counter() - began

    def leave(self) -> None:
        """Leave as a page does that is closed."""
        self._held.close()
        address = f"http://127.0.0.1:{self.port}/_solara/api/close/{self.kernel}?session_id={self.session}"
        request = urllib.request.Request(address, data=b"", headers={"Cookie": self.cookie}, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
            pass

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": str(uuid4()), "msg_type": kind, "session": self.session, "username": "", "version": "5.2"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        self.socket.send(json.dumps({**message, "channel": "shell"}))

    def _until(self, there: Any) -> None:
        ends = time.monotonic() + PATIENCE
        while not there():
            message = self.socket.recv(timeout=max(0.1, ends - time.monotonic()))
            self._read(message)

    def _read(self, raw: str | bytes) -> None:
        message = json.loads(raw) if isinstance(raw, str) else unpacked(raw)
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in ("error", "stream"):
            self.errors.append(str(content)[:500])
        if kind == "comm_open":
            self._look(content["comm_id"], content.get("data", {}).get("state", {}))
        elif kind == "comm_msg":
            self._look(content["comm_id"], content.get("data", {}).get("state", {}))

    def _look(self, comm: str, state: dict[str, Any]) -> None:
        attributes = state.get("attributes") or {}
        if "data-digest" in attributes:
            self.digest = attributes["data-digest"]
        if "aria-label" in attributes and (state.get("_model_name") == "SliderModel" or comm in self.sliders):
            self.sliders[comm] = attributes["aria-label"]


def unpacked(raw: bytes) -> dict[str, Any]:
    """Return a message that came as bytes: a count, the offsets of its parts, JSON first."""
    count = struct.unpack("!I", raw[:4])[0]
    offsets = struct.unpack(f"!{count}I", raw[4 : 4 * (count + 1)])
    return json.loads(raw[offsets[0] : offsets[1] if count > 1 else None])
