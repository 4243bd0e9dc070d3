"""Who did it: each rule of roles in both directions, in the languages that it is about."""

from __future__ import annotations

import pytest

from tests.default_tagger import tag
from tui.model import Kind

PAIRS_OF_DOERS = [
    # a French participle behind "a" or "ont" is active, a bare one is passive
    ("Le Hezbollah a visé une position israélienne à Metoula", "axis"),
    ("Une position du Hezbollah visée par l'armée israélienne à Khiam", "israel"),
    ("Les Houthis ont attaqué un pétrolier en mer Rouge", "axis"),
    ("Un pétrolier attaqué par les Houthis en mer Rouge", "axis"),
    ("Les Houthis attaqués par l'aviation américaine à Hodeida", "us-coalition"),
    ("L'aviation américaine a attaqué les Houthis à Hodeida", "us-coalition"),
    ("Israël a rapidement bombardé Baalbek", "israel"),
    ("Un chef du Hezbollah tué à Tyr par un drone israélien", "israel"),
    ("Le Hezbollah a tué deux soldats israéliens à Metoula", "axis"),
    ("Le Hezbollah affirme avoir tué un soldat israélien à Metoula", "axis"),
    ("Israël a blessé trois soldats syriens près de Qouneitra", "israel"),
    # one that says that it did, and one that says that another did
    ("Le Hezbollah dit avoir visé une caserne israélienne en Galilée", "axis"),
    ("Le Hezbollah dit avoir attaqué une caserne en Galilée", "axis"),
    ("Le Hezbollah affirme qu'Israël a bombardé Khiam", "israel"),
    ("Hezbollah says it shelled an Israeli post near Metula", "axis"),
    ("Hezbollah says Israel shelled a village near Khiam", "israel"),
    # "of" or "de" before a name: the owner of what was hit, not who hit it
    ("Chief of Hezbollah killed in air strike on Tyre", "israel"),
    ("Convoy of Hezbollah hit by drone near Qusayr", "unknown"),
    ("Dépôt du Hezbollah visé par une frappe israélienne à Tyr", "israel"),
    ("Position du Hezbollah bombardée à Khiam", "israel"),
    ("Fighters of Hezbollah attack Israeli post near Metula", "axis"),
    ("Fighters of PKK attack Turkish post near Duhok", "other"),
    # what somebody announces right before an act is its own act, but not where its own side suffers it
    ("Houthis announce attack on tanker in Red Sea", "axis"),
    ("Hezbollah announces attack on post near Metula", "axis"),
    ("Israeli army announces strikes on Hezbollah depots in Tyre", "israel"),
    ("Israeli army announces death of soldier in Hezbollah rocket fire at Metula", "axis"),
    ("Houthis announce death of three fighters in US raid on Hodeidah", "us-coalition"),
    ("حزب الله يعلن استهداف موقع إسرائيلي في الجليل", "axis"),
    ("الجيش الإسرائيلي يعلن قصف مواقع حزب الله في جنوب لبنان", "israel"),
    ("الحوثيون يعلنون استهداف سفينة في البحر الأحمر", "axis"),
    ("الحوثيون يعلنون مقتل خمسة من عناصرهم بغارات أميركية", "us-coalition"),
    ("الجيش الإسرائيلي يعلن مقتل جندي إسرائيلي بصاروخ من لبنان", "axis"),
    ("حزب الله يعلن استشهاد أحد مقاتليه بغارة إسرائيلية على صور", "israel"),
    # Persian puts the verb last
    ("ارتش اسرائیل مواضع حزب‌الله در صور را بمباران کرد", "israel"),
    ("حزب‌الله به یک پایگاه اسرائیل در جلیل حمله کرد", "axis"),
    ("حزب‌الله پایگاه اسرائیل را با موشک هدف قرار داد", "axis"),
    ("جنگنده‌های آمریکا مواضع انصارالله در حدیده را بمباران کردند", "us-coalition"),
    ("انصارالله یک کشتی اسرائیلی در دریای سرخ را هدف قرار داد", "axis"),
    # who is hurt before the act is not its doer, whose drone it is stands behind it
    ("إصابة جندي إسرائيلي بمسيّرة أطلقت من لبنان", "axis"),
    ("إصابة عنصر من حزب الله بمسيّرة إسرائيلية في بنت جبيل", "israel"),
    ("إصابة مقاتل من حزب الله بغارة إسرائيلية على بنت جبيل", "israel"),
    ("إصابة جندي أميركي بمسيرة استهدفت قاعدة في سوريا", "unknown"),
    ("حزب الله يصيب جنديا إسرائيليا بمسيّرة في المطلة", "axis"),
    ("مقتل جنديين أميركيين في هجوم بمسيرة في سوريا", "unknown"),
    # who is blamed, behind the word and before it
    ("Army post near Erbil bombed, Baghdad blames Turkey", "other"),
    ("Drone hits house near Tyre; Beirut blames Israel", "israel"),
    ("Blast hits depot in Damascus, Syria says Israel did it", "israel"),
    ("Drone hits gas field in Iraq, Kataib Hezbollah claims responsibility", "axis"),
    ("Drone hits gas field in Iraq, Kataib Hezbollah condemns it", "unknown"),
    ("Des roquettes tombent sur Metoula, Israël accuse le Hezbollah", "axis"),
    ("Tanker hit by drone off Yemen; Houthis say they did it", "axis"),
    ("Drone hits camp in Iraq, militia says it was behind it", "axis"),
    ("Une bombe tue deux policiers à Mossoul, l'Etat islamique revendique l'attentat", "other"),
    # for an interception it is who launched, not whose air force shot it down
    ("Israeli air force shoots down Houthi drone over Eilat", "axis"),
    ("Israeli air force shoots down drone fired from Lebanon", "axis"),
    ("Lebanese army shoots down Israeli drone over Tyre", "israel"),
    ("חיל האוויר יירט טיל ששוגר מתימן", "axis"),
    ("اعتراض صاروخ أطلق من اليمن فوق إيلات", "axis"),
    ("رهگیری موشک شلیک شده از یمن در آسمان ایلات", "axis"),
    # what comes from Iraq at others is its militias', what falls in Iraq is nobody's yet
    ("Drone launched from Iraq strikes port of Eilat", "axis"),
    ("Drone strikes base in Erbil", "unknown"),
    ("רקטות מעיראק נורו לעבר הגולן", "axis"),
    ("پهپاد شلیک شده از عراق به ایلات اصابت کرد", "axis"),
    ('כטב"ם ששוגר מעיראק התפוצץ באילת', "axis"),
    ("طائرة مسيرة أطلقت من العراق تصيب إيلات", "axis"),
]


