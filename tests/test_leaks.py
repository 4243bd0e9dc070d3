"""A dashboard that is used for weeks: what was opened and closed again leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.css.query import DOMQuery
from textual.message_pump import MessagePump
from textual.timer import Timer

from tests.watchfloor import Watchfloor
from tests.watching import watching
from tui.app import FrontwatchApp
from tui.model import Severity

DOORS = ("m", "slash", "enter", "L", "t", "F", "H", "question_mark", "ctrl+p")
"""Each opens a screen; Esc closes it."""
MAP_KEYS = ("plus", "left", "minus", "right", "up", "plus", "down", "minus", "0")
ROUNDS = 110
"""Each opens eleven screens and moves the map ten times: a thousand of both."""
LIMIT = 1.02
"""Memory after all rounds over memory after a tenth of them (DESIGN.md, budgets: 2% at the most)."""


def living() -> Counter[str]:
    """What must not pile up, by sort: widgets and screens, timers, queries, tasks, threads."""
    gc.collect()
    found: Counter[str] = Counter()
    for each in gc.get_objects():
        if isinstance(each, MessagePump | Timer | DOMQuery):
            found[type(each).__name__] += 1
    found["tasks"] = len(asyncio.all_tasks())
    found["threads"] = threading.active_count()
    return found


async def reached(holds: Callable[[], bool]) -> None:
    """Wait for it, without a pilot's pauses: they would take most of the time."""
    end = time.monotonic() + 120.0
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.001)


async def visit(app: FrontwatchApp, *keys: str) -> None:
    """Keys that open a screen, and do something there; it is drawn, and left again."""
    for key in keys:
        app.simulate_key(key)
    await reached(lambda: app.screen is not app.board and app.screen.is_mounted)
    await reached(lambda: len(app.screen._compositor.render_strips()) == app.size.height)
    app.simulate_key("escape")
    await reached(lambda: app.screen is app.board)


async def round_of(app: FrontwatchApp) -> None:
    """Every screen once, the map moved about, a line to type in, another minute and another theme."""
    app.simulate_key("home")
    for key in DOORS:
        await visit(app, key)
    await visit(app, "m", *MAP_KEYS)
    for key in ("N", "x", "escape", "left_square_bracket", "right_square_bracket", "ctrl+t"):
        app.simulate_key(key)
    await visit(app, "question_mark")


async def more_than(before: Counter[str]) -> Counter[str]:
    """What lives and did not; asyncio holds what a cancelled timer belonged to until its time has come."""
    for _ in range(100):
        if not (more := living() - before):
            break
        await asyncio.sleep(0.2)
    return more


async def settled(app: FrontwatchApp) -> None:
    """What was to end has ended."""
    await app.workers.wait_for_complete()
    await reached(lambda: threading.active_count() <= 3)


@asynccontextmanager
async def busy(floor: Watchfloor) -> AsyncIterator[FrontwatchApp]:
    """A dashboard with something on every screen, used a while."""
    for number in range(20):
        floor.tell(f"Shelling {number}", ago=60 * number + 60, severity=Severity.HIGH)
    async with watching(floor) as (app, _):
        await round_of(app)
        await settled(app)
        yield app


async def test_screens_that_come_and_go_leave_no_widget_task_thread_or_timer(floor: Watchfloor) -> None:
    async with busy(floor) as app:
        before = living()
        for _ in range(2):
            await round_of(app)
        await settled(app)
        assert not await more_than(before)


@pytest.mark.slow
async def test_a_thousand_screens_later_memory_is_what_it_was(floor: Watchfloor) -> None:
    tracemalloc.start()
    try:
        async with busy(floor) as app:
            before, used = living(), 0
            for number in range(ROUNDS):
                await round_of(app)
                if number == ROUNDS // 10:
                    await settled(app)
                    gc.collect()
                    used, _ = tracemalloc.get_traced_memory()
            await settled(app)
            more = await more_than(before)
            end, _ = tracemalloc.get_traced_memory()
        print(f"{ROUNDS} rounds: {used:,} bytes, then {end:,}")
        assert not more
        assert end <= used * LIMIT
    finally:
        tracemalloc.stop()
