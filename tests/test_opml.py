"""OPML in and out: what other readers export comes in, what can't is told with its line, nothing is lost."""

from __future__ import annotations

import codecs
from operator import attrgetter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import samples
from tests.test_cli import config, frontwatch
from tui import paths
from tui.config import load
from tui.config.edit import add_feeds, editable
from tui.feeds.opml import MAX_BYTES, NAMESPACE, OpmlError, Outline, read, write
from tui.model import Watch
from tui.opml_file import Plan, opml_of
from tui.policy import FetchPolicy

WATCH = Watch("A test's watch", samples.FRONTS, (samples.feed(),))
NO_FEEDS = """[watch]
title = "Empty"
[[fronts]]
id = "yemen"
name = "Yemen / Red Sea"
zone = "Asia/Aden"
[[fronts]]
id = "lebanon-border"
name = "Lebanon border"
zone = "Asia/Beirut"
"""
LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">
<!ENTITY file SYSTEM "file:///etc/passwd">]>
<opml version="2.0"><body><outline text="&c;" xmlUrl="https://x.example/&file;"/></body></opml>"""


def document(body: str, *, version: str = "2.0", head: str = "", encoding: str = "utf-8") -> bytes:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    return f'{declaration}<opml version="{version}">{head}<body>\n{body}\n</body></opml>'.encode(encoding)


def plan(body: str, watch: Watch = WATCH, **said: str) -> Plan:
    made, listed = Plan(watch, **said), read(document(body))
    for outline in listed.outlines:
        made.take(outline)
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A watch with fronts and no feed yet."""
    path = tmp_path / "empty.toml"
    path.write_text(NO_FEEDS, encoding="utf-8")
    return path


# Reading


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_every_version_gives_feeds_in_their_folders_and_order(version: str) -> None:
    body = """<outline text="Near"><outline text="North"><outline text="One" type="rss"
        xmlUrl="https://one.example/rss" htmlUrl="https://one.example/" language="en-us"/></outline>
        <outline title="Two" xmlurl=" https://two.example/rss "/></outline>
        <outline text="Three" xmlUrl="https://three.example/rss"></outline>"""
    listed = read(document(body, version=version, head="<head><title>Mine</title></head>"))
    assert [(each.name, each.url, each.folders, each.line) for each in listed.outlines] == [
        ("One", "https://one.example/rss", ("Near", "North"), 3),
        ("Two", "https://two.example/rss", ("Near",), 5),
        ("Three", "https://three.example/rss", (), 6),
    ]
    assert (listed.outlines[0].site, listed.outlines[0].language) == ("https://one.example/", "en-us")
    assert listed.left_out == ()


def test_a_default_namespace_and_foreign_attributes_do_not_matter() -> None:
    body = b"""<opml version="2.0" xmlns="http://www.opml.org/spec2" xmlns:other="https://other.example/"><body>
        <outline text="One" xmlUrl="https://one.example/rss" other:score="5" _custom="x"/></body></opml>"""
    (outline,) = read(body).outlines
    assert (outline.name, dict(outline.own)) == ("One", dict.fromkeys(outline.own, ""))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16", b""),
        ("iso-8859-1", b""),
        ("windows-1252", b""),
    ],
)
def test_encodings_that_are_declared_are_read(encoding: str, mark: bytes) -> None:
    body = document('<outline text="Café" xmlUrl="https://one.example/rss"/>', encoding=encoding)
    assert [each.name for each in read(mark + body).outlines] == ["Café"]


