"""The dashboard's server, writing down every address that it tries to reach."""

import sys
from pathlib import Path


def main() -> None:
    port, log = int(sys.argv[1]), Path(sys.argv[2])
    host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"

    def watch(event: str, arguments: tuple) -> None:
        if event == "socket.connect":
            note(arguments[1])
        elif event == "socket.getaddrinfo":
            note(arguments[:2])

    def note(address: object) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{address!r}\n")

    sys.addaudithook(watch)
    from klastersim.dashboard.server import serve

    serve("id", host, port)


if __name__ == "__main__":
    main()
