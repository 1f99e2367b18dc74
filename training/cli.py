"""Commands of the training package: evaluate, train, promote; others in modules of their own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from features import answer_file
from features.commands import Commands, UserError
from training import retrain_cli, synthetic_cli, tune_cli


def register(commands: Commands) -> None:
    """Add the commands of this package."""
    commands.add("evaluate", help="fit on the past, judge on what came later, beside the baselines",
                 configure=_configure_evaluate, run=_evaluate)  # fmt: skip
    tune_cli.register(commands, _configure_any)
    commands.add("train", help="fit, judge, package and register a risk model", configure=_configure_train, run=_train)
    retrain_cli.register(commands, _configure_train, _configure_panel)
    commands.add("promote", help="let a trained model through its gates and make it the one that answers",
                 configure=_configure_promote, run=_promote)  # fmt: skip
    synthetic_cli.register(commands)


def _configure_panel(parser: argparse.ArgumentParser, table: bool = False, split: bool = True) -> None:
    parser.add_argument("--source", choices=("eph", "contract", "synthetic"), default="contract",
                        help="where the tables come from")  # fmt: skip
    parser.add_argument("--input", type=Path, required=not table, metavar="DIR", help="folder of the source's files")
    parser.add_argument("--line", type=float, help="EPH: poverty line as a share of the median (0.5 without it)")
    parser.add_argument("--horizon", type=int, help="periods ahead (one year, or a bundle's own, without it)")
    parser.add_argument("--lookback", type=int, help="periods of look-back that tell a first entry")
    parser.add_argument("--burn-in", type=int, help="first periods that are history only (the look-back; EPH: none)")
    parser.add_argument("--lag-days", type=int, help="publication lag of the survey in days (read off the data)")
    parser.add_argument("--view", choices=("survey", "registry"), help="survey: welfare measured; registry: not (a "
                        "bundle's own, or survey, without it; registry of a synthetic folder)")  # fmt: skip
    if split:
        parser.add_argument("--test-from", metavar="PERIOD", help="first judged origin (the last third without it)")
    parser.add_argument("--seed", type=int, default=1, help="of folds, trees and bootstrap")
    parser.add_argument("--threads", type=int, default=2, help="threads of the booster")


def _configure_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bootstrap", type=int, default=200, help="resamples of clusters for the intervals")
    parser.add_argument("--params", type=Path, metavar="FILE.toml", help="settings that jaga tune found")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report as one HTML file")
    parser.add_argument("--rows", type=Path, metavar="FILE", help="write the judged rows (.parquet, .csv): household, "
                        "origin, window, outcome, weight and the risk by each model")  # fmt: skip


def _configure_any(parser: argparse.ArgumentParser) -> None:
    _configure_panel(parser, table=True)
    parser.add_argument("--table", type=Path, metavar="FILE",
                        help="a flat table of household-periods instead (parquet, CSV or TSV)")  # fmt: skip
    parser.add_argument("--spec", type=Path, metavar="FILE.toml", help="what the table's columns mean")


def _configure_evaluate(parser: argparse.ArgumentParser) -> None:
    _configure_any(parser)
    _configure_results(parser)
    parser.add_argument("--refits", type=int, default=3, help="models that the judged origins share, each of what was "
                        "known on its first day")  # fmt: skip
    parser.add_argument("--baselines", nargs="+", metavar="NAME",
                        help="baselines to judge beside Jaga (all); none judges Jaga alone")  # fmt: skip
    parser.add_argument("--trials", type=int, help="settings to try of each learner that has none in --params")
    parser.add_argument("--transfer", type=float, help="to each listed household, in poverty lines, for the welfare "
                        "that a list adds (0.1 without it)")  # fmt: skip
    parser.add_argument("--audit", action="store_true", help="also judge groups, steadiness of the list, "
                        "ageing, gaming and each family of features (about fifteen fits more)")  # fmt: skip
    parser.add_argument("--ablate", nargs="+", default=[], metavar="NAME", help="with --audit: also tell what each of "
                        "these features adds to a model without it")  # fmt: skip
    parser.add_argument("--budget", type=float, help="judge the list that this sum pays for, each origin ...")
    parser.add_argument("--benefit", type=float, help="... at this much a family, in the same currency")
    parser.add_argument("--no-track", action="store_true", help="leave no run in MLflow")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="judge this fitted model instead of fitting one")
    parser.add_argument("--oracle", type=Path, metavar="FILE",
                        help="show the best that the features allow beside it (jaga data oracle)")  # fmt: skip


def _configure_train(parser: argparse.ArgumentParser) -> None:
    _configure_panel(parser)
    _configure_results(parser)
    _configure_bias(parser)
    parser.add_argument("--refit", action=argparse.BooleanOptionalAction, default=True, help="after judging, fit what "
                        "answers again on every row with a known outcome")  # fmt: skip
    parser.add_argument("--scheduler", metavar="ADDRESS", help="grow the trees by the workers of this Dask scheduler "
                        "(tcp://host:8786), for rows that are too many for one machine's trainer")  # fmt: skip


def _configure_bias(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bias", type=Path, metavar="FILE.toml", help="a person's answers to questions of the "
                        "risk-of-bias sheet that no figure decides")  # fmt: skip


def _configure_promote(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", nargs="?", help="name or folder of a bundle (the one registered last without it)")
    parser.add_argument("--history", action="store_true", help="print the promotion record and stop")
    parser.add_argument("--rollback", action="store_true", help="make the champion before answer again, or the bundle "
                        "named")  # fmt: skip
    parser.add_argument("--accept", action="append", default=[], metavar="GATE=REASON", help="answer for an unknown "
                        "gate (for none that failed); the reason and your name go into the record. The same reason "
                        "in Bahasa Indonesia beside it as GATE:id=REASON")  # fmt: skip
    _configure_bias(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the gates as JSON")


def prepared_of(args: argparse.Namespace, bundle: Any = None) -> Any:
    """The panel of contract tables that the options name; of the bundle's view and horizon where they name none."""
    from training.prepare import prepare

    told = bundle.schema if bundle is not None else {}
    horizon = told.get("horizon") if args.horizon is None else args.horizon
    return prepare(args.source, args.input, line=args.line, horizon=horizon, lookback=args.lookback,
                   lag_days=args.lag_days, burn_in=args.burn_in, view=args.view or told.get("view"))  # fmt: skip


