"""How right the tagger is on labelled lines: precision, recall and F1 by front and language, kinds and facts.

A labelled line is a JSON object with ``title``, ``summary``, ``lang``, ``link`` and the right
``fronts``, ``kind``, ``type``, ``by``, ``killed``, ``severity``; a key that is missing is not judged, and
further keys are passed over, so that a person's corrections are labelled lines too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from tui.feeds.safe_text import safe_text, safe_values
from tui.model import Kind, Severity, Tags

FACTS: Final = ("type", "by", "killed", "severity")
TITLE_LIMIT: Final = 500
SUMMARY_LIMIT: Final = 2_000
_TEXTS: Final = ("title", "summary", "lang", "link", "type", "by")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {"kind": tuple(Kind), "severity": tuple(Severity)}


class TagsTexts(Protocol):
    """What is measured: a :class:`tui.tagging.tagger.Tagger`, or another way to tag."""

    @property
    def fronts(self) -> tuple[str, ...]:
        """Ids of the fronts that it tags for."""

    def tag(self, title: str, summary: str = "", *, language: str = "", link: str = "") -> Tags:
        """Tags of one text."""


@dataclass(slots=True)
class Tally:
    """Right, false and missed."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def add(self, said: bool, true: bool) -> None:
        """Count one judgement."""
        self.hit += said and true
        self.false += said and not true
        self.missed += true and not said

    @property
    def precision(self) -> float | None:
        """Share of what was said that is right; None where nothing was said."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else None

    @property
    def recall(self) -> float | None:
        """Share of what is right that was said; None where nothing is."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None where there was nothing to find nor said."""
        total = 2 * self.hit + self.false + self.missed
        return 2 * self.hit / total if total else None


@dataclass(frozen=True, slots=True)
class Miss:
    """A line that was tagged otherwise than it is labelled."""

    file: str
    line: int
    title: str
    summary: str
    wrong: tuple[str, ...]
    """Each as ``key: said, should be``."""
    tags: Tags


