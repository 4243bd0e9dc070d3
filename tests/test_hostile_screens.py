"""Hostile text through every screen above the board, every line that is typed, and every report to people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from tests import test_every_key as every_key
from tests.loopback import Loopback, Page
from tests.test_every_key import FOUND
from tests.test_hostile import HOSTILE, RAW, SOUND, Post, check_screen, document, polled
from tui.app import FrontwatchApp
from tui.commands import REPORT, SEARCH
from tui.config import load
from tui.ingest import Ingest, merger_of
from tui.model import Place
from tui.paths import STORE_NAME
from tui.store.desk import Desk
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

ATTACKS: Final = tuple(attack.format(event) for attack, event in HOSTILE)

OFF_FRONTS: Final = "Parliament votes on a budget in a country far away"
"""A report of no incident."""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Every hostile headline, and a person who typed every one as a note and corrected places by it."""
    with Loopback() as server:
        headlines = [*ATTACKS[: len(RAW) - 1], *ATTACKS[len(RAW) :]]
        other = [attack.format(OFF_FRONTS) for attack, _ in HOSTILE[len(RAW) :]]
        pages = {"/raw": Page(document(headlines[:5])), "/sound": Page(document([*headlines[5:], *other]))}
        post = polled(tmp_path_factory.mktemp("hostile"), server, pages)
    path = post.data / STORE_NAME
    now = max(incident.last_seen for incident in post.incidents()) + 1.0
    with closing(Desk(path)) as desk, closing(Writer(path)) as writer:
        for incident, text in zip(post.incidents(), ATTACKS, strict=False):
            desk.correct(incident.id, "place", Place(text, 33.1, 35.2), "TST", now)
            desk.correct(incident.id, "by", text, "TST", now)
        merger = merger_of(writer, now)
        Ingest(Tagger(load(post.config).fronts), merger, writer).rule(now)
    yield post


WAYS: Final = every_key.WAYS | {
    REPORT: ("slash", *"parliament", FOUND, "enter"),
    SEARCH: ("slash", *"strike", FOUND),
}
"""The keys that lead to each screen; here with what this store holds."""


async def go(scope: str, app: FrontwatchApp, pilot: Pilot[None]) -> None:
    """To that screen, from wherever the last key has led."""
    while app.screen is not app.board:
        app.pop_screen()
    await every_key.take(("escape", *WAYS[scope]), app, pilot)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_every_screen_is_whole(post: Post, size: tuple[int, int]) -> None:
    async with post.screen(size) as (app, pilot):
        for scope in WAYS:
            await go(scope, app, pilot)
            check_screen(app)
            await pilot.press("down", "pagedown")
            check_screen(app)


@pytest.mark.slow
@pytest.mark.parametrize("scope", WAYS)
async def test_every_key_on_every_screen_leaves_it_whole(
    post: Post, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    async with post.screen((80, 24)) as (app, pilot):
        await go(scope, app, pilot)
        home = app.screen
        for command in app.session.keymap.commands_of(scope):
            if command.action in every_key.LEAVE:
                continue
            await pilot.press(command.keys[0])
            await pilot.pause()
            check_screen(app)
            if app.screen is not home or app.screen.query("Prompt"):
                await pilot.press("escape")
                await go(scope, app, pilot)
                home = app.screen


@pytest.mark.parametrize("keys", [("L", "N"), ("I",), ("H", "s"), ("t", "s"), ("at",), ("slash",)])
async def test_what_is_pasted_into_a_line_does_not_act(post: Post, keys: tuple[str, ...]) -> None:
    async with post.screen((80, 24)) as (app, pilot):
        for text in (*RAW, *SOUND):
            while app.screen is not app.board:
                app.pop_screen()
            await pilot.press("escape", *keys)
            assert app.screen.focused is not None
            app.screen.focused.post_message(Paste(text))
            await pilot.pause()
            check_screen(app)
            await pilot.press("enter")
            check_screen(app)


async def test_a_note_in_arabic_reads_from_right_to_left_while_it_is_typed(post: Post) -> None:
    async with post.screen((80, 24)) as (app, pilot):
        await pilot.press("L", "N")
        assert app.screen.focused is not None
        app.screen.focused.post_message(Paste("غارة على الناقورة"))
        await pilot.pause()
        line = check_screen(app).splitlines()[-1]
        assert "ﻏﺎﺭﺓ"[::-1] in line
