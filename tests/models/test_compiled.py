"""Machine code that is kept is that of the sources as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from models import compiled

OUTER = """
from models.compiled import compiled
from models.inner import inner

@compiled
def outer(x):
    return inner(x) + 1
"""
INNER = """
from models.compiled import compiled

@compiled
def inner(x):
    return x * {factor}
"""


def test_a_loop_is_made_again_where_one_that_it_calls_was_changed_in_another_file(tmp_path: Path) -> None:
    package = tmp_path / "models"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "compiled.py").write_bytes(Path(compiled.__file__).read_bytes())
    (package / "outer.py").write_text(OUTER)

    def told(factor: int) -> str:
        (package / "inner.py").write_text(INNER.format(factor=factor))
        call = "from models.outer import outer; print(outer(5), sum(outer.stats.cache_hits.values()))"
        done = subprocess.run([sys.executable, "-B", "-c", call], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
                              text=True, capture_output=True, check=True)  # fmt: skip
        return done.stdout.strip()

    assert told(2) == "11 0"
    assert told(2) == "11 1"
    assert told(3) == "16 0"