@pytest.mark.parametrize(("title", "by"), PAIRS_OF_DOERS)
def test_who_did_it_by_the_order_of_words(title: str, by: str) -> None:
    tags = tag(title)
    assert (tags.kind, tags.by) == (Kind.INCIDENT, by)


@pytest.mark.parametrize(
    ("title", "summary", "by"),
    [
        ("Drone hits tanker off Yemen", "The Houthis said it had sent the drone against the ship.", "axis"),
        ("Drone hits tanker off Yemen", "The owner said the crew was safe.", "unknown"),
        ("Rockets land near camp in Iraq", "Officials blamed Kataib Hezbollah for the fire.", "axis"),
        ("Rockets land near camp in Iraq", "Kataib Hezbollah condemned the fire.", "unknown"),
    ],
)
def test_who_owns_up_or_is_blamed_in_the_summary_did_it(title: str, summary: str, by: str) -> None:
    assert tag(title, summary).by == by


@pytest.mark.parametrize(
    ("title", "sort", "by"),
    [
        # a state that bombs does so from the air; who is not told or no state plants a bomb
        ("Turkey bombs villages near Duhok", "air-strike", "other"),
        ("Turkish bombing of village kills nine near Duhok", "air-strike", "other"),
        ("Islamic State bombing of market kills nine in Baghdad", "ied", "other"),
        ("Bomb kills policeman in Kirkuk", "ied", "unknown"),
        ("Israel bombs depot near Homs", "air-strike", "israel"),
        # the weapon that names the unit of who was killed is not what killed him
        ("מפקד מערך הרקטות של חיזבאללה חוסל בתקיפה אווירית בצור", "air-strike", "israel"),
        ('מפקד בחיזבאללה חוסל בתקיפת מל"ט בצור', "drone", "israel"),
        ('צה"ל חיסל את מפקד מערך הטילים של חיזבאללה בתקיפה בצור', "air-strike", "israel"),
        ("إسرائيل تغتال قائد وحدة الصواريخ في حزب الله", "air-strike", "israel"),
        ("إسرائيل تغتال قائدا في حزب الله بمسيرة", "drone", "israel"),
        ("Israeli air strike kills head of Hezbollah rocket unit in Tyre", "air-strike", "israel"),
        ("Israeli drone kills head of Hezbollah unit in Tyre", "drone", "israel"),
        ("غارة إسرائيلية تقتل قائد وحدة الصواريخ في حزب الله في صور", "air-strike", "israel"),
        # shot down on its way, and come through
        ("Israel intercepts missile from Yemen", "interception", "axis"),
        ("Missile from Yemen hits Eilat", "rocket-missile", "axis"),
        ("اعتراض صاروخ يمني فوق إيلات", "interception", "axis"),
        ("صاروخ يمني يسقط في إيلات", "rocket-missile", "axis"),
        ("יורט טיל תימני מעל אילת", "interception", "axis"),
        ("טיל תימני פגע באילת", "rocket-missile", "axis"),
        ("موشک یمنی به ایلات اصابت کرد", "rocket-missile", "axis"),
        ("Un missile tiré du Yémen intercepté au-dessus d'Eilat", "interception", "axis"),
    ],
)
def test_how_it_was_done_goes_by_who_did_it(title: str, sort: str, by: str) -> None:
    tags = tag(title)
    assert (tags.type, tags.by) == (sort, by)


def test_a_killing_is_not_told_by_an_exchange_of_fire_that_only_the_summary_names() -> None:
    tags = tag("Israeli drone kills two in Tyre", "Israel and Hezbollah exchanged fire.")
    assert (tags.type, tags.by) == ("drone", "israel")
    tags = tag("Israel and Hezbollah exchange fire", "An Israeli drone killed two in Tyre.")
    assert (tags.type, tags.by) == ("clash", "unknown")


@pytest.mark.parametrize(
    ("title", "front"),
    [
        ("صاروخ يمني يسقط في إيلات", "yemen"),
        ("טיל תימני פגע באילת", "yemen"),
        ("موشک یمنی به ایلات اصابت کرد", "yemen"),
        ("غارة أميركية على صاروخ يمني في الحديدة", "yemen"),
        ("Drone launched from Iraq strikes port of Eilat", "iraq-syria"),
        ("Drone launched from Yemen strikes port of Eilat", "yemen"),
        ("Roquettes tirées du Liban sur le Golan", "lebanon-border"),
        ("Roquettes tirées de Syrie sur le Golan", "iraq-syria"),
    ],
)
def test_a_launch_is_on_the_front_that_it_came_from(title: str, front: str) -> None:
    assert tag(title).fronts == (front,)
