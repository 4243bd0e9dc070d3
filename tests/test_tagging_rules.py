"""Each rule in both directions: what it takes for an event, and what stops it from doing so."""

from __future__ import annotations

import pytest

from tests.default_tagger import TAGGER, tag
from tui.model import Front, Kind
from tui.tagging.tagger import Tagger

INCIDENT_AND_NOT = [
    # what is told as happened, and the same threatened, feared, planned, demanded, denied or rehearsed
    (
        "Hezbollah fires rockets at army base in Galilee",
        "Hezbollah threatens to fire rockets at army base in Galilee",
    ),
    (
        "Israeli jets strike southern Lebanon",
        "Israel could strike southern Lebanon within days, minister warns",
    ),
    ("Houthis attack tanker in Red Sea", "Houthis vow to attack every tanker in Red Sea"),
    ("Drone attack hits base near Erbil", "Fears of drone attack grow at base near Erbil"),
    ("US strikes militia depot in Iraq", "US plans strikes on militia depot in Iraq"),
    ("Rockets hit base in Iraq", "Iraq condemns rockets that hit base"),
    ("Sirens sound in Metula over drone from Lebanon", "False alarm: sirens sound in Metula, no drone found"),
    ("Missiles fired at destroyer in Red Sea", "Navy drill simulates missiles fired at destroyer in Red Sea"),
    ("Syria says Israel bombed Damascus airport", "Syria denies that Israel bombed Damascus airport"),
    # the event, and what only has it for its ground
    (
        "Houthi missile hits cargo ship off Yemen",
        "Oil prices climb after Houthi missile hits cargo ship off Yemen",
    ),
    ("Israeli strike kills three in Tyre", "UN calls for restraint after Israeli strike kills three in Tyre"),
    # the event, and looking back at it
    ("Car bomb kills ten in Baghdad", "Ten years after car bomb killed ten in Baghdad, families remember"),
    ("Israel bombs Beirut suburb", "How Israel bombed Beirut suburb in 2006"),
    ("Hezbollah attack kills two in Metula", "Metula families recall the Oct. 7 attack and fear Hezbollah"),
    # a killing that one side accuses the other of has happened, an attack so told is a claim
    ("Iran accuses Israel of killing officer in Damascus", "Iraq accuses Turkey of planning attack in Erbil"),
    # a verb between its doer and its object, and a noun before another verb
    ("Houthi rebels attack ship in Red Sea", "Houthi rebel attacks worry shippers in Red Sea"),
    ("Gunmen hijack tanker off Yemen", "Hijacked tanker drifts for second week off Yemen"),
    # the event, and a theme or a total
    ("Houthis attack container ship in Red Sea", "Houthi attacks reshape trade through the Red Sea"),
    (
        "Drone attack wounds two US soldiers in Iraq",
        "More than 140 attacks on US forces in Iraq since October",
    ),
    # the event, and its forms
    ("Israel strikes Baalbek", "Middle East live: Israel strikes Baalbek"),
    ("Israel strikes Baalbek", "Will Israel strike Baalbek?"),
    ("Israel strikes Baalbek", "Morning briefing: Israel strikes Baalbek"),
    ("غارة إسرائيلية على بلدة الخيام", "إسرائيل تهدد بشن غارة على بلدة الخيام"),
    ("حزب الله يستهدف ثكنة برميم بالصواريخ", "لماذا يستهدف حزب الله ثكنة برميم؟"),
    ("الحوثيون يهاجمون سفينة في البحر الأحمر", "واشنطن تدين مهاجمة الحوثيين سفينة في البحر الأحمر"),
    ('צה"ל תקף בדרום לבנון', 'צה"ל נערך לתקוף בדרום לבנון'),
    ("רקטות נורו לעבר קריית שמונה", "אזעקת שווא בקריית שמונה"),
    ("حمله پهپادی به پایگاه آمریکا در عراق", "هشدار درباره حمله پهپادی به پایگاه آمریکا در عراق"),
    ("Israël bombarde la banlieue sud de Beyrouth", "Israël menace de bombarder la banlieue sud de Beyrouth"),
    # a plain verb between who does it and what it is done to, and the same word for a thing
    ("Israeli guns shell Kfar Kila and Khiam", "Washington sanctions shell company of Hezbollah"),
    (
        "Israeli jets pound hills above Nabatieh",
        "Lebanese pound steady as talks with creditors open in Beirut",
    ),
    ("Missile narrowly misses bulk carrier off Mocha", "Houthis miss deadline in talks with Saudi Arabia"),
    (
        "Israeli troops open fire on shepherds at Shebaa Farms",
        "UN sends fire engines as aid to villages at Shebaa Farms",
    ),
    # told as news, and only as what describes a person or a ship of whom something else is told
    (
        "Reporter killed by Israeli strike near Tyre, colleagues say",
        "Reporter killed by Israeli strike near Tyre was known for work in Lebanon",
    ),
    (
        "Tanker hit by missile off Yemen, owner says",
        "Tanker hit by missile off Yemen is bound for repair in Jeddah",
    ),
    # a killing, and a judgement or a defence of it
    (
        "Israeli strike kills cameraman in Lebanon",
        "Israeli strike that killed cameraman in Lebanon was deliberate, rights group finds",
    ),
    (
        "US strike hits militia office in Baghdad",
        "Baghdad calls US strike in capital a breach of sovereignty",
    ),
    ("US strikes militia depots in Iraq", "White House says strikes in Iraq were meant to deter militias"),
    # the dead of one act counted up, and those of a war
    (
        "Death toll from strike on Baalbek rises to 11",
        "Death toll in Lebanon passes 2,000 since the start of the war",
    ),
    # the attack, and the burial of its dead
    ("Strike kills family of five in Bint Jbeil", "Bint Jbeil buries family of five killed in strike"),
    # the attack, and help with others' attacks
    ("Houthis attack two ships in Red Sea", "Spy ship is assisting Houthi attacks in Red Sea, officials say"),
    # a raid on fighters, and one on smugglers
    (
        "Iraqi forces arrest Islamic State commander in Mosul",
        "Saudi border guards arrest Yemenis smuggling khat",
    ),
    ("حزب الله ينعى قياديا اغتيل بغارة إسرائيلية في صور", "حزب الله يندد باغتيال قيادي في غارة على صور"),
    ("الحوثيون يحتجزون سفينة شحن في البحر الأحمر", "الحوثيون يهددون باحتجاز سفن الشحن في البحر الأحمر"),
    ("الأمين: مسلحون يخطفون مهندسا في البصرة", "العراق يحذر من خطف المهندسين في البصرة"),
]


