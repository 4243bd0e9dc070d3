"""The config room: every fault at once, in its place, with its mend; and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import config, paths
from tui.config import ConfigError, FileWatch
from tui.config.lines import KeyLines, KeyPath
from tui.config.values import url_identity
from tui.config.watch import lexicon_names
from tui.model import Watch
from tui.policy import FetchPolicy

GOOD = """\
# A small watch.
[watch]
title = "Two fronts"
every = "10m"
keep = "2w"
zones = ["Asia/Tehran", "UTC"]

[fetch]
allow_hosts = ["127.0.0.1", "News.Local", "::1"]
timeout = "30s"
silence = "5s"
max_bytes = "2MiB"
max_redirects = 3
max_entries = 500
per_host = 4

[[fronts]]
id = "north"
name = "The north"
zone = "Asia/Beirut"
terms = ["the blue line"]
vetoes = ["north pole"]

[[fronts]]
id = "south"
name = "جنوب"
zone = "Asia/Aden"
city = "Sanaa"

[[feeds]]
name = "Northern Post"
url = "https://post.example/rss?lang=en"
publisher = "post"
language = "en"
reliability = "B"
front = "north"
every = "2m"

[[feeds]]
name = "خبرگزاری می\u200cدهد"
url = "http://agency.example/fa/rss"
publisher = "agency"
language = "fa"
reliability = "E"
"""

Write = Callable[[str | bytes], Path]
Refuse = Callable[[str], tuple[str, ...]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    path = tmp_path / "feeds.toml"

    def write(content: str | bytes) -> Path:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def refuse(write: Write, tmp_path: Path) -> Refuse:
    """Each fault of a text as a line, the folder of the file left out."""

    def refuse(content: str) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as caught:
            config.load(write(content))
        assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
        assert all(fault.where and fault.what and fault.mend for fault in caught.value.faults)
        return tuple(str(fault).replace(f"{tmp_path}{os.sep}", "") for fault in caught.value.faults)

    return refuse


def swapped(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


# --- a good file ---------------------------------------------------------------------------------------


def test_a_good_file_is_read_whole(write: Write) -> None:
    path = write(GOOD)
    watch = config.load(path)
    assert (watch.title, watch.every, watch.keep) == ("Two fronts", 600.0, 14 * 86400.0)
    assert (watch.zones, watch.path) == (("Asia/Tehran", "UTC"), path)
    assert watch.fetch == FetchPolicy(
        ("127.0.0.1", "news.local", "::1"),
        30.0,
        5.0,
        2 * 1024 * 1024,
        max_redirects=3,
        max_entries=500,
        per_host=4,
    )
    north, south = watch.fronts
    assert (north.id, north.name, north.zone, north.city) == ("north", "The north", "Asia/Beirut", "Beirut")
    assert (north.terms, north.vetoes, north.lexicons) == (("the blue line",), ("north pole",), ())
    assert (south.name, south.city) == ("جنوب", "Sanaa")
    post, agency = watch.feeds
    assert (post.url, post.front, post.every) == ("https://post.example/rss?lang=en", "north", 120.0)
    assert (agency.name, agency.front, agency.every) == ("خبرگزاری می\u200cدهد", None, 600.0)
    assert (agency.language, agency.reliability, agency.publisher) == ("fa", "E", "agency")


def test_what_is_left_out_is_as_the_model_has_it(write: Write) -> None:
    short = GOOD.replace('every = "10m"\nkeep = "2w"\nzones = ["Asia/Tehran", "UTC"]\n', "")
    short = short[: short.index("[fetch]")] + short[short.index("[[fronts]]") :]
    watch = config.load(write(short))
    usual = Watch._field_defaults
    assert (watch.every, watch.keep) == (usual["every"], usual["keep"])
    assert (watch.zones, watch.fetch) == ((), FetchPolicy())


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("1m", 60), ("90s", 90), ("1.5h", 5400), ("2 h", 7200), ("1d", 86400), ("1w", 604800)],
)
def test_durations_are_written_with_their_unit(write: Write, words: str, seconds: float) -> None:
    assert config.load(write(swapped('"10m"', f'"{words}"'))).every == seconds


def test_a_windows_file_with_a_byte_order_mark_is_read(write: Write) -> None:
    watch = config.load(write(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()))
    assert watch.title == "Two fronts"


def test_a_built_in_lexicon_can_be_named_by_a_front(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "north.toml").touch()
    monkeypatch.setattr("tui.config.watch._FRONT_LEXICONS", tmp_path)
    path = write(swapped('city = "Sanaa"', 'lexicons = ["north"]'))
    path = path.rename(tmp_path / "watch.conf")
    assert lexicon_names() == ("north",)
    assert config.load(path).fronts[1].lexicons == ("north",)


# --- faults --------------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_in_the_order_of_the_file(refuse: Refuse) -> None:
    bad = swapped('title = "Two fronts"', 'tilte = "Two fronts"')
    bad = bad.replace('"10m"', "10").replace("per_host = 4", "per_host = 400")
    bad = bad.replace('"Asia/Aden"', '"Asia/Adn"').replace('front = "north"', 'front = "nort"')
    bad = bad.replace('reliability = "E"', 'reliability = "good"\nlanguege = "fa"')
    assert refuse(bad) == (
        'feeds.toml line 2, [watch]: title is missing; add title = "Axis of Resistance"',
        "feeds.toml line 3, [watch] tilte: is no key of this table; did you mean title?",
        'feeds.toml line 4, [watch] every: is a whole number, not text; write text in quotes, as in "1m"',
        "feeds.toml line 15, [fetch] per_host: is out of bounds; write a number from 1 to 16",
        'feeds.toml line 27, [[fronts]] #2 "جنوب" zone: "Asia/Adn" is no time zone; '
        'did you mean "Asia/Aden"?',
        'feeds.toml line 36, [[feeds]] #1 "Northern Post" front: "nort" is no front; did you mean "north"?',
        'feeds.toml line 44, [[feeds]] #2 "خبرگزاری می\\u200cدهد" reliability: "good" is no reliability; '
        'write one letter from "A" (reliable) to "E" (unreliable), or "F" (cannot be judged)',
        'feeds.toml line 45, [[feeds]] #2 "خبرگزاری می\\u200cدهد" languege: is no key of this table; '
        "did you mean language?",
    )


FAULTS = {
    "a title that is empty": ('"Two fronts"', '"  "', "line 3, [watch] title: is empty"),
    "a title that is too long": ('"Two fronts"', f'"{"t" * 81}"', "is 81 characters long"),
    "a title with an escape": ('"Two fronts"', r'"Two \u001b[31mfronts"', "holds U+001B"),
    "a title with a bidi override": (
        '"Two fronts"',
        r'"Two \u202efronts"',
        "U+202E (RIGHT-TO-LEFT OVERRIDE)",
    ),
    "a title with an emoji selector": (
        '"Two fronts"',
        r'"Two \u2764\ufe0f"',
        "U+FE0F (VARIATION SELECTOR-16)",
    ),
    "a title on two lines": ('"Two fronts"', r'"Two\nfronts"', "holds U+000A"),
    "an interval below a minute": ('"10m"', '"59s"', 'write a duration from "1m" to "7d"'),
    "an interval of another unit": ('"10m"', '"10y"', '"10y" is no duration'),
    "an interval without a unit": ('"10m"', '"10"', "write a number and one of s, m, h, d, w"),
    "an interval below zero": ('"10m"', '"-10m"', '"-10m" is no duration'),
    "a retention of an hour": ('"2w"', '"1h"', 'line 5, [watch] keep: "1h" is out of bounds'),
    "a zone to show that is none": ('"UTC"', '"Mars/Base"', "line 6, [watch] zones #2"),
    "a folder of zones": ('"Asia/Beirut"', '"Asia"', '"Asia" is no time zone'),
    "a zone outside the zones": ('"Asia/Beirut"', '"../../etc/passwd"', "is no time zone"),
    "a list that is text": ('["Asia/Tehran", "UTC"]', '"UTC"', "[watch] zones: is text, not a list"),
    "an item that is a number": ('["the blue line"]', "[7]", "terms #1: is a whole number, not text"),
    "an item that is empty": ('["the blue line"]', '["a", ""]', "terms #2: is empty"),
    "an allowed host with a port": ('"News.Local"', '"news.local:80"', "line 9, [fetch] allow_hosts #2"),
    "an allowed host that is an address": (
        '"News.Local"',
        '"http://news.local"',
        "without scheme, port or path",
    ),
    "a size without a unit": ('"2MiB"', '"2000000"', "write a whole number and KiB or MiB"),
    "a size out of bounds": ('"2MiB"', '"900MiB"', 'write a size from "64KiB" to "256MiB"'),
    "a number that is text": ("max_redirects = 3", 'max_redirects = "3"', "is text, not a whole number"),
    "a number that is true": ("max_redirects = 3", "max_redirects = true", "is true or false, not a whole"),
    "a number of many digits": ("max_redirects = 3", f"max_redirects = 0x{'f' * 5000}", "is out of bounds"),
    "a number that Python won't read": (
        "max_redirects = 3",
        f"max_redirects = {'9' * 5000}",
        "can't be read",
    ),
    "an id with capitals": ('id = "south"', 'id = "South"', '"South" is no id'),
    "an id twice": ('id = "south"', 'id = "north"', 'is also the id of [[fronts]] #1 "The north" (line 18)'),
    "a front's name twice": ('"جنوب"', '"the NORTH"', 'is also the name of [[fronts]] #1 "The north"'),
    "an unknown lexicon": ('city = "Sanaa"', 'lexicons = ["moon"]', 'lexicons #1: "moon" is no lexicon'),
    "a feed's url twice": (
        "http://agency.example/fa/rss",
        "https://POST.example/rss?lang=en#top",
        'url: is also the url of [[feeds]] #1 "Northern Post" (line 32); change or delete one of them',
    ),
    "a url without scheme": ("http://agency.example", "agency.example", "does not begin with https://"),
    "a url of another scheme": ("http://agency.example", "file://agency.example", "is not an http or https"),
    "a url that is a path": ("http://agency.example", "http://", "names no host that can be asked"),
    "a url with a broken host": ("http://agency.example", "http://agency..example", "names no host"),
    "a url with a broken port": ("http://agency.example", "http://agency.example:rss", "is no address"),
    "a url with a broken IPv6 host": ("http://agency.example", "http://[::1", "is no address"),
    "a url with a space": ("http://agency.example", "http://agency.example/a b", "write it as %20"),
    "a language that is a country": ('"fa"', '"ir"', '"ir" is no language code'),
    "a language in words": ('"fa"', '"Persian"', '"fa" (Persian)'),
    "a reliability in small letters": ('"E"', '"e"', '"e" is no reliability'),
    "no url": ('url = "http://agency.example/fa/rss"\n', "", 'url is missing; add url = "https://'),
    "an unknown table": (
        "[fetch]",
        "[fetsh]",
        "line 8, [fetsh]: is no part of a feeds.toml; did you mean [fetch]?",
    ),
    "a loose key": ("# A small watch.", "colour = 1", "line 1, colour: is no part of a feeds.toml"),
    "a table written as a list": ("[watch]", "[[watch]]", "line 2, [[watch]]: is a list, not a table"),
    "a list where a table stands": ("[fetch]", "fetch = 1\n[x]", "[watch] fetch: is no key of this table"),
}


@pytest.mark.parametrize(("old", "new", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_its_place_and_its_mend(refuse: Refuse, old: str, new: str, words: str) -> None:
    assert words in "\n".join(refuse(swapped(old, new)))


def test_a_password_in_an_address_is_refused_and_never_shown(refuse: Refuse) -> None:
    (fault,) = refuse(swapped("http://agency", "http://reader:hunter2@agency"))
    assert "carries a user name or a password" in fault
    assert "hunter2" not in fault


def test_single_brackets_are_told_once_and_not_again_for_every_feed(refuse: Refuse) -> None:
    one_front = GOOD.replace(GOOD[GOOD.index('[[fronts]]\nid = "south"') : GOOD.index("[[feeds]]")], "")
    (fault,) = refuse(one_front.replace("[[fronts]]", "[fronts]"))
    assert fault.startswith("feeds.toml line 17, [[fronts]]: is a table, not a list of tables")
    assert fault.endswith("head each front with [[fronts]] in double brackets")


def test_an_empty_file_is_told_what_a_watch_needs(refuse: Refuse) -> None:
    names = [fault.partition(";")[0] for fault in refuse("")]
    assert names == [
        "feeds.toml: names no front",
        "feeds.toml: names no feed",
        "feeds.toml [watch]: title is missing",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "mend"),
    [
        ('"Two fronts"', '"Two fronts', 3, "end the text with its quote"),
        ('"Two fronts"', "Two fronts", 3, "put text in quotes"),
        ('"Two fronts"', '"Two fronts" every = 1', 3, "a line of its own"),
        ('every = "10m"', 'title = "Again"', 4, "delete one of the two"),
        ('"10m"', r'"10\m"', 4, "in single quotes"),
        ("[fetch]", "[watch]", 8, "a table may stand once"),
        ('id = "south"', "id: south", 25, "write key = value"),
        ('reliability = "E"\n', "reliability = [", 44, "end every list with ]"),
    ],
)
def test_a_syntax_fault_names_its_line(refuse: Refuse, old: str, new: str, line: int, mend: str) -> None:
    (fault,) = refuse(swapped(old, new))
    assert fault.startswith(f"feeds.toml line {line}: ")
    assert mend in fault.rpartition("; ")[2]


def test_deep_nesting_is_a_fault(refuse: Refuse) -> None:
    (fault,) = refuse(f"x = {'[' * 50_000}")
    assert "is nested too deep" in fault


def test_a_file_that_is_no_text_names_the_line(write: Write) -> None:
    path = write(GOOD.encode().replace(b"North", b"N\xf6rth"))
    with pytest.raises(
        ConfigError, match=r"line 31: is not UTF-8 text \(byte 0xf6\); save the file as UTF-8"
    ):
        config.load(path)


def test_a_file_over_a_mebibyte_is_refused(write: Write) -> None:
    with pytest.raises(ConfigError, match="is larger than 1 MiB"):
        config.load(write(GOOD + "#" * 1024 * 1024))


def test_a_file_that_is_missing_or_a_folder_or_a_pipe_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, words in (
        (tmp_path / "none.toml", "is not there"),
        (tmp_path, "is a folder or a device"),
        (pipe, "is a folder or a device"),
        (tmp_path / ("n" * 300), "can't be read"),
    ):
        with pytest.raises(ConfigError, match=words):
            config.load(path)


@contextmanager
def without_roots_rights() -> Iterator[None]:
    """Root may read everything: for a while, be nobody."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_without_the_right_to_read_is_refused(write: Write) -> None:
    path = write(GOOD)
    path.chmod(0)
    with without_roots_rights(), pytest.raises(ConfigError, match="give yourself the right to read"):
        config.load(path)