def settings_of(args: argparse.Namespace) -> Any:
    """Settings of the fit, with those of --params where it has any for Jaga."""
    from training import tune, tuning
    from training.fit import Settings

    own = Settings(seed=args.seed, threads=args.threads, scheduler=getattr(args, "scheduler", None))
    params = tune.read_params(args.params) if getattr(args, "params", None) else {}
    return tuning.apply(own, params.get("jaga", {}))


_OF_CONTRACT = ("input", "bundle", "oracle", "line", "horizon", "lookback", "burn_in", "lag_days", "view")
"""Options that say nothing of a flat table."""


def _table(args: argparse.Namespace) -> Any:
    """The flat table of --table and --spec; None where tables of the contract are meant."""
    from features.files import read_flat
    from training import spec, table, terminal

    if not (args.table or args.spec):
        if args.input is None:
            raise UserError("say what to judge on: --input DIR, or --table FILE with --spec FILE.toml")
        return None
    if not (args.table and args.spec):
        raise UserError("--table FILE and --spec FILE.toml go together: the spec says what the columns mean")
    for name in _OF_CONTRACT:
        if getattr(args, name, None) is not None:
            raise UserError(f"--{name.replace('_', '-')} is for contract tables, not for --table: the spec says what "
                            "the table is")  # fmt: skip
    meant = spec.read_spec(args.spec)
    own = table.build(read_flat(args.table), meant)
    for note in own.notes:
        print(f"note: {note}")
    terminal.warn(own.warnings)
    return own


def panel_of(args: argparse.Namespace) -> Any:
    """The panel of either kind of input."""
    own = _table(args)
    return own.panel if own is not None else prepared_of(args).panel


