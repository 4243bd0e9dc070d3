"""``python -m tui.demo ORIGIN ANCHOR RATE``: serve the demo by that clock until standard input ends.

The port goes to standard output, on one line.
"""

from __future__ import annotations

import signal
import sys

from tui.clock import Clock
from tui.demo.server import DemoServer


def main(arguments: list[str]) -> int:
    """Serve until standard input ends: its other end is held by the process that wants the demo."""
    # Ctrl+C in a terminal reaches children too: it is for the program in front, which then lets go of ours.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    origin, anchor, rate = map(float, arguments)
    server = DemoServer(Clock(origin, anchor=anchor, rate=rate))
    server.start()
    print(server.port, flush=True)
    sys.stdin.read()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