@dataclass(slots=True)
class Evaluation:
    """Counts over all files."""

    lines: int = 0
    fronts: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """(language, front): is the text on it."""
    incidents: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """(language, front): is it an incident on it."""
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(true kind, said kind)."""
    facts: dict[str, list[int]] = field(default_factory=lambda: {fact: [0, 0] for fact in FACTS})
    """Right and judged, over the true incidents on a front that were found."""
    misses: list[Miss] = field(default_factory=list)

    @property
    def kind_accuracy(self) -> float | None:
        """Share of lines whose kind is right."""
        total = sum(self.kinds.values())
        return sum(n for (true, said), n in self.kinds.items() if true == said) / total if total else None


def labelled(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line. Raises :class:`ValueError` naming file and line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = safe_values(json.loads(line), SUMMARY_LIMIT)
            except json.JSONDecodeError as fault:
                raise ValueError(f"{path} line {number}: not JSON: {fault.msg}") from fault
            except (ValueError, RecursionError) as fault:  # a number of too many digits, or nested too deep
                raise ValueError(f"{path} line {number}: not JSON that can be read") from fault
            if not isinstance(row, dict) or not row.get("title"):
                raise ValueError(f'{path} line {number}: needs an object with "title"')
            wrong = _fault(row)
            if wrong:
                raise ValueError(f"{path} line {number}: {wrong}")
            yield number, row


def _fault(row: dict[str, Any]) -> str:
    """What is wrong with the values of a line, in words; empty where nothing is."""
    for key in _TEXTS:
        if not isinstance(row.get(key), str | None):
            return f'"{key}" must be a text'
    fronts = row.get("fronts", [])
    if not isinstance(fronts, list) or not all(isinstance(front, str) for front in fronts):
        return '"fronts" must be a list of texts'
    for key, choices in _CHOICES.items():
        if row.get(key) is not None and row[key] not in choices:
            return f'"{key}" must be one of {", ".join(choices)}'
    killed = row.get("killed")
    if isinstance(killed, bool) or not isinstance(killed, int | None):
        return '"killed" must be a whole number or null'
    return ""


def texts_of(row: dict[str, Any]) -> tuple[str, str]:
    """Title and summary of a labelled line, behind the door for outside text."""
    return safe_text(row["title"], TITLE_LIMIT), safe_text(row.get("summary") or "", SUMMARY_LIMIT)


def evaluate(paths: Iterable[Path], tagger: TagsTexts) -> Evaluation:
    """Tag every line of the files and compare. Raises :class:`ValueError` or :class:`OSError`."""
    result = Evaluation()
    for path in paths:
        for number, row in labelled(path):
            title, summary = texts_of(row)
            tags = tagger.tag(title, summary, language=row.get("lang") or "", link=row.get("link") or "")
            _compare(result, row, tags, tagger.fronts)
            wrong = _wrong(row, tags)
            if wrong:
                result.misses.append(Miss(path.name, number, title, summary, wrong, tags))
    return result


def _compare(result: Evaluation, row: dict[str, Any], tags: Tags, fronts: Sequence[str]) -> None:
    result.lines += 1
    if "kind" in row:
        result.kinds[row["kind"], str(tags.kind)] += 1
    if "fronts" not in row:
        return
    said_incident, true_incident = tags.kind is Kind.INCIDENT, row.get("kind") == Kind.INCIDENT
    language = row.get("lang") or ""
    for front in fronts:
        said, true = front in tags.fronts, front in row["fronts"]
        for key in ((language, front), (language, "all"), ("all", front), ("all", "all")):
            result.fronts.setdefault(key, Tally()).add(said, true)
            if "kind" in row:
                result.incidents.setdefault(key, Tally()).add(said and said_incident, true and true_incident)
    if said_incident and true_incident and set(tags.fronts) & set(row["fronts"]):
        for fact in FACTS:
            if fact in row:
                result.facts[fact][0] += _plain(getattr(tags, fact)) == row[fact]
                result.facts[fact][1] += 1


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value


def _wrong(row: dict[str, Any], tags: Tags) -> tuple[str, ...]:
    wrong = []
    if "fronts" in row and set(row["fronts"]) != set(tags.fronts):
        wrong.append(
            f"fronts: {', '.join(tags.fronts) or 'none'}, should be {', '.join(row['fronts']) or 'none'}"
        )
    if "kind" in row and row["kind"] != tags.kind:
        wrong.append(f"kind: {tags.kind}, should be {row['kind']}")
    elif tags.kind is Kind.INCIDENT and tags.fronts and row.get("fronts"):
        wrong += [
            f"{fact}: {getattr(tags, fact)}, should be {row[fact]}"
            for fact in FACTS
            if fact in row and row[fact] != _plain(getattr(tags, fact))
        ]
    return tuple(wrong)


def render(evaluation: Evaluation, errors: bool = False, baseline: Evaluation | None = None) -> str:
    """The report for a person; with ``errors`` every miss and its evidence, else beside a ``baseline``."""
    lines = [f"{evaluation.lines} labelled lines"]
    if baseline is not None:
        lines.append(
            "keywords: any name of a front puts a text on it, any word of an act or harm is an incident"
        )
    for name in ("fronts", "incidents"):
        lines += ["", *_table(name, evaluation, baseline)]
    lines += ["", f"kind accuracy {_share(evaluation.kind_accuracy)}; confused (true -> said):"]
    for (true, said), count in evaluation.kinds.most_common():
        if true != said:
            lines.append(f"  {count:>4}  {true} -> {said}")
    lines += ["", "facts of the incidents found:"]
    for fact, (right, judged) in evaluation.facts.items():
        lines.append(f"  {fact:<9} {_share(right / judged if judged else None)}  ({right} of {judged})")
    for miss in evaluation.misses if errors else ():
        lines += [
            "",
            f"{miss.file} line {miss.line}: {miss.title}",
            *(f"    {wrong}" for wrong in miss.wrong),
        ]
        lines += [f"      {e.weight:+.2f} {e.field} “{e.term}”: {e.why}" for e in miss.tags.evidence]
    return "\n".join(lines) + "\n"


_HEADINGS: Final = {"fronts": "front", "incidents": "incident on a front"}


def _table(name: str, evaluation: Evaluation, baseline: Evaluation | None) -> list[str]:
    head = f"{_HEADINGS[name]:<26} {'lang':<5} {'right':>6} {'false':>6} {'missed':>6} "
    head += f"{'prec':>6} {'recall':>6} {'F1':>6}"
    lines = [f"{head}   keywords: {'prec':>6} {'recall':>6} {'F1':>6}" if baseline is not None else head]
    beside = {} if baseline is None else getattr(baseline, name)
    for (language, front), tally in sorted(getattr(evaluation, name).items()):
        other = beside.get((language, front))
        if tally.hit + tally.false + tally.missed or (other is not None and other.hit + other.false):
            line = f"{front:<26} {language or '-':<5} {tally.hit:>6} {tally.false:>6} {tally.missed:>6} "
            line += _figures(tally)
            lines.append(line if other is None else f"{line}   {'':>9} {_figures(other)}")
    return lines


def _figures(tally: Tally) -> str:
    return " ".join(f"{_share(x):>6}" for x in (tally.precision, tally.recall, tally.f1))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same as data, so that two runs can be compared (:mod:`tui.tagging.compare`)."""

    def table(tallies: dict[tuple[str, str], Tally]) -> list[dict[str, Any]]:
        return [
            {"language": language, "front": front, "right": t.hit, "false": t.false, "missed": t.missed,
             "precision": t.precision, "recall": t.recall, "f1": t.f1}
            for (language, front), t in sorted(tallies.items())
        ]  # fmt: skip

    return {
        "lines": evaluation.lines,
        "fronts": table(evaluation.fronts),
        "incidents": table(evaluation.incidents),
        "kind_accuracy": evaluation.kind_accuracy,
        "kinds": [{"true": t, "said": s, "count": n} for (t, s), n in sorted(evaluation.kinds.items())],
        "facts": {
            fact: {"right": right, "judged": judged} for fact, (right, judged) in evaluation.facts.items()
        },
        "misses": [
            {"file": m.file, "line": m.line, "title": m.title, "wrong": list(m.wrong)}
            for m in evaluation.misses
        ],
    }
