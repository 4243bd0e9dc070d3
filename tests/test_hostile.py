"""Hostile headlines, polled over real HTTP: none is lost, and nothing in them acts on a terminal anywhere."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import unicodedata
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from random import Random
from typing import Final

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.benchmarks.terminals import Program
from tests.loopback import Loopback, Page
from tests.terminal import Terminal, needs_tmux
from tui.app import FrontwatchApp
from tui.config import load
from tui.feeds.parse import parse
from tui.model import Incident
from tui.paths import STORE_NAME, builtin_config
from tui.replay_lines import Bad, Line, Lines
from tui.screens.feeds import FeedsScreen
from tui.screens.incident import IncidentScreen
from tui.session import Session, _user
from tui.store.reader import Reader
from tui.tagging.stream import tag_stream
from tui.tagging.tagger import Tagger

EVENTS: Final = (
    "Drone strike kills two in Khiam, southern Lebanon",
    "Shelling hits Naqoura on the Lebanon border",
    "Rockets fired at Kiryat Shmona from Lebanon",
    "Air raid on Baalbek in Lebanon wounds four",
    "Shelling of Idlib city in Syria wounds nine",
    "Rockets fired at Ain al-Asad base in Iraq",
    "Drone hits Erbil airport in Iraq",
    "Air strike kills three in Deir ez-Zor, Syria",
    "Bomb kills one in Mosul, Iraq",
    "Missile hits tanker off Mocha, Yemen",
    "Air strikes on Hodeidah port in Yemen",
    "Drone strike on Sanaa, Yemen kills five",
)
"""Each an incident of its own, so that each has a row of its own."""

RAW: Final = (
    "\x1b[2J\x1b[7;7777H\x1b[31;5m{}",
    "\x1b]0;owned\x07{}\x1b]52;c;b3duZWQ=\x1b\\",
    "{} \x1bP1$r0m\x1b\\\x1b_app\x1b\\\x1b^pm\x1b\\\x1b#8\x1bc",
    "\x9b7;7777H{}\x9d0;owned\x9c\x90q\x9c",
    "\x00\x08\x08\x07\x0b\x0c\x0e\x7f{}\rFRONTWATCH",
    "\ud800{}\udfff \ufffe\uffff",
)
"""Headlines whose bytes are in no sound XML; ``{}`` is where the event goes."""

SOUND: Final = (
    "\u202e{}\u202c \u2066\u2067\u200f\u061c",
    "\u200b\ufeff\u2060\u00ad\u034f\u3164{}\u200d\ufe0f\U000e0041",
    "{} &amp;#27;[2J&amp;#x9b;31m&amp;lt;script&amp;gt;&amp;#0;",
    "{} Z" + "\u0316\u0301\u0489\u20dd" * 400 + " " + "\u0301" * 400,
    "{} 日本語、한국어 ｶﾀｶﾅ 🇱🇧🇮🇱 👩‍🚀 👍🏽 ⚠️ ﷽ ᄒᆞᆫ" + "漢" * 400,
    "[bold red on white][link=file:///etc/passwd][@click=app.quit]{}[/] " + "W" * 5000,
)
"""Those that are; the long ones are cut."""

HOSTILE: Final = tuple(zip((*RAW, *SOUND), EVENTS, strict=True))

FEEDS: Final = (
    "新聞社" * 20,
    "[bold red]Wire[/] [@click=app.quit]x[/]",
    "وكالة الأنباء القديمة في الميناء",
)
"""Names of feeds that a config may hold."""

FRONTS: Final = (
    ("lebanon-border", "[reverse]Lebanon[/] " + "界" * 10, "Asia/Beirut"),
    ("iraq-syria", "العراق وسوريا", "Asia/Baghdad"),
    ("yemen", "Yemen " + "W" * 30, "Asia/Aden"),
)

OWN: Final = re.compile(
    r"\x1b(?:\[[0-9;:]*m|\[[0-9]+;[0-9]+H|\[\?[0-9;]+[hl]|\[\?[0-9]+\$p|\[>[0-9]+u|\[<u|\[8[hl]|\]22;default\x07)"
)
"""All that is said to a terminal: colour, place, modes, keyboard, who orders text, the pointer's shape."""

WATCH: Final = load(builtin_config())

