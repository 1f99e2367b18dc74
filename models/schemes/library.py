"""The schemes, shocks and scenarios that ship with the package, by name."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from features.commands import UserError
from models.rule_words import said
from models.schemes import checks, parts
from models.schemes.parts import Scheme, Shock

FOLDERS = ("schemes", "shocks", "scenarios")


class UnknownError(UserError):
    """A name that the library has not."""


def names(folder: str) -> list[str]:
    """Names of what is in one of `FOLDERS`, in order."""
    place = files(__package__) / "library" / folder
    return sorted(one.name.removesuffix(".yaml") for one in place.iterdir() if one.name.endswith(".yaml"))


@cache
def text(folder: str, name: str) -> str:
    """The YAML of a name; UserError lists the names that there are."""
    if name not in names(folder):
        own, english = said("library", kind=folder.removesuffix("s"), name=name, known=", ".join(names(folder)))
        raise UnknownError(english, own)
    return (files(__package__) / "library" / folder / f"{name}.yaml").read_text(encoding="utf-8")


def raw(folder: str, name: str) -> dict[str, Any]:
    """Its plain values."""
    return deepcopy(_raw(folder, name))


@cache
def _raw(folder: str, name: str) -> dict[str, Any]:
    return checks.load(text(folder, name), f"{name}.yaml")


def schemes() -> list[Scheme]:
    """All schemes."""
    return [parts.scheme(raw("schemes", name), f"{name}.yaml: ") for name in names("schemes")]


def shocks() -> list[Shock]:
    """All shocks."""
    return [parts.shock(raw("shocks", name), f"{name}.yaml: ") for name in names("shocks")]
