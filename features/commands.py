"""The command tree that each package adds its own commands to, without importing anything heavy."""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Callable, Iterable
from enum import IntEnum

Configure = Callable[[argparse.ArgumentParser], None]
Run = Callable[[argparse.Namespace], int]

GROUPS = {"data": "make, read and check the tables", "features": "features and their dictionary",
          "lists": "draw lists under a quota and a budget",
          "schemes": "schemes and shocks that can be simulated",
          "scores": "publish the scores of a register, and read them", "db": "the database of the officers' service",
          "people": "who may sign in, and what they may do", "tokens": "tokens of the API",
          "audit": "the log of who did what"}  # fmt: skip


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    FAILED = 1
    """Done, but a check failed: what was asked for is not published."""
    WRONG = 2
    """Wrong use or input."""
    FAULT = 70
    """An error nobody foresaw, of a code of its own, so that no script takes it for a check that failed."""
    STOPPED = 130
    """Stopped by Ctrl-C."""


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Codes of an `OSError`: nothing more can be written where it was to be, and whoever asked for it can mend that."""


class UserError(Exception):
    """Something the person at the terminal can mend; printed without a traceback, exit code 2.

    Attributes
    ----------
    words : what is told, in Bahasa Indonesia and English; English alone stands for both. A command that takes
        --language tells it in that one, any other in English.
    """

    def __init__(self, english: object = "", indonesian: str = "") -> None:
        super().__init__(english)
        self.words: tuple[str, str] = (indonesian or str(english), str(english))


def closest(name: str, among: Iterable[str]) -> str:
    """A hint at the name that was probably meant, empty where none is near."""
    import difflib

    close = difflib.get_close_matches(name, list(among), 1)
    return f" (did you mean {close[0]!r}?)" if close else ""


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Help that tells a default only where there is one worth telling."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if not tells(action.default):
            return action.help
        told = super()._get_help_string(action)
        return told and told.replace("%(default)s", plain(action.default).replace("%", "%%"))


def tells(default: object) -> bool:
    """Whether a default is worth telling."""
    return default is not None and default is not False and default not in ("", argparse.SUPPRESS) and default != []


def plain(default: object) -> str:
    """A default as it would be typed."""
    return " ".join(map(str, default)) if isinstance(default, list | tuple) else str(default)


def privately(run: Run) -> Run:
    """`run`, of which new folders have mode 700 and new files 600, those of its worker processes too.

    From the first moment, and of what lies half done as well: a mode set at the end would leave everything to be read
    until then. What was there before keeps its mode.
    """

    def alone(arguments: argparse.Namespace) -> int:
        before = os.umask(0o077)
        try:
            return run(arguments)
        finally:
            os.umask(before)

    return alone


class Commands:
    """Commands of one or two words, each with its own parser."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._top = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
        self._groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}

    def add(self, path: str, *, help: str, configure: Configure, run: Run, private: bool = False) -> None:
        """Add the command `path` ("train" or "data synth"); `run` gets the arguments, returns the exit code.

        private : what it makes holds rows of families, and is made for its owner alone (`privately`).
        """
        *group, name = path.split()
        home = self._group(group[0]) if group else self._top
        parser = home.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".",
                                 formatter_class=_Help)  # fmt: skip
        configure(parser)
        parser.set_defaults(run=privately(run) if private else run)

    def _group(self, name: str) -> argparse._SubParsersAction[argparse.ArgumentParser]:
        if name not in self._groups:
            parser = self._top.add_parser(name, help=GROUPS[name], description=GROUPS[name])
            self._groups[name] = parser.add_subparsers(metavar="COMMAND", required=True)
        return self._groups[name]
