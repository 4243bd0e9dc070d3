"""Terms that would mend what the tagger misses on labelled lines, with what they would break.

Every word and pair of words of the missed lines is a candidate; the lines tell how many it would help and
how many it stands in wrongly. The best are then tried one by one: the lines in which it stands are tagged
anew with it, so what a suggestion mends and breaks is counted, not guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tui.model import Front, Kind, Tags
from tui.tagging.compiled import load_built_in
from tui.tagging.evaluate import labelled, texts_of
from tui.tagging.fold import fold, origins
from tui.tagging.lexicon import Lexicon
from tui.tagging.own import add_incident_word
from tui.tagging.tagger import Tagger

USUAL_LIMIT: Final = 20
_TRIED: Final = 3
"""Candidates tried for each suggestion asked for."""
_SHORTEST: Final = 3
"""Letters of the shortest word that is proposed."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that would mend more than it breaks on these lines."""

    text: str
    """As it stands in the first line that it mends."""
    what: str
    """``term`` or ``veto`` of a front, or ``word``: an act, for a lexicon file."""
    front: str
    """Empty for a word."""
    mends: int
    """Lines that were wrong and would be right, in front and incident."""
    breaks: int
    """Lines that were right and would be wrong."""
    example: str
    """Title of the first line that it mends."""
    broken: str
    """Title of the first line that it breaks, or empty."""


@dataclass(frozen=True, slots=True)
class _Line:
    title: str
    summary: str
    language: str
    link: str
    fronts: frozenset[str] | None
    """None where the label does not say."""
    kind: str | None
    tags: Tags

    def right(self, tags: Tags) -> bool:
        """Whether fronts are as labelled, and whether it is an incident on one."""
        fronts = frozenset(tags.fronts) if self.fronts is None else self.fronts
        said = tags.kind is Kind.INCIDENT and bool(tags.fronts)
        incident = self.kind is None or (self.kind == Kind.INCIDENT and bool(fronts)) == said
        return incident and fronts == frozenset(tags.fronts)


_Candidate = tuple[str, str, str]
"""(what, front, folded text)"""


def suggest(
    paths: Iterable[Path],
    fronts: Sequence[Front],
    *,
    limit: int = USUAL_LIMIT,
    lexicon: Callable[[], Lexicon] = load_built_in,
) -> list[Suggestion]:
    """The best first. Raises :class:`ValueError` or :class:`OSError` for a file that can't be used.

    ``lexicon`` gives the lists anew each time, for a tagger adds to what it is given.
    """
    tagger = Tagger(fronts, lexicon=lexicon())
    lines = [_line(row, tagger) for path in paths for _, row in labelled(path)]
    words = [_words(line) for line in lines]
    found: list[Suggestion] = []
    for candidate in _candidates(lines, words, tagger.fronts)[: limit * _TRIED]:
        holding = [line for line, own in zip(lines, words, strict=True) if candidate[2] in own]
        text = next(own[candidate[2]] for own in words if candidate[2] in own)
        tried = _try(candidate, text, holding, fronts, lexicon)
        if tried.mends > tried.breaks:
            found.append(tried)
    found.sort(key=lambda one: (one.breaks - one.mends, one.breaks, -len(one.text), one.text))
    return found[:limit]


def _line(row: dict[str, Any], tagger: Tagger) -> _Line:
    title, summary = texts_of(row)
    language, link = row.get("lang") or "", row.get("link") or ""
    tags = tagger.tag(title, summary, language=language, link=link)
    fronts = frozenset(row["fronts"]) & frozenset(tagger.fronts) if "fronts" in row else None
    return _Line(title, summary, language, link, fronts, row.get("kind"), tags)


def _words(line: _Line) -> dict[str, str]:
    """Each word and pair of neighbours, folded, as it first stands in the line."""
    found: dict[str, str] = {}
    for text in (line.title, line.summary):
        folded, back = fold(text), origins(text)
        spans: list[tuple[int, int]] = []
        at = 0
        for part in folded.split(" "):
            if part:
                spans.append((at, at + len(part)))
            at += len(part) + 1
        pairs = [(one[0], two[1]) for one, two in pairwise(spans) if two[0] - one[1] == 1]
        for start, end in (*spans, *pairs):
            key = folded[start:end]
            if len(key) >= _SHORTEST and not key.isdecimal():
                found.setdefault(key, text[back[start] : back[end]].strip(" .,'’"))
    return found


