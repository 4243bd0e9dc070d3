"""The term lists: TOML by subject and by front, and the gazetteer, read into senses by folded spelling.

``lexicons/*.toml`` (always loaded) and ``lexicons/fronts/*.toml`` (at home on the fronts that
use them) hold arrays of tables ``[[actor]]``, ``[[term]]``, ``[[veto]]``, ``[[place]]``, ``[[form]]``
and ``[[default]]``; ``lexicons/places.csv`` is the gazetteer. A watch may have files of its own of the
form of a front's. A mistake in any of them names the file, the entry and the key.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from tui.model import Place
from tui.tagging.fold import fold
from tui.tagging.language import BIT, LANGUAGES

NAMES: Final = frozenset({"actor", "place", "topic", "veto"})
"""Classes that name something; all others are words of a language."""
FOLDER: Final = Path(__file__).parent / "lexicons"

_SPELLINGS: Final = {f"{language}{how}" for language in LANGUAGES for how in ("", "_cased", "_exact")}
_OWN_KEYS: Final = {
    "id", "name", "class", "type", "mode", "form", "side", "role", "weight", "target", "reach",
    "whole", "needs", "note", "home",
}  # fmt: skip


class LexiconError(Exception):
    """A mistake in a term list, in words that name the file, the entry and the mend."""


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """One thing that a spelling can stand for."""

    id: str
    name: str
    cls: str
    """``actor``, ``place``, ``topic``, ``veto``, or a subject class (``act``, ``harm``, ``mood`` ...)."""
    weight: float = 1.0
    type: str = ""
    """Incident type that an act or a weapon speaks for."""
    mode: str = ""
    """Of an act: attack, clash, exchange, intercept, seize ...; of harm: killed, wounded, damage, none."""
    form: str = ""
    """verb (says that it happens), noun (names it), passive (its subject suffers it), both (verb or noun by
    what stands around it) or plain (an act only between who does it and what it is done to)."""
    side: str = ""
    role: str = ""
    """Of an actor: group, leader, army, government, police ...; of an act: ``object`` where the name right
    behind it is whom it was done to, ``lands`` where it says that what it was done to was hit, ``source``
    where the place behind is where it came from; of a word of telling: ``announces`` where it tells of one's
    own act, ``before`` where who says it stands behind; of blame: ``behind`` where it follows its doer;
    of what is the ground of the news: ``answered`` where it may be another attack."""
    target: str = ""
    """What being hit makes grave: vessel, base, embassy, airport, port, city, warship."""
    reach: int = 0
    """Characters within which it governs what follows; 0 for the class's usual."""
    needs: tuple[str, ...] = ()
    """Classes of which one must stand in the sentence, or it says nothing: "launches" needs a weapon."""
    whole: bool = False
    """A veto that speaks for the whole text, not for its own words only."""
    home: str = ""
    """Name of the fronts file or gazetteer column it is at home in; empty: at home on no front."""
    place: Place | None = None
    place_kind: str = ""
    calm: bool = False
    """A place that is mostly in the news for other things: its name alone says little."""


class Spelling(NamedTuple):
    """A sense by one spelling: in which languages, and in which letter case if that matters."""

    sense: Sense
    languages: int
    """Bits of :data:`tui.tagging.language.BIT`."""
    cased: str = ""
    """The only letter case that counts; empty where any does."""
    exact: bool = False
    """No prefix may stand before it."""
    capital: bool = False
    """A name in Latin letters: not where a text writes it small, for then it is ordinary words."""


@dataclass(frozen=True, slots=True)
class Form:
    """A mark of what sort of text it is: a pattern on the title (or summary) in small letters."""

    id: str
    kind: str
    pattern: str
    weight: float
    why: str
    field: str = "title"


@dataclass(frozen=True, slots=True)
class Section:
    """A mark of what sort of text it is: folders of the link."""

    kind: str
    weight: float
    why: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Default:
    """Who did it where the text leaves it open: the first whose every stated condition holds."""

    by: str
    why: str
    homes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    launched: bool = False
    """Whether a place that it was launched from must be told."""
    words: tuple[str, ...] = ()
    """Ids of senses of which one must be in the text."""


