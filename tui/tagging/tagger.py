"""Text in, tags with their evidence out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.model import Evidence, Front, Kind, Severity, Tags, Tripwire
from tui.tagging.compiled import load_built_in
from tui.tagging.details import find_details, side_hurt
from tui.tagging.facts import Facts, find_facts, settle_by
from tui.tagging.forms import FormRules
from tui.tagging.fronts import FrontRules, Ground, choose
from tui.tagging.kinds import Weighing, decide, weigh
from tui.tagging.language import detect
from tui.tagging.lexicon import Lexicon
from tui.tagging.match import REGION, Hit, Matcher
from tui.tagging.own import add_own
from tui.tagging.places import find_places
from tui.tagging.reading import Mention, Reading, read
from tui.tagging.relevance import is_related, may_matter
from tui.tagging.severity import judge
from tui.tagging.tripwires import Tripwires

_NOTHING = Tags()


class Tagger:
    """Tags texts for one set of fronts. Built once, then pure: any number of threads may call :meth:`tag`."""

    def __init__(
        self, fronts: Sequence[Front], tripwires: Sequence[Tripwire] = (), *, lexicon: Lexicon | None = None
    ) -> None:
        """``lexicon``: other lists than the built-in ones; what the fronts add is added to it.

        Raises :class:`tui.tagging.lexicon.LexiconError` for a file of the watch's own that can't be read.
        """
        lexicon = load_built_in() if lexicon is None else lexicon
        add_own(lexicon, fronts)
        self._matcher = Matcher(lexicon)
        self._forms = FormRules(lexicon.forms, lexicon.sections)
        self._sides = lexicon.regional_sides()
        self._fronts = FrontRules(fronts, self._sides, frozenset(lexicon.roaming))
        watched = {name for front in fronts for name in front.lexicons}
        self._calm = frozenset(lexicon.calm) - watched
        self._defaults = lexicon.defaults
        self._enemies = lexicon.enemies
        self._great_powers = frozenset(lexicon.great_powers)
        self._weapons = lexicon.weapons()
        self._tripwires = Tripwires(tripwires)
        self.sides = lexicon.sides()
        """Every side that an incident can be ``by``, as the lists name them, and ``unknown``."""

    @property
    def fronts(self) -> tuple[str, ...]:
        """Ids of the fronts, in the watch's order."""
        return tuple(self._fronts.order)

    def tag(
        self, title: str, summary: str = "", *, language: str = "", front: str | None = None, link: str = ""
    ) -> Tags:
        """Tags of one text. ``language``: the feed's, ISO 639-1; ``front``: its dedication, a prior."""
        heading = self._matcher.scan(title)
        if not may_matter(heading.signs, REGION, front is not None):
            return _NOTHING  # whatever the summary names
        body = self._matcher.scan("" if summary == title else summary)
        if not may_matter(heading.signs, body.signs, front is not None):
            return _NOTHING
        spoken = detect(f"{title} {summary}", language)
        title_hits, summary_hits = self._matcher.resolve(heading, spoken), self._matcher.resolve(body, spoken)
        tags, against = self._weigh(title, summary, title_hits, summary_hits, front, link)
        return self._trip(tags, against, title, summary, spoken) if tags.fronts else tags

    def _weigh(
        self,
        title: str,
        summary: str,
        title_hits: list[Hit],
        summary_hits: list[Hit],
        front: str | None,
        link: str,
    ) -> tuple[Tags, str]:
        """The tags but for tripwires, and the side that suffered it."""
        heading, body = read("title", title, title_hits), read("summary", summary, summary_hits)
        ground = self._fronts.survey(heading, body, front)
        if not is_related(heading, body, self._sides, self._calm, front is not None):
            fronts = choose(self._fronts, ground, Kind.OTHER, heading, body, None)
            return _plain_tags(Kind.OTHER, fronts, heading, body, ground, Weighing()), ""
        weighing = weigh(heading, body)
        self._forms.apply(weighing, title, summary, link)
        speakers = [m for m in heading.all("actor", "force") if m.sense.cls == "force" or m.sense.side]
        kind = decide(weighing, Kind.STATEMENT if ground.title and speakers else Kind.OTHER)
        facts = find_facts(heading, body, self._fronts.offsets(heading)) if kind is Kind.INCIDENT else None
        fronts = choose(self._fronts, ground, kind, heading, body, facts)
        tags = _plain_tags(kind, fronts, heading, body, ground, weighing)
        if facts is None or not fronts:
            return tags, ""
        against = side_hurt(heading, body, facts)
        return self._with_facts(tags, facts, against, heading, body), against

    def _with_facts(self, tags: Tags, facts: Facts, hurt: str, title: Reading, summary: Reading) -> Tags:
        homes = [lexicon for front in tags.fronts for lexicon in self._fronts.lexicons[front]]
        seen = {
            m.sense.id for reading in (title, summary) for found in reading.by_class.values() for m in found
        }
        settle_by(facts, homes, self._defaults, self._enemies, seen)
        severity, reason = judge(title, summary, facts, self._great_powers, hurt)
        details = find_details(title, summary, facts, self._weapons)
        reasons = [*facts.reasons, *details.reasons]
        if facts.act is not None:
            reasons.append(("type", facts.act, f"{facts.type}, by the act that leads"))
            reasons.append(("severity", facts.act, f"{severity}, for {reason}"))
        in_title = {id(mention) for found in title.by_class.values() for mention in found}
        extra = [
            evidence(title if id(mention) in in_title else summary, mention, f"{what}: {why}", 0.0)
            for what, mention, why in reasons
        ]
        return Tags(
            tags.fronts, tags.kind, facts.type, facts.by, facts.killed, severity,
            find_places(title, summary, self._fronts, tags.fronts, facts.act), (*tags.evidence, *extra),
            details.wounded, details.weapon, details.target, details.claim, details.said_by,
            against=hurt or None,
        )  # fmt: skip

    def _trip(self, tags: Tags, against: str, title: str, summary: str, language: str) -> Tags:
        """The tags with the tripwires that they meet: an incident, whatever it was before, and critical."""
        met = self._tripwires.met(tags, against, title, summary, language)
        if not met:
            return tags
        found = [e._replace(why=f"severity: critical, for the tripwire {t.name}") for t, e in met]
        return tags._replace(
            kind=Kind.INCIDENT,
            type=tags.type or "other",
            by=tags.by or "unknown",
            severity=Severity.CRITICAL,
            evidence=(*tags.evidence, *found),
            tripwires=tuple(tripwire.name for tripwire, _ in met),
        )


