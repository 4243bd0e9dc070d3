"""Any region: the examples are watches made only of TOML, and the code names no place, side or group."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import tui.tagging
from tui import config
from tui.model import Front, Kind, Severity
from tui.tagging.lexicon import FOLDER, LexiconError, load_own
from tui.tagging.tagger import Tagger

EXAMPLES: Final = Path(__file__).parent.parent / "docs" / "examples"
CODE: Final = tuple(sorted(Path(tui.tagging.__file__).parent.glob("*.py")))


@pytest.fixture(scope="module", params=["axis-wide", "sahel"])
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def tagger_of(name: str) -> Tagger:
    watch = config.load(EXAMPLES / f"{name}.toml")
    return Tagger(watch.fronts, watch.tripwires)


@pytest.fixture(scope="module")
def sahel() -> Tagger:
    return tagger_of("sahel")


@pytest.fixture(scope="module")
def wide() -> Tagger:
    return tagger_of("axis-wide")


def test_every_front_and_feed_of_an_example_is_whole(example: str) -> None:
    watch = config.load(EXAMPLES / f"{example}.toml")
    assert len(watch.fronts) >= 3
    assert len(watch.feeds) >= 10
    assert watch.tripwires
    languages = {feed.language for feed in watch.feeds}
    assert len(languages) >= 2


@pytest.mark.parametrize(
    ("title", "front", "type", "by", "killed"),
    [
        ("JNIM attacks army base near Djibo, 12 soldiers killed", "burkina-niger", "other", "jihadists", 12),
        ("Malian army drone strike kills 8 jihadists near Kidal", "mali", "drone", "juntas", 8),
        ("Roadside bomb kills five soldiers near Gao in Mali", "mali", "ied", "jihadists", 5),
        ("Air strike in northern Mali kills nine", "mali", "air-strike", "juntas", 9),
        ("L'armée malienne frappe des positions du FLA à Kidal", "mali", "air-strike", "juntas", None),
        ("Une attaque fait 15 morts à Barsalogho", "burkina-niger", "other", "unknown", 15),
    ],
)
def test_the_sahel_has_sides_and_places_of_its_own(
    sahel: Tagger, title: str, front: str, type: str, by: str, killed: int | None
) -> None:
    tags = sahel.tag(title)
    assert (tags.kind, tags.fronts) == (Kind.INCIDENT, (front,))
    assert (tags.type, tags.by, tags.killed) == (type, by, killed)
    assert tags.places


@pytest.mark.parametrize(
    ("title", "type", "killed"),
    [
        ("Gunmen attack village in Borno, killing 20", "clash", 20),
        ("Attaque de Boko Haram près de Diffa : six morts", "other", 6),
        ("Drone strike near Damboa kills four", "drone", 4),
        ("ISWAP attacks convoy", "other", None),
    ],
)
def test_terms_alone_make_a_front_with_incidents(
    sahel: Tagger, title: str, type: str, killed: int | None
) -> None:
    tags = sahel.tag(title)
    assert (tags.kind, tags.fronts, tags.type, tags.killed) == (
        Kind.INCIDENT, ("lake-chad",), type, killed,
    )  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "Mali wins Africa Cup match against Niger",
        "FESPACO opens in Ouagadougou",
        "Houthis attack tanker in Red Sea",
        "Film festival opens in Maiduguri",
    ],
)
def test_what_is_another_matter_or_another_region_is_on_no_front_of_the_sahel(
    sahel: Tagger, title: str
) -> None:
    assert sahel.tag(title).fronts == ()


def test_a_coup_in_the_sahel_is_critical_whatever_it_is_tagged_as(sahel: Tagger) -> None:
    tags = sahel.tag("Attempted coup in Burkina Faso, soldiers on state television")
    assert (tags.kind, tags.severity, tags.tripwires) == (Kind.INCIDENT, Severity.CRITICAL, ("A coup",))


@pytest.mark.parametrize(
    ("title", "front", "by"),
    [
        ("Israeli strike on Khan Younis kills 14", "gaza", "israel"),
        ("Iran seizes oil tanker in Strait of Hormuz", "iran-gulf", "axis"),
        ("Hezbollah fires rockets at Kiryat Shmona", "lebanon-border", "axis"),
        ("Houthi missile hits bulk carrier in Gulf of Aden", "yemen", "axis"),
        ("US jets bomb Fordow nuclear site in Iran", "iran-gulf", "us-coalition"),
        ("Turkish drone strike kills two near Kobani in Syria", "iraq-syria", "other"),
    ],
)
def test_the_wider_board_has_its_five_fronts(wide: Tagger, title: str, front: str, by: str) -> None:
    tags = wide.tag(title)
    assert (tags.kind, tags.fronts, tags.by) == (Kind.INCIDENT, (front,), by)


def test_a_list_of_the_watchs_own_is_named_by_its_front_alone(tmp_path: Path) -> None:
    lists = tmp_path / "strait.toml"
    lists.write_text(
        """