@dataclass(slots=True)
class Lexicon:
    """All term lists, by folded spelling."""

    spellings: dict[str, tuple[Spelling, ...]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    defaults: list[Default] = field(default_factory=list)
    enemies: dict[str, str] = field(default_factory=dict)
    great_powers: list[str] = field(default_factory=list)
    """Sides whose dead in a base, warship or embassy are critical."""
    outsiders: list[str] = field(default_factory=list)
    """Sides whose name alone does not make a text one about the region."""
    roaming: list[str] = field(default_factory=list)
    """Ids of actors whose followers act anywhere in the world."""
    calm: list[str] = field(default_factory=list)
    """Fronts files whose places alone do not make a text one about the conflict."""
    homes: set[str] = field(default_factory=set)
    own_sides: set[str] = field(default_factory=set)
    """Sides of the actors in the watch's own files, at home on a front or not."""

    def regional_sides(self) -> frozenset[str]:
        """Sides that belong to the region: some actor of theirs is at home on a front, and no outsider's."""
        return frozenset(
            spelling.sense.side
            for spellings in self.spellings.values()
            for spelling in spellings
            if spelling.sense.cls == "actor" and spelling.sense.home and spelling.sense.side
        ).union(self.own_sides) - {*self.outsiders}

    def sides(self) -> frozenset[str]:
        """Every side that something can be done by, and ``unknown``."""
        actors = {s.sense.side for found in self.spellings.values() for s in found if s.sense.cls == "actor"}
        return frozenset({"unknown", *actors, *(default.by for default in self.defaults)}) - {""}

    def weapons(self) -> dict[str, str]:
        """Folded spellings of weapons to their names."""
        return {
            key: spelling.sense.name
            for key, found in self.spellings.items()
            for spelling in found
            if spelling.sense.cls == "weapon" and spelling.sense.type
        }

    def override(self, own: Lexicon, watched: Collection[str]) -> None:
        """Add another lexicon. Where both have a spelling for the same sort of thing, the other's is meant.

        But a name at home on a front that is ``watched`` stays. A bare term, an actor of no side, does not
        take a power its side.
        """
        for key, ours in own.spellings.items():
            sorts = {_sort(spelling.sense) for spelling in ours}
            kept = (
                theirs
                for theirs in self.spellings.get(key, ())
                if theirs.sense.home in watched or _sort(theirs.sense) not in sorts
            )
            self.spellings[key] = (*kept, *ours)
        self.defaults += own.defaults
        self.enemies.update(own.enemies)
        self.great_powers += own.great_powers
        self.outsiders += own.outsiders
        self.roaming += own.roaming
        self.own_sides |= own.own_sides

    def add(self, text: str, spelling: Spelling) -> None:
        """File one spelling under its folded form."""
        key = fold(text).strip()
        if key:
            self.spellings[key] = (*self.spellings.get(key, ()), spelling)


def _sort(sense: Sense) -> tuple[str, bool]:
    return sense.cls, sense.cls == "actor" and bool(sense.side)


def load(folder: Path = FOLDER) -> Lexicon:
    """Read every list of ``folder``. Raises :class:`LexiconError`."""
    lexicon = Lexicon()
    for path in sorted(folder.glob("*.toml")):
        _load_toml(lexicon, path, home="")
    for path in sorted((folder / "fronts").glob("*.toml")):
        _load_toml(lexicon, path, home=path.stem)
    places = folder / "places.csv"
    if places.exists():
        _load_places(lexicon, places)
    return lexicon


def load_own(path: Path) -> Lexicon:
    """A file of the watch's own, of the form of a front's. Raises :class:`LexiconError`.

    Its names are at home in it, and its defaults hold on the fronts that use it.
    """
    lexicon, home = Lexicon(), str(path)
    _load_toml(lexicon, path, home)
    lexicon.defaults = [replace(default, homes=(home,)) for default in lexicon.defaults]
    lexicon.own_sides = set(lexicon.sides()) - {"unknown"}
    return lexicon


def _load_toml(lexicon: Lexicon, path: Path, home: str) -> None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise LexiconError(f"{path.name}: {fault}") from fault
    if home:
        lexicon.homes.add(home)
    usual = document.get("class", "topic")
    for table, cls in (("actor", "actor"), ("term", usual), ("veto", "veto")):
        for entry in document.get(table, []):
            _load_entry(lexicon, path, entry, entry.get("class", cls), home)
    for entry in document.get("place", []):
        _load_place(lexicon, path, entry, home)
    lexicon.forms += [_build(Form, path, entry) for entry in document.get("form", [])]
    lexicon.sections += [_build(Section, path, entry) for entry in document.get("section", [])]
    lexicon.defaults += [_build(Default, path, entry) for entry in document.get("default", [])]
    lexicon.enemies.update(document.get("enemies", {}))
    lexicon.great_powers += document.get("great_powers", [])
    lexicon.roaming += document.get("roaming", [])
    lexicon.calm += document.get("calm", [])
    lexicon.outsiders += document.get("outsiders", [])


def _build(kind: type[Any], path: Path, entry: Mapping[str, Any]) -> Any:
    try:
        return kind(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        )
    except TypeError as fault:
        raise LexiconError(f"{path.name}, {entry.get('id', entry)}: {fault}") from fault


def _load_entry(lexicon: Lexicon, path: Path, entry: Mapping[str, Any], cls: str, home: str) -> None:
    where = f"{path.name}, {entry.get('id', 'an entry without id')}"
    unknown = entry.keys() - _OWN_KEYS - _SPELLINGS
    if unknown:
        raise LexiconError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    if "id" not in entry:
        raise LexiconError(f"{where}: every entry needs an id; it has {dict(entry)}")
    sense = Sense(
        id=entry["id"], name=entry.get("name", entry["id"]), cls=cls,
        home=home if entry.get("home", True) else "",
        weight=float(entry.get("weight", 1.0)), reach=int(entry.get("reach", 0)),
        whole=bool(entry.get("whole", False)),
        needs=tuple(entry.get("needs", ())),
        **{key: entry.get(key, "") for key in ("type", "mode", "form", "side", "role", "target")},
    )  # fmt: skip
    _spell_all(lexicon, entry, sense, where)


def _load_place(lexicon: Lexicon, path: Path, entry: Mapping[str, Any], home: str) -> None:
    where = f"{path.name}, {entry.get('id', 'a place without id')}"
    try:
        name, kind = entry.get("name", entry["id"]), entry.get("kind", "")
        place = Place(name, float(entry["lat"]), float(entry["lon"]), kind)
        calm = bool(entry.get("calm", False))
        sense = Sense(entry["id"], name, "place", home=home, place=place, place_kind=kind, calm=calm)
    except (KeyError, TypeError, ValueError) as fault:
        raise LexiconError(f"{where}: a place needs id, lat and lon: {fault!r}") from fault
    _spell_all(lexicon, entry, sense, where)


def _spell_all(lexicon: Lexicon, entry: Mapping[str, Any], sense: Sense, where: str) -> None:
    for key, texts in entry.items():  # in the file's order: a set's would change from one run to the next
        if key not in _SPELLINGS:
            continue
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise LexiconError(f"{where}: {key} must be a list of texts")
        language, _, how = key.partition("_")
        _spell(lexicon, texts, sense, language, how)


def _spell(lexicon: Lexicon, texts: Iterable[str], sense: Sense, language: str, how: str = "") -> None:
    named, bit = sense.cls in NAMES, BIT[language]
    for text in texts:
        capital = named and how != "cased" and "A" <= text[:1] <= "Z"
        spelling = Spelling(sense, bit, text if how == "cased" else "", how == "exact", capital)
        if how == "exact" or (language not in _INFLECTED or (named and language == "fa")):
            lexicon.add(text, spelling)
        else:
            for variant in _variants(text, language):
                lexicon.add(variant, spelling)


_INFLECTED: Final = frozenset({"ar", "fa"})
_PERSIAN_ENDINGS: Final = ("", "ها", "های", "ی", "هایی", "ای")


def _variants(text: str, language: str) -> Iterable[str]:
    """The spelling, and the same word as its language inflects it without changing it.

    An Arabic name's article is taken off, for it is one of the prefixes that are allowed before
    any Arabic word; Persian words (names do not) take the plural and the linking ending.
    """
    if language == "ar":
        return (text[2:] if text.startswith("ال") and not text.startswith("الل") and len(text) > 4 else text,)
    return [text + end for end in _PERSIAN_ENDINGS] if " " not in text and len(text) > 2 else (text,)


def _load_places(lexicon: Lexicon, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                place = Place(row["name"], float(row["lat"]), float(row["lon"]), row["kind"])
                sense = Sense(
                    row["id"], row["name"], "place", home=row["lexicon"], place=place, place_kind=row["kind"],
                    calm=bool(row["calm"]),
                )  # fmt: skip
                for language in LANGUAGES:
                    _spell(lexicon, filter(None, row[language].split("|")), sense, language)
            except (KeyError, ValueError, TypeError, AttributeError) as fault:
                raise LexiconError(f"{path.name}, {row.get('id', row)}: {fault!r}") from fault
            lexicon.homes.add(row["lexicon"])
    lexicon.homes.discard("")