BORDERS: Final = "│┃║╭╮╰╯┏┓┗┛╔╗╚╝"


def acting(text: str) -> list[str]:
    """Characters of ``text`` that a terminal acts on or that can't be seen; ends of lines are none."""
    return [
        ascii(char)
        for char in text
        if (unicodedata.category(char)[0] == "C" and char not in "\n\u200c")
        or unicodedata.category(char) in ("Zl", "Zp")
        or char in "\ufe0e\ufe0f\u034f\u3164"
    ]


def document(headlines: list[str]) -> bytes:
    """A feed with these headlines, whatever bytes are in them."""
    items = "".join(
        f"<item><title>{headline}</title><description>{headline}</description><guid>guid-{headline[:60]}</guid>"
        f"<link>https://gazette.example/{zlib.crc32(headline.encode('utf-8', 'replace'))}</link>"
        f"<pubDate>{formatdate()}</pubDate></item>"
        for headline in headlines
    )
    text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Post:
    """A watch whose feeds were polled once."""

    config: Path
    data: Path

    def run(self, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        """A command on it; its output must be sound UTF-8."""
        command = [
            sys.executable,
            "-m",
            "tui",
            "--config",
            str(self.config),
            "--data",
            str(self.data),
            *words,
        ]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)
        return subprocess.CompletedProcess(
            command, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        )

    def incidents(self) -> list[Incident]:
        with closing(Reader(self.data / STORE_NAME)) as reader:
            return reader.incidents()

    @asynccontextmanager
    async def screen(self, size: tuple[int, int]) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
        """The dashboard on it, without a collector."""
        session = Session(self.config, self.data, collector=None)
        session.memory.set("initials", "TST")
        try:
            app = FrontwatchApp(session)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield app, pilot
        finally:
            session.close()


def polled(folder: Path, server: Loopback, pages: dict[str, Page]) -> Post:
    """A watch of these pages, in the order of FEEDS, polled once."""
    lines = ["[watch]", f'title = "{"監視" * 40}"', "[fetch]", 'allow_hosts = ["127.0.0.1"]']
    for identity, name, zone in FRONTS:
        lines += ["[[fronts]]", f'id = "{identity}"', f'name = "{name}"', f'zone = "{zone}"']
        lines += [f'lexicons = ["{identity}"]', f'city = "{"市" * 20}"']
    for number, (path, page) in enumerate(pages.items()):
        url = server.serve(path, page)
        lines += ["[[feeds]]", f'name = "{FEEDS[number % 3][:58]}{number}"', f'url = "{url}"']
        lines += [f'publisher = "{"п" * 58}{number}"', 'language = "en"', 'reliability = "B"']
    post = Post(folder / "feeds.toml", folder / "data")
    post.config.write_text("\n".join(lines), encoding="utf-8")
    done = post.run("collect", "--once")
    assert done.returncode == 0, done.stderr
    assert not acting(done.stdout + done.stderr)
    return post


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """All the hostile headlines, in feeds that are no sound XML and in one that is, and a broken feed."""
    headlines = [attack.format(event) for attack, event in HOSTILE]
    with Loopback() as server:
        pages = {
            "/raw": Page(document(headlines[: len(RAW) - 1])),
            "/surrogates": Page(document(headlines[len(RAW) - 1 : len(RAW)])),
            "/sound": Page(document(headlines[len(RAW) :])),
            "/broken": Page(raw=b"\x1b[2J\x9b31m\x1b]0;owned\x07 HTTP/9\r\n\r\n"),
        }
        yield polled(tmp_path_factory.mktemp("hostile"), server, pages)


def test_every_hostile_headline_is_an_incident_and_its_words_are_all_there(post: Post) -> None:
    headlines = [incident.headline for incident in post.incidents()]
    assert len(headlines) == len(HOSTILE)
    for event in EVENTS:
        assert any(event in headline for headline in headlines), event


def test_list_prints_them_harmlessly_as_a_table_and_as_json(post: Post) -> None:
    table, lines = post.run("list"), post.run("list", "--json")
    assert table.returncode == lines.returncode == 0
    assert not acting(table.stdout)
    assert not acting(lines.stdout)
    assert len(table.stdout.splitlines()) == 1 + len(HOSTILE)
    rows = [json.loads(line) for line in lines.stdout.splitlines()]
    for row in rows:
        assert not acting(
            row["headline"] + "".join(each["title"] + each["source"] for each in row["reports"])
        )
    assert len(rows) == len(HOSTILE)


