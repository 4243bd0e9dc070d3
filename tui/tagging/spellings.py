"""Other spellings of a name, in every script that the lexicons know: Hudaydah is Hodeidah and الحديدة.

For search: a place is looked for by every spelling of it, an actor by those that are the same word in other
letters (a leader is not his movement, though the tagger counts both for one side). The lists are read as
they are written, for a person is shown how a name is spelled; that takes some 70 ms, so it is for a thread.
"""

from __future__ import annotations

import csv
import logging
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tui.model import Front
from tui.tagging.fold import fold
from tui.tagging.language import LANGUAGES
from tui.tagging.lexicon import FOLDER

_LOG: Final = logging.getLogger(__name__)

MOST: Final = 48
"""Spellings of one name that are looked for."""

_SHORTEST: Final = 3
"""Letters of the shortest spelling that is looked for: French "Sur" is a word, Tyre seldom."""

_ARTICLE: Final = "ال"

_SOUNDS: Final = {
    letter: sound
    for sound, letters in {
        "b": "bpvfبپفבפ", "t": "tتثطט", "d": "dدذضד", "k": "kqcxكقخכק", "g": "gjجغگג", "s": "szسزصشظچژזסצש",
        "l": "lلל", "m": "mمמ", "n": "nنנ", "r": "rرר",
    }.items()
    for letter in letters
} | {"ת": "t"}  # fmt: skip
"""Consonants by what scripts and ways to write them have in common; vowels, h, w and y say too little."""

