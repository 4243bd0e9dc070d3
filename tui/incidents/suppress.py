"""Which incidents the watch's rules suppress (ISA-18.2: suppressed by design). Pure.

A rule holds while each of its conditions does. Nothing that is critical or that meets a tripwire is ever
suppressed, so that no rule can hide what a watch is there for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tui.incidents.alarms import is_quiet
from tui.model import Incident, Report, Severity, Suppression, Timestamp
from tui.tagging.language import BIT, LANGUAGES, detect
from tui.tagging.lexicon import Lexicon, Sense, Spelling
from tui.tagging.match import Matcher

_EVERY_LANGUAGE = sum(BIT[language] for language in LANGUAGES)


class Suppressions:
    """The suppressions of one watch."""

    def __init__(self, rules: Sequence[Suppression]) -> None:
        self._rules = rules
        self._terms = [_matcher(rule.terms) if rule.terms else None for rule in rules]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def may_hold(self, incident: Incident, now: Timestamp) -> bool:
        """Whether it can be that a rule holds, by what is known without the reports."""
        return incident.severity is not Severity.CRITICAL and any(
            _holds(rule, incident, now) for rule in self._rules
        )

    def rule_of(self, incident: Incident, reports: Sequence[Report], now: Timestamp) -> str:
        """The name of the first rule that holds of the incident with these reports; empty: none does."""
        if incident.severity is Severity.CRITICAL or any(report.tags.tripwires for report in reports):
            return ""
        for rule, terms in zip(self._rules, self._terms, strict=True):
            if _holds(rule, incident, now) and (terms is None or _told(terms, reports)):
                return rule.name
        return ""


def unknown_in(rules: Sequence[Suppression], sides: Collection[str]) -> list[str]:
    """A sentence for each side that no list knows, so that a rule on it can never hold."""
    known = ", ".join(sorted(sides))
    return [
        f'suppression "{rule.name}": "{side}" is no side; the lists of this watch know {known}'
        for rule in rules
        for side in rule.by
        if side not in sides
    ]


def _holds(rule: Suppression, incident: Incident, now: Timestamp) -> bool:
    """Whether every stated condition but the terms holds."""
    severity = incident.severity or Severity.LOW
    return (
        (rule.until is None or now < rule.until)
        and (not rule.fronts or set(incident.fronts) <= set(rule.fronts))
        and (not rule.types or incident.type in rule.types)
        and (not rule.by or incident.by in rule.by)
        and (rule.severity_at_most is None or severity.rank <= rule.severity_at_most.rank)
        and (not rule.publishers or set(incident.publishers) <= set(rule.publishers))
        and (rule.hours is None or is_quiet(rule.hours, incident.first_seen))
    )


def _matcher(terms: Iterable[str]) -> Matcher:
    lexicon = Lexicon()
    for term in terms:
        # Written with a capital it is a name, as in a tripwire.
        spelling = Spelling(Sense(term, term, "topic"), _EVERY_LANGUAGE, capital=term[:1].isupper())
        lexicon.add(term, spelling)
    return Matcher(lexicon)


def _told(terms: Matcher, reports: Iterable[Report]) -> bool:
    return any(terms.find(report.title, detect(report.title, report.language)) for report in reports)
