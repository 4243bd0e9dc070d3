"""``frontwatch feeds``: an address goes in, the feed behind it is found, asked and written down."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.loopback import Loopback, Page
from tests.test_cli import HEADLINES, config, frontwatch, rss
from tui.cli import main
from tui.config import load
from tui.model import Feed
from tui.proposal import language

PAGE = """<!DOCTYPE html><html><head><title>Gazette</title>
<link rel="alternate" type="application/rss+xml" href="{href}"></head><body>News</body></html>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
<title>{title}</title><id>urn:x</id><updated>2023-12-01T12:00:00Z</updated>{entries}</feed>"""
ENTRY = """<entry><title>{title}</title><id>urn:{title}</id><link href="https://www.house.example/{number}"/>
<updated>2023-12-01T12:00:00Z</updated></entry>"""


def page(href: str) -> Page:
    return Page(PAGE.format(href=href).encode(), "text/html; charset=utf-8")


def atom(title: str = "News", language: str = "en", headlines: tuple[str, ...] = HEADLINES) -> bytes:
    entries = "".join(ENTRY.format(title=each, number=number) for number, each in enumerate(headlines))
    return ATOM.format(title=title, language=language, entries=entries).encode()


def feeds(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``frontwatch --config PATH feeds WORDS...``, in this process: three seconds less for each."""
    command = ["--config", str(path), "feeds", *words]
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as talk:
        code = main(command)
    return subprocess.CompletedProcess(command, code, out.getvalue(), talk.getvalue())


@pytest.fixture
def mine(tmp_path: Path, server: Loopback) -> Path:
    """A watch of one feed, which may poll loopback."""
    return config(tmp_path, [server.serve("/first", rss(HEADLINES))])


def newest(path: Path) -> Feed:
    return load(path).feeds[-1]


def test_the_feed_behind_a_page_is_found_and_written_with_what_it_says_of_itself(
    mine: Path, server: Loopback
) -> None:
    before = mine.read_text(encoding="utf-8")
    feed = server.serve("/news/feed.xml", rss(HEADLINES))
    url = server.serve("/news/", page("feed.xml"))
    done = frontwatch("--config", mine, "feeds", "add", url)
    assert done.returncode == 0, done.stderr
    assert newest(mine) == Feed("Gazette", feed, "gazette", "en", "F")
    assert mine.read_text(encoding="utf-8") == f"{before}\n\n{done.stdout}"
    assert f"{url} is a page; it names the feed {feed}" in done.stderr
    assert "4 entries on the fronts: " in done.stderr
    assert "yemen 1" in done.stderr
    assert frontwatch("--config", mine, "collect", "--once", "--json", "--data", mine.parent).returncode == 0
    assert server.count("/news/feed.xml") == 2  # once to add it, once to poll it


def test_a_page_that_names_no_feed_is_searched_where_feeds_usually_are(mine: Path, server: Loopback) -> None:
    server.serve("/tags/war/feed", Page(b"<html><body>All our tags</body></html>", "text/html"))
    server.serve(
        "/tags/war/rss.xml", b"<rss version='2.0'><channel><title>Nothing yet</title></channel></rss>"
    )
    feed = server.serve("/feed.xml", rss(HEADLINES))
    done = feeds(mine, "add", server.serve("/tags/war/", Page(b"<html><body>War</body></html>", "text/html")))
    assert done.returncode == 0, done.stderr
    assert newest(mine).url == feed
    assert f"found {feed}" in done.stderr


def test_what_a_person_says_goes_before_what_the_feed_says(mine: Path, server: Loopback) -> None:
    url = server.serve("/a", rss(HEADLINES))
    said = ("--name", "Mine", "--publisher", "house", "--language", "fr", "--reliability", "B")
    done = feeds(mine, "add", url, *said, "--front", "YEMEN")
    assert done.returncode == 0, done.stderr
    assert newest(mine) == Feed("Mine", url, "house", "fr", "B", "yemen")


def test_a_feed_that_is_there_is_refused_before_anybody_is_asked(mine: Path, server: Loopback) -> None:
    before = mine.read_bytes()
    done = feeds(mine, "add", server.url("/first").replace("http://", "HTTP://"))
    assert done.returncode == 1
    assert '"Feed 0" is this feed already' in done.stderr
    assert server.asked == []
    done = feeds(mine, "add", server.serve("/", page("/first")))
    assert done.returncode == 1
    assert '"Feed 0" is this feed already' in done.stderr
    assert mine.read_bytes() == before


def test_a_feed_that_has_moved_for_good_is_written_where_it_lives_now(mine: Path, server: Loopback) -> None:
    new = server.serve("/new", atom())
    moved = server.serve("/old", Page(status=301, headers={"Location": "/new"}))
    done = feeds(mine, "add", moved)
    assert done.returncode == 0, done.stderr
    assert newest(mine).url == new
    assert f"{moved} has moved for good to {new}" in done.stderr
    again = feeds(mine, "add", moved)
    assert (again.returncode, '"News" is this feed already' in again.stderr) == (1, True)


