"""The command `jaga demo`: from nothing to a served, explained list of made-up families, by commands to type again."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import requires, version
from pathlib import Path
from typing import TextIO

from features.commands import Commands, Exit, UserError

LEAST = 5000
"""Of fewer families so few fall that the gates of promotion may rightly let no model answer."""
REGISTER = 10
"""Families of the register for each that the survey follows: of a register no larger than the survey, hardly anybody
takes part in a scheme of a province, and scenarios of the pages would have no figures to show."""

PERIODS = 16
FOLLOWED = "2022Q4"
"""First quarter of the families that the survey followed, whatever the day. Of some 200 judged falls the slope of the
calibration is so unsure (.72 to 1.28 of four seeds of a quarter later) that the gates rightly refuse about every second
such panel: one of each day's own quarters would often end the demo. The register is of the last quarters."""
WHY = {
    "": "demonstration on synthetic families, no real people",
    ":id": "demo dengan keluarga sintetis, tidak ada orang sungguhan",
}
"""So few families leave some gates unknown; whoever runs the demo answers for them, in the record."""
_UNKNOWN = re.compile(r"--accept ([a-z0-9-]+)='REASON'")
"""How `jaga promote` names a gate that is unknown."""
_OPENED = "$ jaga "
"""How the log names the command of a step."""
_FAMILIES = "Highest risk"
"""How the list of the families at the highest risk begins, which ends what a step prints."""
_PROMOTED = r"^(bundle \w+ is champion|FAIL)"

_NEEDED = re.compile(r"[\w.-]+(?=[^;]*(?:; extra == .train.)?$)")
_WIDTH = 110
_NO_PROGRESS = r"^(?!time=)"
"""Lines of standard error that are none of how far a step is: each step takes seconds."""
_PACKAGES = ("features", "models", "training", "serving")


def register(commands: Commands) -> None:
    """Add `jaga demo`."""
    commands.add("demo", help="make synthetic families, train, promote, score, publish, then serve pages and API",
                 configure=_options, run=_run)  # fmt: skip


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--output", type=Path, default=Path(".jaga/demo"), metavar="DIR", help="home of the demo's models and scores")
    add(
        "--households",
        type=int,
        default=LEAST,
        metavar="N",
        help=f"families followed by the survey, {LEAST} or more; the register has {REGISTER} times as many",
    )
    add("--seed", type=int, default=2045, metavar="S", help="other seed, other families")
    add(
        "--start",
        metavar="QUARTER",
        help="first of the 16 quarters of families scored (the last ended before today without it)",
    )
    add("--serve", action=argparse.BooleanOptionalAction, default=True, help="answer when all is made")
    add("--port", type=int, default=3000, help="port of 127.0.0.1 to answer on")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.households < LEAST:
        raise UserError(f"--households {arguments.households}: {LEAST} or more are needed; of fewer made-up families "
                        "so few fall that the gates of promotion may rightly let no model answer")  # fmt: skip
    home = arguments.output
    os.environ["JAGA_HOME"] = str(home)
    start = arguments.start or first_quarter(datetime.now(UTC).date())
    code = _make(home, arguments.households, arguments.seed, start)
    if code:
        return code
    print(f"\nReport: {home / 'report.html'}\nScores: {home / 'scored'}", flush=True)
    if not arguments.serve:
        return Exit.DONE
    # What the families are beyond their scores, for the scenarios of the pages: without it nobody's desil is known.
    register = os.environ.setdefault("JAGA_REGISTER", str((home / "data" / "registry").absolute()))
    print(f"Served again later by: JAGA_HOME={home} JAGA_REGISTER={register} jaga serve --port {arguments.port}",
          flush=True)  # fmt: skip
    return _jaga("serve", "--port", str(arguments.port))


def first_quarter(today: date) -> str:
    """First of 16 quarters whose last one ended before `today`, so that the scores have not expired."""
    from features import periods

    return periods.text(periods.parse(f"{today.year}Q{(today.month - 1) // 3 + 1}") - PERIODS)


def _make(home: Path, households: int, seed: int, start: str) -> int:
    """All steps, unless the same code made the same families before; a stopped run begins anew."""
    done, mark = home / ".done", _mark(f"{households} {seed} {start}")
    if done.is_file() and done.read_text() == mark:
        return Exit.DONE
    done.unlink(missing_ok=True)
    began = time.monotonic()
    home.mkdir(parents=True, exist_ok=True)
    log = home / "demo.log"
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)
    print(f"Everything goes into {home}; to type these commands again: export JAGA_HOME={home}\n"
          f"What they print in full: {log}")  # fmt: skip
    for title, command, worth in steps(home, households, seed, start):
        print(f"\n== {title}\n   {_typed(command)}", flush=True)
        code = _run_step(command, log, worth)
        if code == Exit.FAILED and command[0] == "promote":
            code = _answered(log)
        elif code == Exit.FAILED:
            print(log.read_text(), end="")
        if command[0] == "train" and not code:
            _judged(home / "evaluation.json")
        if command[0] == "promote" and not code:
            _gates(home / "record.jsonl")
        if code == Exit.FAILED and command[0] == "promote":
            print("\nThe demo ends here: by the gates above this model may not answer, as no real one might."
                  f"\nIts report is {home / 'report.html'}. Try other families: --households 10000 --seed 1",
                  file=sys.stderr)  # fmt: skip
        if code:
            return code
    done.write_text(mark)
    print(f"\nMade in {time.monotonic() - began:.0f} s")
    return Exit.DONE


