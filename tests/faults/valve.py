"""A terminal that can stop taking output: ``python -m tests.faults.valve COMMAND...``.

The command runs in a terminal of its own, whose output is passed on to ours; between SIGUSR1 and SIGUSR2
nothing is read of it, as when somebody pressed ctrl-s, or an SSH connection hangs.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import sys
import termios
import tty


def main(command: list[str]) -> int:
    """Until the command ends; returns what it ended with."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    closed = False

    def close(*_: object) -> None:
        nonlocal closed
        closed = True

    def open_again(*_: object) -> None:
        nonlocal closed
        closed = False

    def resize(*_: object) -> None:
        size = fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)

    for number, action in ((signal.SIGUSR1, close), (signal.SIGUSR2, open_again), (signal.SIGWINCH, resize)):
        signal.signal(number, action)
    resize()
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        while True:
            ready, _, _ = select.select([0] if closed else [0, terminal], [], [], 0.2)
            for source in ready:
                data = os.read(source, 65536)
                os.write(terminal if source == 0 else 1, data)
    except OSError:  # the command's terminal is at its end
        pass
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
