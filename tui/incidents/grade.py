"""Corroboration in the Admiralty manner (NATO AJP-2.1): the source and what it says, judged apart.

The letter is the best reliability among the sources, A to F, as the watch rates them. The figure is the
credibility of the news, by how many independent accounts there are of it. A copy of one text is no second
voice (:mod:`tui.incidents.voices`), voices that all go by what one party says are one account, under
whichever of its names it speaks (:mod:`tui.incidents.parties`), and all who only report that a party claims
the act as its own are together one: a belligerent's claim alone is never confirmed. A voice rated A, B or C
counts whole; D and E are known to be often wrong and F can't be judged, so two of those count as one.

====== ================================= ==================================================
figure meaning                           when
====== ================================= ==================================================
1      confirmed by other sources        three accounts or more, nothing of it contested
2      probably true                     two accounts; more, but contested who did it or how many died
3      possibly true                     one account
4      doubtful                          half an account, rated D or E; or told only as denied
5      improbable                        denied in a better source; a mere claim, denied in as good a one
6      truth can't be judged             half an account, rated F
====== ================================= ==================================================

A denial in a source that is no better makes the news one step less credible, down to 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tui.incidents.parties import party_of
from tui.incidents.voices import Voice

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

WHOLE: Final = "ABC"
"""Reliabilities that count whole."""

_NAMED: Final = 4
"""Names in one sentence."""


def in_words(grade: str) -> str:
    """``B2`` as ``from a usually reliable source, probably true``."""
    return f"from {RELIABILITY_WORDS[grade[0]]}, {CREDIBILITY_WORDS[grade[1]]}"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the voices amount to."""

    voices: Sequence[Voice]
    reliability: str
    credibility: int
    telling: Sequence[Voice]
    """Those that tell the news as such, on their own or on somebody's word."""
    claiming: Sequence[Voice]
    """Those that only report the claim of a party."""
    denying: Sequence[Voice]
    """Those that report that it is denied."""
    accounts: float
    """Independent accounts, half ones for sources that are often wrong."""
    independent: int
    """Independent accounts, each whole whatever its source."""
    disputed: str
    """What the voices contradict each other in, in words; empty where in nothing."""

    @property
    def grade(self) -> str:
        """As ``B2``."""
        return f"{self.reliability}{self.credibility}"

    def why(self) -> list[str]:
        """The reasons for letter and figure, a sentence each."""
        best = {
            name
            for voice in self.voices
            if voice.reliability == self.reliability
            for name in voice.publishers
        }
        reasons = [f"{self.reliability}: the best is {RELIABILITY_WORDS[self.reliability]}: {_names(best)}."]
        reasons += [
            f"Carry one text, and are one voice: {_names(voice.publishers)}."
            for voice in self.voices
            if len(voice.publishers) > 1
        ]
        quoted = Counter([_party(voice) for voice in self.telling if "" not in voice.speakers])
        reasons += [
            f"{count} voices go by what {speaker} says, and are one account."
            for speaker, count in sorted(quoted.items())
            if count > 1
        ]
        if self.claiming:
            who = _names({name for voice in self.claiming for name in voice.claimants if name}) or "a party"
            alone = "" if self.telling else " Alone it is never confirmed."
            reasons.append(f"The claim of {who} is one account, however many report it.{alone}")
        if self.denying:
            who = _names({name for voice in self.denying for name in voice.deniers if name}) or "somebody"
            teller = min(self.denying, key=lambda voice: (voice.reliability, min(voice.publishers)))
            reasons.append(f"Denied by {who}, in {_names(teller.publishers)} ({teller.reliability}).")
        if self.disputed:
            reasons.append(f"Contested: {self.disputed}.")
        count = f"{self.accounts:g} independent {'account' if self.accounts == 1 else 'accounts'}"
        return [*reasons, f"{self.credibility}: {CREDIBILITY_WORDS[str(self.credibility)]}, with {count}."]


def assess(voices: Sequence[Voice]) -> Assessment:
    """Judges news told by these voices, one at the least."""
    telling, claiming, denying = [], [], []
    accounts, independent = 0.0, 0
    quoted: dict[str, float] = {}
    claimed: dict[str, float] = {}
    for voice in voices:
        weight = 1.0 if voice.reliability in WHOLE else 0.5
        if voice.deniers:
            denying.append(voice)
        if voice.speakers:
            telling.append(voice)
            if "" in voice.speakers:
                accounts += weight
                independent += 1
            else:
                party = _party(voice)
                quoted[party] = max(weight, quoted.get(party, 0.0))
        elif voice.claimants:
            claiming.append(voice)
            for party in map(party_of, voice.claimants):
                claimed[party] = max(weight, claimed.get(party, 0.0))
    accounts += sum([max(weight, claimed.pop(party, 0.0)) for party, weight in quoted.items()])
    accounts += max(claimed.values(), default=0.0)
    independent += len(quoted) + bool(claimed)
    best = min([voice.reliability for voice in voices])
    disputed = _disputed(telling) if len(telling) > 1 else ""
    return Assessment(
        voices=voices,
        reliability=best,
        credibility=_credibility(telling, claiming, denying, accounts, contested=bool(disputed)),
        telling=telling,
        claiming=claiming,
        denying=denying,
        accounts=accounts,
        independent=independent,
        disputed=disputed,
    )


def _party(voice: Voice) -> str:
    """The party on whose word a voice goes that goes by somebody's; of several the first by name."""
    return min(map(party_of, voice.speakers))


def _credibility(
    telling: Sequence[Voice],
    claiming: Sequence[Voice],
    denying: Sequence[Voice],
    accounts: float,
    *,
    contested: bool,
) -> int:
    for_it = _best([*telling, *claiming])
    against = _best(denying)
    if denying and not (telling or claiming):
        return 6 if against == "F" else 4
    alone = 6 if for_it == "F" else 4
    figure = alone if accounts < 1.0 else max(2 if contested else 1, 4 - int(accounts))
    if not denying:
        return figure
    if against < for_it or (not telling and against <= for_it):
        return 5
    return figure if figure > 4 else min(4, figure + 1)


def _best(voices: Iterable[Voice]) -> str:
    return min((voice.reliability for voice in voices), default="G")


def _disputed(telling: Sequence[Voice]) -> str:
    """Who did it, where half as many say so of a second side; how many died, where a later word is lower."""
    disputes = []
    sides = {side for voice in telling for side in voice.sides}
    if len(sides) > 1:
        (_, most), (_, next_most), *_ = Counter(s for voice in telling for s in voice.sides).most_common()
        if next_most * 2 >= most:
            disputes.append(f"who did it ({', '.join(sorted(sides))})")
    numbers: dict[int, float] = {}
    for voice in telling:
        for number, when in voice.killed.items():
            numbers[number] = min(when, numbers.get(number, when))
    if len(numbers) > 1:
        highest = max(numbers)
        later = [number for number, when in numbers.items() if when > numbers[highest]]
        if later:
            disputes.append(f"how many died ({', '.join(map(str, sorted([*later, highest])))})")
    return "; ".join(disputes)


def _names(names: Iterable[str]) -> str:
    """A few names, and how many more there are."""
    ordered = sorted(names)
    more = f" and {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return ", ".join(ordered[:_NAMED]) + more
