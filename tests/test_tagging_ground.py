"""Where a text belongs, and what is no fighting: places with other news, accidents, crimes, vetoes."""

from __future__ import annotations

import pytest

from tests.default_tagger import tag
from tui.model import Kind, Severity


@pytest.mark.parametrize(
    ("fighting", "everyday"),
    [
        ("Rockets from Lebanon hit Haifa", "Haifa man charged with stabbing neighbour"),
        ("Sirens sound in Haifa", "New rail line to Haifa opens in spring"),
        ("Soldiers patrol Nahariya as alarms sound", "Nahariya mayor loses vote on budget"),
        ("Drone hits house in Haifa", "Haifa police raid gang's hideout"),
        ("Drone explodes in Nahariya", "Nahariya shopkeeper robbed at knifepoint"),
        ("Missile hits house in Safed", "Safed college cuts tuition fees"),
        ("Barrage of rockets fired at Karmiel", "Karmiel wins regional basketball title"),
        ("אזעקות בחיפה ובקריות", "תושב חיפה נעצר בחשד לשוד"),
        ("רקטה פגעה בבית בנהריה", "הרכבת לנהריה תושבת לחודש"),
        ("صاروخ يصيب مبنى في حيفا", "بلدية حيفا تقر ميزانية جديدة"),
        ("Une roquette tombe sur Haïfa", "Le tramway de Haïfa ouvrira au printemps"),
    ],
)
def test_a_town_with_mostly_other_news_is_on_the_front_when_fighting_reaches_it(
    fighting: str, everyday: str
) -> None:
    assert tag(fighting).fronts == ("lebanon-border",)
    assert tag(everyday).fronts == ()


@pytest.mark.parametrize(
    ("attack", "mishap"),
    [
        ("Missile kills nine in Basra hotel", "Hotel fire kills nine in Basra"),
        ("Drone hits fuel truck near Homs, two killed", "Bus crash near Homs kills two"),
        ("Car bomb kills six in Beirut", "Gas cylinder explosion kills six in Beirut"),
        ("Gunmen kill soldier near Mosul", "Man sentenced in Mosul for killing wife"),
        (
            "Soldiers killed in explosion at bridge near Mosul",
            "Workers killed in gas explosion at bridge near Mosul",
        ),
        ("Israeli strike on Tyre kills five", "Building collapse in Tyre kills five"),
        ("Rocket hits wedding hall in Nineveh, killing 20", "Wedding fire in Nineveh kills 20"),
        ("مقتل خمسة في غارة على النبطية", "مقتل خمسة في حادث سير في النبطية"),
        ("שלושה הרוגים מפגיעת טיל במטולה", "שלושה הרוגים בתאונת דרכים במטולה"),
        ("Trois morts dans une frappe à Tyr", "Trois morts dans un accident de la route à Tyr"),
    ],
)
def test_the_dead_of_an_accident_or_a_crime_are_no_incident(attack: str, mishap: str) -> None:
    assert tag(attack).kind is Kind.INCIDENT
    assert tag(mishap).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("title", "fronts"),
    [
        ("Protesters march in Baghdad over power cuts", ("iraq-syria",)),
        ("Baghdad court sentences former minister over graft", ("iraq-syria",)),
        ("Beirut judge orders arrest of banker over fraud", ("lebanon-border",)),
        ("احتجاجات في بغداد على انقطاع الكهرباء", ("iraq-syria",)),
        ("הפגנה בביירות נגד הממשלה", ("lebanon-border",)),
        ("Manifestation à Beyrouth contre les coupures de courant", ("lebanon-border",)),
        ("Counting begins in Baghdad after election for parliament", ()),
        ("Customs officers in Beirut find amphetamine pills in crates of lemons", ()),
        ("Festival of film opens in Beirut", ()),
        ("Protesters march in Lyon over pensions", ()),
        ("Students rally in Berlin against Hezbollah", ()),
        ("Students rally in Beirut against Hezbollah", ("lebanon-border",)),
    ],
)
def test_protests_arrests_and_courts_keep_their_front_and_no_other_matter_does(
    title: str, fronts: tuple[str, ...]
) -> None:
    tags = tag(title)
    assert (tags.kind, tags.fronts) == (Kind.OTHER, fronts)


