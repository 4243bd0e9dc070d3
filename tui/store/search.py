"""Search over every report that is stored, by folded words."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui.model import Report
from tui.store.rows import report_of
from tui.tagging.fold import fold


@dataclass(frozen=True, slots=True)
class Found:
    """A report that holds all the words asked for."""

    report: Report
    incident: int | None
    """The incident it is of; None where it is of none."""


def search(connection: sqlite3.Connection, words: str, limit: int = 50) -> list[Found]:
    """Reports with every one of ``words`` in title or summary, the best first.

    The last word may be unfinished, as it is while somebody types. Words in double quotes must stand
    together. Words are compared folded, so case, accents and the forms of Arabic letters don't matter.
    A title counts ten times a summary (BM25); of equals the newest comes first.
    """
    query = _query(words)
    if not query:
        return []
    rows = connection.execute(
        "SELECT report.* FROM report_words JOIN report ON report.seq = report_words.rowid "
        "WHERE report_words MATCH ? ORDER BY bm25(report_words, 10.0, 1.0), report.seq DESC LIMIT ?",
        (query, limit),
    )
    return [Found(report_of(row), row["incident"]) for row in rows]


def words_of(report: Report) -> tuple[str, str]:
    """What the index keeps of a report: folded title and summary."""
    return fold(report.title), fold(report.summary)


def _query(words: str) -> str:
    """What was typed, in FTS5's language, with nothing left in it that FTS5 would act on."""
    terms = []
    for number, piece in enumerate(words.split('"')):
        folded = " ".join(fold(piece).split())
        terms += [folded] if number % 2 and folded else folded.split()
    unfinished = terms and not words.endswith((" ", '"'))
    return " ".join(f'"{term}"' for term in terms) + ("*" if unfinished else "")
