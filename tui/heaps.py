"""How much memory the C library keeps for threads that come and go."""

from __future__ import annotations

from typing import Final

_ARENA_MAX: Final = -8
"""``M_ARENA_MAX`` of glibc's ``malloc.h``."""
HEAPS: Final = 2


def share_heaps() -> None:
    """Let all threads of this process take their memory from two heaps; called before they are started.

    glibc gives each thread a heap of its own, up to eight a core (mallopt(3)). What is free in one is of no
    use to the others, so a dozen threads that work in turn keep a dozen times what the busiest needed. Python
    runs one thread at a time: none waits for a heap. Other C libraries have no such setting.
    """
    import ctypes  # here: no paint and no poll need wait for it

    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        adjust(_ARENA_MAX, HEAPS)