def test_why_explains_them_harmlessly(post: Post) -> None:
    everything = " ".join(attack.format(event)[:120] for attack, event in HOSTILE)
    argument = os.fsdecode(everything.replace("\x00", "").encode("utf-8", "surrogatepass"))
    done = post.run("why", argument, "--summary", argument)
    assert done.returncode == 0
    assert "Khiam" in done.stdout
    assert not acting(done.stdout + done.stderr)


def test_tag_tags_each_of_them_harmlessly_and_in_order(post: Post) -> None:
    texts = [attack.format(event) for attack, event in HOSTILE]
    lines = [
        json.dumps({"id": number, "title": text, "summary": text, "link": text})
        for number, text in enumerate(texts)
    ]
    done = post.run("tag", stdin="\n".join(lines).encode())
    assert done.returncode == 0
    assert not acting(done.stdout + done.stderr)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(len(HOSTILE)))
    assert all(answer["fronts"] and answer["kind"] == "incident" for answer in answers)


def written(program: Program, quiet: float) -> bytes:
    """What it writes until it is quiet for so many seconds, or has ended."""
    out = b""
    try:
        while piece := program.read(quiet):
            out += piece
    except OSError:  # the other side of the pseudo-terminal is closed
        return out
    return out


def test_the_terminal_gets_textuals_own_sequences_and_no_other_byte_that_acts(post: Post) -> None:
    command = [sys.executable, "-m", "tui", "--config", str(post.config), "--data", str(post.data)]
    with Program(command) as program:
        out = b""
        while b"Hodeidah" not in out:
            out += program.read(20.0)
        for _ in FRONTS:
            for key in (b"j", b"\r", b"G", b"q", b"j", b"\t"):
                program.press(key)
                out += written(program, 0.04)
        program.press(b"F")
        while b"HTTP/9" not in out:
            out += program.read(20.0)
        for key in (b"G", b"q", b"c", b"+", b"b", b"d", b"q"):
            program.press(key)
            out += written(program, 0.04)
        out += written(program, 2.0)
    text = out.decode("utf-8")
    for event in ("Khiam", "Ain al-Asad", "Hodeidah"):
        assert event in text
    for sequence in re.findall(r"\x1b\[[0-9;]*[a-zA-Z]", "".join(RAW)):
        assert sequence not in text
    left = OWN.sub("", text).replace("\r\n", "\n")
    assert not acting(left), re.findall(r"[^ -~]*[\x00-\x09\x0b-\x1f\x7f-\x9f].{0,20}", left)[:5]


def check_screen(app: FrontwatchApp) -> str:
    """Every line is as wide as the terminal and has nothing in it that acts; the text of all."""
    strips = app.screen._compositor.render_strips()
    assert len(strips) == app.size.height
    for strip in strips:
        assert cell_len(strip.text) == strip.cell_length == app.size.width, strip.text
        assert not acting(strip.text), strip.text
    return "\n".join(strip.text for strip in strips)


def check_borders(app: FrontwatchApp) -> None:
    """Every pane in view has its border in the first and the last cell of each of its lines."""
    strips = app.screen._compositor.render_strips()
    for pane in app.board.panes:
        if pane.display:
            for y in range(pane.region.y, pane.region.bottom):
                left = strips[y].crop(pane.region.x, pane.region.x + 1).text
                right = strips[y].crop(pane.region.right - 1, pane.region.right).text
                assert left in BORDERS and right in BORDERS, strips[y].text


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_every_screen_is_exactly_as_wide_as_the_terminal_and_its_borders_are_whole(
    post: Post, size: tuple[int, int]
) -> None:
    async with post.screen(size) as (app, pilot):
        for key in ("c", "+", "+", "b", "-", "b", "-", "j"):
            await pilot.press(key)
            check_screen(app)
            check_borders(app)
        app.push_screen(FeedsScreen(app.session))
        await pilot.pause()
        assert "HTTP/9" in check_screen(app)
        for incident in post.incidents():
            app.pop_screen()
            app.push_screen(IncidentScreen(app.session, incident))
            await pilot.pause()
            screen = " ".join(check_screen(app).split())
            assert any(event in screen for event in EVENTS)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 4), (19, 9), (320, 90)])
