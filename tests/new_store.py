"""New stores for tests that do not ask how one is made."""

from __future__ import annotations

import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from tui.store.writer import Writer


def new_writer(path: Path) -> Writer:
    """The writer of a new store at ``path``.

    The store is made once in a process and copied from then on: to make one takes ten times as long, and half
    of all tests begin with one. Where a store lies at ``path`` it is opened.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_bytes_of_one())
    return Writer(path)


@cache
def _bytes_of_one() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.db"
        with closing(Writer(path)):
            pass
        return path.read_bytes()