def _candidates(
    lines: Sequence[_Line], words: Sequence[dict[str, str]], fronts: tuple[str, ...]
) -> list[_Candidate]:
    """Words of missed lines, those first that stand in many of them and in few that they would break."""
    spread = Counter(word for own in words for word in own)
    names = {word for own in words for word, text in own.items() if not text[:1].islower()}
    helps: Counter[_Candidate] = Counter()
    fits: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line, own in zip(lines, words, strict=True):
        said = frozenset(line.tags.fronts)
        for what, front in _needs(line, said):
            helps.update((what, front, word) for word in own)
        for what, front in _bears(line, fronts):
            fits[what, front].update(own.keys())

    def worth(candidate: _Candidate) -> tuple[int, bool, int, str]:
        what, front, word = candidate
        against = spread[word] - fits[what, front][word]
        return (2 * against - helps[candidate], word not in names, -len(word), word)

    good = [c for c in helps if worth(c)[0] < 0 and not (c[0] == "word" and c[2] in names and c[2].isascii())]
    # Of words that stand in just the same lines, as the parts of a name do, one is tried.
    first: dict[tuple[str, str, tuple[int, ...]], _Candidate] = {}
    for candidate in sorted(good, key=worth):
        holding = tuple(number for number, own in enumerate(words) if candidate[2] in own)
        first.setdefault((*candidate[:2], holding), candidate)
    return list(first.values())


def _needs(line: _Line, said: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What sort of word would mend the line."""
    if line.fronts is not None:
        for front in line.fronts - said:
            yield "term", front
        for front in said - line.fronts:
            yield "veto", front
    if line.kind == Kind.INCIDENT and line.tags.kind is not Kind.INCIDENT:
        yield "word", ""


def _bears(line: _Line, fronts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """For which sorts of word it does no harm to stand in the line."""
    for front in fronts:
        if line.fronts is None:
            continue
        yield ("term", front) if front in line.fronts else ("veto", front)
    if line.kind == Kind.INCIDENT:
        yield "word", ""


def _try(
    candidate: _Candidate,
    text: str,
    holding: Sequence[_Line],
    fronts: Sequence[Front],
    lexicon: Callable[[], Lexicon],
) -> Suggestion:
    """Tag the lines in which it stands with it."""
    what, front, _ = candidate
    lists = lexicon()
    if what == "word":
        add_incident_word(lists, text)
    tagger = Tagger([_with(one, what, text) if one.id == front else one for one in fronts], lexicon=lists)
    mended, broken = [], []
    for line in holding:
        tags = tagger.tag(line.title, line.summary, language=line.language, link=line.link)
        before, now = line.right(line.tags), line.right(tags)
        if now and not before:
            mended.append(line.title)
        elif before and not now:
            broken.append(line.title)
    return Suggestion(
        text, what, front, len(mended), len(broken), *((titles or [""])[0] for titles in (mended, broken))
    )


def _with(front: Front, what: str, text: str) -> Front:
    if what == "term":
        return front._replace(terms=(*front.terms, text))
    return front._replace(vetoes=(*front.vetoes, text))


def render(found: Sequence[Suggestion]) -> str:
    """A table for a person."""
    if not found:
        return "no word of these lines would mend more than it breaks\n"
    lines = [f"{'mends':>5} {'breaks':>6}  {'what':<5} {'front':<18} word"]
    for one in found:
        lines.append(f"{one.mends:>5} {one.breaks:>6}  {one.what:<5} {one.front or '-':<18} {one.text}")
        lines.append(f"{'':>14}mends:  {one.example}")
        if one.broken:
            lines.append(f"{'':>14}breaks: {one.broken}")
    lines += [
        "",
        "term, veto: add it to terms or vetoes of that front in feeds.toml",
        'word: add it to a [[term]] with class = "act" in a lexicon file',
    ]
    return "\n".join(lines) + "\n"


def to_json(found: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """The same as data."""
    return [asdict(one) for one in found]