async def test_no_size_of_the_terminal_is_too_small(post: Post, size: tuple[int, int]) -> None:
    async with post.screen((100, 30)) as (app, pilot):
        await pilot.resize_terminal(*size)
        await pilot.press("j")
        check_screen(app)
        await pilot.press("F")
        check_screen(app)


def misplaced(screen: str, width: int) -> list[str]:
    """Lines of the panes, as the terminal has them, that do not fill it from border to border."""
    lines = [line for line in screen.splitlines()[2:] if line[:1] in BORDERS and line.strip()]
    return [line for line in lines if cell_len(line) != width or line[-1] not in BORDERS]


@needs_tmux
def test_a_real_terminal_has_the_borders_where_they_belong(post: Post, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    terminal = Terminal(tmp_path, (120, 40), environment)
    places = ["--config", str(post.config), "--data", str(post.data)]
    try:
        terminal.start([sys.executable, "-m", "tui", *places])
        terminal.until(lambda screen: "Naqoura" in screen and "Sanaa" in screen)
        screen = terminal.until(lambda screen: misplaced(screen, 120) == [])
        assert len(re.findall(f"[{BORDERS}]", screen)) > 6 * 30
        terminal.press("+")
        body = screen.splitlines()[2:]
        terminal.until(lambda screen: screen.splitlines()[2:] != body and misplaced(screen, 120) == [])
    finally:
        terminal.close()


async def test_a_key_pressed_while_the_store_is_locked_says_so_and_the_screen_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.store.connect.BUSY_SECONDS", 0.1)
    with Loopback() as server:
        post = polled(tmp_path, server, {"/": Page(document([EVENTS[0]]))})
    async with post.screen((120, 40)) as (app, pilot):
        with closing(sqlite3.connect(post.data / STORE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await pilot.press("j", "a")
            assert "another program holds it" in check_screen(app)
            other.execute("ROLLBACK")
        await pilot.press("a")
        assert "Acknowledged 1" in check_screen(app)


async def test_a_long_name_does_not_hide_that_a_front_is_blind(post: Post, tmp_path: Path) -> None:
    async with Post(post.config, tmp_path / "data").screen((120, 40)) as (app, _):
        lines = check_screen(app).splitlines()
    assert lines[2].count("BLIND") == len(FRONTS)


def test_a_fault_that_quotes_a_header_is_harmless(tmp_path: Path) -> None:
    answer = "HTTP/1.1 200 OK\r\nContent-Encoding: \x9b31m\x9d0;owned\x9c\r\nContent-Length: 1\r\n\r\nx"
    with Loopback() as server:
        polled(tmp_path, server, {"/": Page(raw=answer.encode("latin-1"))})


def test_events_on_three_fronts_that_share_a_link_are_three_incidents(tmp_path: Path) -> None:
    told = [EVENTS[0], EVENTS[5], EVENTS[11]]
    items = "".join(
        f"<item><title>{event}</title><guid>{event}</guid><link>https://gazette.example/</link></item>"
        for event in told
    )
    with Loopback() as server:
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        post = polled(tmp_path, server, {"/": Page(body)})
    assert sorted(incident.headline for incident in post.incidents()) == sorted(told)


def test_entries_of_one_document_that_share_a_guid_are_all_kept() -> None:
    items = "".join(f"<item><title>{event}</title><guid>0</guid></item>" for event in EVENTS)
    parsed = parse(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "", "http://a/", 100)
    assert len({entry.id for entry in parsed.entries}) == len(EVENTS)


def test_one_broken_byte_does_not_garble_a_whole_feed() -> None:
    arabic = "غارة إسرائيلية على الناقورة"
    body = document([arabic, "cut in two: X"]).replace(b"X", b"\xd8")
    assert parse(body, "application/rss+xml; charset=utf-8", "http://a/", 100).entries[0].title == arabic


@pytest.mark.parametrize("name", ["\x1b[31m\x9b2J", os.fsdecode(b"a\xff")])
def test_whoever_is_at_the_desk_signs_harmlessly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", name)
    who = _user()
    assert who
    assert not acting(who)


@pytest.mark.parametrize(
    "published",
    [
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "1066-10-14T09:00:00Z",
    ],
)
def test_a_line_of_a_replay_from_another_age_is_a_bad_line(tmp_path: Path, published: str) -> None:
    file = tmp_path / "file.jsonl"
    file.write_text(json.dumps({"title": EVENTS[0], "published": published}), encoding="utf-8")
    assert [type(line) for line in Lines(file, WATCH)] == [Bad]


def test_a_damaged_gz_is_told_and_what_came_before_is_kept(tmp_path: Path) -> None:
    lines = [
        json.dumps({"title": f"{Random(at).random()} {EVENTS[0]}", "published": "2023-12-01T10:00:00Z"})
        for at in range(100)
    ]
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress("\n".join(lines).encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    file = tmp_path / "file.jsonl.gz"
    file.write_bytes(packed + b"\xff" * 8)  # a block of no type that there is
    read = list(Lines(file, WATCH))
    assert isinstance(read[0], Line)
    assert isinstance(read[-1], Bad)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "\\u009b2J\\u202e\\u2028", "title": ""}',
        '{"id": "\\ud800", "title": ""}',
        '{"id": ' + "9" * 5000 + ', "title": ""}',
        '{"id": NaN, "title": ""}',
        '{"id": 1e999, "title": ""}',
    ],
)
def test_tag_never_fails_on_a_line_and_answers_in_plain_json(line: str) -> None:
    source, sink, faults = io.StringIO(line + '\n{"title": "after"}\n'), io.StringIO(), io.StringIO()
    tag_stream(source, sink, faults, Tagger(WATCH.fronts), WATCH)
    out = sink.getvalue()
    assert not acting(out + faults.getvalue())
    assert "NaN" not in out and "Infinity" not in out
    assert len(out.splitlines()) + len(faults.getvalue().splitlines()) == 2


@needs_tmux
def test_characters_on_whose_width_terminals_disagree_do_not_move_a_border(tmp_path: Path) -> None:
    headlines = [f"{text} {EVENTS[at]}" for at, text in enumerate(("䷀", "☰⚊", "𝌀"))]
    with Loopback() as server:
        post = polled(tmp_path, server, {"/": Page(document(headlines))})
    environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    terminal = Terminal(tmp_path, (120, 20), environment)
    try:
        terminal.start([sys.executable, "-m", "tui", "--config", str(post.config), "--data", str(post.data)])
        assert misplaced(terminal.until(lambda screen: "Khiam" in screen), 120) == []
    finally:
        terminal.close()


@pytest.mark.slow
def test_a_terminal_that_takes_nothing_more_does_not_keep_the_screen_from_ending(post: Post) -> None:
    command = [sys.executable, "-m", "tui", "--config", str(post.config), "--data", str(post.data)]
    with suppress(ProcessLookupError), Program(command) as program:  # what has ended can't be killed
        program.until(b"Hodeidah")
        for _ in range(40):  # each draws the whole screen anew, and nobody reads
            program.press(b"d")
            time.sleep(0.02)
        program._child.terminate()
        assert program._child.wait(15.0) == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
async def test_whatever_characters_there_are_every_screen_stays_whole(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    pool = [chr(code) for code in range(1, 0x110000) if chr(code) not in "<>&{}\x1a"]
    dense = [char for char in pool if ord(char) < 0x3000] + [
        "\x1b[",
        "\x9b",
        "\x1b]",
        "\u202e",
        "\u0301",
    ] * 200
    headlines = [
        f"{''.join(random.choices(dense if number % 2 else pool, k=30))} {event} "
        f"{''.join(random.choices(dense, k=200))}"
        for number, event in enumerate(EVENTS * 4)
    ]
    with Loopback() as server:
        post = polled(tmp_path, server, {f"/{at}": Page(document(headlines[at::3])) for at in range(3)})
    assert not acting(post.run("list").stdout)
    for size in ((80, 24), (200, 50)):
        async with post.screen(size) as (app, pilot):
            check_screen(app)
            check_borders(app)
            for incident in post.incidents():
                app.push_screen(IncidentScreen(app.session, incident))
                await pilot.pause()
                check_screen(app)
                app.pop_screen()
