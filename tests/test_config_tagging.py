"""Tripwires and term lists of the watch's own in feeds.toml: every fault in its place, with its mend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui import config
from tui.config import ConfigError, lexicon_file
from tui.config.lexicon_file import check_lexicon
from tui.model import Kind, Tripwire
from tui.tagging.language import LANGUAGES
from tui.tagging.lexicon import load, load_own
from tui.tagging.places import EXACTNESS
from tui.tagging.tagger import Tagger

WATCH = """\
[watch]
title = "T"

[[fronts]]
id = "north"
name = "North"
zone = "UTC"

[[feeds]]
name = "Post"
url = "https://post.example/rss"
publisher = "post"
language = "en"
reliability = "B"

"""
LIST = """\
[[actor]]
id = "guard"
side = "island"
role = "navy"
en = ["Coast Guard"]

[[place]]
id = "kinmen"
name = "Kinmen"
kind = "island"
lat = 24.4
lon = 118.3
en = ["Kinmen"]
fr = ["Quemoy"]

[[term]]
id = "rams"
class = "act"
mode = "attack"
form = "verb"
weight = 1.7
en = ["rams"]

[[veto]]
id = "film"
whole = true
en = ["Kinmen film prize"]

[[default]]
by = "mainland"
why = "they alone have drones"
types = ["drone"]

