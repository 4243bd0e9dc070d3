"""The language of search: words, "phrases", -words and filters, as docs/search.md tells it. Pure.

What is typed is cut into terms and filters that know where they stand, so that a fault can be shown at its
place and a completion put at its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tui.feeds.safe_text import safe_text
from tui.model import Timestamp
from tui.store.filters import FILTERS, Known, Meant, ValueFault, example_of
from tui.tagging.fold import fold, origins
from tui.tagging.spellings import Alike, Spellings, bare

LIMIT: Final = 500
"""Characters of a query that are read."""

_QUOTES: Final = str.maketrans("“”„«»", '"""""')
_PARTS: Final = re.compile(r"([<>&\s])")
"""What safe_text would take for markup, and space, which it folds: both mean something in a query."""
_FILTER: Final = re.compile(r"([A-Za-z]+):")
_VALUES: Final = re.compile(r'(?:"[^"]*"?|[^\s"])*')
_PHRASE: Final = re.compile(r'"([^"]*)("?)')
_WORD: Final = re.compile(r'[^\s"]+')
_ARABIC: Final = re.compile("[\u0620-\u06ff]")
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
_PREFIXES: Final = {
    _ARABIC: ("", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "فال", "ك", "كال", "وب", "وبال", "ولل"),
    _HEBREW: ("", "ה", "ו", "וה", "ב", "וב", "ל", "ול", "מ", "מה", "ש", "שב", "כ"),
}
"""Small words that Arabic and Hebrew write onto the next one: the index knows only whole words."""

_SHORTEST_NAME: Final = 4
"""Letters of a name that is known when it is typed small: Hit is a town, "hit" is not."""

_SHORTEST_UNFINISHED: Final = 2
"""Letters from which on a word that is being typed is looked for: a tenth of all words begin with any one."""


def typed(raw: str) -> str:
    """What was typed or pasted, as one line on which no terminal acts; its spaces stay."""
    if not (raw.isascii() and raw.isprintable()):
        parts = (
            part if part in "<>&" else " " if part.isspace() else safe_text(part, LIMIT)
            for part in _PARTS.split(raw[: 4 * LIMIT])
            if part
        )
        raw = "".join(parts)
    return raw[:LIMIT]


class QueryError(ValueError):
    """What is wrong with a query, where in the text it stands, and what would be right."""

    def __init__(self, start: int, end: int, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}" if mend else what)
        self.start = start
        self.end = end
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that must stand together."""

    start: int
    """Offset in what was typed, half open with ``end``."""
    end: int
    words: str
    """Folded, single spaces between them."""
    quoted: bool = False
    negated: bool = False
    unfinished: bool = False
    """The last word of it is still being typed."""
    alike: Alike | None = None
    """Other spellings of the name that it is."""

    @property
    def looked_for(self) -> tuple[str, ...]:
        """Folded words of which one must be there."""
        spelled = self.alike.folded if self.alike else (self.words,)
        if self.quoted:
            return spelled
        return tuple(dict.fromkeys(form for each in spelled for form in _forms(each)))

    def in_index_language(self) -> str:
        """In FTS5's language, with nothing left in it that FTS5 would act on: folded text holds no quote."""
        wanted = [f'"{each}"' for each in self.looked_for]
        if self.unfinished:
            wanted.append(f'"{self.words}"*')
        return f"({' OR '.join(wanted)})"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a fact, with its values as the store keeps them."""

    start: int
    end: int
    name: str
    meant: Meant
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: every term and every filter must hold."""

    text: str
    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Terms that must be there."""
        return tuple(term for term in self.terms if not term.negated)

    @property
    def parts(self) -> tuple[Term | Filter, ...]:
        """Terms and filters as they stand."""
        return tuple(sorted((*self.terms, *self.filters), key=lambda part: part.start))

    def without(self, part: Term | Filter) -> Query:
        """The same, asking one thing less."""
        return replace(
            self,
            terms=tuple(term for term in self.terms if term is not part),
            filters=tuple(each for each in self.filters if each is not part),
        )

    def said(self, part: Term | Filter) -> str:
        """A part as it was typed."""
        return self.text[part.start : part.end]


def parse(text: str, known: Known, now: Timestamp) -> Query:
    """Reads what was typed. Raises :class:`QueryError` for the first thing that is wrong with it.

    ``text`` is safe; what is behind :data:`LIMIT` characters is not read. A filter without a value yet is
    a fault too, with what it takes as the mend.
    """
    text = text[:LIMIT]
    terms: list[Term] = []
    filters: list[Filter] = []
    for start, end in pieces(text):
        negated = text[start] == "-"
        first = start + negated
        name = _FILTER.match(text, first)
        if name is not None:
            filters.append(_filter(text, start, end, name, known, now))
        else:
            term = _term(text, start, first, end)
            if len(term.words) >= (_SHORTEST_UNFINISHED if term.unfinished else 1):
                terms.append(replace(term, negated=negated))
    return Query(text, tuple(_widened(terms, text, known)), tuple(filters))


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where each word, phrase and filter begins and ends, a minus before it included."""
    plain = text.translate(_QUOTES)
    at = 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        first = at + (plain[at] == "-")
        name = _FILTER.match(plain, first)
        if name is not None:
            found = _VALUES.match(plain, name.end())
        elif plain.startswith('"', first):
            found = _PHRASE.match(plain, first)
        else:
            found = _WORD.match(plain, first)
        end = found.end() if found is not None else first
        yield at, max(end, at + 1)
        at = max(end, at + 1)


