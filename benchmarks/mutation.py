"""Fifty lines of the model, contract, targeting and access code, each made wrong in turn: what the tests see of it.

A mutant is one comparison, sum, condition, switch or number of a line, drawn by chance. It counts as caught where a
test fails among those nearest to the file (its own, those that import it, then what imports it) or the rest of its
package, and passes again with the line as it was. A mutant that changes nothing (an equal program) counts as not
caught: all that live are listed, to be read by somebody.

What is found of each is kept at once: a run that was stopped goes on where it was, as long as seed, code and tests are
the same to the byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

from benchmarks._mutants import Mutant, of
from features.home import home

SAME = ("features", "models", "training", "serving", "tests", "benchmarks/mutation.py", "benchmarks/_mutants.py",
        "pyproject.toml", "requirements-dev.lock")  # fmt: skip
"""What a finding holds for: folders and files of the checkout."""
ROOT = Path(__file__).resolve().parent.parent
COUNT, SEED, BAR, LONGEST_S = 50, 20260000, 45, 1800
CODE = {
    "model": ("models/risk.py", "models/additive.py", "models/calibration.py", "models/chain.py", "models/dynamics.py",
              "models/forest.py", "models/interval.py", "models/ladder.py", "models/reasons.py", "models/score.py",
              "models/trees.py", "models/row.py"),
    "contract": ("features/contract.py", "features/schemas.py", "features/admit.py", "features/asof.py",
                 "features/cells.py", "features/keys.py", "features/links.py", "features/periods.py"),
    "targeting": ("models/targeting/*.py",),
    "access": ("serving/access/rights.py", "serving/access/accounts.py", "serving/access/oidc.py",
               "serving/access/passwords.py", "serving/access/signin.py", "serving/audit/trail.py", "serving/limits.py",
               "serving/store/attempts.py", "serving/store/sessions.py", "serving/store/tokens.py"),
}  # fmt: skip


Row = dict[str, Any]


class Kept:
    """What was found of each mutant, a line each in a file of its own for these very files and this seed."""

    def __init__(self, folder: Path, mark: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file, self._lock = folder / f"{mark}.jsonl", Lock()
        lines = self._file.read_text().splitlines(keepends=True) if self._file.exists() else []
        # A run that was killed may have left half a line.
        rows = [json.loads(line) for line in lines if line.endswith("\n")]
        self._file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        self._found = {_name(row): row for row in rows}

    def __len__(self) -> int:
        return len(self._found)

    def get(self, row: Row) -> Row | None:
        """What was found of this one before."""
        return self._found.get(_name(row))

    def add(self, row: Row) -> None:
        """Keep what was found, safe from a stop."""
        with self._lock, self._file.open("a") as file:
            file.write(f"{json.dumps(row)}\n")


def _name(row: Row) -> tuple[Any, ...]:
    return row["file"], row["line"], row["old"], row["new"]


def fingerprint(root: Path, same: Sequence[str], *more: object) -> str:
    """Of names and bytes of files of a folder, and of what else a finding hangs on."""
    files = sorted(path for name in same for path in (root / name, *(root / name).rglob("*"))
                   if path.is_file() and "__pycache__" not in path.parts)  # fmt: skip
    told = hashlib.sha256(repr(more).encode())
    for path in files:
        told.update(f"{path.relative_to(root)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return told.hexdigest()[:16]


def run() -> dict[str, Any]:
    """Try them, as many at a time as there are processors, each in a copy of the code."""
    paths = {path.relative_to(ROOT): kind for kind, globs in CODE.items() for one in globs for path in ROOT.glob(one)}
    mutants = of(ROOT, paths, COUNT, SEED)
    kept = Kept(home() / "bench" / "mutation", fingerprint(ROOT, SAME, SEED, COUNT, sys.version_info[:3]))
    if len(kept):
        print(f"   {len(kept)} of {COUNT} were tried before, on this very code", flush=True)
    copies: SimpleQueue[Path] = SimpleQueue()

    def tried(mutant: Mutant) -> Row:
        row = {"file": str(mutant.path), "line": mutant.line, "old": mutant.old, "new": mutant.new,
               "kind": paths[mutant.path]}  # fmt: skip
        found = kept.get(row)
        if found is None:
            found = row | {"caught_by": _tried(mutant, copies)}
            kept.add(found)
        return found

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for number in range(len(os.sched_getaffinity(0))):
            copies.put(_copied(Path(folder) / str(number) / ROOT.name))
        rows = list(pool.map(tried, mutants))
    lived = [row for row in rows if row["caught_by"] is None]
    print(f"   {COUNT - len(lived)} of {COUNT} noticed; not noticed:" + ("" if lived else " none"), flush=True)
    for row in lived:
        print(f"   {row['file']}:{row['line']}: {row['old']} -> {row['new']}", flush=True)
    caught = len(rows) - len(lived)
    return {"lines": COUNT, "seed": SEED, "caught": caught, "bar": BAR, "rows": rows, "passed": caught >= BAR}


def _copied(to: Path) -> Path:
    left_out = shutil.ignore_patterns(".git", ".venv", ".jaga", "site", "dist", "node_modules")
    shutil.copytree(ROOT, to, symlinks=True, ignore=left_out)
    shared = ROOT.parent / "shared"
    if shared.exists():
        (to.parent / "shared").symlink_to(shared)
    return to


def _tried(mutant: Mutant, copies: SimpleQueue[Path]) -> str | None:
    """The test that fails, in words of pytest; None where all pass."""
    copy = copies.get()
    try:
        noticed = (_noticed(copy, mutant, tests) for tests in _nearest(copy, mutant.path))
        killer = next((one for one in noticed if one is not None), None)
    finally:
        copies.put(copy)
    print(f"   {mutant.path}:{mutant.line}: {mutant.old} -> {mutant.new}: {killer or 'NOT CAUGHT'}", flush=True)
    return killer


def _noticed(copy: Path, mutant: Mutant, tests: Sequence[Path | str]) -> str | None:
    """The first of these tests that fails with the mutant, and again, and not with the line as it was: one that fails
    now and then has noticed nothing, and the others go on without it."""
    file = copy / mutant.path
    kept, left_out = file.read_text(), list[str]()

    def failed(text: str, those: Sequence[Path | str]) -> str | None:
        file.write_text(text)
        try:
            return _failed(copy, those)
        finally:
            file.write_text(kept)

    while (killer := failed(mutant.text, [*tests, *left_out])) is not None:
        those = _those(killer)
        if failed(kept, those or tests) is None and failed(mutant.text, those or tests) is not None:
            return killer
        if not those:
            return None
        left_out += ["--deselect", *those]
    return None


def _nearest(copy: Path, path: Path) -> Iterator[list[Path]]:
    """Files of tests, the nearest first: of the file's name, those that import it, those that import what imports it,
    the rest of its package."""
    package, module = path.parts[0], path.with_suffix("")
    every = sorted((copy / "tests" / package).rglob("test_*.py"))
    users = [
        user.relative_to(copy).with_suffix("") for user in _importing(module, sorted((copy / package).rglob("*.py")))
    ]
    tried: set[Path] = set()
    for files in ([file for file in every if module.name in file.stem], _importing(module, every),
                  [file for user in users for file in _importing(user, every)], every):  # fmt: skip
        left = [file for file in dict.fromkeys(files) if file not in tried]
        tried |= set(left)
        if left:
            yield left


def _importing(module: Path, files: Iterable[Path]) -> list[Path]:
    """Those that name a module, whole or as one of several names after `from PACKAGE import`."""
    home, name = ".".join(module.parent.parts), module.name
    named = re.compile(rf"\b{re.escape(f'{home}.{name}')}\b|from {re.escape(home)} import (\([^)]*|[^\n]*)\b{name}\b")
    return [file for file in files if named.search(file.read_text())]


def _those(killer: str) -> list[str]:
    """What has to pass again: the test that failed, or nothing where none is named, or in words with spaces."""
    found = re.fullmatch(r"(?:FAILED|ERROR) (\S+::\S+)", killer)
    return [found[1]] if found else []


def _failed(copy: Path, files: Sequence[Path | str]) -> str | None:
    call = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *map(str, files)]
    told = subprocess.Popen(call, cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)}, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip
    try:
        out, _ = told.communicate(timeout=LONGEST_S)
    except subprocess.TimeoutExpired:  # an endless loop is seen by whoever waits for it
        os.killpg(told.pid, signal.SIGKILL)
        told.communicate()
        return f"no end within {LONGEST_S} s"
    if told.returncode == 0:
        return None
    failed = [line for line in out.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failed or out.splitlines()[-1:])[0].partition(" - ")[0].replace(f"{copy}/", "")
