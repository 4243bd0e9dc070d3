"""The kept form of the built-in lists: the same lists, quicker, and never trusted where it does not fit."""

from __future__ import annotations

import logging
import shutil
from dataclasses import astuple
from pathlib import Path

import pytest

from tui.tagging import compiled
from tui.tagging.compiled import load_built_in
from tui.tagging.lexicon import FOLDER, Lexicon, load


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few of the lists: one of each sort; what is kept of them lies beside them."""
    monkeypatch.setattr("sys.pycache_prefix", None)
    copy = tmp_path / "lexicons"
    (copy / "fronts").mkdir(parents=True)
    for name in ("weapons.toml", "forms.toml", "defaults.toml", "targets.toml", "fronts/gaza.toml"):
        shutil.copy(FOLDER / name, copy / name)
    lines = (FOLDER / "places.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (copy / "places.csv").write_text("".join(lines[:20]), encoding="utf-8")
    return copy


def kept(folder: Path) -> Path:
    (path,) = (folder / "__pycache__").iterdir()
    return path


def view(lexicon: Lexicon) -> object:
    """All that is in the lists, to be compared: the fields of each sense, which many spellings share."""
    senses = {id(each.sense): each.sense for found in lexicon.spellings.values() for each in found}
    told = {identity: astuple(sense) for identity, sense in senses.items()}
    return (
        [(key, [(told[id(s.sense)], *s[1:]) for s in found]) for key, found in lexicon.spellings.items()],
        lexicon.forms, lexicon.sections, lexicon.defaults, lexicon.enemies, lexicon.great_powers,
        lexicon.outsiders, lexicon.roaming, lexicon.calm, lexicon.homes,
    )  # fmt: skip


def test_the_built_in_lists_are_the_same_kept_or_read() -> None:
    load_built_in()
    assert view(load_built_in()) == view(load())


def test_what_was_kept_is_what_is_read(folder: Path) -> None:
    first = load_built_in(folder)
    assert kept(folder).stat().st_mode & 0o077 == 0
    again = load_built_in(folder)
    assert view(first) == view(again) == view(load(folder))


def test_the_kept_form_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_built_in(folder)
    monkeypatch.delattr(compiled, "load")
    assert load_built_in(folder).spellings


def test_a_list_that_was_edited_is_read_anew(folder: Path) -> None:
    load_built_in(folder)
    with (folder / "targets.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[term]]\nid = "zap"\nmode = "attack"\nform = "verb"\nen = ["zapperized"]\n')
    assert "zapperized" in load_built_in(folder).spellings
    assert "zapperized" in load_built_in(folder).spellings


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"digest": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_passed_over_and_told_in_the_debug_log(
    folder: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    right = view(load_built_in(folder))
    kept(folder).write_bytes(damage)
    with caplog.at_level(logging.DEBUG, logger="tui.tagging.compiled"):
        assert view(load_built_in(folder)) == right
    assert "not used" in caplog.text
    assert view(load_built_in(folder)) == right


def test_a_damaged_file_of_the_right_digest_is_passed_over(folder: Path) -> None:
    right = view(load_built_in(folder))
    path = kept(folder)
    path.write_text(path.read_text("utf-8").replace('"ways":[[', '"ways":[["x"],[', 1), encoding="utf-8")
    assert view(load_built_in(folder)) == right


def test_where_nothing_can_be_kept_the_lists_are_read_all_the_same(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "__pycache__").write_text("a file where the folder should be", encoding="utf-8")
    with caplog.at_level(logging.DEBUG, logger="tui.tagging.compiled"):
        assert load_built_in(folder).spellings
    assert "not kept" in caplog.text