def unquoted(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The values of a filter between its commas: start, end, and the value without quotes."""
    plain = text.translate(_QUOTES)[start:end]
    found = []
    at = 0
    for value in re.findall(r'((?:"[^"]*"?|[^,"])*)(?:,|$)', plain):
        found.append((start + at, start + at + len(value), value.replace('"', "").strip()))
        at += len(value) + 1
        if at > len(plain):
            break
    return found


def _filter(text: str, start: int, end: int, name: re.Match[str], known: Known, now: Timestamp) -> Filter:
    word = name[1].lower()
    wanted = FILTERS.get(word)
    if wanted is None:
        near = difflib.get_close_matches(word, FILTERS, 1, 0.5)
        mend = f"did you mean {near[0]}:?" if near else f"there are {', '.join(FILTERS)}"
        raise QueryError(name.start(1), name.end(1), f"no such filter {word}", f"{mend} (quotes search text)")
    values = [each for each in unquoted(text, name.end(), end) if each[2]]
    if not values:
        raise QueryError(start, end, f"{word}: of what?", f"as {example_of(word, known)}")
    meant: Meant | None = None
    for first, last, value in values:
        try:
            more = wanted.read(value, known, now)
        except ValueFault as fault:
            raise QueryError(first, last, f"{word}: {fault.what}", fault.mend) from fault
        meant = more if meant is None else meant.or_else(more)
    assert meant is not None
    return Filter(start, end, word, meant, text[start] == "-")


def _term(text: str, start: int, first: int, end: int) -> Term:
    plain = text.translate(_QUOTES)
    quoted = plain.startswith('"', first)
    words = " ".join(fold(plain[first:end]).split())
    closed = quoted and end - first > 1 and plain[end - 1] == '"'
    return Term(start, end, words, quoted, unfinished=end == len(text) and not closed)


def _widened(terms: list[Term], text: str, known: Known) -> Iterator[Term]:
    """The terms, with the names among them known by every spelling."""
    at = 0
    while at < len(terms):
        first, (count, alike) = terms[at], _name(terms[at:], text, known.spellings)
        at += count
        if alike is None:
            yield first
        else:
            last = terms[at - 1]
            yield replace(first, end=last.end, words=alike.folded[0], unfinished=last.unfinished, alike=alike)


def _name(terms: list[Term], text: str, spellings: Spellings | None) -> tuple[int, Alike | None]:
    """How many of the terms, from the first on, are one name, the longest there is; 1 and None: none."""
    longest = 0 if spellings is None else min(spellings.longest, _plain_run(terms, text))
    for count in range(longest, 0, -1):
        assert spellings is not None
        words = " ".join(term.words for term in terms[:count])
        if len(words) < _SHORTEST_NAME and text[terms[0].start : terms[0].end].islower():
            continue
        alike = spellings.of(words)
        if alike is not None and alike.written:
            return count, alike
    return 1, None


def _plain_run(terms: list[Term], text: str) -> int:
    """How many of the terms, from the first on, stand side by side as words; a negated one stands alone."""
    count = 0
    for term in terms:
        if term.quoted or (count and (term.negated or terms[0].negated)):
            break
        if count and text[terms[count - 1].end : term.start].strip():
            break
        count += 1
    return count


def _forms(words: str) -> Iterable[str]:
    """Folded words as they may stand in a text: Arabic and Hebrew write small words onto the first."""
    for script, prefixes in _PREFIXES.items():
        if script.match(words):
            base = bare(words) if script is _ARABIC else words
            # A short word with a letter before it is too often another word.
            return [words] if len(base) < 3 else [words, *(prefix + base for prefix in prefixes)]
    return [words]


def marker(query: Query) -> re.Pattern[str] | None:
    """Finds in folded text what the query's words matched; None where it has none."""
    wanted: list[str] = []
    for term in query.wanted:
        wanted += [re.escape(each).replace(r"\ ", " +") for each in term.looked_for]
        if term.unfinished:
            wanted.append(re.escape(term.words).replace(r"\ ", " +") + r"\S*")
    if not wanted:
        return None
    return re.compile(rf"(?<!\S)(?:{'|'.join(sorted(wanted, key=len, reverse=True))})(?!\S)")


def marks(pattern: re.Pattern[str] | None, text: str) -> list[tuple[int, int]]:
    """Spans of ``text`` in which its fold matches."""
    if pattern is None:
        return []
    back = origins(text)
    return [(back[found.start()], back[found.end()]) for found in pattern.finditer(fold(text))]
