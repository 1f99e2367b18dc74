"""Sentences of gates and sheets in both languages: templates of a file, filled with words and figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.words import Language
from training.figures import decimal

Value = str | int | tuple[float, int] | list[str]
"""What stands in a sentence: a text, a count, a number with its decimals, or several texts."""


@cache
def read(name: str, language: Language) -> dict[str, Any]:
    """The file `templates/NAME.LANGUAGE.json`, read once."""
    path = Path(__file__).parent / "templates" / f"{name}.{language}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def shown(value: Value, language: Language, words: Mapping[str, str]) -> str:
    """A value as a sentence of the language has it. words : texts that have others in the language."""
    if isinstance(value, list):
        return ", ".join(words.get(one, one) for one in value) or "-"
    if isinstance(value, str):
        return words.get(value, value)
    return decimal(*value, language) if isinstance(value, tuple) else decimal(value, 0, language)


@dataclass(frozen=True, slots=True)
class Say:
    """The sentences of one file in one language."""

    name: str
    language: Language

    def __call__(self, key: str, **values: Value) -> str:
        """The sentence of a key, filled."""
        template: str = read(self.name, self.language)[key]
        return template.format(**{name: shown(value, self.language, {}) for name, value in values.items()})

    def signed(self, value: float, places: int) -> str:
        """A difference with its sign."""
        written = decimal(value, places, self.language)
        return written if written.startswith("-") else f"+{written}"
