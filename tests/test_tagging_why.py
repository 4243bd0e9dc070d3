"""What is told of a tag when it is asked why: for whom each word spoke, and what was missing."""

from __future__ import annotations

from tests.default_tagger import tag
from tui.tagging.why import arguments, explain, missing, reason


def test_the_evidence_is_told_by_what_it_speaks_for() -> None:
    tags = tag("Two killed in Israeli strike on Nabatieh")
    told = arguments(tags)
    assert [argument.about for argument in told] == sorted(
        (argument.about for argument in told), key=("fronts", "kind", "facts").index
    )
    assert [a.name for a in told if a.about == "fronts"] == ["lebanon-border"]
    assert next(a for a in told if a.about == "kind").name == "incident"
    assert {e for a in told for e in a.evidence} == set(tags.evidence)


def test_a_reason_leaves_out_what_its_heading_says() -> None:
    told = {reason(e) for a in arguments(tag("Two killed in Israeli strike on Nabatieh")) for e in a.evidence}
    assert "Nabatieh, at home on this front" in told
    assert "killed: 2 killed" in told


def test_a_threat_says_how_much_an_incident_lacked() -> None:
    tags = tag("Hezbollah warns it will strike Haifa if Beirut is attacked")
    sentence = missing(tags)[0]
    assert sentence.startswith("It is no incident: acts told as happened weigh")
    lacked = float(sentence.rsplit(", ", 1)[1].split()[0])
    acts = next(a for a in arguments(tags) if a.name == "incident").weight
    assert lacked == round(0.9 - acts, 2)


def test_an_incident_tells_which_kind_came_next() -> None:
    tags = tag("Israeli strike kills two in Nabatieh, Hezbollah vows revenge")
    weights = {a.name: a.weight for a in arguments(tags) if a.about == "kind"}
    (sentence,) = missing(tags)
    assert sentence.startswith(f"Next is statement with {weights['statement']:.2f}")
    assert missing(tag("Two killed in Israeli strike on Nabatieh")) == []


def test_what_a_veto_hides_is_told() -> None:
    assert "veto “Lebanon in the United States” keeps it off" in explain(
        "Barn fire in Lebanon, Pennsylvania", "", tag("Barn fire in Lebanon, Pennsylvania")
    )


def test_an_incident_elsewhere_says_that_no_front_is_named() -> None:
    (sentence,) = missing(tag("Russian missiles kill four in Kharkiv"))
    assert "on no front of this watch" in sentence


def test_a_text_of_nothing_says_so() -> None:
    text = explain("Council plants trees", "", tag("Council plants trees"))
    assert "no name of a watched front stands in it" in text
    assert "no word of it tells of fighting" in text