@pytest.mark.parametrize(("event", "other"), INCIDENT_AND_NOT)
def test_an_event_is_told_from_what_only_sounds_like_it(event: str, other: str) -> None:
    assert tag(event).kind is Kind.INCIDENT
    assert tag(other).kind is not Kind.INCIDENT
    assert tag(other).fronts


@pytest.mark.parametrize(
    ("title", "fronts"),
    [
        # an attack is where it was launched from, else where it lands
        ("Iraqi militia launches drone at Eilat", ("iraq-syria",)),
        ("Houthi missile fired at Haifa intercepted", ("yemen",)),
        ("Israeli strike kills Hezbollah commander in Damascus", ("iraq-syria",)),
        ("Rockets from Lebanon land in the Golan", ("lebanon-border",)),
        ("Kataib Hezbollah attacks US base", ("iraq-syria",)),
        # no front at all
        ("Israeli strikes kill nine in Khan Younis", ()),
        ("Russian missiles strike Odesa port", ()),
        # more than one
        ("Israel strikes targets in Lebanon and Syria", ("lebanon-border", "iraq-syria")),
        # a name in another sense, or in passing
        ("Man who fled Syria in 2015 opens bakery in Berlin", ()),
        ("Iraq War veteran runs for mayor in Ohio", ()),
        ("Red Sea diving resorts see record bookings", ()),
        # a follower's crime on another continent
        ("Police in Manila arrest man over Islamic State plot", ()),
        ("Teenager charged in Chicago with sending money to ISIS", ()),
        ("Islamic State names new leader", ("iraq-syria",)),
        # the name of a running story is not the place of the news
        ("Gaza war: Hezbollah fires rockets at Galilee", ("lebanon-border",)),
        # a name that is an ordinary word
        ("Sour mood among farmers after attack on crops by locusts", ()),
        # a town of the same name, and a matter of the sea with and without a tie to its conflict
        ("Lebanon City police arrest three after raid on garage", ()),
        ("Navy extends Red Sea naval mission for another year", ("yemen",)),
        ("Cruise liners return to Red Sea resorts for another year", ()),
        # a follower's bombing on another continent, told by a people's name
        ("Islamic State claims Philippine church bombing", ()),
        # a party in the title of its front, though the summary compares it to a game, keeps its front
        ("Houthis show rows of new drones in Sanaa", ("yemen",)),
    ],
)
def test_the_front_is_where_it_was_launched_or_else_where_it_lands(
    title: str, fronts: tuple[str, ...]
) -> None:
    assert tag(title).fronts == fronts


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Envoy arrives in Beirut for talks on truce with Israel", Kind.DIPLOMACY),
        ("Security Council votes on Yemen sanctions", Kind.DIPLOMACY),
        ("Maersk reroutes ships away from Red Sea", Kind.ECONOMY),
        ("Insurance premiums for Red Sea voyages jump", Kind.ECONOMY),
        ("Aid agencies warn of famine in Yemen as funding dries up", Kind.HUMANITARIAN),
        ("Thousands attend funeral of medics in southern Lebanon", Kind.HUMANITARIAN),
        ("Opinion: The Houthis cannot be bombed into peace", Kind.ANALYSIS),
        ("Who are the Houthis and what do they want?", Kind.ANALYSIS),
        ("Embassy in Beirut urges citizens to leave Lebanon", Kind.STATEMENT),
        ("US sends destroyer to Red Sea", Kind.STATEMENT),
        ("Hezbollah: our hands stay on the trigger", Kind.STATEMENT),
        ("Baghdad demands date for coalition's departure", Kind.STATEMENT),
        ("Houthi attacks on shipping go on as before", Kind.ANALYSIS),
        ("Houthi attacks and US strikes heighten risk of wider war", Kind.ANALYSIS),
        ("Houthis attack US destroyer in Red Sea, raising risk of wider war", Kind.INCIDENT),
        ("Fear of wider war keeps villagers of Naqoura awake", Kind.ANALYSIS),
        ("Container line says its ship was hit by missile off Yemen", Kind.INCIDENT),
        ("Container line reroutes ships away from Yemen", Kind.ECONOMY),
        ("Washington sanctions Iraqi airline over militia links", Kind.DIPLOMACY),
        ("Israel-Lebanon war: List of key events, day 40", Kind.ROUNDUP),
        ("Syria win qualifier with late goal in football World Cup hunt", Kind.OTHER),
        ("Earthquake of magnitude 4 shakes western Iraq", Kind.OTHER),
        # fighting anywhere is an event, what police and gunmen do in any town is a crime
        ("Russian missiles strike Odesa port", Kind.INCIDENT),
        ("Ukraine says Russia attacked rail depot", Kind.INCIDENT),
        ("Police shoot gunman dead in Ohio car park", Kind.OTHER),
        ("Bank cuts mortgage rates for second month", Kind.OTHER),
    ],
)
def test_what_is_no_event_is_told_apart_by_kind(title: str, kind: Kind) -> None:
    assert tag(title).kind is kind


