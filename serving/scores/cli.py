"""The commands `jaga scores ...`: publish a finished run, step back, and read what answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from features.commands import Commands, UserError

_Add = Callable[..., object]


def register(commands: Commands) -> None:
    """Add `jaga scores ...`."""
    for name, (about, options) in _COMMANDS.items():
        commands.add(f"scores {name}", help=about, configure=_configured(options), run=_run(name))


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        import duckdb

        from serving.scores import commands as scores_commands

        try:
            return scores_commands.COMMANDS[name](arguments)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise UserError(
                f"the scores cannot be read ({str(error).splitlines()[0]}); publish their folder "
                "again, which looks at every byte",
                f"skor tidak dapat dibaca ({str(error).splitlines()[0]}); terbitkan lagi foldernya, "
                "yang memeriksa setiap bita",
            ) from None

    return run


def _configured(options: Callable[[_Add], None]) -> Callable[[argparse.ArgumentParser], None]:
    def configure(parser: argparse.ArgumentParser) -> None:
        options(parser.add_argument)
        parser.add_argument("--language", choices=("id", "en"), default="id", help="language of what is printed")
        parser.add_argument("--store", type=Path, metavar="DIR",
                            help="folder of the score store; the installation's own without it")  # fmt: skip

    return configure


def _publish(add: _Add) -> None:
    add("folder", metavar="DIR", help="folder or URL that jaga score wrote; it may be deleted afterwards")
    add("--older", action="store_true", help="publish also where the run that answers now has a later date")


def _back(add: _Add) -> None:
    return


def _show(add: _Add) -> None:
    _json(add)


def _find(add: _Add) -> None:
    add("code", metavar="CODE", help="code of the household; spaces, hyphens and small letters do not matter")
    _json(add)


def _top(add: _Add) -> None:
    _paged(add, 10)
    _area(add)
    add("--subdistrict", metavar="CODE", help="only this sub-district (kecamatan), by its BPS code of seven digits")
    add("--band", metavar="BAND", help="level (very_low, low, medium, high, very_high), rung (vulnerable, aspiring, "
        "middle), or risk from and to: 0.07:0.14")  # fmt: skip
    add("--kind", choices=("relapse", "first_entry", "unknown_history"), help="only falls of this kind")
    add("--certainty", choices=("usual", "low"), help="only risks of this certainty")
    add("--reasons", action="store_true", help="tell the reasons of each")
    _json(add)


def _distribution(add: _Add) -> None:
    groups = ("province", "regency", "subdistrict", "kind", "certainty", "rung")
    add("--by", choices=groups, default="province", help="groups")
    add("--province", metavar="CODE", help="only this province, or unknown")
    add("--edges", type=float, nargs="+", metavar="RISK", help="rising risks that divide the histogram; the levels of "
        "risk, or tenths, without it")  # fmt: skip
    _json(add)


def _change(add: _Add) -> None:
    add("--cut", type=float, metavar="RISK", help="the list is all households at this risk or above")
    add("--top", type=int, metavar="N", help="or the list is the N households at the highest risk")
    add("--old", metavar="RUN", help="earlier run; the one that answered before without it")
    add("--new", metavar="RUN", help="later run; the one that answers without it")
    _area(add)
    _paged(add, 10)
    add("--facts", type=int, default=3, metavar="N", help="facts told of each household that moved, "
        "beside what is not told one by one")  # fmt: skip
    _json(add)


def _area(add: _Add) -> None:
    add("--province", metavar="CODE", help="only this province, or unknown")
    add("--regency", metavar="CODE", help="only this regency")


def _paged(add: _Add, count: int) -> None:
    add("--count", type=int, default=count, metavar="N", help="households to print, on each side of a change")
    add("--offset", type=int, default=0, metavar="N", help="households to leave out before them")


def _json(add: _Add) -> None:
    add("--json", type=Path, metavar="FILE", help="write the answer there too")


_COMMANDS: dict[str, tuple[str, Callable[[_Add], None]]] = {
    "publish": ("make a finished run of jaga score the one that answers", _publish),
    "back": ("let the run that answered before answer again", _back),
    "check": ("read every byte of the run that answers against the SHA-256 of its manifest and index", _back),
    "show": ("say which runs are in the store and which one answers", _show),
    "find": ("print the score of one household", _find),
    "top": ("list the households at the highest risk", _top),
    "distribution": ("count households and risks by group", _distribution),
    "change": ("say who entered and who left a list between two runs, and why", _change),
}
