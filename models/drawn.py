"""Charts that are drawn once: by a process of its own, and kept as SVG under the hash of what they are drawn from.

Whoever shows a picture reads a file, so a service that answers households never loads the library that draws.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from models import charts, dot_names, marks, ticks
from models.marks import Table
from models.words import Language

log = logging.getLogger("jaga")
FOLDER = "charts"
"""Where pictures lie in an installation."""
CHARTS = ("reliability", "ranges", "stacked", "paths", "counts", "pareto")
"""Charts that can be drawn here, by the name of their function."""
SECONDS = 60
_DRAWING = threading.Lock()
_FAILED: set[str] = set()


@dataclass(frozen=True, slots=True)
class Ask:
    """A chart of `models.charts` by the name of its function, and what it is called with, as JSON holds it."""

    chart: str
    language: Language
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.chart in CHARTS


def draw(ask: Ask) -> str:
    """The SVG, drawn here: this loads the library."""
    made: str = getattr(charts, ask.chart)(**ask.values, language=ask.language)
    return made


def picture(home: Path, chart: str, table: Table, language: Language) -> str | None:
    """The SVG of a chart that takes a table alone; as `pictures`."""
    return pictures(home, [Ask(chart, language, {"table": list(table)})])[0]


def pictures(home: Path, asks: Sequence[Ask], *, here: bool = False) -> list[str | None]:
    """The SVG of each; None where it cannot be drawn, and the log says why.

    home : the installation; pictures that were never asked for before take a second or two together. here : this
        process may load the library, so that no other one is begun.
    """
    texts = [json.dumps(asdict(ask), sort_keys=True) for ask in asks]
    paths = [home / FOLDER / f"{hashlib.sha256(_program() + text.encode()).hexdigest()}.svg" for text in texts]
    with _DRAWING:
        new = [at for at, path in enumerate(paths) if not path.exists() and path.name not in _FAILED]
        made: dict[int, str] = {}
        if new:
            try:
                svgs = [draw(asks[at]) for at in new] if here else _elsewhere([asks[at] for at in new])
                made = dict(zip(new, svgs, strict=True))
            except (OSError, subprocess.SubprocessError) as error:
                _FAILED.update(paths[at].name for at in new)
                names = ", ".join(dict.fromkeys(asks[at].chart for at in new))
                log.warning("the chart %s cannot be drawn: %s", names, type(error).__name__)
        for at, svg in made.items():
            try:
                _keep(paths[at], svg)
            except OSError as error:
                log.warning("the chart %s cannot be kept: %s", asks[at].chart, error.strerror)
        return [made[at] if at in made else path.read_text(encoding="utf-8") if path.exists() else None
                for at, path in enumerate(paths)]  # fmt: skip


@cache
def _program() -> bytes:
    """What draws: another version draws anew."""
    return b"".join(Path(str(own.__file__)).read_bytes() for own in (charts, marks, dot_names, ticks))


def environment() -> dict[str, str]:
    """That of a process of our own code: it finds what this one finds."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _elsewhere(asks: Sequence[Ask]) -> list[str]:
    asked = json.dumps([asdict(ask) for ask in asks])
    done = subprocess.run([sys.executable, "-m", "models.drawn"], input=asked, capture_output=True, check=True,
                          encoding="utf-8", timeout=SECONDS, env=environment())  # fmt: skip
    found: list[str] = json.loads(done.stdout)
    return found


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=path.parent, suffix=".half")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def main() -> None:
    """Draw what stands on standard input, onto standard output."""
    json.dump([draw(Ask(**own)) for own in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