def test_text_is_safe_once_it_is_read() -> None:
    body = '<outline text="&lt;b&gt;Red&lt;/b&gt; &#x9b;31m\u202eenil" xmlUrl="https://one.example/rss"/>'
    assert read(document(body)).outlines[0].name == "Red enil"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"not XML", "line 1: broken XML"),
        (b"<?xml version='1.0'?>\n", "line 2: broken XML: no element found; the file is empty or cut off"),
        (document("x")[:-20], "line 2: broken XML: unclosed token; the file is cut off"),
        (document("<outline text='A & B'/>"), "line 3: broken XML: not well-formed .*; write & as &amp;"),
        (document("<outline text='&nbsp;'/>"), "line 3: .*: undefined entity; write the character itself"),
        (document("<outline text='caf\u00e9'/>").replace(b"\xc3", b""), "line 3: .*: not well-formed"),
        (document("").replace(b"utf-8", b"klingon"), "encoding"),
        (document("").replace(b"utf-8", b"gb2312"), "line 1: .*encoding.* save the file as UTF-8"),
        (document("").replace(b"utf-8", b"utf-16"), "line 1: .*encoding"),
        (b"<rss version='2.0'><channel/></rss>", "is a feed, .*frontwatch feeds add"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "is a feed, .*frontwatch feeds add"),
        (b"<html><body/></html>", "is a page of HTML"),
        (b"<!DOCTYPE html><html></html>", "line 1: has a DOCTYPE"),
        (b"<list/>", "begins with <list>, but OPML begins with <opml"),
        (LAUGHS.encode(), "line 2: has a DOCTYPE"),
        (document("<outline text='x'>" * 40 + "</outline>" * 40), "more than 32 folders"),
        (b"<opml>" + b" " * MAX_BYTES + b"</opml>", "larger than 10 MiB"),
    ],
)  # fmt: skip
def test_what_is_no_opml_is_told_with_its_line_and_the_mend(body: bytes, words: str) -> None:
    with pytest.raises(OpmlError, match=words):
        read(body)


def test_an_outline_that_is_neither_feed_nor_folder_is_told() -> None:
    listed = read(
        document('<outline text="Note"/>\n<outline text="Lost" type="rss" htmlUrl="https://x.example"/>')
    )
    assert listed.outlines == ()
    assert listed.left_out == (
        (3, '"Note" has no xmlUrl, the address of a feed'),
        (4, '"Lost" has no xmlUrl, the address of a feed'),
    )


@settings(max_examples=200)
@given(st.binary(max_size=400), st.integers(0, 60))
def test_any_bytes_in_a_document_are_read_or_refused_in_words(junk: bytes, at: int) -> None:
    whole = document('<outline text="One" xmlUrl="https://one.example/rss"/>')
    for body in (junk, whole[:at] + junk, whole[:at] + junk + whole[at:]):
        try:
            read(body)
        except OpmlError as fault:
            assert str(fault).isprintable()


# What outlines become


def test_a_folder_named_as_a_front_is_that_front_and_others_are_told() -> None:
    made = plan(
        """<outline text="World"><outline text="YEMEN / red sea"><outline text="A" xmlUrl="https://a.example/"/>
        <outline text="Ports"><outline text="B" xmlUrl="https://b.example/"/></outline></outline>
        <outline text="C" xmlUrl="https://c.example/"/></outline>
        <outline text="Iraq-Syria"><outline text="D" xmlUrl="https://d.example/"/></outline>"""
    )
    assert [row.get("front") for row in made.rows] == ["yemen", "yemen", None, "iraq-syria"]
    assert [words for words in made.remarks() if "World" in words] == [
        'the folder "World" is no front of this watch: its feed is added without a front'
    ]
    assert not any("Ports" in words for words in made.remarks())


