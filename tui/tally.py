"""``frontwatch tally``: attacks since a date, ours beside the figures that reports quote."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, TextIO

from tui.clock import DAY, iso
from tui.incidents.tally import Asked, Quoted, Tally, figures_in
from tui.model import ACT_TYPES, Timestamp, Watch
from tui.store.past import Past
from tui.store.reader import Reader
from tui.tagging.compiled import load_built_in
from tui.tagging.lexicon import Lexicon
from tui.tagging.match import Matcher
from tui.tagging.own import add_own
from tui.usage import must_be
from tui.words import day

SHOWN: Final = 12
"""Figures shown to a person; ``--json`` has all."""


def tally(
    reader: Reader,
    watch: Watch,
    *,
    front: str | None,
    against: str | None,
    by: str | None,
    type: str | None,
    since: Timestamp,
    as_json: bool,
    out: TextIO,
) -> int:
    """Counts, and writes what came of it.

    Returns the exit code. Raises ``StoreError``, ``WrongUsage`` where there is no such front, side or type,
    and ``LexiconError`` for a list of the watch's own that can't be read.
    """
    lexicon = lexicon_of(watch)
    sides = sorted(lexicon.sides())
    for word, known, name in (
        (front, [each.id for each in watch.fronts], "front"),
        (against, sides, "side"),
        (by, sides, "side"),
        (type, ACT_TYPES, "type"),
    ):
        must_be(word, known, name)
    asked = Asked(since, reader.clock().now(), front, against, by, type)
    made = count(reader, asked, Matcher(lexicon))
    out.write(json.dumps(as_dict(made), ensure_ascii=False) + "\n" if as_json else as_text(made))
    return 0


def lexicon_of(watch: Watch) -> Lexicon:
    """The built-in lists with the watch's own. Raises ``LexiconError`` where one can't be read."""
    lexicon = load_built_in()
    add_own(lexicon, watch.fronts)
    return lexicon


_MAKING = Lock()


def matcher_of(watch: Watch) -> tuple[Matcher, tuple[str, ...]]:
    """What finds the words of :func:`lexicon_of`, and the sides that they know. Raises ``LexiconError``.

    It is kept for whoever asks next, for it is large and takes half a second; two that ask at once share it.
    It is made anew when the fronts or one of the watch's own lists change.
    """
    own = {name for front in watch.fronts for name in front.lexicons if name.endswith(".toml")}
    with _MAKING:
        return _matcher_of(watch, tuple((name, _written(Path(name))) for name in sorted(own)))


@lru_cache(maxsize=1)
def _matcher_of(watch: Watch, own: tuple[tuple[str, int], ...]) -> tuple[Matcher, tuple[str, ...]]:
    lexicon = lexicon_of(watch)
    return Matcher(lexicon), tuple(sorted(set(lexicon.sides()) - {"unknown"}))


def _written(path: Path) -> int:
    """When a file was written last; 0 where it can't be told."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def count(reader: Reader | Past, asked: Asked, matcher: Matcher) -> Tally:
    """Our count, beside the figures that reports quote. Raises ``StoreError``."""
    figures, others = figures_in(reader.may_quote(asked), asked, matcher)
    stored_since = reader.first_incident(asked.front)
    return Tally(asked, tuple(reader.counted(asked)), stored_since, tuple(figures), others)


def as_dict(made: Tally) -> dict[str, Any]:
    """The object that ``tally --json`` writes."""
    asked = made.asked
    return {
        "front": asked.front,
        "against": asked.against,
        "by": asked.by,
        "type": asked.type,
        "since": iso(asked.since),
        "until": iso(asked.until),
        "count": len(made.incidents),
        "by_side": dict(made.by_side.most_common()),
        "by_type": dict(made.by_type.most_common()),
        "incidents": [each.id for each in made.incidents],
        "stored_since": None if made.stored_since is None else iso(made.stored_since),
        "quoted": [_figure(each) for each in made.figures],
        "with_another_start": made.others,
    }


def _figure(told: Quoted) -> dict[str, Any]:
    figure, report = told.figure, told.report
    return {
        "count": figure.count,
        "bound": figure.bound or None,
        "since": figure.since.isoformat(),
        "said_by": figure.said_by or None,
        "text": figure.text,
        "source": report.source,
        "link": report.link,
        "published": iso(report.published),
        "reports": told.reports,
    }


def as_text(made: Tally) -> str:
    """The same for a person. No escape codes: it may go to a file or a pipe."""
    asked = made.asked
    bounds = (("by", asked.by), ("against", asked.against), ("on", asked.front))
    what = [asked.type or "attacks", *(f"{word} {name}" for word, name in bounds if name)]
    lines = [f"{' '.join(what)} since {day(asked.since)}", "", f"ours      {len(made.incidents)}"]
    if made.incidents:
        lines += [f"          by side: {_told(made.by_side)}", f"          by type: {_told(made.by_type)}"]
    if made.stored_since is None:
        lines.append("          no incident was ever stored there")
    elif made.stored_since > asked.since + DAY:
        lines.append(f"          the store begins on {day(made.stored_since)}: what was before is not in it")
    lines.append("")
    for told in made.figures[:SHOWN]:
        figure, report = told.figure, told.report
        bound = f"{figure.bound} " if figure.bound else ""
        who = f"{figure.said_by}, by " if figure.said_by else ""
        more = f" and {told.reports - 1} more" if told.reports > 1 else ""
        since = day(datetime(*figure.since.timetuple()[:3], tzinfo=UTC).timestamp())
        lines.append(f"quoted    {bound}{figure.count} since {since}")
        lines.append(f"          {day(report.published)}, {who}{report.source}{more}: {figure.text}")
    if not made.figures:
        lines.append("quoted    no report quotes a figure with this start")
    if len(made.figures) > SHOWN:
        lines.append(f"          {len(made.figures) - SHOWN} earlier ones: --json")
    if made.others:
        lines.append(f"          {made.others} with another start")
    return "\n".join(lines) + "\n"


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())
