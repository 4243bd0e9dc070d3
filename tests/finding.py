"""Search for the tests that only want to know whether something can be found."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.samples import NOON
from tui.store.filters import Known
from tui.store.query import parse
from tui.store.search import Found, Searcher


def found(path: Path, words: str) -> tuple[Found, ...]:
    """What a query finds in the store at ``path``."""
    with closing(Searcher(path)) as searcher:
        return searcher.search(parse(words, Known(), NOON)).found