def test_the_front_that_a_feed_names_goes_before_its_folder() -> None:
    fw = f'xmlns:fw="{NAMESPACE}"'
    made = plan(
        f"""<outline text="yemen"><outline {fw} text="A" xmlUrl="https://a.example/" fw:front="iraq-syria"/>
        <outline {fw} text="B" xmlUrl="https://b.example/" fw:front="mars"/></outline>"""
    )
    assert [row["front"] for row in made.rows] == ["iraq-syria", "yemen"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/rss", "does not begin with https://"),
        ("rss.xml", "does not begin with https://"),
        ("ftp://a.example/rss", "is not an http or https address"),
        ("javascript:alert(1)", "is not an http or https address"),
        ("file:///etc/passwd", "is not an http or https address"),
        ("https://", "names no host"),
        ("https://me:secret@a.example/rss", "carries a user name or a password"),
        ("https://a.example/a b", "holds a space or an invisible character"),
        ("https://a.example/\u202erss", "holds a space or an invisible character"),
        ("https://a.example/" + "a" * 2000, "more than 2000 characters"),
        ("http://127.0.0.1/rss", "127.0.0.1 is loopback"),
        ("http://localhost:8080/rss", "localhost is loopback"),
        ("http://192.168.1.4/rss", "192.168.1.4 is private"),
        ("http://169.254.169.254/", "169.254.169.254 is link-local"),
        ("http://[::1]/rss", "::1 is loopback"),
        ("http://[::ffff:10.0.0.1]/rss", "is private"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_polled_is_told_with_its_line_and_left_out(url: str, words: str) -> None:
    made = plan(f'<outline text="Bad" xmlUrl="{url}"/>\n<outline text="Good" xmlUrl="https://g.example/"/>')
    assert [row["name"] for row in made.rows] == ["Good"]
    ((line, told),) = made.left_out
    assert line == 3
    assert told.startswith('"Bad": ')
    assert words in told
    assert "secret" not in told
    assert told.isprintable()


def test_a_private_address_that_the_watch_allows_is_taken() -> None:
    watch = WATCH._replace(fetch=FetchPolicy(allow_hosts=("192.168.1.4",)))
    assert len(plan('<outline text="In" xmlUrl="http://192.168.1.4/rss"/>', watch).rows) == 1


def test_what_is_there_already_is_counted_and_what_stands_twice_is_told() -> None:
    there = WATCH.feeds[0].url.replace("https://", "HTTPS://")
    made = plan(
        f"""<outline text="Old" xmlUrl="{there}"/>
        <outline text="A" xmlUrl="https://a.example/rss"/><outline text="Same line" xmlUrl="https://a.example/rss"/>
        <outline text="Again" xmlUrl="https://A.EXAMPLE/rss#top"/>
        <outline text="feed:" xmlUrl="feed:https://a.example/rss"/>"""
    )
    assert (made.there, [row["name"] for row in made.rows]) == (1, ["A"])
    assert made.left_out == [
        (4, '"Same line": is on line 4 already'),
        (5, '"Again": is on line 4 already'),
        (6, '"feed:": is on line 4 already'),
    ]


def test_names_that_are_taken_get_a_number_and_a_feed_without_one_its_host() -> None:
    name, long = WATCH.feeds[0].name, "x" * 60
    urls = [f"https://{letter}.example/rss" for letter in "abcdef"]
    names = [name.upper(), name, "", long, long, "Other"]
    body = "".join(f'<outline text="{each}" xmlUrl="{url}"/>' for each, url in zip(names, urls, strict=True))
    assert [row["name"] for row in plan(body).rows] == [
        f"{name.upper()} 2",
        f"{name} 3",
        "c.example",
        long,
        f"{'x' * 58} 2",
        "Other",
    ]


@pytest.mark.parametrize(
    ("url", "site", "publisher"),
    [
        ("https://www.gazette.example/rss", "", "gazette"),
        ("https://english.news.bbc.co.uk/rss", "", "bbc"),
        ("https://feeds.feedburner.com/gazette", "https://www.gazette.example/", "gazette"),
        ("https://one.substack.com/feed", "", "one"),
        ("https://two.substack.com/feed", "", "two"),
        ("https://93.184.216.34/rss", "", "93.184.216.34"),
        ("https://other.house.example/rss", "", "the-house"),  # of one domain with a feed of the watch
    ],
)
def test_the_publisher_is_the_domain_unless_the_watch_has_a_name_for_it(
    url: str, site: str, publisher: str
) -> None:
    watch = WATCH._replace(feeds=(samples.feed(url="https://www.house.example/rss", publisher="the-house"),))
    (row,) = plan(f'<outline text="New" xmlUrl="{url}" htmlUrl="{site}"/>', watch).rows
    assert row["publisher"] == publisher


def test_language_and_reliability_are_said_or_given_or_guessed_and_then_that_is_told() -> None:
    fw = f'xmlns:fw="{NAMESPACE}"'
    body = f"""<outline text="Le Monde" language="fr-FR" xmlUrl="https://a.example/"/>
        <outline {fw} text="قناة المنار" xmlUrl="https://b.example/" fw:reliability="d"/>
        <outline {fw} text="Plain" language="xx" xmlUrl="https://c.example/" fw:reliability="G"/>"""
    guessed = plan(body)
    assert [(row["language"], row["reliability"]) for row in guessed.rows] == [
        ("fr", "F"),
        ("ar", "D"),
        ("en", "F"),
    ]
    assert len(guessed.remarks()) == 2
    assert guessed.remarks()[0].startswith("2 feeds do not say the language")
    assert guessed.remarks()[1].startswith("2 feeds with reliability F")
    given = plan(body, language="he", reliability="C")
    assert [(row["language"], row["reliability"]) for row in given.rows] == [
        ("fr", "C"),
        ("he", "D"),
        ("he", "C"),
    ]
    assert given.remarks() == []


def test_an_interval_that_no_feed_may_have_is_dropped() -> None:
    fw = f'xmlns:fw="{NAMESPACE}"'
    body = "".join(
        f'<outline {fw} text="{every}" xmlUrl="https://x{number}.example/" fw:every="{every}"/>'
        for number, every in enumerate(("30m", "1s", "soon", "900d"))
    )
    assert [row.get("every") for row in plan(body).rows] == ["30m", None, None, None]


LABEL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("<&>\"'é"), max_size=80
)


@settings(max_examples=60)
@given(st.lists(st.tuples(LABEL, LABEL, LABEL, st.sampled_from(["", "en", "xx"])), max_size=6))
def test_whatever_the_names_are_the_watch_that_results_is_good(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, str, str]]
) -> None:
    root = ET.Element("opml", {"version": "2.0"})
    for number, (name, publisher, folder, language) in enumerate(said):
        outer = ET.SubElement(root, "outline", text=folder)
        own = {f"{{{NAMESPACE}}}publisher": publisher}
        url = f"https://a{number}.example/"
        ET.SubElement(outer, "outline", {"text": name, "xmlUrl": url, "language": language, **own})
    path = tmp_path_factory.mktemp("watch") / "feeds.toml"
    path.write_text(NO_FEEDS, encoding="utf-8")
    made = Plan(editable(path))
    for outline in read(ET.tostring(root)).outlines:
        made.take(outline)
    assert len(made.rows) == len(said)
    if said:
        assert len(add_feeds(path, made.rows)) == len(said)


