"""A long run tells how far it is, foresees its time and room, and goes on where it was killed."""

from __future__ import annotations

import io
import itertools
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pyarrow as pa
import pytest

from features import crew, keys
from features.cli import main
from features.commands import Exit
from features.keys import grouped
from models import forest
from serving.batch import codes, runs
from serving.batch import command as batch_run
from serving.batch.progress import Progress, duration
from tests.conftest import ROOT
from tests.serving import registers

COMMAND = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())", "score"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return registers.write(tmp_path_factory.mktemp("register") / "in", registers.tables())


def _options(source: Path, output: Path, bundle: Path) -> list[str]:
    return ["--input", str(source), "--output", str(output), "--bundle", str(bundle), "--chunk", "12",
            "--language", "en"]  # fmt: skip


@pytest.mark.slow
def test_killed_and_run_again_gives_the_same_bytes(source: Path, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    options = _options(source, tmp_path / "whole", bundles[0])
    subprocess.run([*COMMAND, *options], check=True, capture_output=True)
    draw = random.Random(3)
    for turn in range(3):
        _kill_after(draw.randrange(3, 9), [*COMMAND, *_options(source, tmp_path / "out", bundles[0])])
        assert not (tmp_path / "out" / "manifest.json").exists(), f"turn {turn} was not stopped"
    again = subprocess.run([*COMMAND, *_options(source, tmp_path / "out", bundles[0])], check=True, capture_output=True,
                           text=True)  # fmt: skip
    first = int(again.stderr.split("event=score done=")[1].split()[0])
    assert first > 3, "finished parts were scored again"
    assert registers.contents(tmp_path / "out") == registers.contents(tmp_path / "whole")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_is_said_to_be_and_the_run_goes_on_later(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                                             workers: str) -> None:  # fmt: skip
    command = [*COMMAND, *_options(source, tmp_path / "out", bundles[0]), "--workers", workers]

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    full = subprocess.run(command, capture_output=True, text=True, preexec_fn=little_room)
    assert full.returncode == 2
    assert "no room is left" in full.stderr
    assert "Traceback" not in full.stderr
    assert not (tmp_path / "out" / "manifest.json").exists()
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run([*COMMAND, *_options(source, tmp_path / "whole", bundles[0])], check=True, capture_output=True)
    assert registers.contents(tmp_path / "out") == registers.contents(tmp_path / "whole")


def _kill_after(parts: int, command: list[str]) -> None:
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        seen = 0
        for line in process.stderr:
            seen += "event=" in line
            if seen == parts:
                os.kill(process.pid, signal.SIGKILL)
                break
        assert process.wait(20) == -signal.SIGKILL


def test_what_is_printed(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                         capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    options = [*_options(source, tmp_path / "out", bundles[0]), "--json", str(tmp_path / "said.json"), "--top", "2"]
    assert main(["score", *options, "--dry-run"]) == 0
    assert "to be written" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()

    assert main(["score", *options]) == 0
    printed = capsys.readouterr()
    assert "event=score done=1 of=15" in printed.err
    assert [line.partition(" event=")[2] for line in printed.err.splitlines() if "event=write" in line] == [
        f"write done={count} of={count} rows=60 of_rows=60"
        for count in [len(list((tmp_path / "out" / "scores").iterdir()))]
    ]
    assert "Households in 60 = scored 60 + refused 0 + quarantined 0" in printed.out
    assert "Highest risk (DATA SINTETIS) (+ raises it, - lowers it):" in printed.out
    said = json.loads((tmp_path / "said.json").read_text())
    assert said["state"] == "published"
    assert said["households"]["in"] == 60 == sum(home["in"] for home in said["provinces"].values())
    best = max(registers.rows(tmp_path / "out").to_pylist(), key=lambda row: row["risk"] if row["applies"] else -1)
    listed = printed.out.split("lowers it):\n")[1]
    assert listed.startswith(
        f"  1. {grouped(best['household_id'])}  {best['province']}  {best['risk'] * 100:.1f} %\n       "
    )
    signs = ["+" if own["contribution"] > 0 else "-" for own in best["reasons"]]
    assert [line[7] for line in listed.splitlines()[1 : 1 + len(signs)]] == signs
    assert len(re.findall(r"%\n       [+-] ", listed)) == 2

    assert main(["score", *options]) == 0
    assert capsys.readouterr().out == (
        "Finished before and unchanged, nothing to do. Households in 60 = scored 60 + refused 0 + quarantined 0; at "
        f"risk {said['households']['at_risk']}. Output: {tmp_path / 'out'}\n")  # fmt: skip
    assert json.loads((tmp_path / "said.json").read_text())["state"] == "done"


def test_scores_are_their_owners_alone_from_the_first_moment_whatever_the_umask(
    bundles: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = registers.tables(20)
    made["households"][0]["rooms"] = -1
    options = _options(registers.write(tmp_path / "in", made), tmp_path / "out", bundles[0])
    modes: dict[str, tuple[bool, int]] = {}

    def look(folder: Path) -> None:
        modes.update({str(path.relative_to(tmp_path)): (path.is_dir(), path.stat().st_mode & 0o777)
                      for path in (folder, *folder.rglob("*"))})  # fmt: skip

    finish = runs.publish
    monkeypatch.setattr(runs, "publish", lambda folder, manifest: (look(folder), finish(folder, manifest)))
    before = os.umask(0o022)
    try:
        assert main(["score", *options, "--limit-bad", "0.9", "--json", str(tmp_path / "said.json")]) == 0
    finally:
        os.umask(before)
    assert {"out/.work", "out/quarantine", "out/.work/scores"} <= set(modes), "looked at before it is whole"
    look(tmp_path / "out")
    assert {path: oct(mode) for path, (folder, mode) in modes.items() if mode != (0o700 if folder else 0o600)} == {}


def test_codes_are_printed_to_a_terminal_and_into_no_log_unasked(source: Path, bundles: tuple[Path, Path],
                                                                 tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    assert main(["score", *_options(source, tmp_path / "log", bundles[0])]) == 0
    assert "Highest risk" not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main(["score", *_options(source, tmp_path / "seen", bundles[0])]) == 0
    assert "Highest risk" in capsys.readouterr().out


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_renews_one_line_on_a_terminal() -> None:
    out, clock = _Terminal(), iter([0.0, 2.0, 62.0, 67.0, 72.0, 73.0])
    progress = Progress(out, clock=lambda: next(clock), language="en")
    progress("cut", 1, 1, 300, 300)
    progress("prepare")
    progress("score", 1, 3, 100, 300, 50)
    progress("score", 2, 3, 200, 300, 100)
    progress("score", 3, 3, 300, 300, 50)
    progress("write", 1, 3, 50, 150)
    progress.end()
    assert [line.removesuffix("\x1b[K") for line in out.getvalue().rstrip("\n").split("\r")[1:]] == [
        f"[{'#' * 20}] cutting the input, 1 of 1",
        "preparing the model (the first run on a machine compiles it, up to a minute)",
        f"[{'#' * 6}{'.' * 14}] scoring, 1 of 3, time left in this stage not known yet",
        f"[{'#' * 13}{'.' * 7}] scoring, 2 of 3, time left in this stage not known yet",
        f"[{'#' * 20}] scoring, 3 of 3: 15 households a second, 0 s left in this stage",
        f"[{'#' * 6}{'.' * 14}] writing by province, 1 of 3, time left in this stage not known yet",
    ]
    assert out.getvalue().endswith("\n")


@pytest.mark.parametrize("terminal", [True, False])
def test_how_much_of_the_input_is_read_is_told_now_and_then(terminal: bool) -> None:
    out, now = _Terminal() if terminal else io.StringIO(), [0.0]
    progress = Progress(out, clock=lambda: now[0], language="en")
    progress("look")
    for rows in range(1, 21):
        now[0] += 0.5
        progress("look", rows=rows * 1000)
    for done in range(1, 21):
        now[0] += 0.5
        progress("look", done * 10**8, 2 * 10**9)
    progress("check")
    progress("check", 10**6, 10**6)  # of a small input nothing is told on the way
    told = out.getvalue().split("\r" if terminal else "\n")
    told = [line.removesuffix("\x1b[K").partition(" event=" if not terminal else "\0")[0 if terminal else 2]
            for line in told if line]  # fmt: skip
    if terminal:
        assert told[0] == "looking through the input"
        assert told[1:3] == ["looking through the input, 2,000 rows read", "looking through the input, 3,000 rows read"]
        assert told[-2] == "looking through the input, 2.0 GB of 2.0 GB read, 0 s left in this stage"
        assert told[-11] == "looking through the input, 1.1 GB of 2.0 GB read, 4 s left in this stage"
        assert len(told) == 2 + 19 + 19
    else:
        assert told == ["look", "look rows=11000", "look bytes=1100000000 of_bytes=2000000000 stage_seconds_left=4",
                        "check"]  # fmt: skip


def test_a_run_tells_the_rows_and_bytes_that_it_reads(source: Path, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    heard: list[tuple[str, int, int, int]] = []

    def tell(stage: str, done: int = 0, of: int = 0, rows: int = 0, *_: int, **__: int) -> None:
        heard.append((stage, done, of, rows))

    job = batch_run.batch.prepare(batch_run.Request(source, tmp_path / "out", bundles[0], chunk=12), tell)
    batch_run.batch.run(job, tell)
    size = sum(path.stat().st_size for path in (source / "registry").iterdir())
    rows = sum(job.extent.rows.values())
    assert ("look", 0, 0, rows) in heard
    assert ("look", size, size, 0) in heard
    assert ("check", size, size, 0) in heard


def test_a_dry_run_says_what_is_begun_and_refuses_what_a_run_would(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = _options(source, tmp_path / "out", bundles[0])
    _kill_after(6, [*COMMAND, *options])
    before = registers.contents(tmp_path / "out")
    assert main(["score", *options, "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "begun, to be finished" in told
    scored = len(list((tmp_path / "out" / ".work" / "notes").glob("*.json")))
    assert f"; {scored} of them scored already" in told if scored else "scored already" not in told
    assert main(["score", *options, "--dry-run", "--reasons", "1"]) == 2
    assert "another number of reasons" in capsys.readouterr().err
    assert registers.contents(tmp_path / "out") == before
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("Dear all")
    assert main(["score", *_options(source, tmp_path / "letters", bundles[0]), "--dry-run"]) == 2
    assert "files of no run (letter.txt)" in capsys.readouterr().err


def test_a_dry_run_that_finds_too_little_room_fails(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch,
                                                    capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    options = _options(source, tmp_path / "out", bundles[0])
    monkeypatch.setattr(batch_run, "_free", lambda _: 1000)
    assert main(["score", *options, "--dry-run"]) == 1
    assert "which is not enough: free some" in capsys.readouterr().out
    assert main(["score", *options]) == 0
    assert main(["score", *options, "--dry-run"]) == 0  # nothing more is to be written


@pytest.mark.parametrize(("workers", "known"), [(1, [False, False, True, True]), (2, [False, False, False, True]),
                                                (4, [False, False, False, False])])  # fmt: skip
def test_time_left_is_that_of_the_parts_after_each_workers_first(workers: int, known: list[bool]) -> None:
    out, now = io.StringIO(), [0.0]
    progress = Progress(out, clock=lambda: now[0], workers=workers)
    for part in range(1, 5):
        now[0] = 60.0 + part - 1  # a minute for the first, then a second each
        progress("score", part, 4, 10 * part, 40, 10)
    lines = out.getvalue().splitlines()
    assert ["seconds_left=" in line for line in lines] == ["rate=" in line for line in lines] == known
    left = [int(line.rpartition("=")[2]) for line in lines if "seconds_left=" in line]
    assert left == [4 - part for part, told in enumerate(known, 1) if told]
    assert {line.partition(" rate=")[2].partition(" ")[0] for line in lines if "rate=" in line} <= {"10"}


def test_no_rate_is_told_of_parts_that_were_half_done_when_the_model_was_there() -> None:
    out, now = io.StringIO(), [0.0]
    progress = Progress(out, clock=lambda: now[0], workers=2)
    for part, at in enumerate((9.0, 9.4, 9.41, 9.5, 10.6, 11.4), 1):
        now[0] = at
        progress("score", part, 40, 4000 * part, 160_000, 1000)
    told = [re.findall(r"rate=(\d+) stage_seconds_left=(\d+)", line) for line in out.getvalue().splitlines()]
    assert told[:4] == [[]] * 4
    assert [rate for line in told[4:] for rate, _ in line] == ["2500", "2000"]


@pytest.mark.parametrize(("parts", "workers"), [(1, 1), (1, 2), (2, 2), (3, 4)])
def test_parts_that_all_begin_with_the_model_have_no_rate_and_no_time_left(parts: int, workers: int) -> None:
    for terminal in (False, True):
        out = _Terminal() if terminal else io.StringIO()
        progress = Progress(out, clock=partial(next, itertools.count(0.0, 4.0)), workers=workers, language="en")
        for part in range(1, parts + 1):
            progress("score", part, parts, 100, 100, 40)
        told = out.getvalue()
        assert not re.search(r"rate|second| 0 s|\bleft=", told)
        last = told.rpartition("\r" if terminal else "time=")[2]
        assert last.strip().removesuffix("\x1b[K").endswith(f"scoring, {parts} of {parts}" if terminal else
                                                            "households=40")  # fmt: skip


def test_a_run_of_one_part_says_that_how_far_it_is_cannot_be_told(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *_options(source, tmp_path / "out", bundles[0]), "--chunk", "9999"]) == 0
    printed = capsys.readouterr()
    told = [line.partition(" event=")[2] for line in printed.err.splitlines()]
    score = told[told.index("one") + 1]
    assert re.fullmatch(r"score done=1 of=1 rows=180 of_rows=180 households=60", score)
    assert re.search(r"^Scored in .*, start included: \d+ households a second$", printed.out, re.MULTILINE)


def test_no_more_processes_start_than_there_are_parts_and_it_is_said(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    begun: list[int] = []
    own = crew.crew
    monkeypatch.setattr(batch_run.crew, "crew", lambda count, *more: begun.append(count) or own(1, *more))
    for parts, asked, first in ((1, 3, "by this process (3 were asked for; a part is scored by one)"),
                                (2, 4, "by 2 processes (4 were asked for; a part is scored by one)"),
                                (3, 2, "by 2 processes")):  # fmt: skip
        options = [*_options(source, tmp_path / f"out{parts}", bundles[0]), "--chunk", str(-(-180 // parts)),
                   "--workers", str(asked)]  # fmt: skip
        assert main(["score", *options, "--dry-run"]) == 0
        assert f"{first}, start included, extrapolated" in capsys.readouterr().out
        assert main(["score", *options]) == 0
        assert capsys.readouterr().out.partition("\n")[0].endswith(first)
        assert begun.pop() == min(parts, asked)


def test_the_time_told_is_that_of_the_command_and_the_plan_foresees_it(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    told = []
    for more in (["--dry-run"], []):
        file = tmp_path / f"said{len(more)}.json"
        began = time.monotonic()
        done = subprocess.run([*COMMAND, *_options(source, tmp_path / "out", bundles[0]), "--json", file, *more],
                              check=True, capture_output=True, text=True)  # fmt: skip
        told.append((json.loads(file.read_text()), time.monotonic() - began, done.stdout))
    (plan, _, shown), (run, real, printed) = told
    assert 0 < real - run["seconds"] < 1.0 + 0.4 * real  # Python's own start and end, on a machine that is busy
    assert f"Scored in {duration(run['seconds'], 'en')}, start included" in printed
    assert run["seconds"] / 3 < plan["seconds"] < 3 * run["seconds"]
    assert duration(max(1.0, plan["seconds"]), "en") in shown  # the one rounding of both
    assert (plan["state"], plan["output"], plan["parts"], plan["workers"]) == ("planned", "new", 15, 1)
    assert plan["rows"]["households"] == 180
    assert 0 < plan["bytes_output"] < plan["bytes_free"]
    assert plan["fits"] is True


def test_the_look_is_part_of_the_time_told(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    look = batch_run.batch.prepare
    monkeypatch.setattr(batch_run.batch, "prepare", lambda *asked: (time.sleep(2), look(*asked))[1])
    began = time.monotonic()
    assert main(["score", *_options(source, tmp_path / "out", bundles[0]), "--json", str(tmp_path / "said.json")]) == 0
    real = time.monotonic() - began
    assert 2 < json.loads((tmp_path / "said.json").read_text())["seconds"] <= real


@pytest.mark.parametrize("stdout", ["/dev/full", "closed pipe"])
def test_a_full_standard_output_costs_no_score_and_is_told_in_one_sentence(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, stdout: str
) -> None:
    options = [*_options(source, tmp_path / "out", bundles[0]), "--json", str(tmp_path / "said.json")]
    if stdout == "/dev/full":
        out = os.open(stdout, os.O_WRONLY)
    else:
        read, out = os.pipe()
        os.close(read)
    done = subprocess.run([*COMMAND, *options], stdout=out, stderr=subprocess.PIPE, text=True)
    os.close(out)
    told = [line for line in done.stderr.splitlines() if "event=" not in line]
    full = ["jaga: what came of it could not be printed (No space left on device); the scores are whole: "
            f"{tmp_path / 'out'}"]  # fmt: skip
    assert (told, done.returncode) == ((full, 2) if stdout == "/dev/full" else ([], 0))
    assert json.loads((tmp_path / "said.json").read_text())["state"] == "published"
    assert (tmp_path / "out" / "manifest.json").exists()


def test_workers_of_two_kinds_are_not_asked_for_at_once(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                                        capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    options = [*_options(source, tmp_path / "out", bundles[0]), "--workers", "2", "--scheduler", "tcp://127.0.0.1:9"]
    assert main(["score", *options]) == 2
    assert capsys.readouterr().err == (
        "jaga: choose one of --workers and --scheduler: a scheduler has workers of its own\n")  # fmt: skip


def test_a_run_speaks_one_language(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """All that a terminal shows, of a dry run, a run, a finished one, and one that is stopped."""
    made = registers.tables(20)
    made["households"][0]["rooms"] = -1
    bad = registers.write(tmp_path / "bad", made)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for language, strange in (("id", r"\b(the|of|and|household|households|scored|refused|about|left|rows|input|in)\b"),
                              ("en", r"\b(dan|dari|keluarga|baris|masukan|sekitar|sisa|skor|yang)\b")):  # fmt: skip
        run = _options(source, tmp_path / language, bundles[0])
        stopped = _options(bad, tmp_path / f"stopped-{language}", bundles[0])
        for more in ([*run, "--dry-run"], run, run, [*run, "--dry-run"], [*stopped, "--limit-bad", "0"]):
            main(["score", *more, "--language", language])
            said = capsys.readouterr()
            told = said.out + said.err
            # Names of tables, options, places and rules of the contract have one form.
            told = re.sub(r"/[\w/.-]*|--[\w-]+| +\d+  \w+\.\w+:.*|: households .* rows|: baris households .*", "", told)
            told = re.sub(r"(Rows|Columns) of \w+|(Baris|Kolom) \w+|\w+(?= \d[\d.,]* % s)", "", told)
            told = re.sub(r"(?m)(contract|kontrak) (.*): .*$", r"\2", told)
            assert not re.search(strange, told, re.IGNORECASE), (language, more, told)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_model_that_is_compiled_first_says_so(compiled: bool, source: Path, bundles: tuple[Path, Path],
                                                tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(forest, "ready", lambda: compiled)
    assert main(["score", *_options(source, tmp_path / "out", bundles[0])]) == 0
    said = capsys.readouterr().err
    assert ("event=prepare\n" in said.partition("event=score")[0]) is not compiled


def test_whether_the_loops_are_compiled_is_known(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    ask = [sys.executable, "-c", "from models import forest; print(forest.ready())"]
    own = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    fresh = subprocess.run(ask, check=True, env=own, capture_output=True, text=True)
    assert fresh.stdout == "False\n"
    registers.score(registers.write(tmp_path / "in", registers.tables(20)), tmp_path / "out", bundles[0])
    assert forest.ready()


def test_a_run_that_is_refused_does_not_say_that_it_scores(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                                           capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("Dear all")
    assert main(["score", *_options(source, tmp_path / "out", bundles[0])]) == 2
    told = capsys.readouterr()
    assert "files of no run (letter.txt)" in told.err
    assert told.out == ""


def test_exit_codes_are_those_of_the_table(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every code that the documentation tells is given by a run, and no run gives another."""
    text = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
    table = text.partition("| exit code |")[2].partition("\n\n")[0]
    told = [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert told == sorted(Exit)
    options = _options(source, tmp_path / "out", bundles[0])
    given = {main(["score", *options]), main(["score", *options, "--limit-refused", "7"])}
    for error in (ZeroDivisionError, KeyboardInterrupt):
        with monkeypatch.context() as patched:
            patched.setattr(batch_run.batch, "run", Mock(side_effect=error))
            given.add(main(["score", *options]))
    monkeypatch.setattr(batch_run, "_free", lambda _: 1000)
    given.add(main(["score", *_options(source, tmp_path / "other", bundles[0]), "--dry-run"]))
    assert given == set(Exit)


def test_exit_codes(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                    capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    made = registers.tables(20)
    made["households"][0]["rooms"] = -1
    bad = registers.write(tmp_path / "bad", made)
    assert main(["score", *_options(bad, tmp_path / "out", bundles[0]), "--limit-bad", "0"]) == 1
    told = capsys.readouterr().err
    assert told.partition("jaga: ")[2].startswith("stopped, nothing published: rows in quarantine are above the limit")
    assert re.search(r"\n +1  households\.rooms: is below 0 rooms\n", told)
    assert main(["score", *_options(source, tmp_path / "out2", bundles[0]), "--as-of", "2026-13-01"]) == 2
    assert "is not a date" in capsys.readouterr().err
    for language, told in (("en", "no bundle is promoted in"), ("id", "belum ada model yang dipakai di")):
        assert main(["score", "--input", str(source), "--output", str(tmp_path / "out3"), "--language", language]) == 2
        assert told in capsys.readouterr().err
    assert main(["score", *_options(source, tmp_path / "out4", bundles[0]), "--limit-bad", "2"]) == 2
    assert not (tmp_path / "out2").exists()


def test_a_date_that_leaves_most_families_without_a_score_stops_the_run(
    bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = registers.tables(20)
    made["households"][0]["known_at"] = "2062-01-01"
    odd = registers.write(tmp_path / "odd", made)
    assert main(["score", *_options(odd, tmp_path / "out", bundles[0])]) == 1
    told = capsys.readouterr().err
    assert "100.0 % of the families get no score (data too old (stale) 20)" in told
    assert "As of 2062-01-01, the latest known_at of the input" in told
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert main(["score", *_options(odd, tmp_path / "out", bundles[0]), "--limit-refused", "1"]) == 0


def test_columns_that_are_empty_for_every_family_are_named_where_most_get_no_score(
    bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = registers.tables(20)
    made["households"] = [own | {"urban": None} for own in made["households"]]
    for kind in ("parquet", "csv"):
        bare = registers.write(tmp_path / kind, made, kind=kind)
        assert main(["score", *_options(bare, tmp_path / f"out {kind}", bundles[0])]) == 1
        told = capsys.readouterr().err
        assert "100.0 % of the families get no score (outside the model" in told
        assert "\n  urban: empty for every family, and the model knows each place by it" in told
        assert "--as-of" not in told
        assert "\n  floor" not in told


def test_what_cannot_be_written_is_told_before_the_work(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("a letter")
    for output, extra, words in ((tmp_path / "file", (), "cannot be a folder"),
                                 (tmp_path / "out", ("--json", str(tmp_path / "file" / "x.json")), "cannot be written"),
                                 ("memory://out", (), "ends with this process")):  # fmt: skip
        assert main(["score", *_options(source, output, bundles[0]), *extra]) == 2
        told = capsys.readouterr().err
        assert words in told
        assert "Traceback" not in told
    assert not (tmp_path / "out").exists()
    assert main(["score", *_options(source, tmp_path / "out", bundles[0]), "--top", "-3"]) == 2


def test_an_error_of_the_program_is_no_check_that_failed(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(batch_run.batch, "run", broken)
    assert main(["score", *_options(source, tmp_path / "out", bundles[0])]) == 70


def test_rows_of_a_family_go_to_the_same_part_for_ever() -> None:
    ids = pa.array(["23456789ABCD", "ZZZZZZZZZZZZ", None, "23456789ABCD", "ABCDEFGHJKLM"])
    assert codes.spread(ids, np.arange(5), 97).tolist() == [0, 96, 2, 0, 25]
    assert codes.spread(ids.dictionary_encode(), np.arange(5), 97).tolist() == [0, 96, 2, 0, 25]
    many = pa.array(keys.key_ids([str(number) for number in range(20_000)], keys.PUBLIC_KEY))
    part = codes.spread(many, np.arange(20_000), 20)
    assert (np.diff(part[np.argsort(many.to_numpy(zero_copy_only=False))]) >= 0).all()
    shares = np.bincount(part, minlength=20)
    assert shares.min() > 850
    assert shares.max() < 1150


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"),
                                               (3900, "1 h 5 min")])  # fmt: skip
def test_duration(seconds: float, said: str) -> None:
    assert duration(seconds, "en") == said