_PAIRS: Final = (("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "d"), ("kh", "k"), ("gh", "g"), ("ph", "b"))
_ARTICLES: Final = frozenset({"al", "el", "ul", "ad", "as", "ar", "an", "at", "az", "ash", "the"})
_ENDINGS: Final = frozenset({"", "n", "s", "m", "t"})
"""What a plural adds in English, Arabic or Hebrew."""


Lists = Sequence[Sequence[str]]
"""The spellings of one place or actor as they are written, a list for each language."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The spellings of what one name may stand for."""

    names: tuple[str, ...]
    """Of the places that it may be, as the gazetteer calls them."""
    folded: tuple[str, ...]
    """What to look for, the name itself first; none of them is part of another."""
    written: tuple[str, ...]
    """The same without the first, as the lists write them."""


class Spellings:
    """Names by any folded spelling of theirs. Immutable once read."""

    def __init__(self, own: Iterable[Path] = ()) -> None:
        """The built-in lists, and files of the watch's own. Raises OSError and ValueError."""
        self._places: dict[str, list[tuple[str, Lists]]] = {}
        self._actors: dict[str, list[Lists]] = {}
        for name, lists in _places(FOLDER / "places.csv"):
            self._file_place(name, lists)
        for path in (*sorted((FOLDER / "fronts").glob("*.toml")), FOLDER / "powers.toml", *own):
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            for entry in document.get("place", ()):
                self._file_place(str(entry.get("name", entry["id"])), _lists(entry))
            for entry in document.get("actor", ()):
                lists = _lists(entry)
                for key in dict.fromkeys(_keys(_all(lists))):
                    self._actors.setdefault(key, []).append(lists)
        self.longest = max(key.count(" ") for key in (*self._places, *self._actors)) + 1
        """Words of the longest name."""

    def _file_place(self, name: str, lists: Lists) -> None:
        # "Tyre, Lebanon": the tagger wants to know which; whoever asks for Tyre means this one.
        lists = [[name.partition(",")[0]], *lists]
        for key in dict.fromkeys(_keys(_all(lists))):
            self._places.setdefault(key, []).append((name, lists))

    def of(self, words: str) -> Alike | None:
        """Other spellings of these folded words, single spaces between them; None where none is known."""
        key = bare(words)
        places, actors = self._places.get(key, ()), self._actors.get(key, ())
        spellings = [each for _, lists in places for each in _of_place(key, lists)]
        spellings += [each for lists in actors for each in _all(lists) if _sound_alike(key, _tidy(each))]
        chosen = _reduced(words, spellings)
        names = tuple(dict.fromkeys(name for name, _ in places))
        if not chosen and not names:
            return None
        return Alike(names, (words, *chosen), tuple(chosen.values()))


def spellings_of(fronts: Iterable[Front]) -> Spellings:
    """Those of the built-in lists and of the fronts' own files, read once for all who ask."""
    own = {name for front in fronts for name in front.lexicons if name.endswith(".toml")}
    return _read(tuple(sorted(own)))


@lru_cache(maxsize=1)
def _read(own: tuple[str, ...]) -> Spellings:
    try:
        return Spellings(map(Path, own))
    except (OSError, ValueError, KeyError) as fault:
        # The watch's own list went since it was checked, or is being edited: its names are found as typed.
        _LOG.warning("search knows no spellings of the watch's own: %s", fault)
        return Spellings()


def bare(words: str) -> str:
    """Folded words without the Arabic article before the first, as names are filed."""
    longer = words.startswith(_ARTICLE) and len(words) > len(_ARTICLE) + 2
    return words[len(_ARTICLE) :] if longer else words


def _of_place(key: str, lists: Lists) -> Iterator[str]:
    """Those of a place's spellings that name what is asked for.

    The lists put neighbours into one place too, London's hold Manchester. What is first in each list is the
    place itself, and so is what sounds as that does or has a word of it: مدينة صور, قضاء صور.
    """
    firsts = [_tidy(each[0]) for each in lists if each]
    if not any(key == bare(first) or _sound_alike(key, first) for first in firsts):
        firsts = [key]
    words = {bare(word) for first in firsts for word in first.split() if len(bare(word)) >= _SHORTEST}
    for each in _all(lists):
        tidy = _tidy(each)
        if any(_sound_alike(first, tidy) for first in firsts) or words & {
            bare(word) for word in tidy.split()
        }:
            yield each


def _reduced(words: str, spellings: Iterable[str]) -> dict[str, str]:
    """Spellings by their fold, without those that hold ``words`` or another one as part of them."""
    found: dict[str, str] = {}
    for written in spellings:
        folded = bare(_tidy(written))
        if len(folded) >= _SHORTEST:
            found.setdefault(folded, written)
    kept: dict[str, str] = {}
    known = [f" {bare(words)} "]
    for folded, written in sorted(
        found.items(), key=lambda pair: len(pair[0])
    ):  # of equals, the first listed
        inside = f" {' '.join(map(bare, folded.split()))} "
        if not any(short in inside for short in known):
            known.append(inside)
            kept[folded] = written
    order = {folded: place for place, folded in enumerate(found)}
    return dict(sorted(kept.items(), key=lambda pair: order[pair[0]])[:MOST])


def _keys(spellings: Iterable[str]) -> Iterator[str]:
    for each in spellings:
        key = bare(_tidy(each))
        if key:
            yield key


def _tidy(text: str) -> str:
    return " ".join(fold(text).split())


def _all(lists: Lists) -> Iterator[str]:
    return (each for some in lists for each in some)


def _places(path: Path) -> Iterator[tuple[str, Lists]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["name"], [[each for each in row[key].split("|") if each] for key in LANGUAGES]


def _lists(entry: dict[str, Any]) -> Lists:
    """Every spelling of an entry by language, whatever else the list says of it."""
    keys = ("", "_cased", "_exact")
    return [[each for key in keys for each in entry.get(language + key, ())] for language in LANGUAGES]


def _sound_alike(key: str, other: str) -> bool:
    """Whether two folded names are one word in other letters, by their consonants."""
    one, two = sorted((consonants(key), consonants(other)), key=len)
    return bool(one) and two.startswith(one) and two[len(one) :] in _ENDINGS


def consonants(folded: str) -> str:
    """What a name sounds like in any script: Hudaydah and الحديدة are both ``dd``."""
    sounds = ""
    for word in folded.split():
        if word in _ARTICLES:
            continue
        plain = bare(word)
        for pair, letter in _PAIRS:
            plain = plain.replace(pair, letter)
        for letter in plain:
            sound = _SOUNDS.get(letter, "")
            if not sounds.endswith(sound) or not sound:
                sounds += sound
    return sounds
