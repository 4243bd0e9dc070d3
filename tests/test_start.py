"""How a screen begins: as it was left, with nothing said that is not so, and soon with all of the program."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tests.watchfloor import Watchfloor
from tests.watching import text_of, watching
from tui.app import FrontwatchApp
from tui.feeds.health import DOWN, OFFLINE
from tui.model import Heartbeat
from tui.screens.ahead import modules

PROGRAM = Path(tui.__file__).parent


async def test_the_tiles_come_back_where_they_were_left(floor: Watchfloor) -> None:
    floor.tell("Drone strike near Naqoura")
    async with watching(floor, (160, 48), "v") as (app, _):
        assert app.board.overview is not None
    async with watching(floor, (160, 48)) as (app, pilot):
        overview = app.board.overview
        assert overview is not None
        assert app.focused in overview.tiles
        assert "Drone strike" in text_of(app)
        await pilot.press("enter")
    async with watching(floor, (160, 48)) as (app, _):
        assert app.board.overview is None


async def test_tiles_that_were_only_for_the_wall_do_not_come_back_at_a_desk(floor: Watchfloor) -> None:
    async with watching(floor, (160, 48), "v", wall=True):
        pass
    async with watching(floor, (160, 48)) as (app, _):
        assert app.board.overview is None


def said(app: FrontwatchApp) -> str:
    return " ".join(app.board.pane.list.empty_words)


async def under(floor: Watchfloor, network: str, newest: float | None = None) -> str:
    """What an empty pane says under such a network, where no feed has been polled since."""
    for record in floor.records.values():
        floor.writer.save_feed(record._replace(newest=newest))
    now = time.time()
    floor.writer.beat(Heartbeat(1, now - 60, now, now, now, 1.0, "the network is down", network))
    async with watching(floor) as (app, _):
        return said(app)


async def test_an_empty_pane_says_that_the_feeds_are_being_polled_only_while_they_are(
    floor: Watchfloor,
) -> None:
    assert "first time" in await under(floor, "")
    assert "the network is down" in await under(floor, DOWN)
    assert "nothing is polled" in await under(floor, OFFLINE)


async def test_a_watch_that_was_polled_before_is_not_polled_for_the_first_time(floor: Watchfloor) -> None:
    assert await under(floor, "", newest=time.time() - 86_400.0) == "Polling the feeds again."


def imported_by(module: str) -> Iterator[str]:
    """What a module of ours imports, now or later, as far as it is ours too."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    for only_typed in [node for node in ast.walk(tree) if isinstance(node, ast.If)]:
        if "TYPE_CHECKING" in ast.dump(only_typed.test):
            only_typed.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _file(module: str) -> Path:
    inside = PROGRAM.parent.joinpath(*module.split("."))
    return inside / "__init__.py" if inside.is_dir() else inside.with_suffix(".py")


def wanted() -> set[str]:
    """Every module that the screens may ask for; but what mends a damaged store is the collector's."""
    found: set[str] = set()
    ahead = ["tui.app", "tui.session", *modules()]
    while ahead:
        module = ahead.pop()
        ours = module.split(".")[0] == "tui" and not module.startswith("tui.collector")
        if ours and module not in found and _file(module).is_file():
            found.add(module)
            ahead += imported_by(module)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="sleeps of a millisecond last sixteen there")
def test_after_a_while_nothing_is_left_to_import_that_an_upgrade_could_have_replaced() -> None:
    code = (
        "import sys, tui.app; from tui.screens import ahead; ahead.PAUSE = 0.0; ahead.begin().join();"
        "print(*(name for name in sys.modules if name.startswith('tui')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert wanted() - set(done.stdout.split()) == set()


ALONE = """
import sys
from tui.show import _spare_tls
_spare_tls()
import asyncio.sslproto
assert asyncio.sslproto.ssl is None and "ssl" not in sys.modules
import ssl
print(type(ssl.create_default_context()).__name__)
"""


def test_a_screen_starts_without_tls_and_whoever_wants_it_later_has_it() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("SSLContext\n", "")
