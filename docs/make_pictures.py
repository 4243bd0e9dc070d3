"""Draws the pictures in docs/pictures from the built-in demo: the real server, collector, store and screens.

    uv run python docs/make_pictures.py [FOLDER]

Needs rsvg-convert (Debian: librsvg2-bin, fonts-firacode, fonts-dejavu). The demo's clock stands at the same
hour at every run, so that pictures differ only where the program does.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tui.app import FrontwatchApp
from tui.clock import Clock
from tui.collector import collect_once
from tui.config import load
from tui.demo import DemoProcess, demo_config
from tui.model import Heartbeat
from tui.paths import STORE_NAME
from tui.session import Session
from tui.store.writer import Writer

PICTURES = Path(__file__).parent / "pictures"
HOUR = 1_795_284_000.0
"""Where the demo's clock stands: a Saturday at 18:00Z."""

SHOTS: tuple[tuple[str, tuple[int, int], str, Sequence[str]], ...] = (
    ("board", (150, 42), "night", ("down", "down")),
    ("board-day", (150, 42), "day", ("down", "down")),
    ("board-80x24", (80, 24), "night", ()),
    ("wall", (160, 45), "night", ("w",)),
    ("incident", (120, 45), "night", ("n", "enter", "down")),
    ("feeds", (120, 45), "night", ("F",)),
)
"""Name, size in cells, theme and the keys that lead there."""


def drawable(svg: str) -> str:
    """The screenshot as rsvg draws it right: spaces kept, no second reordering, no font from a host."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    return svg.replace(
        "<text ", '<text xml:space="preserve" style="direction:ltr;unicode-bidi:bidi-override" '
    )


def beat(data: Path, clock: Clock) -> None:
    """The sign of life of a collector that lives by that clock, for the screens to go by."""
    now = time.time()
    writer = Writer(data / STORE_NAME)
    writer.beat(Heartbeat(os.getpid(), now, now, clock.now(), now, clock.rate, "polling"))
    writer.close()


async def draw(config: Path, data: Path, folder: Path) -> None:
    """Every picture, as PNG."""
    for name, size, theme, keys in SHOTS:
        session = Session(config, data, collector=None, label="DEMO")
        app = FrontwatchApp(session)
        app.theme = theme
        try:
            async with app.run_test(size=size) as pilot:
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause(0.1)
                svg = drawable(app.export_screenshot(title=f"frontwatch demo · {size[0]}x{size[1]}"))
        finally:
            session.close()
        target = folder / f"{name}.png"
        subprocess.run(
            ["rsvg-convert", "--width", str(size[0] * 8), "--output", str(target)],
            input=svg.encode(),
            check=True,
        )
        print(target)


def main() -> None:
    """Run the demo to its hour and draw it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock(HOUR)
    with tempfile.TemporaryDirectory() as scratch, DemoProcess(clock) as server:
        config = Path(scratch) / "feeds.toml"
        config.write_text(demo_config(server.port), encoding="utf-8")
        data = Path(scratch) / "data"
        asyncio.run(collect_once(load(config), data, clock, None))
        beat(data, clock)
        asyncio.run(draw(config, data, folder))


if __name__ == "__main__":
    main()
