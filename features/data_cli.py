"""The commands `jaga data check` and `jaga data import`: what can be used of some files, and why the rest cannot."""

# ruff: noqa: T201 - these are commands of the terminal
from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features import answer_file
from features.commands import Commands, UserError

if TYPE_CHECKING:
    from features.admit import Admitted


def register(commands: Commands) -> None:
    """Add the commands."""
    commands.add("data check", help="check files against the contract and count the rows that can be used",
                 configure=_check_options, run=_check, private=True)  # fmt: skip
    commands.add("data import", help="read a source, keep what the contract admits and write it as parquet",
                 configure=_import_options, run=_import, private=True)  # fmt: skip


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--input",
        type=Path,
        required=True,
        metavar="PATH",
        help="file or folder of contract tables, or a synthetic folder",
    )
    parser.add_argument("--quarantine", type=Path, metavar="FILE", help="write the refused cells (.parquet or .csv)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the counts")
    parser.add_argument("--limit-bad", type=_share, default=0.0, metavar="SHARE",
                        help="share of a table's rows that may be quarantined before the exit code is 1")  # fmt: skip


def _import_options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--source", choices=("contract", "eph"), help="what the files are")
    what.add_argument("--map", type=Path, metavar="FILE.toml", help="what the files are, column by column")
    parser.add_argument("--input", type=Path, required=True, metavar="DIR", help="file or folder to read")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--output", type=Path, metavar="DIR", help="folder to make")
    what.add_argument("--dry-run", action="store_true", help="tell what would be read and refused, and write nothing")
    parser.add_argument("--line", type=float, metavar="SHARE",
                        help="eph: poverty line as a share of the median (0.5 where not given)")  # fmt: skip
    parser.add_argument("--lag-days", type=int, metavar="DAYS",
                        help="eph: days from a quarter's end until it is known (0 where not given)")  # fmt: skip
    parser.add_argument("--limit-bad", type=_share, default=0.05, metavar="SHARE",
                        help="share of a table's rows in quarantine above which nothing is written")  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace the folder of an earlier import")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the manifest here too")


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1 or math.isnan(share):
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return share


def _check(args: argparse.Namespace) -> int:
    from features import report
    from features.files import write_quarantine
    from features.sources import register

    admitted = _admit("contract", register(args.input), {})
    _tell(admitted)
    _, worst = _worst(admitted)
    if args.quarantine:
        write_quarantine(admitted, args.quarantine)
    _write_json(args.json, {**report.counts_json(admitted), "worst_share": worst, "limit": args.limit_bad})
    return int(worst > args.limit_bad)


def _import(args: argparse.Namespace) -> int:
    from features import report, sources, store

    options = {"line": args.line, "lag_days": args.lag_days}
    given = {name: value for name, value in options.items() if value is not None}
    if args.map:
        if given:
            raise UserError(f"{', '.join(given)}: an option of the source eph; a map says it itself")
        admitted, about = _admit_mapped(args.map, args.input)
    else:
        admitted, about = _admit(args.source, args.input, options), {"source": args.source}
    _tell(admitted)
    if not admitted.counts["households"].admitted:
        raise UserError("no household can be used, so nothing was written; jaga data check tells more")
    table, worst = _worst(admitted)
    over = worst > args.limit_bad
    if over:
        print(f"{100 * worst:.1f} % of the rows of {table} were quarantined, above --limit-bad {args.limit_bad:g}: "
              "mend them, or raise it")  # fmt: skip
    if args.dry_run or over:
        print("nothing was written" + (" (--dry-run)" if args.dry_run else ""))
        _write_json(args.json, report.counts_json(admitted))
        return int(over)
    about |= {"synthetic": sources.is_synthetic(args.input), "options": given}
    manifest = store.write(admitted, args.output, about, force=args.force)
    _write_json(args.json, manifest)
    print(f"written to {args.output}, data hash {manifest['hash'][:12]}")
    return 0


def _worst(admitted: Admitted) -> tuple[str, float]:
    """The table with the largest share of its rows in quarantine, and that share."""
    shares = {name: count.quarantined / max(count.rows, 1) for name, count in admitted.counts.items()}
    return max(shares.items(), key=lambda own: own[1])


def _admit_mapped(path: Path, folder: Path) -> tuple[Admitted, dict[str, Any]]:
    from features import keys, sources
    from features.admit import admit
    from features.sources import mapped

    made = mapped.read_map(path)
    if not made.tested:
        print(f"the map {made.name!r} is untested: nobody has run it on real files and said so (tested = true)")
    door = keys.load().door
    read = mapped.read(made, folder, key=door)
    if sources.is_synthetic(folder):
        print("SYNTHETIC data: generated families, no real household")
    print("\n".join(read.lines()), end="\n" if read.lines() else "")
    admitted = admit(read.tables, key=door)
    read.number_rows(admitted.quarantine)
    return admitted, {"source": "map", **mapped.about(made, read)}


def _admit(source: str, path: Path, options: dict[str, Any]) -> Admitted:
    from features import files, keys, sources
    from features.admit import admit

    raw = sources.read(source, path, **options)
    if sources.is_synthetic(path):
        print("SYNTHETIC data: generated families, no real household")
    for line in files.torn_lines(raw):
        print(line)
    return admit(raw, key=keys.load().door)


def _tell(admitted: Admitted) -> None:
    from features import codes, contract, report

    print("\n".join(report.report_counts(admitted)))
    for name in report.unplaced(admitted):
        print(f"households.{name} is empty in every row: a model knows families by {' and '.join(contract.PLACED)}, "
              "so that none of these would have a score")  # fmt: skip
    for name, share in codes.unmapped(admitted.tables).items():
        if share > 0:  # NaN where no code is given
            print(f"{name} codes that no table of ours knows: {100 * share:.1f} % of those given, read as missing")


def _write_json(path: Path | None, facts: dict[str, Any]) -> None:
    answer_file.write(path, json.dumps(facts, indent=1) + "\n")