[[actor]]
id = "cg"
name = "Coast guard"
side = "island"
role = "navy"
en = ["Formosan coast guard"]

[[place]]
id = "kinmen"
name = "Kinmen"
kind = "island"
lat = 24.4
lon = 118.3
en = ["Kinmen"]

[[default]]
by = "mainland"
why = "only they fly drones here"
types = ["drone"]
""",
        encoding="utf-8",
    )
    fronts = (
        Front("strait", "Strait", "UTC", "x", (str(lists),)),
        Front("sea", "Sea", "UTC", "x", (), ("Palau",)),
    )
    tagger = Tagger(fronts)
    hit = tagger.tag("Drone strike hits pier on Kinmen")
    assert (hit.fronts, hit.by, hit.places[0].name, hit.places[0].kind) == (
        ("strait",), "mainland", "Kinmen", "island",
    )  # fmt: skip
    assert tagger.tag("Drone strike hits pier on Palau").by == "unknown"
    fired = tagger.tag("Formosan coast guard fires on trawler off Kinmen")
    assert (fired.kind, fired.by, fired.said_by) == (Kind.INCIDENT, "island", None)
    assert {"island", "mainland"} <= tagger.sides


def test_a_name_of_the_watchs_own_is_not_somewhere_else_too() -> None:
    title = "Drone strike near Bamako kills four"
    fronts = (Front("mali", "Mali", "UTC", "x", (), ("Bamako",)),)
    tags = Tagger(fronts).tag(title)
    assert (tags.fronts, tags.places) == (("mali",), ())


def test_a_list_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"gone\.toml"):
        load_own(tmp_path / "gone.toml")


# --- nothing of a region is in the code ----------------------------------------------------------------


@cache
def _region_names() -> frozenset[str]:
    """Sides, and the names of all fronts' actors and places, in small letters."""
    names: set[str] = set()
    for path in (*FOLDER.glob("*.toml"), *FOLDER.glob("fronts/*.toml")):
        for actor in tomllib.loads(path.read_text(encoding="utf-8")).get("actor", []):
            names |= {actor["id"], actor.get("name", actor["id"])}
            names |= {actor["side"]} if actor.get("side", "other") != "other" else set()
            names.update(actor.get("en", []) + actor.get("en_cased", []))
    lines = (FOLDER / "places.csv").read_text(encoding="utf-8").splitlines()[1:]
    names |= {line.split(",")[0] for line in lines}
    names |= {path.stem for path in FOLDER.glob("fronts/*.toml")}
    return frozenset(name.casefold() for name in names if len(name) > 2) - {"french"}  # it is a language too


def _said_by_code(path: Path) -> Iterator[str]:
    """Every name and text of a module but its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize("path", CODE, ids=[path.name for path in CODE])
def test_no_code_of_tagging_names_a_side_a_group_or_a_place_of_any_region(path: Path) -> None:
    names = _region_names()
    assert {"axis", "israel", "hezbollah", "yemen", "lebanon-border", "naqoura"} <= names
    words = {
        word
        for text in _said_by_code(path)
        for word in (text.casefold(), *re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.casefold()))
    }
    assert words & names == set()
