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
from functools import cache
from pathlib import Path

from models import charts
from models.charts import Table
from models.words import Language

log = logging.getLogger("jaga")
FOLDER = "charts"
"""Where pictures lie in an installation."""
CHARTS = ("reliability",)
"""Charts that can be drawn here, by the name of their function."""
SECONDS = 60
_DRAWING = threading.Lock()
_FAILED: set[str] = set()


def picture(home: Path, chart: str, table: Table, language: Language) -> str | None:
    """The SVG of a chart of `models.charts`; None where it cannot be drawn, and the log says why.

    home : the installation; a picture that was never asked for before takes a second or two.
    """
    assert chart in CHARTS
    asked = json.dumps([chart, list(table), language], sort_keys=True)
    path = home / FOLDER / f"{hashlib.sha256(_program() + asked.encode()).hexdigest()}.svg"
    with _DRAWING:
        if path.exists():
            return path.read_text(encoding="utf-8")
        if path.name in _FAILED:
            return None
        try:
            text = _draw(asked)
        except (OSError, subprocess.SubprocessError) as error:
            _FAILED.add(path.name)
            log.warning("the chart %s cannot be drawn: %s", chart, type(error).__name__)
            return None
        try:
            _keep(path, text)
        except OSError as error:
            log.warning("the chart %s cannot be kept: %s", chart, error.strerror)
        return text


@cache
def _program() -> bytes:
    """What draws: another version draws anew."""
    return Path(charts.__file__).read_bytes()


def _draw(asked: str) -> str:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-m", "models.drawn"], input=asked, capture_output=True, check=True,
                          encoding="utf-8", timeout=SECONDS, env=environment)  # fmt: skip
    return done.stdout


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
    chart, table, language = json.load(sys.stdin)
    sys.stdout.write({"reliability": charts.reliability}[chart](table, language))


if __name__ == "__main__":
    main()
