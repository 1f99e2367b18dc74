"""The process that lives scenarios, by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from serving.simulation import worker


def test_it_ends_in_peace_while_the_one_that_began_it_goes_on(tmp_path: Path) -> None:
    """Where another lives what waits, it has nothing to do: its standard input is open still, and nobody reads it."""
    own = os.environ | {"JAGA_HOME": str(tmp_path), "JAGA_DB": f"sqlite:///{tmp_path / 'jaga.db'}"}
    with worker.turn(tmp_path) as mine:
        assert mine
        with subprocess.Popen([sys.executable, "-m", "serving.simulation.worker"], env=own, stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE) as begun:  # fmt: skip
            assert begun.wait(60) == 0
            assert begun.stderr is not None
            assert b"Fatal" not in begun.stderr.read()
