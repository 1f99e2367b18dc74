"""An output at a URL: claimed for one run before the work, sent when it is whole, the manifest last.

The run is made in a folder of this machine, whose lock says nothing to another machine. What keeps a second run out is
a small file at the URL, `CLAIM`, with the plan of the run: the same plan goes on, another is refused. It goes once the
manifest stands, which holds the same plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from features.commands import UserError
from serving.batch import runs
from serving.batch.progress import Tell
from serving.places import Place

CLAIM = ".claim.json"


def taken_up(there: Place, plan: Mapping[str, Any]) -> bool:
    """Whether this run has claimed the URL and not finished. Writes nothing.

    Raises
    ------
    UserError : another run has it, or it holds files of no run.
    """
    names = there.names()
    if CLAIM in names:
        _ours(there, plan)
        return True
    runs.refuse_strangers(there, names, ())
    return False


def claim(there: Place, plan: Mapping[str, Any]) -> None:
    """Take a URL for a run, or find it taken for the same one.

    Raises
    ------
    UserError : another run has it, it holds files of no run, or it cannot be written.
    """
    own = there / CLAIM
    with _written(there):
        if own.create(runs.as_json(plan).encode()):
            try:
                runs.refuse_strangers(there, there.names(), (CLAIM,))
            except UserError:
                own.remove()
                raise
        _ours(there, plan)


def send(there: Place, folder: Path, manifest: Mapping[str, Any], tell: Tell) -> None:
    """Bring a finished run to its URL, the manifest last: without it a folder holds no results.

    Then claim and folder go, see `leave`. `tell` hears of each file.

    Raises
    ------
    UserError : another run took the URL meanwhile, files of no run lie there, or it cannot be written.
    """
    with _written(there, f"; the scores are whole in {folder}, and the same command sends them"):
        _ours(there, manifest["run"])
        files, rows = manifest["files"], 0
        total = sum(told["rows"] for told in files.values())
        runs.refuse_strangers(there, there.below(), (CLAIM, runs.MANIFEST, *files))
        for done, (name, told) in enumerate(files.items(), 1):
            if not (there / name).is_as_told(told):
                (there / name).put(folder / name)
            rows += told["rows"]
            tell("send", done, len(files), rows, total)
        _ours(there, manifest["run"])
        (there / runs.MANIFEST).put(folder / runs.MANIFEST)
    leave(there, folder)


def leave(there: Place, folder: Path) -> None:
    """Take away what a run that is whole at its URL no longer needs: its claim, and its folder on this machine.

    Who may write at the URL and not remove leaves the claim, which does no harm.
    """
    with suppress(OSError):
        if (there / CLAIM).is_file():
            (there / CLAIM).remove()
    runs.remove(folder)


def _ours(there: Place, plan: Mapping[str, Any]) -> None:
    """UserError where the claim is not that of this plan; another machine with the same plan may have ended first."""
    own, ended = there / CLAIM, there / runs.MANIFEST
    try:
        had = json.loads(own.read()) if own.is_file() else json.loads(ended.read())["run"] if ended.is_file() else None
    except (ValueError, KeyError, TypeError):
        had = None
    if not isinstance(had, dict):
        raise UserError(f"{own} does not say which run writes here; where none does, remove that file and start again")
    runs.agree(own, had, plan)


@contextmanager
def _written(there: Place, more: str = "") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"{there} cannot be written: {error}{more}") from None