# Writing, and the way round


def test_what_is_written_is_opml_2_with_a_folder_for_each_front() -> None:
    feeds = (
        samples.feed(name="General", url="https://g.example/rss?a=1&b=2"),
        samples.feed(name='"Sea" & <ships>', url="https://s.example/", front="yemen", every=5400.0),
    )
    root = ET.fromstring(opml_of(WATCH._replace(feeds=feeds)))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", WATCH.title)
    general, folder = root.findall("body/outline")
    assert (general.get("type"), general.get("text"), general.get("xmlUrl")) == (
        "rss",
        "General",
        feeds[0].url,
    )
    assert folder.get("text") == "Yemen / Red Sea"
    (sea,) = folder
    assert (sea.get("text"), sea.get("title")) == (feeds[1].name, feeds[1].name)
    assert (sea.get(f"{{{NAMESPACE}}}every"), sea.get(f"{{{NAMESPACE}}}front")) == ("90m", "yemen")


def test_the_same_feeds_give_the_same_bytes() -> None:
    assert opml_of(WATCH) == opml_of(WATCH)
    assert write("x", []).startswith(b"<?xml")


def test_every_feed_of_the_built_in_watch_comes_back_from_opml_as_it_went(tmp_path: Path) -> None:
    watch = load(paths.builtin_config())
    text = paths.builtin_config().read_text(encoding="utf-8")
    path = tmp_path / "feeds.toml"
    path.write_text(text[: text.index("\n[[feeds]]")] + "\n", encoding="utf-8")
    made = Plan(editable(path))
    for outline in read(opml_of(watch)).outlines:
        made.take(outline)
    add_feeds(path, made.rows)
    by_url = attrgetter("url")
    assert sorted(load(path).feeds, key=by_url) == sorted(watch.feeds, key=by_url)
    assert (made.left_out, made.remarks()) == ([], [])


