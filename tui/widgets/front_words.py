"""The words of a front's pane, tile and head: a part is left out rather than a word cut. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.feeds.health import Coverage
from tui.follow import FrontFigures
from tui.incidents.standing import Posture
from tui.model import Timestamp
from tui.store.rows import Counts
from tui.widgets import rtl
from tui.widgets.posture_words import posture_of, subtitle, title_forms
from tui.widgets.posture_words import title as fit_title
from tui.widgets.words import fold_hours, row_age, spark, zulu

SPARK_LEAST: Final = 6
"""Cells of a spark below which it shows no course."""
SPARK_MOST: Final = 24


class Border(NamedTuple):
    """What stands in the border of a pane or tile."""

    title: str
    subtitle: str
    blind: bool
    surge: bool


def border(
    name: str,
    figures: FrontFigures | None,
    now: Timestamp,
    room: int,
    *,
    unread: bool,
    since: Timestamp | None = None,
    polls: bool,
    above: int,
    hidden: int,
    tail: Sequence[str],
) -> Border:
    """Title and subtitle in so many cells each.

    ``unread``: nothing is collected, or the store can't be read, so that all quiet is none; ``since`` when,
    where that is known. ``polls``: whether there are feeds that
    could be blind. ``above``: new incidents above the view, ``hidden``: all that are. ``tail``: the end of
    the subtitle, longest first.
    """
    coverage = figures.coverage if figures else None
    blind = unread or (coverage is not None and coverage.blind and polls)
    blinds: tuple[str, ...] = ("",)
    if blind:
        blinds = (" ── BLIND",) if unread or coverage is None else _blind_words(coverage, now)
        if since is not None:
            blinds = (f" ── BLIND since {zulu(since, now)}", *blinds)
    standing = figures.posture if figures else None
    forms = title_forms(standing)
    more = f" ── {above} new above" if above else f" ── {hidden} above" if hidden else ""
    title, told = fit_title(name.upper(), forms, blinds, more, room)
    # The reason stands below where the title has no room for it.
    reason = standing.words if standing is not None and told in forms[1:] else ""
    surge = posture_of(standing).rank >= Posture.SURGE.rank
    return Border(title, subtitle(reason, tail, room), blind, surge)


def _blind_words(coverage: Coverage, now: Timestamp) -> tuple[str, ...]:
    """That a front is blind, in as many words as there is room for: the longest first."""
    since = coverage.blind_since
    when = "" if since is None else f" since {zulu(since, now)}"
    if not coverage.total:
        return (f" ── BLIND{when}", " ── BLIND")
    fresh, total = coverage.fresh, coverage.total
    return (
        f" ── BLIND{when} · {fresh} of {total} feeds",
        f" ── BLIND{when} {fresh}/{total}",
        " ── BLIND",
    )


def context_forms(counts: Counts | None, key: str, *, shown: bool) -> tuple[str, ...]:
    """How much context there is, the longest form first; ``key`` shows it."""
    if counts is None or not counts.context_24h:
        return ("",)
    count, how = counts.context_24h, "shown" if shown else f"({key})"
    return (f"{count} context {how}", f"{count} context", f"{count} ({key})")


def count_forms(counts: Counts) -> tuple[str, ...]:
    """What is new, the day's count and what is put aside, the longest form first."""
    new, day = f"{counts.new} new", f"{counts.in_24h} in 24 h"
    aside = [f"{counts.shelved} shelved"] if counts.shelved else []
    quiet = [f"{counts.suppressed} suppressed"] if counts.suppressed else []
    forms = ([new, day, *aside, *quiet], [new, day, *aside], [new, *aside], [new, day], [new])
    return tuple(" · ".join(parts) for parts in forms)


def sight_forms(figures: FrontFigures, now: Timestamp, *, polls: bool) -> tuple[str, ...]:
    """How far the quiet can be trusted, ``16/16 1m``: fresh feeds and the age of the newest word."""
    fresh = f"{figures.coverage.fresh}/{figures.coverage.total}"
    newest = [] if figures.newest is None else [row_age(now - figures.newest)]
    counted = [fresh] if polls and figures.coverage.total else []
    return tuple(" ".join(parts) for parts in ([*counted, *newest], counted, newest, []))


def head(figures: FrontFigures, now: Timestamp, room: int, *, polls: bool) -> tuple[str, str, str]:
    """Counts, spark and sight of a front's head in so many cells; what has no room is left out.

    What is new stays longest, then how far it can be trusted, then what is put aside.
    """
    counts = count_forms(figures.counts)
    sights = sight_forms(figures, now, polls=polls)
    choices = [(count, sight) for sight in sights for count in counts]
    count, sight = next(
        (pair for pair in choices if rtl.cells(pair[0]) + rtl.cells(pair[1]) + 2 <= room), (counts[-1], "")
    )
    left = room - rtl.cells(count) - rtl.cells(sight) - 4
    hours = figures.counts.hours
    bars = spark(fold_hours(hours, min(SPARK_MOST, left))) if left >= SPARK_LEAST else ""
    return rtl.cut(count, max(1, room)), bars, sight
