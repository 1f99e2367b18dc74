"""What is said of scenarios on the console and in the brief, by its key."""

from __future__ import annotations

from models.schemes.answer_words import ANSWERS
from models.schemes.figure_words import FIGURES
from models.schemes.limit_words import LIMITS
from models.words import Language

WORDS: dict[str, tuple[str, str]] = ANSWERS | FIGURES | LIMITS


def said(key: str, language: Language, **values: object) -> str:
    """The words of a key with their places filled; KeyError for one that has none."""
    text = WORDS[key][0 if language == "id" else 1]
    return text.format(**values) if values else text
