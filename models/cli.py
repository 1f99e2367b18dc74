"""Commands of the models package; everything heavy is imported when one runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from features.commands import Commands
from models.compass import cli as compass


def register(commands: Commands) -> None:
    """Add `jaga compass`, `jaga schemes` and `jaga simulate`."""
    compass.register(commands)
    commands.add("schemes list", help="list the schemes, shocks and scenarios that ship with Jaga",
                 configure=_list_options, run=_list)  # fmt: skip
    commands.add("schemes show", help="show one of them with the source of every figure", configure=_show_options,
                 run=_show)  # fmt: skip
    commands.add("schemes check", help="check YAML files of schemes, shocks and scenarios", configure=_check_options,
                 run=_check)  # fmt: skip
    commands.add("schemes mix", help="search for the best split of a budget over the schemes of a scenario's arm",
                 configure=_mix_options, run=_mix)  # fmt: skip
    commands.add("simulate", help="simulate shocks and schemes over a nation of families", configure=_simulate_options,
                 run=_simulate)  # fmt: skip


def _list_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the list")
    _language(parser)


def _show_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="of jaga schemes list")
    _language(parser)


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.yaml", help="files to check")
    _family_options(parser, "families that scenarios are for: of which answers they are too few is told then; folder "
                    "of jaga data synth, or of jaga score")  # fmt: skip
    _language(parser)


def _language(parser: argparse.ArgumentParser, of: str = "what is printed") -> None:
    parser.add_argument("--language", choices=("id", "en"), default="id", help=f"language of {of}")


def _lived_options(parser: argparse.ArgumentParser) -> None:
    """Options of all that is lived: the scenario, the families, the chance, the workers."""
    add = parser.add_argument
    add(
        "scenario",
        metavar="SCENARIO",
        help="YAML file, hasil.json of an --output to live the same again, or a name of jaga schemes list",
    )
    _family_options(parser, "folder of jaga data synth, or of jaga score", required=True)
    add("--draws", type=int, metavar="N", help="draws; the scenario's own number without it")
    add(
        "--workers", type=int, default=1, metavar="N", help="processes of this machine; the same result with any number"
    )
    add("--scheduler", metavar="ADDRESS",
        help="use the workers of this Dask scheduler instead (tcp://host:8786)")  # fmt: skip


def _family_options(parser: argparse.ArgumentParser, of: str, *, required: bool = False) -> None:
    """Options of the families and of the chance by which they are drawn."""
    add = parser.add_argument
    add("--input", type=Path, required=required, metavar="DIR", help=of)
    add("--register", type=Path, metavar="DIR", help="what was scored (as of jaga score --input): size, desil, work")
    add(
        "--dynamics",
        type=Path,
        metavar="FILE.npz",
        help="law of yearly moves, taken as it is, "
        "instead of that of the model: dynamics.npz of another bundle, or one of your own (docs/simulation.md)",
    )
    add("--published", type=int, metavar="YEAR",
        help="weigh families so that the rungs have the shares published for this year")  # fmt: skip
    add("--seed", type=int, metavar="S", help="of all chance; the scenario's own without it")
    add("--sample", type=int, metavar="N", help="simulate N families drawn by lot, who stand for all")


def _mix_options(parser: argparse.ArgumentParser) -> None:
    _lived_options(parser)
    add = parser.add_argument
    add("--arm", required=True, metavar="NAME", help="arm whose schemes share the budget")
    add("--budget", type=int, required=True, metavar="RUPIAH", help="in all")
    add("--outcome", default="lasting_24", metavar="NAME", help="what is to be large: lasting_24, "
        "falls_averted, relapses_averted or poor_years_averted")  # fmt: skip
    add("--steps", type=int, default=5, metavar="N", help="the budget is cut in so many equal steps")
    add("--json", type=Path, metavar="FILE", help="write all splits")
    _language(parser)


def _simulate_options(parser: argparse.ArgumentParser) -> None:
    _lived_options(parser)
    add = parser.add_argument
    _language(parser, "pictures and summary")
    add("--output", type=Path, metavar="DIR", help="folder for the figures (JSON, parquet) and pictures (SVG)")
    add("--tables", type=Path, metavar="FILE", help="write all tables as one workbook (.xlsx) or as one CSV (.csv)")
    add(
        "--brief",
        type=Path,
        metavar="FILE.pdf",
        help="write the brief of two or three pages (pip install 'jaga[pdf]')",
    )
    add("--force", action="store_true", help="replace the files of an earlier simulation in that folder")


def _list(arguments: argparse.Namespace) -> int:
    from models.schemes import commands

    return commands.listed(arguments)


def _show(arguments: argparse.Namespace) -> int:
    from models.schemes import commands

    return commands.shown(arguments)


def _check(arguments: argparse.Namespace) -> int:
    from models.schemes import commands

    return commands.checked(arguments)


def _mix(arguments: argparse.Namespace) -> int:
    from models.schemes import commands

    return commands.mixed(arguments)


def _simulate(arguments: argparse.Namespace) -> int:
    from models.schemes import commands

    return commands.simulated(arguments)
