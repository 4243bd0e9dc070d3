"""What a screen remembers comes back at the next start, and never stands in the way of one."""

from __future__ import annotations

import json
import logging
import stat
import sys
from pathlib import Path

import pytest

from tui.memory import MAX_BYTES, Memory


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "screen.json"


def test_what_was_set_is_there_at_the_next_start(file: Path) -> None:
    memory = Memory(file)
    memory.set("theme", "day")
    memory.set("row_height", 3)
    memory.set("context", ["north", "east"])
    again = Memory(file)
    assert again.get("theme", "night") == "day"
    assert again.get("row_height", 0) == 3
    assert again.get("context", list[str]()) == ["north", "east"]


def test_what_was_never_set_is_the_default(file: Path) -> None:
    assert Memory(file).get("theme", "night") == "night"
    assert not file.exists()


def test_a_value_of_another_type_is_the_default(file: Path) -> None:
    Memory(file).set("row_height", "tall")
    assert Memory(file).get("row_height", 2) == 2
    Memory(file).set("row_height", True)
    assert Memory(file).get("row_height", 2) == 2


def test_of_several_screens_the_last_one_to_write_a_key_stands_and_no_other_key_is_lost(file: Path) -> None:
    desk, wall = Memory(file), Memory(file)
    assert desk.get("theme", "") == wall.get("theme", "") == ""
    desk.set("theme", "day")
    wall.set("front", "south")
    desk.set("row_height", 1)
    wall.set("theme", "night")
    after = Memory(file)
    assert (after.get("theme", ""), after.get("front", ""), after.get("row_height", 0)) == (
        "night",
        "south",
        1,
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"null", b"[" * 50_000, b'{"a":"' + b"a" * MAX_BYTES + b'"}']
)
def test_a_broken_file_is_the_defaults_with_a_line_in_the_log_and_the_next_set_mends_it(
    file: Path, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file.parent.mkdir()
    file.write_bytes(body)
    memory = Memory(file)
    with caplog.at_level(logging.WARNING):
        assert memory.get("theme", "night") == "night"
    assert "is broken" in caplog.text
    memory.set("theme", "day")
    assert json.loads(file.read_bytes()) == {"theme": "day"}


def test_a_file_that_cannot_be_read_or_written_is_never_fatal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    memory = Memory(tmp_path / "state" / "screen.json")
    with caplog.at_level(logging.WARNING):
        memory.set("theme", "day")
    assert "theme is not remembered" in caplog.text
    assert memory.get("theme", "night") == "day"


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files are POSIX")
def test_only_its_owner_may_read_it_and_nothing_is_left_beside_it(file: Path) -> None:
    Memory(file).set("initials", "AB")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_text_that_a_terminal_would_act_on_never_comes_back(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"initials": "A\x1b[2JB", "context": ["no\x9brth", "x" * 5000]}))
    memory = Memory(file)
    assert memory.get("initials", "").isprintable()
    first, second = memory.get("context", list[str]())
    assert first.isprintable()
    assert len(second) <= 80