def _evaluate(args: argparse.Namespace) -> int:
    from models import bundle
    from training import ceiling, prepare, rows, run, terminal

    rows.check(args.rows)
    rivals, worth, alone = _rivals(args), _worth(args), _alone(args)  # wrong use is told before anything is read
    flat = _table(args)
    if flat is not None:
        return _evaluate_table(args, flat, rivals, worth, alone)
    above = ceiling.load(args.oracle) if args.oracle else None
    fitted = bundle.load(args.bundle) if args.bundle else None
    prepared, first = prepared_of(args, fitted), prepare.parse_period(args.test_from)
    if fitted:
        result, scores, test = run.judge_bundle(prepared, fitted, test_from=first,
                                                number=args.bootstrap, seed=args.seed, ceiling=above)  # fmt: skip
    else:
        print(terminal.FITTING, flush=True)
        found = run.evaluate(prepared, settings_of(args), test_from=first, number=args.bootstrap, ceiling=above,
                             rivals=rivals, blocks=args.refits, worth=worth, audited=args.audit,
                             alone=alone, tell=_say)  # fmt: skip
        result, scores, test = found.result, found.scores, found.test
    terminal.tell(result)
    _track(args, result, scores, test, write(args, result, scores, test))
    return 0


def _evaluate_table(args: argparse.Namespace, own: Any, rivals: Any, worth: Any, alone: tuple[str, ...]) -> int:
    from training import prepare, run, terminal

    print(terminal.FITTING, flush=True)
    found = run.evaluate_table(own, settings_of(args), test_from=prepare.parse_period(args.test_from),
                               number=args.bootstrap, rivals=rivals, blocks=args.refits, worth=worth,
                               audited=args.audit, alone=alone, tell=_say)  # fmt: skip
    terminal.tell(found.result)
    _track(args, found.result, found.scores, found.test, write(args, found.result, found.scores, found.test))
    return 0


def _track(args: argparse.Namespace, result: dict[str, Any], scores: Any, test: Any, page: str) -> None:
    """A run in MLflow with the figures, the JSON and the report; `page` is the report where it was written already."""
    from models.bundle import dump
    from training import track

    if args.no_track:
        return
    panel = (args.table or args.input).resolve().name
    track.log_evaluation(result, panel, {"evaluation.json": dump(result),
                                         "report.html": page or _page(result, scores, test)})  # fmt: skip


def _page(result: dict[str, Any], scores: Any, test: Any) -> str:
    from training import judge, report

    return report.render(result, scores, test.poor_next, judge.judged_weights(test))


def _say(text: str) -> None:
    print(text, flush=True)


def _worth(args: argparse.Namespace) -> Any:
    from models.errors import TRANSFER
    from training.judge import Worth

    if (args.budget is None) != (args.benefit is None):
        raise UserError("--budget and --benefit go together: the list is budget / benefit families")
    for name in ("budget", "benefit", "transfer"):
        value = getattr(args, name)
        if value is not None and not value > 0:
            raise UserError(f"--{name} {value:g}: a sum above 0 is needed")
    return Worth(args.transfer or TRANSFER, args.budget, args.benefit)


def _alone(args: argparse.Namespace) -> tuple[str, ...]:
    if args.ablate and (args.bundle or not args.audit):
        raise UserError("--ablate is a part of --audit, which fits models: give --audit, and no --bundle")
    return tuple(args.ablate)


def _rivals(args: argparse.Namespace) -> Any:
    from models.baselines import NAMES
    from training import terminal, tune
    from training.backtest import Rivals

    names = tuple(NAMES if args.baselines is None else () if args.baselines == ["none"] else args.baselines)
    for name in names:
        if name not in NAMES:
            raise UserError(f"--baselines {name}: not known; known: {', '.join(NAMES)}, or none")
    if args.refits < 1 or (args.trials is not None and args.trials < 1):
        raise UserError("--refits and --trials: at least 1 is needed")
    budget = tune.Budget(args.trials or tune.TRIALS, watch=terminal.Tuning(sys.stdout))
    given = tune.read_params(args.params) if args.params else {}
    return Rivals(names, budget, {name: own for name, own in given.items() if name != "jaga"})


def _train(args: argparse.Namespace) -> int:
    from training import prepare, rows, run, terminal

    rows.check(args.rows)
    prepared, first = prepared_of(args), prepare.parse_period(args.test_from)
    print(terminal.FITTING, flush=True)
    path, found = run.train(
        prepared, settings_of(args), test_from=first, number=args.bootstrap, refit=args.refit,
        answers=answers_of(args), tell=_say, judged=lambda found: write_judged(args, found)
    )  # fmt: skip
    terminal.tell(found.result)
    print(f"bundle {path.name} in {path.parent}; jaga promote {path.name} makes it the one that answers")
    return 0


