"""Threads share what memory the C library keeps."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from tui.heaps import HEAPS

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
