"""What the commands do that report to people and to other programs; as in :mod:`tui.run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TextIO

from tui import paths
from tui.run import DONE, refuse


def handover(arguments: argparse.Namespace) -> int:
    """What the next shift must know, as Markdown."""
    from tui.config import find, load
    from tui.handover import begin, hand_over
    from tui.store.reader import Reader
    from tui.usage import since as since_of

    watch = load(find(arguments.config))
    with closing(Reader((arguments.data or paths.data_dir()) / paths.STORE_NAME)) as reader:
        now = reader.clock().now()
        since = begin(reader, now) if arguments.since is None else since_of(arguments.since, now)
        made = hand_over(reader, watch, since, now, who="").markdown()
    return _write(arguments.out, lambda out: out.write(made))


def export(arguments: argparse.Namespace) -> int:
    """Incidents for others: a report, a table, JSON lines or a map layer."""
    from tui.config import find, load
    from tui.export import Format, export
    from tui.store.reader import Reader
    from tui.usage import must_be
    from tui.usage import since as since_of

    watch, front = load(find(arguments.config)), arguments.front
    must_be(front, [each.id for each in watch.fronts], "front")
    with closing(Reader((arguments.data or paths.data_dir()) / paths.STORE_NAME)) as reader:
        since = since_of(arguments.since or "24h", reader.clock().now())
        return _write(
            arguments.out,
            lambda out: export(reader, watch, Format(arguments.format), front=front, since=since, out=out),
        )


def search(arguments: argparse.Namespace) -> int:
    """What a query finds, the best first; how many there are goes to standard error."""
    from dataclasses import replace

    from tui.config import find, load
    from tui.listing import list_found
    from tui.store.filters import Known
    from tui.store.query import QueryError, parse, typed
    from tui.store.search import Searcher
    from tui.tagging.spellings import spellings_of
    from tui.usage import WrongUsage

    fronts = load(find(arguments.config)).fronts
    text = typed(arguments.query)
    with closing(Searcher((arguments.data or paths.data_dir()) / paths.STORE_NAME)) as searcher:
        known = replace(searcher.vocabulary(Known.of(fronts)), spellings=spellings_of(fronts))
        try:
            # A space behind it: nobody is typing, so the last word is finished.
            query = parse(f"{text} ", known, searcher.clock().now())
        except QueryError as fault:
            raise WrongUsage(f"{text}\n{' ' * (12 + fault.start)}^ {fault}") from fault
        answer = searcher.search(query, arguments.limit)
        if not answer.total:
            answer = searcher.loosen(answer)
        return list_found(searcher, answer, as_json=arguments.json, out=sys.stdout, talk=sys.stderr)


def _write(path: Path | None, write: Callable[[TextIO], object]) -> int:
    """Have it written to a file, or to standard output."""
    if path is None:
        write(sys.stdout)
        return DONE
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            write(file)
    except OSError as fault:
        return refuse(fault)
    return DONE
