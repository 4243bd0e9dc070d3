"""What the map costs: to load each fineness, and to draw a frame of it.

    uv run python -m tests.benchmarks.bench_map [WIDTH] [HEIGHT]

Processor time, the best of five. A frame is set beside a list of incidents drawn on as many cells in the same
run, so that the figures hold on any machine. Budgets: 100 ms to load, 50 ms a frame of 320x90.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tests.samples import NOON, incident
from tui.geo import raster, world
from tui.geo.clusters import clusters
from tui.geo.glyphs import Glyphs
from tui.geo.names import home
from tui.geo.view import Frame, View, fit
from tui.model import Incident, Place
from tui.themes import ink
from tui.widgets.map_draw import MapLook, draw_map
from tui.widgets.row import RowLook, draw_row

FRONTS = ("lebanon-border", "iraq-syria", "yemen")


def cost(run: Callable[[], object]) -> float:
    """Milliseconds of processor time, the best of five."""
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return best * 1000


def draw(frame: Frame, incidents: list[Incident]) -> None:
    """A frame that was never drawn before."""
    raster.draw.cache_clear()
    look = MapLook(ink("night"), Glyphs.BRAILLE, "visual", NOON, 6 * 3600.0)
    draw_map(frame, clusters(incidents, frame), look)


def main() -> None:
    """Print the figures."""
    width = int(sys.argv[1]) if len(sys.argv) > 1 else 320
    height = int(sys.argv[2]) if len(sys.argv) > 2 else 90
    for level in range(len(world.TOLERANCES)):
        print(f"load level {level}: {cost(lambda at=level: world.level.__wrapped__(at)):.1f} ms")  # type: ignore[misc]  # bound at once
    places = home(FRONTS)
    incidents = [
        incident(at)._replace(place=Place(f"place {at % len(places)}", *places[at % len(places)], "town"))
        for at in range(1, 501)
    ]
    look = RowLook(width, 2, ink("night"), NOON, "visual")
    rows = cost(
        lambda: [draw_row(each, look, look.ink.ground, cursor=False) for each in incidents[: height // 2]]
    )
    print(f"a list of {height // 2} incidents on {width}x{height}: {rows:.1f} ms")
    views = {
        "the world": fit([], width, height),
        "all fronts": fit(places, width, height),
        "the Levant": View(33.2, 35.4, 0.02),
        "Norway": View(62.0, 8.0, 0.04),
        "the Arctic": View(70.0, -90.0, 0.2),
    }
    for name, view in views.items():
        frame = Frame(view, width, height)
        took = cost(lambda frame=frame: draw(frame, incidents))  # type: ignore[misc]  # bound at once
        print(f"{name} with {len(incidents)} incidents: {took:.1f} ms, {took / rows:.1f} x the list")


if __name__ == "__main__":
    main()
