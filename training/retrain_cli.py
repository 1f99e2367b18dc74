"""The commands `jaga retrain` and `jaga drift`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from features import answer_file
from features.commands import Commands


def register(commands: Commands, configure_train: Any, configure_panel: Any) -> None:
    """Add the commands; the two functions add the options of a training and of a panel."""

    def retrain(parser: argparse.ArgumentParser) -> None:
        configure_train(parser)
        parser.add_argument("--promote", action="store_true", help="make it the one that answers if every gate is open "
                            "(without it the bundle is staged as the challenger)")  # fmt: skip

    def drift(parser: argparse.ArgumentParser) -> None:
        configure_panel(parser, split=False)
        parser.add_argument("--bundle", type=Path, metavar="DIR", help="the model to look at (the champion without it)")
        parser.add_argument("--bootstrap", type=int, default=200, help="resamples of clusters for the intervals")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")

    commands.add("retrain", help="train again on new data: judge, gate and stage (exit code 1: a gate is closed to "
                 "what was made); nothing where nothing changed since the last jaga retrain (exit code 0)",
                 configure=retrain, run=_retrain)  # fmt: skip
    commands.add("drift", help="say whether training again is due (exit code 1: it is)", configure=drift, run=_drift)


def _retrain(args: argparse.Namespace) -> int:
    from features.home import home
    from training import prepare, retrain, rows
    from training.cli import answers_of, prepared_of, settings_of, tell_gates, write_judged

    rows.check(args.rows)
    outcome = retrain.again(home(), lambda: prepared_of(args), settings_of(args),
                            test_from=prepare.parse_period(args.test_from), number=args.bootstrap, refit=args.refit,
                            answers=answers_of(args), promote=args.promote,
                            tell=lambda text: print(text, flush=True),
                            judged=lambda found: write_judged(args, found))  # fmt: skip
    if outcome.found is None:
        print(f"nothing to do: bundle {outcome.bundle} was trained on the same data, settings and versions" +
              ("; a gate is closed to it, as the run that made it told" if outcome.blocked else ""))  # fmt: skip
        return 0
    failed = any(one.answer == "fail" for one in outcome.gates)
    if outcome.promoted and not outcome.open and not failed:  # a person answered for what is unknown at its promotion
        print(f"bundle {outcome.bundle} came out again, byte for byte, and is the champion already; nothing changes")
        return 0
    tell_gates(outcome.gates, outcome.bundle)
    if not outcome.open:
        print(f"bundle {outcome.bundle} is kept, not promoted: a gate is closed")
        return 1
    print(f"bundle {outcome.bundle} is " + (f"champion{outcome.tracker}" if outcome.promoted else
          f"staged; jaga promote {outcome.bundle} makes it the one that answers"))  # fmt: skip
    return 0


def _drift(args: argparse.Namespace) -> int:
    from features.commands import UserError
    from features.home import home
    from models import bundle, record
    from training import drift
    from training.cli import prepared_of

    path = args.bundle or record.champion(home())
    if path is None:
        raise UserError("no bundle was promoted; name one with --bundle DIR")
    fitted = bundle.load(path)
    report = drift.judge(prepared_of(args, fitted), fitted, number=args.bootstrap, seed=args.seed)
    for line in drift.lines(report):
        print(line)
    answer_file.write(args.json, bundle.dump(report.found))
    return 1 if report.due else 0
