"""One collector a store: a lock of the system, which a crash releases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from filelock import BaseFileLock, FileLock, Timeout

from tui import paths
from tui.store.connect import StoreError

LOOK_EVERY: Final = 1.0
"""Seconds between looks of one who waits."""


class Taken(StoreError):
    """Another collector is at the store."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"another collector is at work on the store in {data}",
            "stop it, or choose another folder with --data",
        )


def own_folder(data: Path) -> None:
    """Make the folder of the store, mode 0700, where it is not there; raises StoreError where it can't be."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(data, error) from error


@asynccontextmanager
async def alone_at(data: Path, *, wait: bool = False) -> AsyncIterator[None]:
    """Hold the store in ``data`` against other collectors.

    Raises Taken where another holds it, or waits until it is gone. Raises StoreError where the
    folder can't be written to.
    """
    own_folder(data)
    lock = FileLock(data / paths.LOCK_NAME, mode=0o600)
    try:
        while not _acquired(lock):
            if not wait:
                raise Taken(data)
            await asyncio.sleep(LOOK_EVERY)
    except OSError as error:
        raise _unusable(data, error) from error
    try:
        yield
    finally:
        lock.release()


def _acquired(lock: BaseFileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _unusable(data: Path, error: OSError) -> StoreError:
    return StoreError(f"folder {data}: {error.strerror}", "choose another folder with --data")