@given(st.integers(60, 604_800))
def test_every_interval_comes_back(seconds: int) -> None:
    watch = WATCH._replace(feeds=(samples.feed(url="https://new.example/", every=float(seconds)),))
    (outline,) = read(opml_of(watch)).outlines
    made = Plan(WATCH._replace(feeds=()))
    made.take(outline)
    units = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
    every = made.rows[0].get("every", "300s")
    assert float(every[:-1]) * units[every[-1]] == seconds


# As commands


def test_export_then_import_into_an_empty_watch(tmp_path: Path, empty: Path) -> None:
    mine = config(tmp_path, ["https://a.example/rss", "https://b.example/rss"])
    file = tmp_path / "mine.opml"
    done = frontwatch("--config", mine, "export", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert "wrote 2 feeds" in done.stderr
    assert frontwatch("--config", mine, "export", "-").stdout.encode() == file.read_bytes()
    done = frontwatch("--config", empty, "import", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{empty}: 2 added, 0 there already, 0 left out\n"
    assert load(empty).feeds == load(mine).feeds
    again = frontwatch("--config", empty, "import", "-", stdin=file.read_text(encoding="utf-8"))
    assert again.stdout == f"{empty}: 0 added, 2 there already, 0 left out\n"


def test_a_bad_file_leaves_the_watch_as_it_is_and_is_told_without_a_traceback(
    empty: Path, tmp_path: Path
) -> None:
    file = tmp_path / "bad.opml"
    for body, words in (
        (LAUGHS.encode(), "line 2: has a DOCTYPE"),
        (document('<outline text="x" xmlUrl="/rss"/>'), "holds no feed that can be polled"),
        (document("<outline")[:-5], "broken XML"),
    ):
        file.write_bytes(body)
        done = frontwatch("--config", empty, "import", file)
        assert (done.returncode, done.stdout) == (1, "")
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert empty.read_text(encoding="utf-8") == NO_FEEDS
    done = frontwatch("--config", empty, "import", tmp_path / "none.opml")
    assert done.returncode == 1
    assert "none.opml: No such file" in done.stderr


def test_the_built_in_watch_is_not_changed_but_init_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.opml"
    file.write_bytes(document('<outline text="A" xmlUrl="https://a.example/"/>'))
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.chdir(tmp_path)  # out of the checkout, whose own feeds.toml would go before it
    done = frontwatch("import", file)
    assert done.returncode == 1
    assert "frontwatch init" in done.stderr
    assert frontwatch("init").returncode == 0
    assert frontwatch("import", file).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("export", "a.opml", "--format", "csv"),
        ("export", "a.opml", "--since", "7d"),
        ("export", "a.csv"),
        ("export",),
        ("import",),
        ("import", "a.opml", "--reliability", "G"),
        ("import", "a.opml", "--language", "english"),
    ],
)
def test_wrong_usage_ends_with_2(words: tuple[str, ...]) -> None:
    done = frontwatch(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_outline_has_no_words_of_its_own_by_default() -> None:
    assert write("x", [("", [Outline("A", "https://a.example/")])]).count(b"fw:") == 0
