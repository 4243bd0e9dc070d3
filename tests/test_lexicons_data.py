"""The lists of actors and places themselves: every file is read whole and every spelling weighed."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

import tui.tagging
from tui.tagging.fold import fold

FOLDER: Final = Path(tui.tagging.__file__).parent / "lexicons"
PLACES: Final = FOLDER / "places.csv"
COLUMNS: Final = ["id", "name", "lexicon", "kind", "lat", "lon", "calm", "en", "ar", "he", "fa", "fr"]
LANGUAGES: Final = ("en", "ar", "he", "fa", "fr")
FRONTS: Final = ("lebanon-border", "iraq-syria", "yemen", "gaza", "iran-gulf")
LISTS: Final = ("powers", *(f"fronts/{front}" for front in FRONTS))
KINDS: Final = {
    "country", "governorate", "region", "city", "town", "village", "camp", "base", "airport", "port",
    "strait", "sea", "island", "border", "mountain", "neighbourhood",
}  # fmt: skip
SIDES: Final = {"axis", "israel", "us-coalition", "other"}

BOXES: Final = {
    "lebanon-border": (32.1, 34.7, 34.8, 36.8),
    "iraq-syria": (29.0, 37.7, 35.5, 49.0),
    "yemen": (11.5, 20.0, 38.0, 62.5),
    "gaza": (31.1, 32.7, 34.1, 35.7),
    "iran-gulf": (15.5, 40.0, 37.5, 63.5),
}
"""South, north, west and east, in degrees, of what each front covers (docs/tagging.md)."""

AT_LEAST: Final = {
    "lebanon-border": 180, "iraq-syria": 150, "yemen": 100, "gaza": 50, "iran-gulf": 70, "": 115
}  # fmt: skip
"""Places that each front is to have; without a front: those that tell that a text is about elsewhere."""


class Spelling(NamedTuple):
    file: str
    id: str
    table: str
    language: str
    how: str
    """Empty, ``cased`` or ``exact``."""
    text: str


def rows() -> list[dict[str, str]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entries(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    document = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    for table in ("actor", "term", "veto"):
        for entry in document.get(table, []):
            yield table, entry


def spellings() -> Iterator[Spelling]:
    for row in rows():
        for language in LANGUAGES:
            for text in filter(None, row[language].split("|")):
                yield Spelling("places.csv", row["id"], "place", language, "", text)
    for name in LISTS:
        for table, entry in entries(name):
            for language in LANGUAGES:
                for how in ("", "cased", "exact"):
                    for text in entry.get(f"{language}_{how}" if how else language, []):
                        yield Spelling(name, entry["id"], table, language, how, text)


ALL: Final = list(spellings())


def test_the_gazetteer_has_twelve_columns_on_every_line() -> None:
    with PLACES.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == COLUMNS
    assert [line for line in lines if len(line) != len(COLUMNS)] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_what_it_is_about_and_knows_its_sides(name: str) -> None:
    document = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert document["about"]
    assert document.keys() <= {"about", "actor", "term", "veto"}
    for table, entry in entries(name):
        assert entry["id"] and entry["name"], entry
        if table == "actor":
            assert entry["side"] in SIDES, entry["id"]
            assert entry["role"], entry["id"]


def test_every_id_is_given_once() -> None:
    for ids in ([row["id"] for row in rows()], [entry["id"] for name in LISTS for _, entry in entries(name)]):
        assert [id_ for id_, times in Counter(ids).items() if times > 1] == []


def test_ids_are_plain() -> None:
    for id_ in {spelling.id for spelling in ALL}:
        assert id_.isascii() and id_ == id_.lower() and id_.replace("-", "").isalnum(), id_


def test_every_entry_can_be_found_in_a_text() -> None:
    found = {(spelling.file, spelling.id) for spelling in ALL}
    assert {("places.csv", row["id"]) for row in rows()} <= found
    assert {(name, entry["id"]) for name in LISTS for _, entry in entries(name)} <= found


def test_spellings_are_trimmed_and_more_than_two_letters_long() -> None:
    for spelling in ALL:
        assert spelling.text == " ".join(spelling.text.split()), spelling
        letters = sum(map(str.isalnum, fold(spelling.text)))
        assert letters > (1 if spelling.how == "cased" or spelling in SHORT else 2), spelling


SHORT: Final = {
    spelling for spelling in ALL if spelling.text in {"U.K.", "U.S.", "U.S", "U.N."}
}  # names of powers that headlines write in no other way


def test_each_language_is_written_in_its_own_letters() -> None:
    ranges = {"ar": ("\u0600", "\u06ff"), "fa": ("\u0600", "\u06ff"), "he": ("\u0590", "\u05ff")}
    for spelling in ALL:
        letters = [character for character in spelling.text if character.isalpha()]
        if spelling.language in ranges:
            low, high = ranges[spelling.language]
            own = [character for character in letters if low <= character <= high]
            # Hebrew news prints a few names in Latin letters: PKK, T4, UKMTO
            latin = [character for character in letters if spelling.language == "he" and character.isascii()]
            assert len(own) + len(latin) == len(letters), spelling
        else:
            assert all(character < "\u0300" for character in letters), spelling


def key(text: str) -> str:
    return " ".join(fold(text).split(" ")).strip()


def of_a_state(one: Spelling, other: Spelling) -> bool:
    """A country or its capital stands for the state as well as for the ground: an actor and a place."""
    return {one.table, other.table} == {"actor", "place"} and "powers" in {one.file, other.file}


def of_a_ship(one: Spelling, other: Spelling) -> bool:
    """A ship by name says which front a text is about, and its hull is what is hit."""
    return f"{min(one.id, other.id, key=len)}-hull" == max(one.id, other.id, key=len)


def test_no_spelling_stands_for_two_things_unless_for_a_state_or_a_ship() -> None:
    owners: dict[tuple[str, str], set[Spelling]] = {}
    for spelling in ALL:
        owners.setdefault((spelling.language, key(spelling.text)), set()).add(spelling)
    pairs = [pair for group in owners.values() for pair in combinations(sorted(group), 2)]
    doubled = [
        pair for pair in pairs if pair[0].id != pair[1].id and not (of_a_state(*pair) or of_a_ship(*pair))
    ]
    assert doubled == []


def test_places_lie_inside_the_region_of_their_list() -> None:
    for row in rows():
        lat, lon = float(row["lat"]), float(row["lon"])
        assert row["kind"] in KINDS, row
        south, north, west, east = BOXES.get(row["lexicon"], (-90.0, 90.0, -180.0, 180.0))
        assert south <= lat <= north and west <= lon <= east, row


def test_every_front_has_its_share_of_places() -> None:
    counts = Counter(row["lexicon"] for row in rows())
    assert counts.keys() == AT_LEAST.keys()
    assert {lexicon: counts[lexicon] for lexicon, least in AT_LEAST.items() if counts[lexicon] < least} == {}


def test_two_towns_of_one_list_are_not_drawn_on_one_spot() -> None:
    towns = [row for row in rows() if row["lexicon"] and row["kind"] in {"city", "town", "village"}]
    spots = Counter((row["lexicon"], row["lat"], row["lon"]) for row in towns)
    assert [spot for spot, times in spots.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_knows_the_places_and_actors_of_every_front(language: str) -> None:
    homes = {row["id"]: row["lexicon"] for row in rows()}
    places = Counter(homes[s.id] for s in ALL if s.table == "place" and s.language == language)
    actors = Counter(s.file for s in ALL if s.table == "actor" and s.language == language)
    assert all(places[front] >= 40 and actors[f"fronts/{front}"] >= 20 for front in FRONTS), (places, actors)


@pytest.mark.parametrize(
    ("language", "text", "id_"),
    [
        ("en", "Kata'ib Hezbollah", "kataib-hezbollah"),
        ("en", "Hizbullah", "hezbollah"),
        ("en", "Ayn al-Asad", "ain-al-asad"),
        ("en", "Hudaydah", "hodeidah"),
        ("en", "Tower 22", "tower-22"),
        ("ar", "عيتا الشعب", "aita-al-shaab"),
        ("ar", "يحيى سريع", "saree"),
        ("he", "קריית שמונה", "kiryat-shmona"),
        ("he", "החות'ים", "houthis"),
        ("fa", "انصارالله", "houthis"),
        ("fa", "رژیم صهیونیستی", "israel"),
        ("fr", "Deir ez-Zor", "deir-ez-zor"),
    ],
)
def test_well_known_names_are_at_home_where_they_belong(language: str, text: str, id_: str) -> None:
    assert id_ in {s.id for s in ALL if s.language == language and key(s.text) == key(text)}


TATWEEL: Final = "\u0640"
"""Before an Arabic name it says that the article is part of the name: without it the word is another."""


def test_a_name_that_is_a_common_word_without_its_article_keeps_the_article() -> None:
    kept = {s.text.removeprefix(TATWEEL) for s in ALL if s.language == "ar" and s.text.startswith(TATWEEL)}
    assert {"الضاحية", "البقاع", "المطلة", "الرياض", "الضفة"} <= kept
    bare = {key(s.text.removeprefix("ال")) for s in ALL if s.language == "ar" and s.table == "place"}
    assert not bare & {"ضاحيه", "مطله", "رياض", "ضفه", "عبر", "متن", "قليله", "خبر", "عند", "حضر", "خرج"}


COMMON_WORDS: Final = ("Tal", "Hit", "Mari", "Tyre", "Mocha", "Acre", "Abs", "Safer", "Jordan Peterson")


@pytest.mark.parametrize("word", COMMON_WORDS)
def test_common_words_are_no_place_or_actor(word: str) -> None:
    owners = [s for s in ALL if s.language in {"en", "fr"} and s.how == "" and key(s.text) == key(word)]
    assert [s for s in owners if s.table in {"place", "actor"}] == []
