"""How much memory the C library keeps for threads that come and go."""

from __future__ import annotations

from typing import Final

_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""``M_MMAP_THRESHOLD`` and ``M_ARENA_MAX`` of glibc's ``malloc.h``."""
HEAPS: Final = 2
LARGE: Final = 128 * 1024
"""Bytes from which a block is no part of a heap. It is glibc's own, which it raises by what is freed."""
GIVE_BACK_EVERY: Final = 10.0
"""Seconds from one giving back to the next in a dashboard: it takes a millisecond or two."""


def share_heaps() -> None:
    """Let all threads of this process take their memory from two heaps; called before they are started.

    And let large blocks stay out of them for good: where one lay, small ones that stay would settle.

    glibc gives each thread a heap of its own, up to eight a core (mallopt(3)). What is free in one is of no
    use to the others, so a dozen threads that work in turn keep a dozen times what the busiest needed. Python
    runs one thread at a time: none waits for a heap. Other C libraries have no such setting.
    """
    _call("mallopt", _ARENA_MAX, HEAPS)
    _call("mallopt", _MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Give the free pages within the heaps back to the system.

    By itself glibc gives back only what is free at a heap's end, and something that stays always lies there:
    a dashboard that used 15 MiB of its heaps after a month kept 28 MiB more that were free (docs/soak.md).
    """
    _call("malloc_trim", 0)


def _call(name: str, *values: int) -> None:
    import ctypes  # here: no paint and no poll need wait for it

    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*values)
