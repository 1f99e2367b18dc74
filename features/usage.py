"""Wrong use of a command, told in Bahasa Indonesia or English: argparse says it in English alone."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

WORDS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", "yang ini wajib diisi: {0}"),
    (r"unrecognized arguments: (.+)", "tidak dikenal: {0}"),
    (r"one of the arguments (.+) is required", "salah satu dari {0} wajib diisi"),
    (r"invalid choice: (.+) \(choose from (.+)\)", "{0} bukan pilihan (pilih dari {1})"),
    (r"invalid int value: (.+)", "{0} bukan bilangan bulat"),
    (r"invalid float value: (.+)", "{0} bukan bilangan"),
    (r"invalid \w+ value: (.+)", "{0} bukan nilai yang sah"),
    (r"expected one argument", "perlu satu nilai"),
    (r"expected at least one argument", "perlu satu nilai atau lebih"),
    (r"expected at most one argument", "perlu satu nilai paling banyak"),
    (r"expected (\d+) arguments?", "perlu {0} nilai"),
    (r"not allowed with argument (.+)", "tidak boleh bersama {0}"),
    (r"ignored explicit argument (.+)", "tidak menerima nilai {0}"),
    (r"ambiguous option: (.+) could match (.+)", "{0} bisa berarti {1}"),
)
"""Patterns of what argparse says, each with the same in Bahasa Indonesia."""


class Parser(argparse.ArgumentParser):
    """A parser of a command, which tells wrong use in the language that the command would answer in."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As of argparse; a command that has a language tells itself what it does not know."""
        self._given = sys.argv[1:] if args is None else args
        found, unknown = super().parse_known_args(args, namespace)
        if unknown and self.get_default("language"):
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Print how the command is used, and what was wrong; exit code 2."""
        usage, word = self.format_usage(), "error"
        if self._language() == "id":
            usage, word, message = usage.replace("usage:", "cara pakai:", 1), "galat", indonesian(message)
        self.exit(2, f"{usage}{self.prog}: {word}: {message}\n")

    def _language(self) -> str:
        told = re.search(r"(?:^|\s)--language[\s=](id|en)(?:\s|$)", " ".join(map(str, self._given)))
        return told[1] if told else self.get_default("language") or "en"


def indonesian(message: str) -> str:
    """What argparse says, in Bahasa Indonesia; what it says in words of a command as it is."""
    of = re.fullmatch(r"argument (\S+(?: [A-Z]+)?): (.+)", message, re.S)
    if of:
        return f"{of[1]}: {indonesian(of[2])}"
    for pattern, words in WORDS:
        found = re.fullmatch(pattern, message, re.S)
        if found:
            return words.format(*found.groups())
    return message