def test_a_config_in_a_folder_that_cannot_be_entered_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "feeds.toml").touch()
    folder.chmod(0)
    monkeypatch.chdir("/")
    monkeypatch.setattr(paths, "config_file", lambda: folder / "feeds.toml")
    with without_roots_rights():
        assert config.find() == folder / "feeds.toml"


def test_the_name_of_the_file_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / "\x1b[2J\udcff.toml")
    assert str(caught.value).isprintable()


def examples() -> Iterator[str]:
    """Pieces of a config and of what people break in it."""
    yield from ("[watch]", "[[fronts]]", "[[feeds]]", "[fetch]", "[", "]", "{", "}", ",", "\n", "=", ".", "#")
    yield from (
        "title",
        "id",
        "zone",
        "url",
        "terms",
        "every",
        '"""',
        "'''",
        '"',
        "'",
        "\\",
        "\\u0000",
        "\ufe0f",
    )
    yield from ('"x"', "1", "1.5", "true", "1979-05-27", '"Asia/Aden"', '"5m"', '["a", ["b"]]', "{id = 1}")


@given(st.lists(st.sampled_from(tuple(examples())), max_size=40).map(lambda parts: " ".join(parts).encode()))
def test_any_heap_of_config_pieces_is_a_watch_or_named_faults(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    refused_or_read(tmp_path_factory, body)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_watch_or_named_faults(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    refused_or_read(tmp_path_factory, body)


@given(st.text(max_size=30), st.integers(0, len(GOOD)), st.integers(0, 30))
def test_a_good_file_with_any_damage_is_a_watch_or_named_faults(
    tmp_path_factory: pytest.TempPathFactory, damage: str, start: int, length: int
) -> None:
    damaged = GOOD[:start] + damage + GOOD[start + length :]
    refused_or_read(tmp_path_factory, damaged.encode())


def refused_or_read(factory: pytest.TempPathFactory, body: bytes) -> None:
    path = factory.getbasetemp() / "any.toml"
    path.write_bytes(body)
    try:
        watch = config.load(path)
    except ConfigError as error:
        assert error.faults
        for fault in error.faults:
            assert fault.where.startswith(str(path))
            assert fault.what
            assert fault.mend
            assert str(fault).replace("\u200c", "").isprintable()
    else:
        assert watch.fronts
        assert watch.feeds


# --- lines ---------------------------------------------------------------------------------------------

TRICKY = '''\
top = """
[[feeds]]  # not a table: a text
name = "no"
it ends \\""" here""""
# [[feeds]]
watch.title = 'a # b'   # dotted
list = [ "a", # ["x"
  """b
  """, [1,
  2], { x = 1, "y z" = [3] }
]
[[feeds]]
"na#me" = "one"
[feeds.sub]
a."b.c" = 1
[[feeds]]
  name = \'\'\'
two = 2\'\'\'
url = ''
[[feeds.deep]]
k = 1
[[feeds.deep]]
k = 2979-05-27T07:32:00Z
'''


def test_a_key_is_found_through_every_form_of_toml() -> None:
    tomllib.loads(TRICKY)
    lines = KeyLines(TRICKY)
    found: dict[KeyPath, int] = {
        ("top",): 1,
        ("watch", "title"): 6,
        ("list",): 7,
        ("list", 0): 7,
        ("list", 1): 8,
        ("list", 2): 9,
        ("list", 2, 1): 10,
        ("list", 3, "x"): 10,
        ("list", 3, "y z", 0): 10,
        ("feeds", 0): 12,
        ("feeds", 0, "na#me"): 13,
        ("feeds", 0, "sub"): 14,
        ("feeds", 0, "sub", "a", "b.c"): 15,
        ("feeds", 1): 16,
        ("feeds", 1, "name"): 17,
        ("feeds", 1, "url"): 19,
        ("feeds", 1, "deep", 0): 20,
        ("feeds", 1, "deep", 1): 22,
        ("feeds", 1, "deep", 1, "k"): 23,
    }
    assert {path: lines.line(path) for path in found} == found
    assert lines.line(("feeds", 1, "nothing")) == 16
    assert lines.line(("nothing",)) is None


KEY = st.sampled_from(("a", "b", '"c d"', "'#'", "e.f", '"\\""'))
VALUE = st.recursive(
    st.sampled_from(
        ("1", "true", '"x"', "'#'", '"\\""', '"""\n]"\\"\n"""', "'''a''''", "1.5e3", '""', "[]", "{}")
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: "[ # c\n" + " ,\n".join(items) + ",\n]"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{index}={item}" for index, item in enumerate(items)) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEY, VALUE), max_size=5, unique_by=lambda pair: pair[0]))
def test_every_table_and_every_key_of_any_document_is_found_on_its_line(pairs: list[tuple[str, str]]) -> None:
    """Each pair stands in a table of its own, so that the right line is known from how the text was made."""
    text = ""
    expected: dict[KeyPath, int] = {}
    for index, (key, value) in enumerate(pairs):
        text += f"[[row]] # {index}\n"
        expected["row", index] = text.count("\n")
        text += f" {key} = {value} # end\n"
        first = {"e.f": "e", '"c d"': "c d", "'#'": "#"}.get(key, key)
        if key != '"\\""':
            expected["row", index, first] = text.count("\n") - value.count("\n")
    tomllib.loads(text)
    lines = KeyLines(text)
    assert {path: lines.line(path) for path in expected} == expected


# --- which file, and has it changed --------------------------------------------------------------------


def test_the_file_is_the_one_named_else_here_else_the_users_else_the_built_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, home = tmp_path / "here", tmp_path / "users"
    here.mkdir()
    home.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(paths, "config_file", lambda: home / "feeds.toml")
    assert config.find() == paths.builtin_config()
    (home / "feeds.toml").touch()
    assert config.find() == home / "feeds.toml"
    (here / "feeds.toml").symlink_to(here / "gone")  # there, though it leads nowhere: load must say so
    assert config.find() == Path("feeds.toml")
    assert config.find(tmp_path / "none.toml") == tmp_path / "none.toml"


def test_a_change_of_the_file_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    watch = FileWatch(path)
    assert not watch.changed()
    path.write_text("a")
    assert (watch.changed(), watch.changed()) == (True, False)  # there
    path.write_text("bb")
    assert (watch.changed(), watch.changed()) == (True, False)  # written
    other = tmp_path / "other"
    other.write_text("cc")
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert (watch.changed(), watch.changed()) == (True, False)  # replaced by one of the same size and time
    path.unlink()
    assert (watch.changed(), watch.changed()) == (True, False)  # gone


def test_letter_case_of_a_host_does_not_make_another_feed_but_that_of_a_path_does() -> None:
    assert url_identity("HTTPS://A.example/x#y") == url_identity("https://a.EXAMPLE/x")
    assert url_identity("https://a.example/x") != url_identity("https://a.example/X")


# --- the built-in watch --------------------------------------------------------------------------------


def test_the_built_in_watch_covers_its_fronts_in_five_languages() -> None:
    watch = config.load(paths.builtin_config())
    assert watch.title == "Axis of Resistance"
    assert [front.id for front in watch.fronts] == ["lebanon-border", "iraq-syria", "yemen"]
    assert [front.city for front in watch.fronts] == ["Beirut", "Baghdad", "Sanaa"]
    assert watch.path is None
    assert len(watch.feeds) >= 45
    assert {feed.language for feed in watch.feeds} == {"en", "ar", "he", "fa", "fr"}
    assert {feed.front for feed in watch.feeds} == {None, "lebanon-border", "iraq-syria", "yemen"}
    assert {feed.reliability for feed in watch.feeds} <= set(
        "BCDEF"
    )  # A is for what has been proven, by whoever edits it


def test_the_room_loads_nothing_that_a_screen_or_a_fetch_needs() -> None:
    code = "import sys, tui.config; print(*(name.partition('.')[0] for name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {"httpx", "feedparser", "textual", "rich", "asyncio", "sqlite3", "email", "difflib"}
