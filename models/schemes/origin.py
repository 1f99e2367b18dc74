"""Whose lives a result is of, in the words of a language: a nation keeps its source as one English line."""

from __future__ import annotations

import re
from datetime import date

from models.dynamics import TABLE
from models.numbers import number, written
from models.words import Language

_FAMILIES = re.compile(r"(?:(?P<rows>[\d,]+) (?:of (?P<of>[\d,]+) )?)?(?P<kind>synthetic|scored) families(?P<rest>.*)")
"""Those of a nation are counted, those that a law of moves was fitted to are not."""
_DAY = re.compile(r" of (\d{4}-\d{2}-\d{2})$")
_WORDS = {"synthetic": "keluarga sintetis", "scored": "keluarga yang dinilai"}
TRUE = "true risk"
"""`Nation.version` of synthetic families, which need no model."""
_TRUE = {TRUE: "risiko sebenarnya"}
_FILE = re.compile(r"file (?P<name>.+), SHA-256 (?P<sha256>[0-9a-f]{16}), of (?P<rest>.*)", re.DOTALL)
_DYNAMICS = {
    "training panel": "panel pelatihan",
    TABLE: "tabel peluang",
    "unknown origin": "asal yang tidak disebut",
}


def source(text: str, language: Language) -> str:
    """Families of `Nation.source`; what is no such line stays."""
    # A nation keeps the day of its scores as a machine writes it.
    text = _DAY.sub(lambda day: f" of {written(date.fromisoformat(day[1]), language)}", text)
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


def of_file(name: str, sha256: str, fitted: str) -> str:
    """`Dynamics.source` of a law that somebody names in place of the model's (`law_file`); fitted : what it says of
    itself."""
    return f"file {name}, SHA-256 {sha256[:16]}, of {fitted or 'unknown origin'}"


def law_file(text: str) -> str:
    """Name of the file that the law of moves is from; empty where it is the model's, or was fitted to the families."""
    found = _FILE.fullmatch(text)
    return found["name"] if found else ""


def fitted(text: str) -> str:
    """What the law of moves was fitted to, of a file what that says of itself."""
    found = _FILE.fullmatch(text)
    return found["rest"] if found else text


def dynamics(text: str, language: Language) -> str:
    """What the yearly moves were fitted to, or the file that they are from: `Dynamics.source`."""
    if language == "en":
        return text
    if found := _FILE.fullmatch(text):
        return f"berkas {found['name']}, SHA-256 {found['sha256']}, dari {dynamics(found['rest'], language)}"
    return _DYNAMICS.get(text) or source(text, language)
