"""Who lives the scenarios: a sample of the published scores, or synthetic families where there are none.

The sample of an area is drawn once for each run of scores and kept as a file, so that a scenario begins at once.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from features.commands import UserError
from models.schemes import kept
from models.schemes.nation import Nation
from models.schemes.sample import Sample, within
from models.schemes.settle import settled
from models.schemes.source import nation_of
from serving.scores import publishing
from serving.simulation.spec import FAMILIES

FOLDER = "simulation"
SYNTHETIC, MADE, FOLLOWED = "synthetic", 200_000, 50_000
"""Name of synthetic families, how many are made, and how many of them are followed."""
YEARS = 5
"""Years that synthetic families are followed, so that their moves can be learnt."""
_COMMAND = "import sys; from features.cli import main; sys.exit(main(sys.argv[1:]))"
_SECONDS = 600
_MAKING = set[subprocess.Popen[bytes]]()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where families come from.

    Attributes
    ----------
    name : of a run of scores, or `synthetic`. folder : of `models.schemes.source.nation_of`. register : the contract
    tables that were scored: they know size, desil and work.
    """

    name: str
    folder: Path
    register: Path | None

    @classmethod
    def of(cls, home: Path, register: Path | None) -> Origin:
        """What answers in an installation."""
        store = home / "scores"
        run = publishing.current(store)
        if run is None:
            return cls(SYNTHETIC, home / FOLDER / SYNTHETIC, None)
        return cls(run, store / "runs" / run, register)

    def file(self, home: Path, area: str) -> Path:
        """Where the sample of an area is kept."""
        mark = hashlib.sha256(f"{self.register or ''} {FAMILIES} {kept.FORMAT}".encode()).hexdigest()[:8]
        return home / FOLDER / "samples" / f"{self.name}-{area or 'all'}-{mark}.npz"


def ready(home: Path, origin: Origin, area: str) -> Nation | None:
    """The sample of an area, None where it is not drawn yet."""
    path = origin.file(home, area)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except UserError:  # a damaged one is drawn again
        path.unlink(missing_ok=True)
        return None


def sample(home: Path, origin: Origin, area: str) -> Nation:
    """The sample of an area, drawn now where it was not yet; that may take minutes.

    Raises
    ------
    UserError : scores that cannot be lived on, or nobody in the area.
    """
    found = ready(home, origin, area)
    if found is None:
        some = Sample(FAMILIES, area=area)
        found = settled(within(_synthetic(origin.folder), some)) if origin.name == SYNTHETIC else nation_of(
            origin.folder, origin.register, some=some)  # fmt: skip
        path = origin.file(home, area)
        for old in path.parent.glob(f"*-{area or 'all'}-*.npz"):
            old.unlink(missing_ok=True)
        kept.write(found, path)
    return found


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Nation:
    return kept.read(path)


def _synthetic(folder: Path) -> Nation:
    """All synthetic families, made where there are none; what their panel taught is kept with them."""
    path = folder.with_suffix(f".{kept.FORMAT}.npz")
    if not path.exists():
        if not folder.is_dir():
            make(folder)
        kept.write(nation_of(folder), path)
    return kept.read(path)


def make(folder: Path) -> None:
    """Make synthetic families of five years, the last one now."""
    import datetime

    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".synthetic-"))
    start = datetime.datetime.now(datetime.UTC).year - YEARS + 1
    try:
        with subprocess.Popen([sys.executable, "-c", _COMMAND, "data", "synth", "--households", str(MADE), "--survey",
                               str(FOLLOWED), "--frequency", "year", "--start", str(start), "--periods", str(YEARS),
                               "--seed", "2045", "--output", str(half / "nation")], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as own:  # fmt: skip
            _MAKING.add(own)
            try:
                if status := own.wait(_SECONDS):
                    raise subprocess.CalledProcessError(status, "jaga data synth")
            finally:
                own.kill()
                _MAKING.discard(own)
        (half / "nation").replace(folder)
    except (subprocess.SubprocessError, OSError) as error:
        raise UserError(f"synthetic families cannot be made: {type(error).__name__}") from None
    finally:
        shutil.rmtree(half, ignore_errors=True)


def stop() -> None:
    """End the making of synthetic families, since the process that waits for them ends."""
    for own in tuple(_MAKING):
        own.kill()


def tidy(home: Path) -> None:
    """Take away what a process that was ended left half made; only for who has the turn."""
    folder = home / FOLDER
    for half in folder.glob(".synthetic-*"):
        shutil.rmtree(half, ignore_errors=True)
    for half in (*folder.glob(".*.npz.*"), *(folder / "samples").glob(".*.npz.*")):
        half.unlink(missing_ok=True)
