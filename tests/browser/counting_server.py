"""The dashboard's server, writing down how many sessions are in memory when it is asked by a signal."""

import gc
import signal
import sys
from pathlib import Path
from weakref import WeakSet


def main() -> None:
    port, told = int(sys.argv[1]), Path(sys.argv[2])
    from klastersim.dashboard import server, session

    alive: WeakSet = WeakSet()
    begin = session.Session.__init__

    def begin_and_note(self: session.Session, query: str | None) -> None:
        begin(self, query)
        alive.add(self)

    def tell(*_: object) -> None:
        gc.collect()
        written = told.with_suffix(".part")
        written.write_text(str(len(alive)), encoding="ascii")
        written.replace(told)

    session.Session.__init__ = begin_and_note
    signal.signal(signal.SIGUSR1, tell)
    server.serve("id", "127.0.0.1", port)


if __name__ == "__main__":
    main()
