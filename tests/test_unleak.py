"""What was drawn of a widget goes with it."""

from __future__ import annotations

import weakref

from textual._styles_cache import StylesCache
from textual.color import Color

from tests.watchfloor import Watchfloor
from tui.app import FrontwatchApp
from tui.unleak import let_widgets_go

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
