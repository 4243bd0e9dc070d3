"""Draws the pictures in docs/pictures from the built-in demo: the real server, collector, store and screens.

    uv run python docs/make_pictures.py [FOLDER]

Needs rsvg-convert (Debian: librsvg2-bin, fonts-firacode, fonts-dejavu), and is better with pngquant. The
demo's clock stands at the same hour at every run, so that pictures differ only where the program does.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
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

SHOTS: tuple[tuple[str, tuple[int, int], Sequence[str]], ...] = (
    ("board", (150, 42), ("down", "down")),
    ("board-80x24", (80, 24), ()),
    ("board-past", (150, 42), ("{", "{", "{")),
    ("overview", (120, 34), ("v",)),
    ("wall", (160, 45), ("w",)),
    ("incident", (120, 45), ("n", "enter", "down")),
    ("correct", (100, 24), ("n", "e")),
    ("map", (150, 42), ("m", "down")),
    ("tempo", (120, 45), ("t", "1")),
    ("search", (120, 34), ("slash", *"الحديدة")),
    ("log", (120, 34), ("down", "a", "down", "down", "a", "u", "down", "s", "L")),
    ("handover", (120, 45), ("H",)),
    ("feeds", (120, 45), ("F",)),
    ("help", (120, 45), ("question_mark",)),
)
"""Name, size in cells and the keys that lead there."""

THEMES = ("night", "day")
"""Each picture is drawn in both; the second has ``-day`` in its name."""

HOURS, RATE = 12, 1200.0
"""Hours before the pictures' hour at which the demo begins, and seconds of it in one."""

DAYS = 21
"""Days back for which the demo's fronts are said to have been watched, so that there is a usual."""


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
    for theme in THEMES:
        for name, size, keys in SHOTS:
            svg = await shot(config, data, theme, size, keys)
            target = folder / (f"{name}.png" if theme == THEMES[0] else f"{name}-{theme}.png")
            subprocess.run(
                ["rsvg-convert", "--width", str(size[0] * 8), "--output", str(target)],
                input=svg.encode(),
                check=True,
            )
            if shutil.which("pngquant"):  # a third of the size, and nobody sees it
                subprocess.run(
                    ["pngquant", "--force", "--strip", "--output", str(target), str(target)], check=True
                )
            print(target)


async def shot(config: Path, data: Path, theme: str, size: tuple[int, int], keys: Sequence[str]) -> str:
    """One screen as SVG, on a copy of the store: what one picture does is not in the next."""
    with tempfile.TemporaryDirectory() as scratch:
        own = Path(scratch) / "data"
        shutil.copytree(data, own)
        beat(own, Clock(HOUR))
        session = Session(config, own, collector=None, label="DEMO")
        session.memory.set("initials", "JS")
        app = FrontwatchApp(session)
        try:
            async with app.run_test(size=size) as pilot:
                app.theme = theme
                await pilot.pause(0.5)
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause(0.1)
                await app.workers.wait_for_complete()
                await pilot.pause(0.5)
                return drawable(app.export_screenshot(title=f"frontwatch demo · {size[0]}x{size[1]}"))
        finally:
            session.close()


def watched(data: Path, config: Path) -> None:
    """The fronts were watched for weeks before."""
    writer, hour = Writer(data / STORE_NAME), int(HOUR // 3600)
    fronts = [front.id for front in load(config).fronts]
    writer.saw({(front, hour - ago): 3600.0 for front in fronts for ago in range(DAYS * 24)})
    writer.close()


def main() -> None:
    """Run the demo to its hour and draw it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_STATE_HOME"] = scratch  # what the screens remember is nobody's own
        config, data = Path(scratch) / "feeds.toml", Path(scratch) / "data"
        poll(config, data)
        watched(data, config)
        asyncio.run(draw(config, data, folder))


def poll(config: Path, data: Path) -> None:
    """What a collector does in the hours before."""
    clock = Clock(HOUR - HOURS * 3600, anchor=time.time(), rate=RATE)
    with DemoProcess(clock) as server:
        config.write_text(demo_config(server.port), encoding="utf-8")
        watch = load(config)
        while clock.now() < HOUR - 3600:
            asyncio.run(collect_once(watch, data, clock, None))
        asyncio.run(collect_once(watch, data, Clock(HOUR), None))  # at last at rest, with every feed fresh


if __name__ == "__main__":
    main()
