"""Damage to the store: found, and mended by :mod:`tui.store.rescue` under the collector's lock."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.clock import DAY, Clock
from tui.collector.lock import alone_now
from tui.store.connect import RESCUE, Damaged

FIRST_LOOK: Final = 120.0
"""Seconds after the start of a collector until the whole store is looked through; then"""
LOOK_EVERY: Final = DAY
"""seconds from look to look: damage that nobody comes by is found while there is a backup from before it."""


def mend(store: Path) -> bool:
    """Put a new store in the place of a damaged one; False where it is sound. The caller holds the lock."""
    from tui.store.rescue import rescue  # here: what is seldom needed makes no start longer

    return rescue(store, Clock().now()) is not None


def finish(store: Path) -> None:
    """Finish what a crash has left of that half done. The caller holds the lock."""
    from tui.store.rescue import finish  # as above

    finish(store)


def mend_now(data: Path, store: Path) -> bool:
    """As :func:`mend`, for a program that does not hold the lock; raises Taken where a collector does."""
    with alone_now(data):
        finish(store)
        return mend(store)


async def look_through(store: Path, asked: asyncio.Event) -> None:
    """Raises ``Damaged`` when the store is found to be; looks each day, and when it is ``asked``."""
    from tui.store.rescue import is_damaged  # as above

    wait = FIRST_LOOK
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), wait)
        asked.clear()
        wait = LOOK_EVERY
        if await asyncio.to_thread(is_damaged, store):
            raise Damaged(f"store {store}: damaged", RESCUE)
