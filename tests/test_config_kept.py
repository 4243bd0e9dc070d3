"""The watch that a screen keeps for its next start: the same as the config's, or not used."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tui import paths
from tui.config import ConfigError, load
from tui.config.kept import load_kept
from tui.config.watch import checked
from tui.model import Watch

EVERYTHING = """
[watch]
title = "جنوب"
zones = ["Asia/Tehran"]
[screen]
rtl = "terminal"
[themes.mine]
base = "night"
text = "#ffffff"
[keys]
undo = ["z", "f5"]
[posture]
fewest = 4
[alarms]
ring = "critical"
quiet = "22:00-06:00"
[[alarms.to]]
name = "Phone"
env = "FRONTWATCH_PHONE"
priority = "high"
[[alarms.suppress]]
name = "Patrols"
severity_at_most = "medium"
hours = "01:00-05:00"
until = 2030-01-01
[[fronts]]
id = "north"
name = "North"
zone = "Asia/Beirut"
[fronts.posture]
fewest = 9
[[feeds]]
name = "Post"
url = "https://post.example/rss"
publisher = "post"
language = "en"
reliability = "B"
front = "north"
[[tripwires]]
name = "War"
terms = ["war"]
kinds = ["statement", "incident"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "watch.json"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The configs that were read and checked, in order."""
    read: list[Path] = []

    def note(path: Path) -> Watch:
        read.append(path)
        return checked(path.read_text(encoding="utf-8"), path)

    monkeypatch.setattr("tui.config.watch.load", note)
    return read


def test_what_is_kept_is_the_watch(kept: Path, config: Path, read: list[Path]) -> None:
    for path in (config, paths.builtin_config(), paths.examples_dir() / "axis-wide.toml"):
        watch = load(path)
        read.clear()
        assert load_kept(path, kept) == watch
        again = load_kept(path, kept)
        assert read == [path]  # the second time nothing was read
        assert again == watch and again.path == watch.path
        assert repr(again) == repr(watch)  # the same nouns, not only equal to them
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_change_of_the_config_counts_at_once(config: Path, kept: Path) -> None:
    load_kept(config, kept)
    config.write_text(EVERYTHING.replace("fewest = 4", "fewest = 5"), encoding="utf-8")
    assert load_kept(config, kept).posture.fewest == 5
    config.write_text(EVERYTHING.replace("fewest = 4", "fewest = 0"), encoding="utf-8")
    with pytest.raises(ConfigError, match="out of bounds"):
        load_kept(config, kept)
    config.unlink()
    with pytest.raises(ConfigError, match="is not there"):
        load_kept(config, kept)


def test_a_config_at_another_place_is_another(config: Path, kept: Path, tmp_path: Path) -> None:
    load_kept(config, kept)
    other = tmp_path / "other.toml"
    other.write_bytes(config.read_bytes())
    assert load_kept(other, kept).path == other


def test_another_version_of_the_program_reads_the_config_again(
    config: Path, kept: Path, read: list[Path]
) -> None:
    load_kept(config, kept)
    (path, text, checks), watch = json.loads(kept.read_text())
    checks[3][1] -= 1  # a module of another moment
    kept.write_text(json.dumps([[path, text, checks], watch]))
    load_kept(config, kept)
    assert len(read) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"",
        lambda body: body[:-40],
        lambda body: b"\xff" + body,
        lambda body: b"[" * 100_000,
        lambda body: b"7",
        lambda body: body.replace(b'["Watch"', b'["Popen"'),
        lambda body: body.replace(b'["Watch"', b'["Front"'),
        lambda body: body.replace(b'["Watch"', b"[{}"),
        lambda body: body.replace(b'["Watch"', b'["tuple"'),
        lambda body: body.replace(b'["Priority", "high"]', b'["Priority", "low-ish"]'),
    ],
)
def test_what_is_broken_is_not_used(
    spoil: Callable[[bytes], bytes], config: Path, kept: Path, read: list[Path]
) -> None:
    watch = load_kept(config, kept)
    body = kept.read_bytes()
    kept.write_bytes(spoil(body))
    assert kept.read_bytes() != body
    assert load_kept(config, kept) == watch
    assert len(read) == 2
    assert kept.read_bytes() == body  # and kept anew


def test_what_another_user_left_there_is_not_used(
    config: Path, kept: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_kept(config, kept)
    if os.geteuid():
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    else:
        os.chown(kept, 4711, -1)  # root is anybody's
    load_kept(config, kept)
    assert len(read) == 2


def test_term_lists_of_the_watchs_own_are_checked_at_every_start(config: Path, kept: Path) -> None:
    terms = config.with_name("mine.toml")
    terms.write_text(
        '[[term]]\nid = "rams"\nclass = "act"\nmode = "attack"\nweight = 1.7\nen = ["rams"]\n',
        encoding="utf-8",
    )
    config.write_text(
        EVERYTHING.replace('zone = "Asia/Beirut"', 'zone = "Asia/Beirut"\nlexicons = ["mine.toml"]'),
        encoding="utf-8",
    )
    load_kept(config, kept)
    assert not kept.exists()
    terms.write_text("broken", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_kept(config, kept)


def test_without_a_folder_to_keep_it_in_the_config_is_read(config: Path, tmp_path: Path) -> None:
    assert load_kept(config, tmp_path / "none" / "watch.json") == load(config)
    assert not (tmp_path / "none").exists()
