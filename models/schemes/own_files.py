"""Schemes and shocks of one's own: files that a scenario names by their path from its own folder.

Only a command reads them. What a service is sent may name the library alone: no path of its sender is ever opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from features import file_words
from models.rule_words import UnfitError, said
from models.schemes import checks
from models.targeting.rule_checks import RuleError, line, word

BEGINS = ("./", "../")
"""How the path of a file begins; what begins otherwise is a name of the library."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file as it was read. use : its path, as the scenario has it. text : all that it held."""

    use: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, 64 hex digits."""
        return sha256(self.text.encode()).hexdigest()

    def plain(self) -> dict[str, str]:
        """What a result keeps of it."""
        return {"use": self.use, "sha256": self.digest, "text": self.text}


class OwnFiles:
    """The files that a scenario may name, each read once.

    Parameters
    ----------
    folder : that of the scenario's own file; None where there is none, so that no file is read. kept : those of a
        result (`OwnFile.plain`), which stand for what is in a folder.
    """

    def __init__(self, folder: Path | None = None, kept: Iterable[Mapping[str, str]] = ()) -> None:
        self._folder = folder
        self._kept = {one["use"]: one["text"] for one in kept}
        self._read: dict[str, OwnFile] = {}

    @property
    def read(self) -> tuple[OwnFile, ...]:
        """Those that were named, by path."""
        return tuple(self._read[use] for use in sorted(self._read))

    def raw(self, use: str, where: str) -> dict[str, Any]:
        """Plain values of a file; RuleError, `where` in front, where it is not or cannot be read, or is no YAML."""
        own = self._read.get(use) or OwnFile(use, self._text(use, where))
        found = checks.load(own.text, f"{where}{use}")
        self._read[use] = own
        return found

    def _text(self, use: str, where: str) -> str:
        if use in self._kept:
            return self._kept[use]
        if self._folder is None:
            raise RuleError(f"{where}use", said("use_no_file", name=use))
        try:
            return (self._folder / use).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:  # the latter of bytes that are no UTF-8
            raise RuleError(f"{where}use", said("use_unread", name=use, why=file_words.why(error))) from None


def used(value: Any) -> str:
    """A name of the library, or the path of a file."""
    if isinstance(value, str) and value.startswith(BEGINS):
        return str(line(200)(value))
    try:
        return word(value)
    except ValueError:
        raise UnfitError.of("use", value=value) from None


def is_file(use: str) -> bool:
    """Whether it is the path of a file."""
    return use.startswith(BEGINS)
