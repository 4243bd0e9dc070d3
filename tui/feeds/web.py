"""httpx without the command line of its own that it brings along.

Where click is installed, as tools for development bring it, ``import httpx`` imports that command line, and
with it click, rich and pygments: twice the time of all the rest, in a process that has no use for it. Where
click is not installed httpx does without, so while httpx is imported there is none.
"""

from __future__ import annotations

import sys

__all__ = ["httpx"]

if "click" in sys.modules:  # somebody has paid for it already
    import httpx
else:
    sys.modules["click"] = None  # type: ignore[assignment]  # Python's own sign for: not to be found
    try:
        import httpx
    finally:
        del sys.modules["click"]
