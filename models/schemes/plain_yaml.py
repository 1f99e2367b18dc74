"""YAML as a scenario needs it: keys, lists, words, numbers and dates, twenty levels deep at the most.

PyYAML's scanner takes time that grows with the square of the depth, and some of what YAML can say is a trap: `1:1:1` is
a whole number in base 60, references to references stand for more text than a machine holds, a tag names a class.
So the scanner stops at what is not read here, before anything is made of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import yaml

from models.rule_words import Pair, said

DEEPEST = 20
"""Levels of lists and keys; a scenario has five."""
LONGEST = 40
"""Characters of a number."""
_CORE = "tag:yaml.org,2002:"
_NUMBERS = (f"{_CORE}int", f"{_CORE}float")


class _RefusedError(yaml.MarkedYAMLError):  # type: ignore[misc]  # PyYAML ships no types
    """What is YAML and not read here; words : why, in both languages."""

    def __init__(self, words: Pair) -> None:
        super().__init__(problem=words[1])
        self.words = words


def _at(mark: yaml.Mark | None) -> dict[str, str]:
    """The place in both languages."""
    if mark is None:
        return {"place": "", "at": ""}
    return {"place": f", baris {mark.line + 1} kolom {mark.column + 1}",
            "at": f", line {mark.line + 1} column {mark.column + 1}"}  # fmt: skip


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
    """A safe loader that refuses early."""

    def _deep(self) -> None:
        if self.flow_level + len(self.indents) >= DEEPEST:
            raise _RefusedError(said("deep", most=DEEPEST, **_at(self.get_mark())))

    def fetch_flow_collection_start(self, kind: type[yaml.Token]) -> None:
        """`[` or `{`."""
        self._deep()
        super().fetch_flow_collection_start(kind)

    def add_indent(self, column: int) -> bool:
        """A list or keys on lines of their own."""
        self._deep()
        added: bool = super().add_indent(column)
        return added

    def fetch_alias(self) -> None:
        """`*name`."""
        raise _RefusedError(said("aliases", **_at(self.get_mark())))

    def fetch_tag(self) -> None:
        """`!name`."""
        raise _RefusedError(said("tag", **_at(self.get_mark())))

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:
        """The tag of a value; `1:30` is a word and no number."""
        tag: str = super().resolve(kind, value, implicit)
        return f"{_CORE}str" if kind is yaml.ScalarNode and tag in _NUMBERS and ":" in value else tag

    def number(self, node: yaml.ScalarNode, make: Callable[[Any, yaml.ScalarNode], float]) -> float:
        """A number that is one and not too long."""
        if len(node.value) > LONGEST:
            raise _RefusedError(said("digits", most=LONGEST, **_at(node.start_mark)))
        found = make(self, node)
        if not math.isfinite(found):
            raise _RefusedError(said("finite", value=node.value, **_at(node.start_mark)))
        return found

    def date(self, node: yaml.ScalarNode) -> Any:
        """A date that there is."""
        try:
            return self.construct_yaml_timestamp(node)
        except (ValueError, OverflowError):
            raise _RefusedError(said("no_date", value=node.value[:LONGEST], **_at(node.start_mark))) from None

    def table(self, node: yaml.MappingNode) -> dict[Any, Any]:
        """Keys that are words and stand once."""
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _RefusedError(said("key_plain", **_at(key.start_mark)))
        keys = [self.construct_object(key) for key, _ in node.value]
        twice = sorted(str(key) for key, times in Counter(keys).items() if times > 1)
        if twice:
            raise _RefusedError(said("key_twice", names=", ".join(twice), **_at(node.start_mark)))
        return dict(zip(keys, (self.construct_object(value, deep=True) for _, value in node.value), strict=True))


_Loader.add_constructor(f"{_CORE}int", lambda own, node: own.number(node, yaml.SafeLoader.construct_yaml_int))
_Loader.add_constructor(f"{_CORE}float", lambda own, node: own.number(node, yaml.SafeLoader.construct_yaml_float))
_Loader.add_constructor(f"{_CORE}timestamp", _Loader.date)
_Loader.add_constructor(f"{_CORE}map", _Loader.table)


def read(text: str) -> Any:
    """What a YAML text holds; yaml.YAMLError, which `told` puts into words, where it is none or not read here."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (ValueError, OverflowError):  # of a character that there is none of, as "\UFFFFFFFF"
        raise yaml.YAMLError from None


def told(error: yaml.YAMLError) -> Pair:
    """What is wrong with a text and where, in both languages; PyYAML's own words are English."""
    if isinstance(error, _RefusedError):
        return error.words
    why = getattr(error, "problem", None) or getattr(error, "reason", None)
    return said("not_yaml", why=f": {why}" if why else "", **_at(getattr(error, "problem_mark", None)))
