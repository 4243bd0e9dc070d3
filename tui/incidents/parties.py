"""Which party a speaker is of: an army and its government are one party, and what both say is one account.

Names are those of the term lists. Where a party tells under its own name and under those of its parts
("Pentagon", "CENTCOM"), all of them stand here; a speaker that does not is a party of its own. Groups of one
alliance are parties of their own too, but for those of Iraq, which claim in one common name.
"""

from __future__ import annotations

from typing import Final

_PARTIES: Final = {
    "United States": (
        "US military",
        "US Navy",
        "US warship",
        "Coalition against ISIS",
        "Operation Prosperity Guardian",
    ),
    "United Kingdom": ("British forces",),
    "Israel": (
        "Israeli army",
        "Israeli soldiers",
        "Israeli aircraft",
        "Israeli Air Force",
        "Israeli Navy",
        "Israel's Northern Command",
        "Israel's Southern and Central Commands",
        "Mossad and Shin Bet",
    ),
    "Iran": (
        "IRGC",
        "IRGC in Syria",
        "Iran's army and navy",
        "Iran's nuclear programme",
        "Quds Force",
    ),
    "Hezbollah": (
        "Hezbollah fighters",
        "Hezbollah units",
        "Radwan Force",
        "Hassan Nasrallah",
        "Hashem Safieddine",
        "Naim Qassem",
        "Fuad Shukr",
        "Ibrahim Aqil",
        "Haytham Ali Tabatabai",
        "Wissam al-Tawil",
    ),
    "Hamas": ("Hamas leaders", "Hamas in Lebanon", "Qassam Brigades"),
    "Houthis": (
        "Yemeni Armed Forces (Houthi)",
        "Yahya Saree",
        "Abdul-Malik al-Houthi",
        "other Houthi leaders",
    ),
    "Islamic Resistance in Iraq": (
        "Iran-backed militias in Iraq and Syria",
        "Harakat al-Nujaba",
        "Kataib Hezbollah",
        "Kataib Hezbollah leaders",
        "Kataib Sayyid al-Shuhada",
        "smaller groups of the resistance in Iraq",
    ),
    "Popular Mobilisation Forces": ("PMF brigades",),
    "Iraqi government": ("Iraqi army",),
    "Syrian government": ("Syrian army",),
    "Lebanese government": ("Lebanese army",),
    "Yemen's recognised government": ("Yemeni government forces",),
    "Turkey": ("Turkish forces",),
    "European Union": ("EUNAVFOR Aspides", "EUNAVFOR Atalanta"),
}
"""The parties that speak under several names, with the further ones."""

_PARTY_OF: Final = {name: party for party, names in _PARTIES.items() for name in names}


def party_of(speaker: str) -> str:
    """The party for which the speaker speaks: ``US military`` speaks for ``United States``."""
    return _PARTY_OF.get(speaker, speaker)


def names() -> frozenset[str]:
    """Every name that stands here."""
    return frozenset((*_PARTIES, *_PARTY_OF))
