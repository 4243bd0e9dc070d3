"""Hostile headlines through every output: none does there what its writer meant it to do.

    FUZZ=100000 python -m pytest -n 0 -m slow tests/test_escapes.py

``FUZZ`` is how many headlines, ``FUZZ_SEED`` which ones. They come in by the three doors that there are (a
feed that is sound XML, one that is not, a file of JSON lines), are stored as incidents of their own, and go
out through every command and every screen. What people type is in tests/test_hostile_screens.py.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape as xml

import httpcore
import pytest
from rich.cells import cell_len

from tests import samples
from tests.attacks import LINKS, acting, headlines
from tests.test_hostile import OWN
from tests.test_markdown import PARSER
from tests.watchfloor import NAQOURA, Watchfloor
from tui import cli
from tui.alerts.send import _plain
from tui.app import FrontwatchApp
from tui.config import load
from tui.feeds import faults, lean, parse
from tui.feeds.gate import Refused
from tui.feeds.opml import OpmlError, read
from tui.feeds.safe_text import safe_text
from tui.incidents.alarms import Bells
from tui.incidents.priority import Judged
from tui.logs import as_line
from tui.model import Entry, Evidence, Incident, Place, Report, Severity
from tui.opml_file import Plan
from tui.paths import STORE_NAME, builtin_config
from tui.policy import Priority
from tui.replay_lines import Line, Lines
from tui.screens.incident import IncidentScreen
from tui.session import Session
from tui.store.desk import Desk
from tui.tagging.stream import tag_stream
from tui.tagging.tagger import Tagger
from tui.tagging.why import explain

URL: Final = "https://gazette.example/rss"
WATCH: Final = load(builtin_config())
TAGGER: Final = Tagger(WATCH.fronts)
NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PROSE: Final = {
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "paragraph_open"),
    *("paragraph_close", "heading_open", "heading_close", "inline", "text", "text_special", "strong_open"),
    *("strong_close", "link_open", "link_close", "softbreak", "em_open", "em_close"),
}
"""All that a report of ours is made of, as a parser of Markdown calls it."""
BATCH: Final = 2500
"""Headlines that are in one store."""
AT_ONCE: Final = 10
"""Headlines in one document: one that is no sound XML may end with any of them."""


# In by every door


def document(texts: Sequence[str], links: Sequence[str], *, sound: bool) -> bytes:
    """A feed with these headlines, as sound XML or with whatever bytes there are."""
    items = []
    for number, (text, link) in enumerate(zip(texts, links, strict=True)):
        said = [text, text, link, f"{number} {text}"]
        said = [xml(NOT_XML.sub("", each)) if sound else f"<![CDATA[{each}]]>" for each in said]
        title, summary, address, guid = said
        items.append(
            f"<item><title>{title}</title><description>{summary}</description><link>{address}</link>"
            f"<guid isPermaLink='false'>{guid}</guid></item>"
        )
    whole = f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"
    return whole.encode("utf-8", "surrogatepass")


def entries(texts: Sequence[str], folder: Path) -> list[Entry]:
    """What the doors make of them: a third by each."""
    usual = (f"https://gazette.example/{number}" for number in range(len(texts)))
    links = [each if number % 3 else LINKS[number // 3 % len(LINKS)] for number, each in enumerate(usual)]
    third = len(texts) // 3
    found: list[Entry] = []
    for at in range(0, 2 * third, AT_ONCE):
        some = slice(at, min(at + AT_ONCE, 2 * third))
        body = document(texts[some], links[some], sound=at < third)
        try:
            parsed = lean.parse(body, "application/rss+xml", URL, AT_ONCE)
        except Refused:
            parsed = parse.parse(body, "application/rss+xml", URL, AT_ONCE)
        assert not acting(parsed.title + parsed.fault)
        found += parsed.entries
    file = folder / "entries.jsonl"
    rows = (
        {"title": text, "summary": text, "link": link, "published": "2023-12-01T10:00:00Z", "source": link}
        for text, link in zip(texts[2 * third :], links[2 * third :], strict=True)
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with closing(Lines(file, WATCH)) as lines:
        read_lines = list(lines)
    found += [line.entry for line in read_lines if isinstance(line, Line)]
    return found


class Fort:
    """A store that holds what came in, an incident each, and what people and servers said besides."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        self.floor = floor = Watchfloor(folder)
        self.texts = list(texts)
        self.entries = entries(texts, folder)
        floor.beat()
        words = [faults.words(httpcore.RemoteProtocolError(text), WATCH.fetch) for text in texts[:4]]
        floor.poll(good=0, error=words[0])
        at = floor.now - 60.0
        pairs: list[tuple[Report, int]] = []
        self.incidents: list[Incident] = []
        for number, entry in enumerate(self.entries, 1):
            said = safe_text(texts[number % len(texts)], 40)
            front = ("north", "east", "south")[number % 3]
            tags = samples.tags(front, killed=2, severity=Severity.HIGH)._replace(
                evidence=(Evidence(entry.title[:9], 0, 9, "title", said or "a word", 1.0),)
            )
            report = samples.report(entry.title, at=at, tagged=tags, link=entry.link)
            pairs.append((report._replace(summary=entry.summary, source=said or "Wire"), number))
            place = Place(said or NAQOURA.name, NAQOURA.lat, NAQOURA.lon)
            made = samples.incident(number, at=at, headline=entry.title, fronts=(front,), place=place)
            self.incidents.append(made._replace(severity=Severity.HIGH, killed=2))
        together = samples.incident(len(pairs) + 1, at=at, fronts=("north",), reports=len(pairs))
        everything = [(report._replace(key=f"again {report.key}"), together.id) for report, _ in pairs]
        floor.writer.add(pairs + everything, [*self.incidents, together])
        self.incidents.append(together)
        with closing(Desk(floor.data / STORE_NAME)) as desk:
            for number, text in enumerate(texts[:20], 1):
                desk.note(number, safe_text(text, 200), "TST", floor.now)
                desk.correct(number, "by", safe_text(text, 40) or "israel", "TST", floor.now)

    def run(self, *words: str, stdin: str = "") -> str:
        """What a command says, on either stream."""
        out, talk = io.StringIO(), io.StringIO()
        places = ("--config", str(self.floor.config), "--data", str(self.floor.data))
        before, sys.stdin = sys.stdin, io.StringIO(stdin)
        try:
            with redirect_stdout(out), redirect_stderr(talk):
                cli.main([words[0], *places, *words[1:]])
        finally:
            sys.stdin = before
        assert "Traceback" not in talk.getvalue()
        assert not acting(talk.getvalue())
        return out.getvalue()

    def close(self) -> None:
        self.floor.writer.close()