def _answered(log: Path) -> int:
    """Promotion again, with an answer for each gate that the last one found unknown; a gate that failed stays so."""
    unknown = _UNKNOWN.findall(log.read_text().rpartition(_OPENED)[2])
    if not unknown:
        return Exit.FAILED
    command = ["promote", *(word for gate in unknown for own, why in WHY.items()
                            for word in ("--accept", f"{gate}{own}={why}"))]  # fmt: skip
    print(f"   So few families leave {len(unknown)} gates unknown; the demo answers for them, in the record\n"
          f"   {_typed(command)}", flush=True)  # fmt: skip
    return _run_step(command, log, _PROMOTED)


def _run_step(command: list[str], log: Path, worth: str) -> int:
    """One command, of which the terminal shows what is worth it and the log all but the families at highest risk."""
    with (log.open("a") as file, contextlib.redirect_stdout(_Short(sys.stdout, file, worth)),
          contextlib.redirect_stderr(_Short(sys.stderr, file, _NO_PROGRESS))):  # fmt: skip
        file.write(f"{_OPENED}{shlex.join(command)}\n")
        return _jaga(*command)


class _Short(io.TextIOBase):
    """A terminal that shows what is worth it to who sees it the first time, beside a log of everything but families:
    a file that stays is no place for their codes and risks, made up or not."""

    def __init__(self, terminal: TextIO, log: TextIO, worth: str) -> None:
        self._terminal, self._log, self._worth, self._line = terminal, log, re.compile(worth), ""
        self._families = False

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._families = self._families or line.startswith(_FAMILIES)
            # A logger of a step may keep this for its own longer than the step lasts.
            if not self._families and not self._log.closed:
                self._log.write(f"{line}\n")
            if self._worth.search(line):
                self._terminal.write(f"   {line}\n")
                self._terminal.flush()
        return len(text)


def _judged(file: Path) -> None:
    found = json.loads(file.read_text())
    auc, cohort = found["models"]["jaga"]["auc"], found["cohort"]
    print(f"   {cohort['rows']:,} household-periods that came later, {cohort['events']} falls: AUC {auc['value']:.2f} "
          f"({auc['low']:.2f} to {auc['high']:.2f}; a draw by lot has 0.5)")  # fmt: skip


def _gates(file: Path) -> None:
    """How many gates are open by what was found, and which by the word of whoever runs the demo."""
    gates = json.loads(file.read_text().splitlines()[-1])["body"]["gates"]
    answered = [name.replace("(PROBAST)", "(PROBAST, a checklist for prediction models)")
                for name, one in gates.items() if one.get("accepted")]  # fmt: skip
    rest = f"; unknown with so few families, and answered for: {', '.join(answered)}" if answered else ""
    print(f"   {len(gates)} gates: {len(gates) - len(answered)} passed{rest}")


def _typed(command: list[str]) -> str:
    """A command as it can be typed again; one that is long on several lines, an option each."""
    line = f"jaga {shlex.join(command)}"
    return line if len(line) <= _WIDTH else " \\\n     ".join(re.split(r" (?=--)", line))


def steps(home: Path, households: int, seed: int, start: str) -> Iterator[tuple[str, list[str], str]]:
    """Title, words and lines worth showing of each command, in order; what stands in the way of one goes before it."""
    data, panel, scored = str(home / "data"), str(home / "panel"), home / "scored"
    same = ["--periods", str(PERIODS), "--seed", str(seed), "--workers", "2", "--force"]
    yield "Synthetic panel: Indonesian families that a survey followed", [
        "data", "synth", "--households", str(households), "--start", FOLLOWED, *same, "--output", panel,
    ], "."  # fmt: skip
    yield "Synthetic register: Indonesian families of today", [
        "data", "synth", "--households", str(REGISTER * households), "--survey", str(households), "--start", start,
        *same, "--output", data,
    ], "."  # fmt: skip
    yield "Data quality", ["data", "check", "--input", f"{data}/registry", "--json", str(home / "quality.json")], "."
    yield "Training, and judging on later periods", [
        "train", "--source", "synthetic", "--input", panel, "--json", str(home / "evaluation.json"),
        "--report", str(home / "report.html"),
    ], r"household-periods from|^fitting|^  \w+: [\d.]+ s|^report:|^bundle"  # fmt: skip
    yield "Promotion", ["promote"], _PROMOTED
    shutil.rmtree(scored, ignore_errors=True)  # a folder holds one run; a new model makes a new one
    yield (
        "Scores",
        ["score", "--input", data, "--output", str(scored), "--top", "5", "--language", "en"],
        (r"^(Households in|Highest)|^ +\d\. |^ +[+-] "),
    )
    yield "Publishing the scores", ["scores", "publish", str(scored), "--language", "en"], "."


def _jaga(*words: str) -> int:
    from features.cli import main

    return main(list(words))


def _mark(told: str) -> str:
    """What the demo is made of: the code, the packages it trains and scores with, and what was asked for."""
    found = hashlib.sha256(told.encode())
    for line in requires("jaga") or ():
        if name := _NEEDED.match(line):
            found.update(f"{name[0]} {version(name[0])}".encode())
    root = Path(__file__).resolve().parent.parent
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            # What Python and Numba compile lies there, and comes with the first run.
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.read_bytes())
    return found.hexdigest()