[enemies]
island = "mainland"
"""

Faults = Callable[[str], tuple[str, ...]]


@pytest.fixture
def watch_faults(tmp_path: Path) -> Faults:
    def faults(more: str) -> tuple[str, ...]:
        path = tmp_path / "feeds.toml"
        path.write_text(WATCH + more, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            config.load(path)
        return tuple(str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults)

    return faults


@pytest.fixture
def list_faults(tmp_path: Path) -> Faults:
    def faults(text: str) -> tuple[str, ...]:
        path = tmp_path / "list.toml"
        path.write_text(text, encoding="utf-8")
        return tuple(str(fault).replace(f"{tmp_path}/", "") for fault in check_lexicon(path))

    return faults


# --- tripwires ------------------------------------------------------------------------------------------


def test_a_tripwire_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(
        WATCH + '[[tripwires]]\nname = "War"\nterms = ["declares war"]\nfronts = ["north"]\nby = ["island"]\n'
        'against = ["mainland"]\ntypes = ["ship"]\nkilled_at_least = 3\nkinds = ["incident", "statement"]\n\n'
        '[[tripwires]]\nname = "Many"\nkilled_at_least = 50\n',
        encoding="utf-8",
    )
    war, many = config.load(path).tripwires
    assert war == Tripwire(
        "War", ("declares war",), ("north",), ("island",), ("mainland",), ("ship",), 3,
        (Kind.INCIDENT, Kind.STATEMENT),
    )  # fmt: skip
    assert many == Tripwire("Many", killed_at_least=50, kinds=(Kind.INCIDENT,))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            'name = "X"',
            '[[tripwires]] #1 "X": has no condition, so every text would meet it; add one of terms,',
        ),
        ('terms = ["x"]', "[[tripwires]] #1: name is missing; add name ="),
        (
            'name = "X"\nterms = "x"',
            "terms: is text, not a list; write a list, as in terms =",
        ),
        ('name = "X"\nfronts = ["nroth"]', 'fronts #1: "nroth" is no front; did you mean "north"?'),
        ('name = "X"\ntypes = ["dron"]', 'types #1: "dron" is no type; did you mean "drone"?'),
        ('name = "X"\nby = [""]', "by #1: is empty"),
        ('name = "X"\nkinds = ["statment"]\nterms = ["x"]', 'kinds #1: "statment" is no kind; did you mean'),
        ('name = "X"\nkilled_at_least = 0', "killed_at_least: is out of bounds; write a number from 1"),
        ('name = "X"\nkilled_at_least = "1"', "killed_at_least: is text, not a whole number"),
        (
            'name = "X"\nkiled_at_least = 1',
            "kiled_at_least: is no key of this table; did you mean killed",
        ),
    ],
)
def test_a_fault_of_a_tripwire_is_named_with_its_mend(watch_faults: Faults, table: str, told: str) -> None:
    found = watch_faults(f"[[tripwires]]\n{table}\n")
    assert any(told in fault for fault in found), found
    assert all(fault.startswith("feeds.toml line 1") for fault in found)


def test_two_tripwires_of_one_name_and_single_brackets_are_told(watch_faults: Faults) -> None:
    twice = '[[tripwires]]\nname = "X"\nterms = ["x"]\n' * 2
    assert 'is also the name of [[tripwires]] #1 "X" (line 17)' in watch_faults(twice)[0]
    (single,) = watch_faults('[tripwires]\nname = "X"\n')
    assert "head each tripwire with [[tripwires]]" in single


# --- a lexicon of the watch's own -----------------------------------------------------------------------


def test_a_list_is_found_beside_the_config_wherever_that_is(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "mine.toml").write_text(LIST, encoding="utf-8")
    path = tmp_path / "feeds.toml"
    path.write_text(WATCH.replace('zone = "UTC"', 'zone = "UTC"\nlexicons = ["./lists/mine.toml"]'), "utf-8")
    watch = config.load(path)
    assert Path(watch.fronts[0].lexicons[0]) == tmp_path / "lists" / "mine.toml"
    assert Tagger(watch.fronts).tag("Coast Guard rams trawler off Kinmen").fronts == ("north",)


def test_the_faults_of_a_list_are_told_with_those_of_the_watch(tmp_path: Path, watch_faults: Faults) -> None:
    (tmp_path / "mine.toml").write_text('[[actor]]\nid = "x"\n', encoding="utf-8")
    lists = 'lexicons = ["mine.toml", "./gone.toml", "yemn"]'
    more = f'[[fronts]]\nid = "east"\nname = "East"\nzone = "UTC"\n{lists}'
    found = watch_faults(f"{more}\ncolour = 3\n")
    assert [fault.split(":")[0] for fault in found] == [
        'feeds.toml line 20, [[fronts]] #2 "East" lexicons #3',
        'mine.toml line 1, [[actor]] #1 "x"',
        "gone.toml",
        'feeds.toml line 21, [[fronts]] #2 "East" colour',
    ]
    assert 'did you mean "yemen"?' in found[0]
    assert "name a term list that is there" in found[2]


def test_the_check_knows_the_languages_and_kinds_of_place_that_the_tagger_knows() -> None:
    assert set(lexicon_file._LANGUAGES) == set(LANGUAGES)
    assert set(lexicon_file._PLACE_KINDS) == set(EXACTNESS)
    known = {spelling.sense.cls for found in load().spellings.values() for spelling in found}
    assert set(lexicon_file._CLASSES) <= known | {"topic"}


def test_a_good_list_has_no_fault(list_faults: Faults) -> None:
    assert list_faults(LIST) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('side = "island"', 'sides = "island"', "sides: is no key of this table; did you mean side?"),
        ('side = "island"', "side = 3", "side: is a whole number, not text"),
        ('id = "guard"\n', "", "line 1, [[actor]] #1: id is missing"),
        ('en = ["Coast Guard"]', 'en = "Coast Guard"', "en: is text, not a list"),
        ('en = ["Coast Guard"]', "en = [3]", "en #1: is a whole number, not text"),
        ('en = ["Coast Guard"]', "", "has no spelling"),
        ('en = ["Coast Guard"]', 'en = "x"', 'line 5, [[actor]] #1 "guard" en'),
        ("lat = 24.4", "lat = 124.4", 'line 11, [[place]] #1 "Kinmen" lat: is out of bounds'),
        ("lat = 24.4", 'lat = "24.4"', '"Kinmen" lat: is text, not a number'),
        ("lon = 118.3\n", "", '"Kinmen": lon is missing; add lon = 118.33, in degrees'),
        ('kind = "island"', 'kind = "iland"', 'kind: "iland" is no kind of place; did you mean "island"?'),
        ("weight = 1.7", 'weight = "much"', "weight: is text, not a number"),
        ("whole = true", 'whole = "yes"', "whole: is text, not true or false"),
        ('types = ["drone"]', 'types = ["dron"]', 'types #1: "dron" is no type'),
        ('by = "mainland"', "", "[[default]] #1: by is missing"),
        ("[enemies]", "[enemys]", "enemys]: is no part of a lexicon file; did you mean [enemies]?"),
        ('island = "mainland"', "island = 3", "enemies]: is no table of texts"),
        ('class = "act"', 'class = "acts"', 'class: "acts" is no class; did you mean "act"?'),
        ('form = "verb"', 'form = "vreb"', 'form: "vreb" is no form; did you mean "verb"?'),
        ('[[actor]]', 'class = "acts"\n[[actor]]', "line 1, class: is no class of words"),
        ('id = "rams"', 'id = "rams', "end the text with its quote"),
    ],
)  # fmt: skip
def test_a_fault_of_a_list_is_named_with_its_line_and_its_mend(
    list_faults: Faults, old: str, new: str, told: str
) -> None:
    assert old in LIST
    found = list_faults(LIST.replace(old, new, 1))
    assert any(told in fault for fault in found), found


_LINES = """
[[actor]]
[[place]]
[[term]]
[[veto]]
[[default]]
[enemies]
id = "x"
name = "N"
en = ["X y"]
ar = ["قصف"]
fa_exact = ["x"]
lat = 1
lon = 2.5
kind = "town"
side = "s"
class = "act"
by = "s"
why = "w"
weight = 2
reach = 3
needs = ["act"]
types = ["drone"]
home = false
launched = true
whole = true
outsiders = ["s"]
a = "b"
"""
_PIECES = st.lists(st.sampled_from(_LINES.split("\n")), max_size=14).map("\n".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_PIECES)
def test_what_the_check_lets_pass_the_tagger_can_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.toml"
    path.write_text(text, encoding="utf-8")
    if not check_lexicon(path):
        load_own(path)
