"""How right the tagger is on labelled lines: precision, recall and F1 by front and language, kinds and facts.

A labelled line is a JSON object with ``title``, ``summary``, ``lang``, ``link`` and the right
``fronts``, ``kind``, ``type``, ``by``, ``killed``, ``severity``; a key that is missing is not judged.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tui.feeds.safe_text import safe_text
from tui.model import Kind, Tags
from tui.tagging.tagger import Tagger

FACTS: Final = ("type", "by", "killed", "severity")
TITLE_LIMIT: Final = 500
SUMMARY_LIMIT: Final = 2_000


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
                row = json.loads(line)
            except json.JSONDecodeError as fault:
                raise ValueError(f"{path} line {number}: not JSON: {fault.msg}") from fault
            if not isinstance(row, dict) or "title" not in row:
                raise ValueError(f'{path} line {number}: needs an object with "title"')
            yield number, row


def evaluate(paths: Iterable[Path], tagger: Tagger) -> Evaluation:
    """Tag every line of the files and compare. Raises :class:`ValueError` or :class:`OSError`."""
    result = Evaluation()
    for path in paths:
        for number, row in labelled(path):
            title, summary = (
                safe_text(row["title"], TITLE_LIMIT),
                safe_text(row.get("summary") or "", SUMMARY_LIMIT),
            )
            tags = tagger.tag(title, summary, language=row.get("lang", ""), link=row.get("link") or "")
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
    language = row.get("lang", "")
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


def render(evaluation: Evaluation, errors: bool = False) -> str:
    """The report for a person; with ``errors`` every miss and its evidence."""
    lines = [f"{evaluation.lines} labelled lines"]
    for name, tallies in (("front", evaluation.fronts), ("incident on a front", evaluation.incidents)):
        lines += [
            "",
            f"{name:<26} {'lang':<5} {'right':>6} {'false':>6} {'missed':>6} "
            f"{'prec':>6} {'recall':>6} {'F1':>6}",
        ]
        for (language, front), tally in sorted(tallies.items()):
            if tally.hit + tally.false + tally.missed:
                figures = " ".join(f"{_share(x):>6}" for x in (tally.precision, tally.recall, tally.f1))
                lines.append(
                    f"{front:<26} {language or '-':<5} {tally.hit:>6} {tally.false:>6} {tally.missed:>6} "
                    f"{figures}"
                )
    lines += ["", f"kind accuracy {_share(evaluation.kind_accuracy)}; confused (true -> said):"]
    for (true, said), count in evaluation.kinds.most_common():
        if true != said:
            lines.append(f"  {count:>4}  {true} -> {said}")
    lines += ["", "facts of the incidents found:"]
    for fact, (right, judged) in evaluation.facts.items():
        lines.append(f"  {fact:<9} {_share(right / judged if judged else None)}  ({right} of {judged})")
    if errors:
        for miss in evaluation.misses:
            lines += [
                "",
                f"{miss.file} line {miss.line}: {miss.title}",
                *(f"    {wrong}" for wrong in miss.wrong),
            ]
            lines += [f"      {e.weight:+.2f} {e.field} “{e.term}”: {e.why}" for e in miss.tags.evidence]
    return "\n".join(lines) + "\n"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same as data, so that two runs can be compared."""

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
