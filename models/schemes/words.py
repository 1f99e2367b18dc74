"""What is said of scenarios on the console and in the brief, by its key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from models.schemes.answer_words import ANSWERS
from models.schemes.figure_words import FIGURES
from models.schemes.limit_words import LIMITS
from models.text import LANGUAGES
from models.words import Language

WORDS: dict[str, tuple[str, str]] = ANSWERS | FIGURES | LIMITS
_RANGE = re.compile(r"\{low\} (?:sampai|to) \{high\}")


def both(key: str, write: Callable[[Language], Mapping[str, object]] = lambda _: {}) -> dict[str, str]:
    """The words of a key in both languages; write : what fills its places, in a language."""
    return {language: said(key, language, **write(language)) for language in LANGUAGES}


def said(key: str, language: Language, **values: object) -> str:
    """The words of a key with their places filled, a range whose ends are told alike as one figure; KeyError for one
    that has none."""
    text = WORDS[key][0 if language == "id" else 1]
    if "low" in values and str(values["low"]) == str(values.get("high")):
        text = _RANGE.sub("{low}", text)
    return text.format(**values) if values else text


def between(value: str, low: str, high: str) -> str:
    """A figure with its range in a cell of a table; the figure alone where that is all of the range."""
    return value if value == low == high else f"{value} ({low})" if low == high else f"{value} ({low} - {high})"
