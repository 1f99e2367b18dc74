"""The words of the pages: one catalogue a language, the same keys and places in both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from models.text import Language


class Strings:
    """Words of one language. A key that is not there is a mistake of ours and raises KeyError."""

    def __init__(self, language: Language, words: Mapping[str, str]) -> None:
        self.language: Language = language
        self._words = words

    def say(self, key: str, **values: Any) -> str:
        """Plain text with its places filled."""
        return self._text(key, values).format(**values) if values else self._words[key]

    def html(self, key: str, **values: Any) -> Markup:
        """The same for a template: what is filled in is escaped, unless it is markup already."""
        text = escape(self._text(key, values))
        return text.format(**values) if values else text

    def _text(self, key: str, values: Mapping[str, Any]) -> str:
        """Of a count `n` of one the words for it, where there are any."""
        return self._words.get(f"{key}.one", self._words[key]) if str(values.get("n")) == "1" else self._words[key]

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self._words


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All words of a language by key."""
    read: dict[str, str] = json.loads((files(__package__) / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    return read


@cache
def strings(language: Language) -> Strings:
    """Words of a language, read once."""
    return Strings(language, catalogue(language))
