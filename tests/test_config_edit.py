"""Feeds written into a feeds.toml and taken out: not a line of the person's own changes with it."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import paths
from tui.config import ConfigError, load
from tui.config.edit import Refusal, Row, add_feeds, editable, remove_feed, table, write_whole
from tui.config.files import MAX_BYTES
from tui.config.watch import checked

HEAD = """\
# My watch.
[watch]
title = "Test"   # shown on the header

[[fronts]]
id = "north"
name = "The north"
zone = "Asia/Beirut"
"""
FIRST = """
# -- the coast --

[[feeds]]
name = "First"       # a friend's
url = "https://first.example/rss"
publisher = "first"
language = "en"
reliability = "B"
"""
LAST = """
[[feeds]]
name = "Last"
url = "https://last.example/rss"
publisher = "last"
language = "ar"
reliability = "C"
# the end of the feeds
"""
TAIL = """
# What rings whatever happens.
[[tripwires]]
name = "War"
terms = ["declares war"]
"""


def row(name: str = "New", **said: str) -> dict[str, str]:
    made = {"name": name, "url": f"https://{name.lower()}.example/rss", "publisher": name.lower()}
    return made | {"language": "en", "reliability": "F"} | said


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(HEAD + FIRST + LAST + TAIL, encoding="utf-8")
    return path


def test_a_feed_is_written_behind_the_last_and_every_other_line_stays(config: Path) -> None:
    (feed,) = add_feeds(config, [row(front="north", every="30m")])
    assert (feed.name, feed.front, feed.every) == ("New", "north", 1800.0)
    new = "\n" + table(row(front="north", every="30m")) + "\n"
    comment = "# the end of the feeds\n"
    last = LAST.removesuffix(comment)
    assert config.read_text(encoding="utf-8") == HEAD + FIRST + last + new + comment + TAIL


def test_tables_that_stand_between_the_feeds_stay_where_they_are(config: Path) -> None:
    text = HEAD + FIRST + TAIL + LAST
    config.write_text(text, encoding="utf-8")
    add_feeds(config, [row("One"), row("Two")])
    assert config.read_text(encoding="utf-8").startswith(HEAD + FIRST + TAIL)
    assert [feed.name for feed in load(config).feeds] == ["First", "Last", "One", "Two"]


def test_the_first_feeds_of_a_watch_come_to_the_end_of_the_file(config: Path) -> None:
    config.write_text(HEAD, encoding="utf-8")
    with pytest.raises(ConfigError):
        load(config)
    assert editable(config).feeds == ()
    add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == f"{HEAD}\n{table(row())}\n"


def test_a_file_without_a_line_feed_at_its_end_gets_one(config: Path) -> None:
    config.write_text((HEAD + FIRST).rstrip("\n"), encoding="utf-8")
    add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == f"{HEAD}{FIRST}\n{table(row())}\n"


def test_windows_line_ends_and_a_byte_order_mark_stay(config: Path) -> None:
    body = b"\xef\xbb\xbf" + (HEAD + FIRST).replace("\n", "\r\n").encode()
    config.write_bytes(body)
    add_feeds(config, [row()])
    assert config.read_bytes() == body + f"\n{table(row())}\n".replace("\n", "\r\n").encode()
    remove_feed(config, "https://new.example/rss")
    assert config.read_bytes().startswith(body)


def test_the_feeds_of_the_built_in_watch_stay_as_they_are_with_one_more(tmp_path: Path) -> None:
    config = tmp_path / "feeds.toml"
    text = paths.builtin_config().read_text(encoding="utf-8")
    config.write_text(text, encoding="utf-8")
    before = load(config)
    add_feeds(config, [row()])
    assert load(config).feeds[:-1] == before.feeds
    remove_feed(config, "https://new.example/rss")
    assert config.read_text(encoding="utf-8").rstrip("\n") == text.rstrip("\n")


def test_a_feed_is_taken_out_without_the_comments_around_it(config: Path) -> None:
    remove_feed(config, "https://first.example/rss")
    assert config.read_text(encoding="utf-8") == f"{HEAD}\n# -- the coast --\n{LAST}{TAIL}"
    with pytest.raises(Refusal, match="has no feed at"):
        remove_feed(config, "https://first.example/rss")


def test_the_last_feed_of_all_stays_for_a_watch_needs_one(config: Path) -> None:
    config.write_text(HEAD + FIRST, encoding="utf-8")
    with pytest.raises(ConfigError, match="names no feed"):
        remove_feed(config, "https://first.example/rss")
    assert config.read_text(encoding="utf-8") == HEAD + FIRST


@pytest.mark.parametrize(
    "wrong",
    [
        row("First"),  # a name that is there
        row(url="https://FIRST.example/rss"),
        row(url="no address"),
        row(language="english"),
        row(front="south"),
        row(every="1s"),
    ],
)
def test_what_would_spoil_the_watch_leaves_the_file_as_it_is(config: Path, wrong: Row) -> None:
    before = config.read_bytes()
    with pytest.raises(ConfigError, match=r"feeds\.toml line"):
        add_feeds(config, [row("Good"), wrong])
    assert config.read_bytes() == before
    assert list(config.parent.glob(".*")) == []


def test_a_file_that_has_a_fault_already_is_left_with_the_fault_told(config: Path) -> None:
    text = config.read_text(encoding="utf-8").replace('language = "en"', 'language = "xx"')
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="xx"):
        add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == text


def test_feeds_in_a_list_in_brackets_are_left_to_the_person(config: Path) -> None:
    inline = ", ".join(f"{key} = '{value}'" for key, value in row("Old").items())
    text = f"feeds = [\n  {{ {inline} }}, # mine\n]\n{HEAD}"
    config.write_text(text, encoding="utf-8")
    assert len(load(config).feeds) == 1
    with pytest.raises(Refusal, match="head each with"):
        add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == text


def test_text_over_several_lines_that_looks_like_a_table_spoils_nothing(config: Path) -> None:
    text = HEAD + FIRST.replace('"First" ', '"""\\\n   First\\\n"""')
    config.write_text(text, encoding="utf-8")
    assert load(config).feeds[0].name == "First"
    add_feeds(config, [row()])
    assert [feed.name for feed in load(config).feeds] == ["First", "New"]


def test_text_in_which_the_end_of_a_table_cannot_be_told_is_left_to_the_person(config: Path) -> None:
    # To the eye of a line reader the table ends within the text, and what is put there is text too.
    text = HEAD + FIRST.replace('"first"', '"""first\\\n[[feeds]]"""')
    config.write_text(text, encoding="utf-8")
    assert load(config).feeds[0].publisher == "first[[feeds]]"
    with pytest.raises((Refusal, ConfigError)):
        add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == text


def test_a_change_of_anything_else_is_refused_whatever_led_to_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = config.read_text(encoding="utf-8").replace("[[fronts]]", 'every = "10m"\n[[fronts]]', 1)
    config.write_text(text, encoding="utf-8")
    line = text.split("\n").index('every = "10m"')
    # As if the feeds ended in the middle of [watch]: its interval would become the new feed's.
    monkeypatch.setattr("tui.config.edit._Draft.span", lambda *_: (line, line))
    with pytest.raises(Refusal, match="other parts of it would change"):
        add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("filled", [0, MAX_BYTES - 2000])
def test_more_feeds_than_a_watch_can_hold_are_refused_in_words(config: Path, filled: int) -> None:
    before = config.read_bytes() + b"#" * filled
    config.write_bytes(before)
    with pytest.raises(Refusal, match="1 MiB"):
        add_feeds(config, [row(f"Feed{number}") for number in range(20 if filled else 9000)])
    assert config.read_bytes() == before


def test_a_link_stays_a_link_and_the_mode_of_the_file_its_own(config: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked.toml"
    link.symlink_to(config)
    config.chmod(0o640)
    add_feeds(link, [row()])
    assert link.is_symlink()
    assert len(load(config).feeds) == 3
    assert stat.S_IMODE(config.stat().st_mode) == 0o640


def test_a_change_that_somebody_makes_meanwhile_is_not_lost(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(text: str, path: Path) -> object:
        config.write_text(HEAD + FIRST, encoding="utf-8")  # the editor next door saves
        return checked(text, path)

    monkeypatch.setattr("tui.config.edit.checked", slow)
    with pytest.raises(Refusal, match="try again"):
        add_feeds(config, [row()])
    assert config.read_text(encoding="utf-8") == HEAD + FIRST


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = config.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(config, b"half")
    assert config.read_bytes() == before
    assert {path.name for path in config.parent.iterdir()} == {"feeds.toml", "home"}


@given(st.text(), st.text())
def test_whatever_text_a_row_holds_it_is_one_table_with_that_text(name: str, publisher: str) -> None:
    made = row("x") | {"name": name, "publisher": publisher}
    try:
        document = tomllib.loads(table(made))
    except tomllib.TOMLDecodeError:
        assert "\x7f" in name + publisher  # TOML has no DEL, and no checked value either
        return
    assert document["feeds"] == [made]
