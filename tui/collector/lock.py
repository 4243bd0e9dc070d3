"""One collector a store: a lock of the system, which a crash releases."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from filelock import BaseFileLock, FileLock, Timeout

from tui import paths
from tui.store.connect import StoreError, identity, still_there

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between looks of one who waits, and for whether the store is still there."""


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


@contextmanager
def alone_now(data: Path) -> Iterator[None]:
    """As :func:`alone_at`, for a command that does one thing and does not wait."""
    own_folder(data)
    lock = FileLock(data / paths.LOCK_NAME, mode=0o600)
    try:
        if not _acquired(lock):
            raise Taken(data)
    except OSError as error:
        raise _unusable(data, error) from error
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def alone_at(data: Path, *, wait: bool = False) -> AsyncIterator[None]:
    """Hold the store in ``data`` against other collectors.

    Raises Taken where another holds it, or waits until it is gone. Raises StoreError where the
    folder can't be written to.
    """
    own_folder(data)
    lock = FileLock(data / paths.LOCK_NAME, mode=0o600)
    try:
        told = False
        while not _acquired(lock):
            if not wait:
                raise Taken(data)
            if not told:
                log.info("another collector is at work on the store: waiting until it is gone")
                told = True
            await asyncio.sleep(LOOK_EVERY)
    except OSError as error:
        raise _unusable(data, error) from error
    try:
        yield
    finally:
        lock.release()


async def stay_at(store: Path) -> None:
    """Raises StoreError when the store no longer lies where it is now: what is written to it is lost."""
    opened = identity(store)
    while True:
        await asyncio.sleep(LOOK_EVERY)
        still_there(store, opened)


def _acquired(lock: BaseFileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _unusable(data: Path, error: OSError) -> StoreError:
    return StoreError(f"folder {data}: {error.strerror}", "choose another folder with --data")
