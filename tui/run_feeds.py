"""What the commands do that change which feeds a watch has; as in :mod:`tui.run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tui import paths
from tui.run import DONE, FAULT, refuse

_TOLD: Final = 100
"""Lines about single outlines; of a file with more of them the rest is counted."""


def feeds_list(arguments: argparse.Namespace) -> int:
    """The feeds of the watch, a line each."""
    import json

    from tui.config import find, load

    feeds = load(find(arguments.config)).feeds
    if arguments.json:
        print("\n".join(json.dumps(feed._asdict(), ensure_ascii=False) for feed in feeds))
        return DONE
    rows = [(feed.name, feed.publisher, feed.language, feed.reliability, feed.front or "-") for feed in feeds]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, feed in zip(rows, feeds, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join((*cells, feed.url)))
    return DONE


def feeds_add(arguments: argparse.Namespace) -> int:
    """The feed at an address, or behind a page, written into the watch."""
    import asyncio

    from tui import subscribe
    from tui.config.edit import add_feeds, editable, table
    from tui.feeds.safe_text import safe_text

    def add(config: Path) -> int:
        watch = editable(config)
        said = {key: safe_text(getattr(arguments, key) or "", 60) for key in subscribe.SAID}
        said = subscribe.settled(said, watch)
        url = subscribe.address(arguments.url, watch)
        found = asyncio.run(subscribe.find(url, watch, _talk))
        row = subscribe.row(found, watch, said)
        add_feeds(config, [row])
        _talk(subscribe.told(found, watch))
        if not said["reliability"]:
            _talk("its reliability is F, cannot be judged: write what you know of its publisher")
        _talk(f"added to {config}; a running dashboard takes it up within seconds")
        print(table(row))
        return DONE

    return _edit(arguments, add)


def feeds_remove(arguments: argparse.Namespace) -> int:
    """One feed taken out of the watch."""
    from tui.config.edit import editable, remove_feed
    from tui.config.values import did_you_mean, printable
    from tui.usage import WrongUsage

    def remove(config: Path) -> int:
        feeds, named = editable(config).feeds, printable(arguments.feed)
        for feed in feeds:
            if named == feed.url or named.casefold() == feed.name.casefold():
                remove_feed(config, feed.url)
                print(f'removed "{feed.name}", {feed.url}, from {config}')
                return DONE
        near = did_you_mean(named, [feed.name for feed in feeds])
        there = f'did you mean "{near}"?' if near else "`frontwatch feeds list` shows those that there are"
        raise WrongUsage(f'there is no feed "{named}": {there}')

    return _edit(arguments, remove)


def import_(arguments: argparse.Namespace) -> int:
    """The feeds of an OPML file, written into the watch."""
    from tui.config.edit import Refusal, add_feeds, editable
    from tui.feeds.opml import OpmlError, read
    from tui.opml_file import Plan

    def bring(config: Path) -> int:
        watch = editable(config)
        try:
            document = read(_bytes_of(arguments.file))
        except OpmlError as fault:
            raise Refusal(f"{arguments.file} {fault}") from None
        plan = Plan(watch, reliability=arguments.reliability, language=arguments.language or "")
        for outline in document.outlines:
            plan.take(outline)
        left_out = sorted([*document.left_out, *plan.left_out])
        for line, words in left_out[:_TOLD]:
            _talk(f"{arguments.file} line {line}: {words}; left out")
        if len(left_out) > _TOLD:
            _talk(f"{arguments.file}: {len(left_out) - _TOLD} more left out")
        if not plan.rows and not plan.there:
            raise Refusal(f"{arguments.file} holds no feed that can be polled")
        if plan.rows:
            add_feeds(config, plan.rows)
        for words in plan.remarks():
            _talk(words)
        print(f"{config}: {len(plan.rows)} added, {plan.there} there already, {len(left_out)} left out")
        return DONE

    return _edit(arguments, bring)


def export_opml(arguments: argparse.Namespace) -> int:
    """The feeds of the watch as an OPML file."""
    from tui.config import find, load
    from tui.config.edit import write_whole
    from tui.opml_file import opml_of

    watch = load(find(arguments.config))
    body = opml_of(watch)
    if str(arguments.file) == "-":
        sys.stdout.write(body.decode("utf-8"))
        return DONE
    try:
        write_whole(arguments.file, body)
    except OSError as fault:
        return refuse(fault)
    _talk(f"wrote {len(watch.feeds)} feeds to {arguments.file}")
    return DONE


def _edit(arguments: argparse.Namespace, change: Callable[[Path], int]) -> int:
    """Have a person's own watch changed; the built-in one belongs to the program."""
    from tui.config import find
    from tui.config.edit import Refusal

    config = find(arguments.config)
    if config == paths.builtin_config():
        words = "the built-in watch is not changed: make one of your own with `frontwatch init` first"
        print(f"frontwatch: {words}", file=sys.stderr)
        return FAULT
    try:
        return change(config)
    except (Refusal, OSError) as fault:
        return refuse(fault)


def _bytes_of(path: Path) -> bytes:
    """A file, or standard input for ``-``, up to one byte more than may be."""
    from tui.feeds.opml import MAX_BYTES

    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _talk(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
