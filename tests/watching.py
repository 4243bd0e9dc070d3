"""A dashboard under a pilot, for the tests of the screens: keys in, screen out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from tests.watchfloor import Watchfloor
from tui.app import FrontwatchApp
from tui.session import Session


@asynccontextmanager
async def driven(
    session: Session, size: tuple[int, int], *keys: str
) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    """The dashboard of a session, which ends with it, after these keys."""
    app, first = FrontwatchApp(session), session.picture
    try:
        async with app.run_test(size=size) as pilot:
            # Not before the follower's first picture: it would come in the middle of whatever is tested.
            await until(pilot, lambda: app.session.picture is not first)
            await pilot.press(*keys)
            await pilot.pause()
            yield app, pilot
    finally:
        session.close()


@asynccontextmanager
async def watching(
    floor: Watchfloor, size: tuple[int, int] = (120, 40), *keys: str, wall: bool = False
) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    """The dashboard on a small watch, after these keys."""
    async with driven(floor.session(wall=wall), size, *keys) as (app, pilot):
        yield app, pilot


def text_of(app: App[Any]) -> str:
    """What stands on the screen, line by line."""
    _, height = app.size
    lines = app.screen._compositor.render_strips()
    assert len(lines) == height
    return "\n".join(strip.text for strip in lines)


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for what another thread brings."""
    end = time.monotonic() + seconds
    while True:
        await pilot.pause()
        if holds():
            return
        assert time.monotonic() < end, f"still not so after {seconds:.0f} seconds:\n{text_of(pilot.app)}"
        await asyncio.sleep(0.01)