@pytest.mark.parametrize(
    ("named", "hidden"),
    [
        ("Court in Basra tries soldiers over killing", "Iraq war veteran attacked in Ohio bar"),
        ("Lebanese army post attacked near Tyre", "Singer of Lebanese roots attacked by critics"),
        (
            "Lebanese man held after attack on patrol near Tyre",
            "Man of Lebanese roots held over knife attack in Sydney",
        ),
        ("Drone attack on base in Iraq", "Memoir of the 2003 invasion of Iraq attacks generals"),
        ("قصف على درعا", "شركة تطور درعا صاروخية لحماية المدن"),
        ("قوات إسرائيلية تتوغل في ريف درعا", "الجيش يستخدم دروعا بشرية في غزة"),
        ("Une frappe vise un village libanais", "Un chef d'origine libanaise ouvre son restaurant à Lyon"),
    ],
)
def test_a_name_in_another_sense_puts_a_text_on_no_front(named: str, hidden: str) -> None:
    assert tag(named).fronts
    assert tag(hidden).fronts == ()


SEVERITIES = [
    # somebody taken on land is low, killed in the taking is not
    ("Militiamen abduct engineer in Basra", Severity.LOW),
    ("Militiamen kill engineer in Basra", Severity.HIGH),
    ("Iraqi forces arrest three Islamic State suspects in Kirkuk", Severity.LOW),
    ("Israeli troops abduct farmer in Lebanese village", Severity.LOW),
    # an alarm is low though somebody may have crossed, what lands is not
    ("Sirens sound in Metula over suspected infiltration from Lebanon", Severity.LOW),
    ("Sirens sound in Metula as rockets from Lebanon land", Severity.MEDIUM),
    ("אזעקות במטולה בעקבות חשש לחדירת מחבלים מלבנון", Severity.LOW),
    # a port or a base told to be hit, and one only aimed at
    ("غارات إسرائيلية تصيب ميناء الحديدة", Severity.HIGH),
    ("صواريخ تصيب قاعدة أميركية في سوريا", Severity.HIGH),
    ("إطلاق صواريخ باتجاه قاعدة أميركية في سوريا", Severity.MEDIUM),
    ("غارة إسرائيلية على أطراف بلدة الخيام", Severity.MEDIUM),
    # dead in a great power's base, and dead of others beside it
    ("Drone kills two US soldiers at outpost in Syria", Severity.CRITICAL),
    ("Drone kills two Iraqi guards at outpost in Syria", Severity.HIGH),
    ("Rockets hit base in Iraq; two US soldiers killed", Severity.CRITICAL),
    ("Rockets hit base in Iraq; two Iraqi soldiers killed", Severity.HIGH),
    ("Drone hits outpost in Syria, wounding two US soldiers", Severity.HIGH),
    ("مقتل جنديين أميركيين بمسيرة في قاعدة في سوريا", Severity.CRITICAL),
]


@pytest.mark.parametrize(("title", "severity"), SEVERITIES)
def test_severity_tells_the_near_cases_apart(title: str, severity: Severity) -> None:
    tags = tag(title)
    assert (tags.kind, tags.severity) == (Kind.INCIDENT, severity)


@pytest.mark.parametrize(
    ("event", "other", "kind"),
    [
        # a party that mourns tells of a killing, where one is told; a burial is none
        (
            "Hezbollah mourns fighter killed by Israeli drone in Tyre",
            "Hezbollah mourns founder who died in hospital",
            Kind.STATEMENT,
        ),
        (
            "Hezbollah fighter killed in Israeli strike on Tyre",
            "Mourners gather in Tyre for Hezbollah fighter killed in Israeli strike",
            Kind.HUMANITARIAN,
        ),
        (
            "غارة إسرائيلية تقتل مسعفا في النبطية",
            "تشييع مسعف قتل في غارة إسرائيلية على النبطية",
            Kind.HUMANITARIAN,
        ),
        # a capital that speaks, and one that is hit
        ("Damascus struck by Israeli missiles", "Damascus condemns Israeli missiles", Kind.STATEMENT),
        (
            "Turkish strikes hit villages near Duhok, Baghdad says",
            "Baghdad condemns Turkish strikes near Duhok",
            Kind.STATEMENT,
        ),
        (
            "Washington says it hit militia depot in Iraq",
            "Washington urges Baghdad to rein in militias",
            Kind.STATEMENT,
        ),
        ("بغداد: قصف تركي على قرى في دهوك", "بغداد تدين القصف التركي على دهوك", Kind.STATEMENT),
        ("دمشق: إسرائيل قصفت مطار حلب", "دمشق تطالب إسرائيل بالانسحاب", Kind.STATEMENT),
        # help with another's attack, and an attack of one's own
        (
            "Iran attacks ship in Red Sea",
            "Iran helps Houthis pick ships to attack in Red Sea, diplomats say",
            Kind.STATEMENT,
        ),
    ],
)
def test_older_rules_the_other_way_round(event: str, other: str, kind: Kind) -> None:
    assert tag(event).kind is Kind.INCIDENT
    assert tag(other).kind is kind
    assert tag(other).fronts