def test_the_link_speaks_for_opinion_and_live_pages() -> None:
    title = "Israel strikes Baalbek"
    assert tag(title, link="https://paper.example/opinion/2026/baalbek").kind is Kind.ANALYSIS
    assert tag(title, link="https://paper.example/liveblog/2026/baalbek").kind is Kind.ROUNDUP
    assert tag(title, link="https://paper.example/world/2026/opinion-of-baalbek").kind is Kind.INCIDENT


def test_sport_culture_and_accidents_of_a_front_are_on_none_but_its_courts_and_protests_are() -> None:
    assert tag("Football: Lebanon coach resigns").fronts == ()
    assert tag("Protesters block roads in Baghdad over parliament vote").fronts == ("iraq-syria",)


def test_a_dedicated_feed_is_a_prior_and_no_more() -> None:
    bare = "Drone strike kills two people in their car"
    assert tag(bare).fronts == ()
    assert tag(bare, front="lebanon-border").fronts == ("lebanon-border",)
    assert tag("Drone strike kills two in Khan Younis", front="lebanon-border").fronts == ()
    assert tag("Bank cuts mortgage rates", front="lebanon-border").fronts == ()


def test_the_title_outweighs_the_summary() -> None:
    tags = tag(
        "Israeli strikes kill nine in Khan Younis", "Fighting also goes on at the border with Lebanon."
    )
    assert tags.fronts == ()


def test_an_attack_at_sea_is_on_the_front_of_its_waters_whatever_flag_the_title_names() -> None:
    summary = "The tanker was struck in the Arabian Sea."
    assert tag("Kenya says drone hit oil tanker", summary).fronts == ("yemen",)
    assert tag("Kenya says drone hit oil depot", "It stands by the Arabian Sea.").fronts == ()


def test_a_town_named_once_in_the_summary_of_another_story_puts_it_on_no_front() -> None:
    assert tag("Chef opens third restaurant", "He grew up in Khiam before moving to Lyon.").fronts == ()


def test_the_watchs_own_terms_and_vetoes_count() -> None:
    front = Front("north", "North", "UTC", "x", terms=("Blue Mill",), vetoes=("board game",))
    tagger = Tagger([front])
    assert tagger.tag("Gunmen attack convoy near Blue Mill").fronts == ("north",)
    assert tagger.tag("Blue Mill is a board game of attack and defence for gunmen").fronts == ()


def test_another_watch_has_other_fronts_by_its_lexicons_alone() -> None:
    gulf = Tagger(
        [Front("gulf", "Gulf", "UTC", "x", ("iran-gulf",)), Front("gaza", "Gaza", "UTC", "x", ("gaza",))]
    )
    assert gulf.tag("Israeli strikes kill nine in Khan Younis").fronts == ("gaza",)
    assert gulf.tag("Houthis attack tanker in Red Sea").fronts == ()


def test_every_piece_of_evidence_points_at_its_words() -> None:
    title, summary = "Houthi missile hits cargo ship off Yemen", "The crew is safe, UKMTO said on Sunday."
    for e in TAGGER.tag(title, summary).evidence:
        text = {"title": title, "summary": summary}.get(e.field, "")
        assert text[e.start : e.end] == e.term
        assert e.why