def evidence(reading: Reading, mention: Mention | None, why: str, weight: float) -> Evidence:
    """One reason, with the piece of the field that it stands on."""
    if mention is None:
        return Evidence("", 0, 0, "feed", why, weight)
    return Evidence(
        reading.text[mention.start : mention.end],
        mention.start,
        mention.end,
        reading.field,
        why,
        round(weight, 2),
    )


def _plain_tags(
    kind: Kind, fronts: tuple[str, ...], title: Reading, summary: Reading, ground: Ground, weighing: Weighing
) -> Tags:
    found: list[Evidence] = []
    for front, where, mention, weight, why in ground.reasons:
        found.append(
            evidence(title if where == "title" else summary, mention, f"front {front}: {why}", weight)
        )
    for sort, where, mention, weight, why in weighing.reasons:
        if where == "link":
            found.append(Evidence("", 0, 0, "link", f"kind {sort}: {why}", round(weight, 2)))
        else:
            found.append(
                evidence(title if where == "title" else summary, mention, f"kind {sort}: {why}", weight)
            )
    return Tags(fronts, kind, evidence=tuple(found))


def tags_json(tags: Tags) -> dict[str, Any]:
    """The tags as ``frontwatch tag`` prints them: places by name, evidence as objects."""
    return {
        "fronts": list(tags.fronts),
        "kind": str(tags.kind),
        "type": tags.type,
        "by": tags.by,
        "killed": tags.killed,
        "severity": None if tags.severity is None else str(tags.severity),
        "places": [place.name for place in tags.places],
        "evidence": [
            {
                "term": e.term,
                "start": e.start,
                "end": e.end,
                "field": e.field,
                "why": e.why,
                "weight": e.weight,
            }
            for e in tags.evidence
        ],
        "wounded": tags.wounded,
        "weapon": tags.weapon,
        "target": tags.target,
        "claim": tags.claim,
        "said_by": tags.said_by,
        "tripwires": list(tags.tripwires),
        "positions": [
            {"name": place.name, "lat": place.lat, "lon": place.lon, "kind": place.kind}
            for place in tags.places
        ],
    }
