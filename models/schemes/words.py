"""What is said of scenarios on the console and in the brief, by its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.schemes.answer_words import ANSWERS
from models.schemes.figure_words import FIGURES
from models.schemes.limit_words import LIMITS
from models.text import LANGUAGES
from models.words import Language

WORDS: dict[str, tuple[str, str]] = ANSWERS | FIGURES | LIMITS


def both(key: str, write: Callable[[Language], Mapping[str, object]] = lambda _: {}) -> dict[str, str]:
    """The words of a key in both languages; write : what fills its places, in a language."""
    return {language: said(key, language, **write(language)) for language in LANGUAGES}


def said(key: str, language: Language, **values: object) -> str:
    """The words of a key with their places filled; KeyError for one that has none."""
    text = WORDS[key][0 if language == "id" else 1]
    return text.format(**values) if values else text
