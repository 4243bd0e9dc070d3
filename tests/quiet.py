"""Pilots that wait for the app instead of for the clock.

Textual's pilot sleeps 20 ms at a time, three times for a key, until the process has used next to no processor
meanwhile: on a loaded machine that says little, and on a free one it is most of what a test takes. The event
loop knows better: the app has done all that a key makes it do when nothing is ready to run or due at once.
"""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

FRAME: Final = 0.002
"""Seconds from one look of a screen for what is to be drawn to the next; with Textual it is a sixtieth."""
SOON: Final = 0.01
"""Seconds; a timer due within them is waited for: a frame, or a key that waits 5 ms for a screen to open."""


async def quiet(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Return when nothing runs or is about to, or after ``max_sleep`` seconds, as Textual's own waiting.

    What another thread brings is not waited for: for that there is :func:`tests.watching.until`.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() - begun < max_sleep:
        await asyncio.sleep(0)
        if loop._ready:  # type: ignore[attr-defined]  # asyncio tells nobody else what it has to do
            continue
        now = loop.time()
        timers = [each.when() - now for each in loop._scheduled if not each.cancelled()]  # type: ignore[attr-defined]
        next_timer = min(timers, default=SOON)
        if next_timer >= SOON and now - begun >= min_sleep:
            return
        await asyncio.sleep(min(next_timer, SOON))


def make_pilots_quiet(patch: pytest.MonkeyPatch) -> None:
    """Every pilot waits by :func:`quiet`, and what is to be drawn is drawn at once."""
    for module in ("textual.app", "textual.pilot"):
        patch.setattr(f"{module}.wait_for_idle", quiet)
    patch.setattr("textual.screen.UPDATE_PERIOD", FRAME)