def write_judged(args: argparse.Namespace, found: Any) -> None:
    """Write the figures of a training once it is judged, before its model is packaged and registered."""
    write(args, found.result, found.scores, found.test, found.page)


def write(args: argparse.Namespace, result: dict[str, Any], scores: Any, test: Any, page: str = "") -> str:
    """Write JSON, judged rows and report where the options ask for them; the report's text, empty where none was asked.

    page : the report, where it was drawn already.
    """
    from models.bundle import dump
    from training import rows

    answer_file.write(args.json, dump(result))
    if args.rows:
        rows.write(args.rows, test, scores, bool(result["synthetic"]))
        print(f"judged rows: {args.rows}")
    if not args.report:
        return ""
    page = page or _page(result, scores, test)
    args.report.parent.mkdir(parents=True, exist_ok=True)
    args.report.write_text(page, encoding="utf-8")
    print(f"report: {args.report}")
    return page


def _promote(args: argparse.Namespace) -> int:
    from features.home import home
    from models.bundle import dump
    from training import gate

    if args.history:
        return _history(args)
    if args.rollback:
        back, changed = gate.rollback(home(), args.bundle)
        _tell_champion(back.name, "champion again" if changed else _ALREADY)
        return 0
    path = _bundle(args.bundle, home())
    already = gate.is_champion(home(), path)
    found = gate.promote(home(), path, gate.reasons(args.accept), answers_of(args))
    answer_file.write(args.json, dump({one.name: one.told() for one in found}))
    if already:
        _tell_champion(path.name, _ALREADY)
        return 0
    tell_gates(found, path.name)
    if not all(one.open for one in found):
        print(f"bundle {path.name} is not promoted; what answered before, if anything did, stays")
        return 1
    _tell_champion(path.name, "champion")
    return 0


_ALREADY = "the champion already; the record was not changed"


def _tell_champion(name: str, what: str) -> None:
    """Say what a bundle is, and tell the tracker: also of the champion already, of which it may not know yet."""
    from training import track

    print(f"bundle {name} is {what}{track.told(name, 'champion')}")


def answers_of(args: argparse.Namespace) -> Any:
    """The answers of --bias; None without it."""
    from training import probast

    return probast.answers(args.bias) if args.bias else None


def tell_gates(found: Any, bundle: str) -> None:
    """Print each gate, and what a person can do about those that are unknown."""
    for one in found:
        mark = {"pass": "pass", "fail": "FAIL", "unknown": "ok'd" if one.open else "????"}[one.answer]
        print(f"{mark}  {one.name}: {one.found}")
        if one.accepted:
            print(f"      accepted by {one.accepted.who}: {one.accepted.why}")
    unknown = [one for one in found if one.answer == "unknown" and not one.open]
    if unknown and not any(one.answer == "fail" for one in found):
        print("???? is unknown: nothing found decides it. Whoever answers for it writes why, which is recorded:")
        print(f"      jaga promote {bundle} " + " ".join(f"--accept {one.key}='REASON'" for one in unknown))


def _bundle(name: str | None, home: Path) -> Path:
    from models import record
    from training import gate

    if name is None:
        return gate.newest(home, print)
    for path in (record.folder(home) / name, Path(name)):
        if (path / "manifest.json").exists():
            return path
    raise UserError(f"no bundle {name} in {record.folder(home)}")


def _history(args: argparse.Namespace) -> int:
    from features.home import home
    from models import record
    from models.bundle import dump
    from training import gate

    found = record.entries(home())
    answer_file.write(args.json, dump(found))
    for entry in found:
        gates = entry["gates"].values()
        figures = ", ".join(f"{name} {own['value']}" for name, own in entry["figures"].items())
        passed = f"{sum(one['passed'] for one in gates)} of {len(gates)}"
        print(f"{entry['when']}  {entry['action']:8}  {entry['bundle'][:12]}  by {entry['who']}  data "
              f"{entry['data_hash'][:12]}  gates {passed}  {figures}")  # fmt: skip
        for words in gate.accepted(entry["gates"]):
            print(f"    {words}")
    if not found:
        print("no bundle was ever promoted")
    return 0
