"""``[posture]`` of a feeds.toml: its usual numbers, its own, and every fault in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui import config, paths
from tui.config import ConfigError
from tui.policy import PosturePolicy

REST = """\
[watch]
title = "One front"
[[fronts]]
id = "north"
name = "North"
zone = "Asia/Beirut"
[[feeds]]
name = "Post"
url = "https://post.example/rss"
publisher = "post"
language = "en"
reliability = "B"
"""


def posture(tmp_path: Path, text: str) -> PosturePolicy:
    path = tmp_path / "feeds.toml"
    path.write_text(f"{REST}[posture]\n{text}\n", encoding="utf-8")
    return config.load(path).posture


def test_what_the_built_in_file_shows_is_what_holds_where_a_file_says_nothing(tmp_path: Path) -> None:
    assert posture(tmp_path, "") == PosturePolicy()
    assert config.load(paths.builtin_config()).posture == PosturePolicy(active_sides=("axis",))


def test_every_number_can_be_set(tmp_path: Path) -> None:
    text = """
elevated = 0.05
surge = 0.01
fewest = 5
hold = "90m"
active_fronts = 3
active_within = "12h"
active_sides = ["axis", "israel"]
"""
    assert posture(tmp_path, text) == PosturePolicy(0.05, 0.01, 5, 5400.0, 3, 43_200.0, ("axis", "israel"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("elevated = 0", "[posture] elevated: is out of bounds"),
        ('surge = "often"', "[posture] surge: is text, not a number"),
        ("elevated = 0.01\nsurge = 0.02", "surge is 0.02 and elevated 0.01; a surge is the rarer of the two"),
        ("fewest = 0", "[posture] fewest: is out of bounds"),
        ('hold = "3d"', '[posture] hold: "3d" is out of bounds'),
        ("active_fronts = 1", "[posture] active_fronts: is out of bounds"),
        ('active_within = "soon"', '[posture] active_within: "soon" is no duration'),
        ("hysteresis = 3", "[posture] hysteresis: is no key of this table"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert told in the_one_fault(lambda: posture(tmp_path, text))


def the_one_fault(read: Callable[[], object]) -> str:
    """What is told of a config that has a single fault."""
    with pytest.raises(ConfigError) as refused:
        read()
    assert len(refused.value.faults) == 1
    return str(refused.value)


# [fronts.posture]


def front_posture(tmp_path: Path, text: str, watch: str = "") -> PosturePolicy | None:
    path = tmp_path / "feeds.toml"
    path.write_text(REST.replace("[[feeds]]", f"{text}\n[[feeds]]") + watch, encoding="utf-8")
    return config.load(path).fronts[0].posture


def test_a_front_may_have_numbers_of_its_own_and_else_goes_by_the_watchs(tmp_path: Path) -> None:
    watch = "[posture]\nfewest = 4\nsurge = 0.001\n"
    assert front_posture(tmp_path, "") is None
    own = front_posture(tmp_path, '[fronts.posture]\nfewest = 9\nhold = "6h"', watch)
    assert own == PosturePolicy(fewest=9, hold=21600.0, surge=0.001)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("posture = 3", "is a whole number, not a table"),
        ("[fronts.posture]\nfewest = 0", "is out of bounds"),
        ("[fronts.posture]\nactive_fronts = 3", "is no key of this table"),
        ("[fronts.posture]\nsurge = 0.2", "surge is 0.2 and elevated 0.01"),
    ],
)
def test_a_fault_in_a_fronts_own_numbers_is_told(tmp_path: Path, text: str, told: str) -> None:
    fault = the_one_fault(lambda: front_posture(tmp_path, text))
    assert told in fault
    assert '[[fronts]] #1 "North" posture' in fault
