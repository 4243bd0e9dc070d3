"""The app on a store, from the first look at the terminal to the last word on it."""

from __future__ import annotations

import codecs
import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui import paths

if TYPE_CHECKING:
    from tui.session import Session

DONE: Final = 0
FAULT: Final = 1


def show(
    config: Path,
    data: Path,
    collector: Sequence[str],
    *,
    label: str = "",
    wall: bool = False,
    polls: bool = True,
    theme: str = "",
) -> int:
    """Until the person leaves."""
    # What starts the screen is made once and stays: to sweep it for garbage meanwhile takes a quarter of the
    # time to the first paint. The app sets what is there aside and lets the sweeping go on.
    gc.disable()
    _spare_tls()
    from tui.palette import theme_names
    from tui.session import Session
    from tui.store.connect import StoreError
    from tui.usage import must_be

    # Textual reads the one, asks the other for its size and draws on the third.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        print("frontwatch: the dashboard needs a terminal; see `frontwatch list` for output", file=sys.stderr)
        return FAULT
    if fault := _speak_utf8():
        print(f"frontwatch: {fault}", file=sys.stderr)
        return FAULT
    session = Session(config, data, collector=collector, label=label, wall=wall, polls=polls, log=True)
    if theme and theme not in (known := theme_names(session.watch.screen.themes)):
        session.close()
        must_be(theme, known, "theme")
    for name in ("COLUMNS", "LINES"):
        # Where a shell exports them they would hold for good, and no resize would be seen.
        os.environ.pop(name, None)
    # Textual paints at most so often; at its usual 60 the wait alone takes a key's budget of 10 ms.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # A thread writes to the terminal and another reads the store: by Python's usual 5 ms a drawn frame may
    # wait so long until it goes out, and a key until the store was read.
    sys.setswitchinterval(0.001)
    from tui.app import AS_BEFORE, FrontwatchApp

    try:
        app = FrontwatchApp(session, theme=theme, contains=True)
        try:
            app.run()
        finally:
            # Whoever uses the terminal next gets its usual way with right-to-left text.
            with suppress(OSError):  # the terminal is gone, and whoever closed it knows
                sys.stdout.write(AS_BEFORE)
                sys.stdout.flush()
        ended_by = app.ended_by
        code = app.return_code or DONE
    except Exception as error:  # told in one sentence: the traceback is for whoever mends it
        ended_by, code = error, FAULT
    try:
        session.close()
    except StoreError:
        raise  # told in words of its own
    except Exception as error:  # a fault in leaving is told as any other
        ended_by, code = ended_by or error, FAULT
    if ended_by is not None:
        _tell(ended_by, session)
    return code


def _tell(error: Exception, session: Session) -> None:
    """What the app ended by: to the log with all there is, to the person in a sentence."""
    from tui.failures import in_a_line

    session.open_log()
    session.failures.note("the dashboard", error)
    log = session.data / paths.LOG_NAME
    print(
        f"frontwatch: ended by a fault in this program ({in_a_line(error)}). The whole of it is in {log}; "
        "`frontwatch doctor` gathers what a report needs.",
        file=sys.stderr,
    )


def _spare_tls() -> None:
    """Import asyncio without TLS, which it can do without: that takes 5 ms of the first paint.

    This process opens no connection. Whoever imports ``ssl`` later gets it; asyncio's own streams then still
    say that they have none.
    """
    if "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment]  # import's own way to say that it is not there
        import asyncio  # noqa: F401 - for the sake of what it finds

        del sys.modules["ssl"]


def _speak_utf8() -> str:
    """Draw in UTF-8; why that can't be, where the locale says that the terminal takes something else.

    A locale of ASCII (``C``, as a bare SSH command has it) says nothing of the terminal: nearly all take
    UTF-8, and Python itself takes it for that (PEP 538).
    """
    for stream in (sys.stdout, sys.stderr):
        if (
            not isinstance(stream, io.TextIOWrapper)
            or (name := codecs.lookup(stream.encoding).name) == "utf-8"
        ):
            continue
        if name != "ascii":
            words = f"the locale says that this terminal takes {name}, and the dashboard is drawn in UTF-8"
            return f"{words}: try LC_ALL=C.UTF-8 frontwatch"
        stream.reconfigure(encoding="utf-8")
    return ""
