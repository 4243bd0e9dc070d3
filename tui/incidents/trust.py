"""Whether a tripwire is met on a word that can be relied on. Pure.

A tripwire is for what must not be missed, so its terms are wide; a rumour meets it as well as the news does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.incidents.grade import RELIABILITY_WORDS, assess
from tui.incidents.voices import Voices
from tui.model import Report, Severity

_UNTRUSTED: Final = "EF"
"""Reliabilities on whose word alone no tripwire counts in full."""
_ENOUGH: Final = 2
"""Independent accounts, of whatever reliability, that count in full."""


def doubt_of(reports: Sequence[Report]) -> str:
    """Why the tripwires that make an incident critical are not to be relied on yet, in words.

    Empty where they are: one account by a source that is rated better than E tells it as news, or two
    independent ones of any sort do. A party's claim of its own act is an account, but never enough alone.
    Empty too where nothing is critical, or something is that meets no tripwire.
    """
    grave = [report for report in reports if report.tags.severity is Severity.CRITICAL]
    if not grave or any(_counts_in_full(report) for report in grave):
        return ""
    found = assess(Voices(grave).heard())
    if found.independent >= _ENOUGH:
        return ""
    name = next(name for report in grave for name in report.tags.tripwires)
    if found.telling:
        return f"tripwire {name} on the word of {RELIABILITY_WORDS[found.reliability]} alone"
    parties = sorted({party for each in found.claiming for party in each.claimants if party})
    who = parties[0] if parties else "a party"
    return f"tripwire {name} only {f'claimed by {who}' if found.claiming else 'told as denied'}"


def _counts_in_full(report: Report) -> bool:
    tags = report.tags
    return not tags.tripwires or (
        report.reliability not in _UNTRUSTED and tags.claim not in ("claimed", "denied")
    )
