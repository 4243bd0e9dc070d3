"""What was drawn of a widget goes with it, and what is large is there once."""

from __future__ import annotations

import os
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.style import Style
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.strip import Strip

from tests.watchfloor import Watchfloor
from tests.watching import until, watching
from tui.app import FrontwatchApp
from tui.config import load
from tui.tally import matcher_of
from tui.unleak import let_widgets_go

FEED = """
[[feeds]]
name = "F"
url = "https://f.example/rss"
publisher = "f"
language = "en"
reliability = "B"
"""
LIST = """
[[actor]]
id = "guard"
side = "island"
role = "navy"
en = ["Coast Guard"]
"""
GROUND, FRONT = Color(0, 0, 0), Color(9, 9, 9)


def stays() -> bool:
    """Whether what was drawn of a widget stays in memory after it."""
    drawn = StylesCache()
    drawn.get_inner_outer(GROUND, FRONT)
    found = weakref.ref(drawn)
    del drawn
    return found() is not None


def test_a_dashboard_forgets_the_lines_of_widgets_that_are_gone(floor: Watchfloor) -> None:
    session = floor.session()
    try:
        FrontwatchApp(session)
        assert not stays()
    finally:
        session.close()


def test_it_may_be_asked_for_twice_and_colours_are_remembered() -> None:
    let_widgets_go()
    let_widgets_go()
    first, second = StylesCache(), StylesCache()
    assert first.get_inner_outer(GROUND, FRONT) is second.get_inner_outer(GROUND, FRONT)


async def test_another_theme_takes_the_empty_lines_of_the_one_before_with_it(floor: Watchfloor) -> None:
    async with watching(floor) as (_, pilot):
        before = Strip.blank(7, Style(color="red"))
        assert Strip.blank(7, Style(color="red")) is before
        await pilot.press("d")
        await until(pilot, lambda: Strip.blank(7, Style(color="red")) is not before)


def test_tallies_that_are_counted_at_once_share_one_matcher(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(LIST, encoding="utf-8")
    config = tmp_path / "feeds.toml"
    front = '[[fronts]]\nid = "north"\nname = "North"\nzone = "UTC"\nlexicons = ["own.toml"]\n'
    config.write_text(f'[watch]\ntitle = "Own"\n{front}{FEED}', encoding="utf-8")
    watch = load(config)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(matcher_of, [watch] * 4))
    assert len({id(matcher) for matcher, _ in made}) == 1
    os.utime(own, ns=(1, 1))  # edited
    assert matcher_of(watch)[0] is not made[0][0]
