"""Threads share what memory the C library keeps, and what is free of it goes back."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from tui.heaps import HEAPS, give_back

COUNTED = """
import ctypes, sys, threading
from tui.heaps import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
together = threading.Barrier(8)
def work():
    held = b"x" * 9_000
    together.wait()
    together.wait()
threads = [threading.Thread(target=work) for _ in range(7)]
for each in threads:
    each.start()
together.wait()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
sys.stdout.flush()
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
together.wait()
"""


def heaps(how: str) -> int:
    """Heaps of a process of eight threads that all hold something."""
    told = subprocess.run([sys.executable, "-c", COUNTED, how], capture_output=True, text=True, check=True)
    return told.stdout.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="not with this C library")
def test_the_threads_of_a_process_share_two_heaps() -> None:
    assert heaps("shared") <= HEAPS < heaps("as usual")


HELD = """
import re
from pathlib import Path
from tui.heaps import give_back
def megabytes():
    return int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
came_and_went = [b"x" * 100_000 for _ in range(300)]
stays = b"x" * 100_000
del came_and_went
before = megabytes()
give_back()
print(before - megabytes())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="not with this C library")
def test_what_is_free_within_the_heaps_is_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", HELD], capture_output=True, text=True, check=True)
    assert float(told.stdout) > 20.0


def test_a_c_library_without_such_calls_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    give_back()