def test_a_title_that_is_taken_or_missing_still_makes_a_name(mine: Path, server: Loopback) -> None:
    for path, title in (("/a", "News"), ("/b", "NEWS"), ("/c", "")):
        done = feeds(mine, "add", server.serve(path, atom(title)))
        assert done.returncode == 0, done.stderr
    assert [feed.name for feed in load(mine).feeds] == ["Feed 0", "News", "NEWS 2", "127.0.0.1"]
    assert {feed.publisher for feed in load(mine).feeds[1:]} == {"house"}  # by the pages that they link to


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(b"<html><body>No feed here</body></html>", "text/html"), "is a page that names no feed"),
        (Page(b"just text", "text/plain"), "not a feed"),
        (Page(b""), "empty: the server sent nothing"),
        (Page(status=404), "404: no feed at this address"),
        (Page(status=403), "403: the server refuses this program"),
        (Page(raw=b"nonsense\r\n\r\n"), "broken answer"),
    ],
)
def test_what_is_no_feed_is_told_in_words_and_nothing_is_written(
    mine: Path, server: Loopback, page: Page, words: str
) -> None:
    before = mine.read_bytes()
    done = feeds(mine, "add", server.serve("/x", page))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ftp://a.example/rss", "is not an http or https address"),
        ("https://me:secret@a.example/rss", "user name or a password"),
        ("a b", "holds a space"),
        ("https://", "names no host"),
        ("http://127.0.0.2/rss", "127.0.0.2 is loopback; allow 127.0.0.2 in [fetch] allow_hosts"),
    ],
)
def test_an_address_that_cannot_be_polled_is_refused(mine: Path, typed: str, words: str) -> None:
    done = feeds(mine, "add", typed)
    assert done.returncode == 1
    assert words in done.stderr
    assert "secret" not in done.stderr


def test_a_name_that_is_taken_and_a_front_that_is_not_there_are_refused(mine: Path, server: Loopback) -> None:
    url, before = server.serve("/a", atom()), mine.read_bytes()
    taken = feeds(mine, "add", url, "--name", "feed 0")
    assert (taken.returncode, "there is a feed" in taken.stderr) == (1, True)
    front = feeds(mine, "add", url, "--front", "mars")
    assert (front.returncode, "there is no front 'mars': there are lebanon-border" in front.stderr) == (
        2,
        True,
    )
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    ("declared", "titles", "code"),
    [
        ("en", HEADLINES, "en"),
        ("de", ("Die Lage im Nahen Osten",), "de"),  # no word list knows it, but it says so
        ("", ("Les forces du pays et de la région", "La guerre dans le sud"), "fr"),
        ("en", ("غارة إسرائيلية على جنوب لبنان",), "ar"),  # a wrong declaration, belied by the script
        ("", ("حمله پهپادی به یک کشتی در دریای سرخ",), "fa"),
        ("", (), "en"),
    ],
)
def test_the_language_is_the_declared_one_unless_the_script_belies_it(
    declared: str, titles: tuple[str, ...], code: str
) -> None:
    assert language(titles, declared) == code


def test_the_language_that_a_feed_declares_is_taken_from_its_head(mine: Path, server: Loopback) -> None:
    tagged = rss(("Die Lage", "Das Wetter")).replace(b"<link>", b"<language>de-DE</language><link>", 1)
    for path, body in (("/a", atom(language="tr-TR", headlines=("Haber",))), ("/b", tagged)):
        done = feeds(mine, "add", server.serve(path, body))
        assert done.returncode == 0, done.stderr
    assert [feed.language for feed in load(mine).feeds[1:]] == ["tr", "de"]


# List and remove


def test_the_list_has_a_line_for_each_feed_and_json_all_of_it(mine: Path) -> None:
    (line,) = feeds(mine, "list").stdout.splitlines()
    feed = newest(mine)
    assert line.split("  ") == ["Feed 0", "p0", "en", "B", "-", feed.url]
    assert feeds(mine).stdout == f"{line}\n"
    listed = json.loads(feeds(mine, "list", "--json").stdout)
    assert Feed(**listed) == feed


def test_a_feed_is_taken_out_by_its_name_or_its_address(tmp_path: Path) -> None:
    urls = [f"https://{letter}.example/rss" for letter in "abc"]
    mine = config(tmp_path, urls)
    done = feeds(mine, "remove", "feed 1")
    assert (done.returncode, done.stdout) == (0, f'removed "Feed 1", {urls[1]}, from {mine}\n')
    assert feeds(mine, "remove", urls[0]).returncode == 0
    assert [feed.url for feed in load(mine).feeds] == urls[2:]
    unknown = feeds(mine, "remove", "Feed 3")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        'frontwatch: there is no feed "Feed 3": did you mean "Feed 2"?\n',
    )
    last = feeds(mine, "remove", "Feed 2")
    assert (last.returncode, "names no feed" in last.stderr) == (1, True)


def test_a_file_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    mine = config(tmp_path, ["https://a.example/rss", "https://b.example/rss"])
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "loop.toml"):
        done = feeds(path, "remove", "Feed 0")
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert path.name in done.stderr
    assert len(load(mine).feeds) == 2


@pytest.mark.parametrize("command", ["feeds", "feeds add", "feeds list", "feeds remove", "import", "export"])
def test_each_has_help_with_an_example(command: str) -> None:
    done = frontwatch(*command.split(), "--help")
    assert done.returncode == 0
    assert f"example: frontwatch {command}" in done.stdout