# Out by every door


def check_tables_and_json(fort: Fort) -> None:
    for words in (("list",), ("search", "strike"), ("tally",), ("feeds", "list"), ("keys",), ("alarm",)):
        assert not acting(fort.run(*words)), words
    found = ("search", "strike", "--json")
    for asked in (("list", "--json"), found, ("corrections",), ("export", "--format", "json")):
        out = fort.run(*asked)
        assert not acting(out), asked
        lines = out.split("\n")[:-1]
        assert not acting(json.dumps([json.loads(line) for line in lines], ensure_ascii=False))
        assert asked[0] != "list" or len(lines) == len(fort.incidents)
    assert not acting(json.dumps(json.loads(fort.run("export", "--format", "geojson")), ensure_ascii=False))
    assert not acting(fort.run("tally", "--json"))
    assert not acting(fort.run("export", "-"))


def check_csv(fort: Fort) -> None:
    out = fort.run("export", "--format", "csv")
    assert not acting(out, line_ends="\r\n")
    rows = list(csv.reader(io.StringIO(out, newline="")))
    assert len(rows) == 1 + len(fort.incidents)
    lat = rows[0].index("lat")
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows:
        texts = [cell for at, cell in enumerate(row) if at not in (lat, lat + 1)]
        assert not [cell for cell in texts if cell.lstrip().startswith(FORMULA)]
    # As a spreadsheet reads it that takes other signs for the ends of cells.
    for row in csv.reader(io.StringIO(out, newline=""), delimiter=";"):
        assert not [cell for cell in row if cell.lstrip(' "').startswith(FORMULA)], row


def check_markdown(fort: Fort) -> None:
    for words in (("export", "--format", "md"), ("handover",)):
        out = fort.run(*words)
        assert not acting(out)
        tokens = list(_flat(PARSER.parse(out)))
        assert {token.type for token in tokens} <= PROSE, {token.type for token in tokens} - PROSE
        for token in tokens:
            if token.type == "link_open":
                assert str(token.attrs["href"]).startswith(("https://", "http://"))


def _flat(tokens: Any) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def check_tagging(fort: Fort, folder: Path) -> None:
    rows = [{"id": text, "title": text, "summary": text, "link": text, "lang": text} for text in fort.texts]
    sink, talk = io.StringIO(), io.StringIO()
    tag_stream(io.StringIO("".join(json.dumps(row) + "\n" for row in rows)), sink, talk, TAGGER, WATCH)
    assert not acting(sink.getvalue() + talk.getvalue())
    for text in fort.texts:
        title, summary = safe_text(text, 1000), safe_text(text, 4000)
        assert not acting(explain(title, summary, TAGGER.tag(title, summary)))
    labelled = folder / "labelled.jsonl"
    wrong = [{"title": text or "x", "fronts": [text], "lang": text, "source": text} for text in fort.texts]
    labelled.write_text("".join(json.dumps(row) + "\n" for row in wrong), encoding="utf-8")
    assert not acting(fort.run("evaluate", str(labelled), "--errors"))


