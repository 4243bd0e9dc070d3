"""Corroboration in the Admiralty manner (NATO AJP-2.1): the source and what it says, judged apart.

The letter is the best reliability among the sources, A to F, as the watch rates them. The figure is the
credibility of the news, by how many publishers tell it. Feeds of one publisher are one voice. A voice
rated A, B or C counts whole; D and E are known to be often wrong and F can't be judged, so two of those
count as one.

====== ================================= ==========================
figure meaning                           when
====== ================================= ==========================
1      confirmed by other sources        three voices or more
2      probably true                     two voices
3      possibly true                     one voice
4      doubtful                          half a voice, rated D or E
6      truth can't be judged             half a voice, rated F
====== ================================= ==========================

5 (improbable) would need a source that denies the news; nothing here reads denials yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RELIABILITIES: Final = "ABCDEF"
"""Admiralty letters, the best first."""

RELIABILITY_WORDS: Final = {
    "A": "a reliable source",
    "B": "a usually reliable source",
    "C": "a fairly reliable source",
    "D": "a source not usually reliable",
    "E": "an unreliable source",
    "F": "a source that cannot be judged",
}

CREDIBILITY_WORDS: Final = {
    "1": "confirmed by others",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "its truth cannot be judged",
}

_WHOLE: Final = "ABC"


def in_words(grade: str) -> str:
    """``B2`` as ``from a usually reliable source, probably true``."""
    return f"from {RELIABILITY_WORDS[grade[0]]}, {CREDIBILITY_WORDS[grade[1]]}"


def grade(voices: Mapping[str, str]) -> str:
    """The grade, as ``B2``, of news told by ``voices``: publisher to its best reliability letter."""
    best = min(voices.values())
    weight = sum(1.0 if letter in _WHOLE else 0.5 for letter in voices.values())
    if weight >= 1.0:
        return f"{best}{max(1, 4 - int(weight))}"
    return f"{best}{6 if best == 'F' else 4}"
