"""The collector as a process: what ends it, and what it says as it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.clock import Clock
from tui.collector.lock import Taken, own_folder
from tui.collector.service import run
from tui.config import ConfigError
from tui.heaps import share_heaps
from tui.logs import start_log
from tui.store.connect import StoreError

log = logging.getLogger(__name__)

LAST_GRACE: Final = 10.0
"""Seconds for a clean stop after the parent is gone; then the process ends as it is, as in a crash."""
DONE, FAULT, TAKEN = 0, 1, 3
"""Exit codes of :func:`main`."""


def main(
    config: Path,
    data: Path,
    clock: Clock,
    *,
    parent: bool = False,
    wait: bool = False,
    offline: bool = False,
) -> int:
    """Collect until SIGTERM, SIGINT or SIGHUP; with ``parent`` also until standard input ends.

    Returns 0 after such an end, 3 where another collector is at the store (with ``wait`` it takes
    over when that one is gone), 1 for a fault, told in the log and on standard error.
    ``offline``: no feed is polled.
    """
    try:
        own_folder(data)
    except StoreError as error:
        print(error, file=sys.stderr)
        return FAULT
    # With a parent its errors go there too: the screen shows the last of them.
    start_log(data, "collector", talk=not parent, last_words=parent)
    try:
        asyncio.run(_until_told(config, data, clock, parent=parent, wait=wait, offline=offline))
    except Taken as error:
        log.warning("%s", error)
        return TAKEN
    except (ConfigError, StoreError) as error:
        log.error("%s", error)
        return FAULT
    except Exception:  # whatever it is: the log and the exit code tell of it
        log.exception("the collector ends by a fault in it")
        return FAULT
    log.info("the collector has stopped")
    return DONE


async def _until_told(
    config: Path, data: Path, clock: Clock, *, parent: bool, wait: bool, offline: bool
) -> None:
    share_heaps()
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background job
                loop.add_signal_handler(number, stop.set)
    if parent:
        threading.Thread(target=_mind_parent, args=(loop, stop), name="parent", daemon=True).start()
    await run(config, data, clock, stop=stop, wait=wait, offline=offline)


def _mind_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Wait for the end of standard input: it comes when the parent is gone, however it went.

    Read past Python's own buffer, whose lock an interpreter that ends would find held.
    """
    with suppress(OSError):  # there is none at all: as good as at its end
        while os.read(0, 4096):
            pass
    loop.call_soon_threadsafe(stop.set)
    time.sleep(LAST_GRACE)
    os._exit(FAULT)  # a collector that hangs must not keep the lock from the next
