"""Whose lives a result is of, in the words of a language: a nation keeps its source as one English line."""

from __future__ import annotations

import re

from models.numbers import number
from models.words import Language

_FAMILIES = re.compile(r"(?:(?P<rows>[\d,]+) (?:of (?P<of>[\d,]+) )?)?(?P<kind>synthetic|scored) families(?P<rest>.*)")
"""Those of a nation are counted, those that a law of moves was fitted to are not."""
_WORDS = {"synthetic": "keluarga sintetis", "scored": "keluarga yang dinilai"}
_TRUE = {"true risk": "risiko sebenarnya"}
_DYNAMICS = {"training panel": "panel pelatihan", "matrix": "tabel peluang"}


def source(text: str, language: Language) -> str:
    """Families of `Nation.source`; what is no such line stays."""
    found = _FAMILIES.fullmatch(text)
    if language == "en" or found is None:
        return text
    rows, of = (one and number(int(one.replace(",", "")), language) for one in found.group("rows", "of"))
    rest = found["rest"].replace(", seed ", ", benih ").replace(", period ", ", periode ")
    rest = re.sub(r"^ of (?=\d)", " per ", rest)
    counted = f"{rows}{f' dari {of}' if of else ''} " if rows else ""
    return f"{counted}{_WORDS[found['kind']]}{rest}"


def model(text: str, language: Language) -> str:
    """Name of the model, or that no model was needed: `Nation.version`."""
    return _TRUE.get(text, text) if language == "id" else text


def dynamics(text: str, language: Language) -> str:
    """What the yearly moves were fitted to: `Dynamics.source`."""
    return _DYNAMICS.get(text) or source(text, language) if language == "id" else text
