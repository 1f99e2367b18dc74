"""The packed service answers on a machine that has no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from serving.example import request
from tests.serving.live import KEYS, Promote, Serve

ROOT = Path(__file__).resolve().parent.parent.parent
PACKED = (
    "features",
    "models",
    "serving",
    "training",
    "pyproject.toml",
    "requirements.lock",
    "LICENSE",
    "bentofile.yaml",
)


@pytest.mark.slow
def test_a_bento_answers_outside_the_checkout(
    bundles: tuple[Path, Path], promote: Promote, serve: Serve, tmp_path: Path
) -> None:
    """`bentoml build` packs code, locked requirements and the promoted model; nothing of the checkout is needed."""
    checkout, store, elsewhere = tmp_path / "checkout", tmp_path / "store", tmp_path / "elsewhere"
    elsewhere.mkdir()
    checkout.mkdir()
    for name in PACKED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, checkout / name)
    (checkout / "serving" / "static" / "packed.txt").write_text("from the Bento")
    promote(checkout / ".jaga", bundles[0])
    promote(checkout / ".jaga", bundles[1])
    own = {"BENTOML_HOME": str(store), "BENTOML_DO_NOT_TRACK": "True"}
    built = subprocess.run(
        [sys.executable, "-m", "bentoml", "build"], cwd=checkout, env=os.environ | own | {"JAGA_KEYS": KEYS},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    shutil.rmtree(checkout)
    (source,) = (store / "bentos" / "jaga").glob("*/src")
    assert (source / "requirements.lock").read_bytes() == (ROOT / "requirements.lock").read_bytes()
    assert not list(source.rglob("__pycache__"))
    command = [sys.executable, "-m", "bentoml", "serve", "jaga:latest", "--host", "127.0.0.1"]
    with serve(None, cwd=elsewhere, command=command, env=own) as live, live.client() as client:
        assert client.get("/static/packed.txt").text == "from the Bento"
        assert client.get("/v1/model").json()["name"] == bundles[1].name
        answer = client.post("/v1/score", json=request())
        assert answer.json()["counts"] == {"households": 1, "scored": 1, "refused": 0, "quarantined": 0}
        assert answer.json()["scores"][0]["reasons"]
    keyless = own | {"JAGA_KEYS": f"door={'11' * 16},seal={'22' * 16}"}
    with serve(None, cwd=elsewhere, command=command, env=keyless, ready=False) as live:
        for _ in range(100):
            if "another installation" in live.printed():
                break
            time.sleep(0.1)
        assert "another installation" in live.printed()
        assert httpx.get(f"{live.url}/readyz").status_code == 503