def check_messages(fort: Fort) -> None:
    judged, now = Judged(Priority.CRITICAL, 9, ""), fort.floor.now
    for incident in fort.incidents:
        _, bells = Bells(WATCH.alarms, now - 3600.0).consider(incident, None, judged, 9, now)
        assert bells and not acting("".join(bell.words for bell in bells))
    for entry in fort.entries:
        words = _plain(entry.title)
        assert not acting(words)
        assert not re.search(r"@\w|\]\(|<[!@#]", words)
    for text in fort.texts:
        record = logging.LogRecord("tui.x", logging.ERROR, "", 0, "%s", (text,), None)
        line = as_line(record, "collector")
        assert line.isprintable(), line
        assert json.loads(line)["level"] == "error"


def check_lists_of_feeds(texts: Sequence[str]) -> None:
    outlines = "".join(
        f"<outline text={_quoted(text)}><outline text={_quoted(text)} xmlUrl={_quoted(link)}/></outline>"
        for text, link in zip(texts, cycle(LINKS), strict=False)
    )
    try:
        document = read(f"<opml version='2.0'><body>{outlines}</body></opml>".encode("utf-8", "replace"))
    except OpmlError as fault:
        assert not acting(str(fault))
        return
    plan = Plan(WATCH)
    for outline in document.outlines:
        assert not acting(outline.name + "".join(outline.folders))
        plan.take(outline)
    said = [words for _, words in (*document.left_out, *plan.left_out)] + plan.remarks()
    assert not acting("\n".join(said))
    assert not acting("".join(value for row in plan.rows for value in row.values()))


def _quoted(text: str) -> str:
    return f'"{xml(NOT_XML.sub("", text), {chr(34): "&quot;"})}"'


def check_strips(app: FrontwatchApp, width: int) -> str:
    """Every line of the screen as a terminal gets it: colours, and nothing that acts; the text of all."""
    lines = []
    for strip in app.screen._compositor.render_strips():
        assert not [segment for segment in strip if segment.control]
        assert cell_len(strip.text) == strip.cell_length == width
        assert not acting(OWN.sub("", strip.render(app.console))), strip.text
        lines.append(strip.text)
    return "\n".join(lines)


async def check_screens(fort: Fort) -> None:
    """The board with all of them on it, every other screen with those that find room."""
    size = (200, len(fort.entries) + 60)
    session = Session(fort.floor.config, fort.floor.data, collector=None)
    session.memory.set("initials", "TST")
    try:
        app = FrontwatchApp(session)
        async with app.run_test(size=size) as pilot:
            await pilot.press("+")
            board = check_strips(app, size[0])
            await pilot.resize_terminal(size[0], 100)
            for key in ("F", "L", "H", "m", "t", "question_mark"):
                await pilot.press(key)
                await pilot.pause()
                check_strips(app, size[0])
                app.pop_screen()
            await pilot.press("slash", *"two")
            await pilot.pause(0.5)
            check_strips(app, size[0])
            app.pop_screen()
            for incident in (fort.incidents[-1], fort.incidents[0]):
                app.push_screen(IncidentScreen(session, incident))
                await pilot.pause()
                shown = check_strips(app, size[0])
                app.pop_screen()
            assert "Khiam" in board and shown
    finally:
        session.close()


async def fuzz(count: int, seed: int, folder: Path) -> int:
    """How many of them became incidents."""
    kept = 0
    texts = list(headlines(count, seed))
    for at in range(0, count, BATCH):
        place = folder / str(at)
        place.mkdir()
        fort = Fort(place, texts[at : at + BATCH])
        try:
            check_tables_and_json(fort)
            check_csv(fort)
            check_markdown(fort)
            check_tagging(fort, place)
            check_messages(fort)
            check_lists_of_feeds(fort.texts)
            await check_screens(fort)
        finally:
            fort.close()
        kept += len(fort.entries)
        print(f"{kept} of {min(at + BATCH, count)} headlines were shown")
    return kept


async def test_some_hostile_headlines_do_nothing_in_any_output(tmp_path: Path) -> None:
    assert await fuzz(90, 1, tmp_path) > 80


@pytest.mark.slow
async def test_very_many_hostile_headlines_do_nothing_in_any_output(tmp_path: Path) -> None:
    count = int(os.environ.get("FUZZ", "2000"))
    assert await fuzz(count, int(os.environ.get("FUZZ_SEED", "2")), tmp_path) > count * 0.9
