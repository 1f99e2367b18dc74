"""The cluster example: what it would run is what the commands take, and the same commands score on this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from features import crew
from tests.serving import registers

ROOT = Path(__file__).parents[2]
CLUSTER = ROOT / "deploy" / "dask"
JAGA = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())"]


def documents() -> dict[tuple[str, str], Any]:
    found = [one for path in sorted(CLUSTER.glob("*.yaml")) if path.name != "kustomization.yaml"
             for one in yaml.safe_load_all(path.read_text())]  # fmt: skip
    return {(one["kind"], one["metadata"]["name"]): one for one in found}


def container(kind: str, name: str) -> Any:
    (only,) = documents()[kind, name]["spec"]["template"]["spec"]["containers"]
    return only


def test_every_file_is_applied_and_names_fit_together() -> None:
    listed = yaml.safe_load((CLUSTER / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(path.name for path in CLUSTER.glob("*.yaml") if path.name != "kustomization.yaml")
    found = documents()
    claims = {name for kind, name in found if kind == "PersistentVolumeClaim"}
    for (kind, name), one in found.items():
        if kind not in ("Deployment", "Job"):
            continue
        pod = one["spec"]["template"]["spec"]
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        own = container(kind, name)
        assert {mount["name"] for mount in own["volumeMounts"]} == set(volumes)
        assert all(volume["persistentVolumeClaim"]["claimName"] in claims for volume in volumes.values()
                   if "persistentVolumeClaim" in volume)  # fmt: skip
        assert own["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert "memory" in own["resources"]["limits"]
        if kind == "Deployment":
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert one["spec"]["selector"]["matchLabels"].items() <= labels.items()
    service = found["Service", "jaga-scheduler"]
    scheduler = found["Deployment", "jaga-scheduler"]
    assert service["spec"]["selector"] == scheduler["spec"]["template"]["metadata"]["labels"]


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a label selector of Kubernetes takes a pod; an empty one takes all."""
    assert selector.keys() <= {"matchLabels", "matchExpressions"}
    asked = selector.get("matchExpressions", [])
    assert all(one["operator"] == "In" for one in asked), "no other operator is read here"
    return (selector.get("matchLabels", {}).items() <= labels.items()
            and all(labels.get(one["key"]) in one["values"] for one in asked))  # fmt: skip


def test_every_pod_takes_connections_of_the_cluster_alone() -> None:
    found = documents()
    pods = [one["spec"]["template"]["metadata"]["labels"] for one in found.values() if "template" in one["spec"]]
    policies = [one["spec"] for (kind, _), one in found.items() if kind == "NetworkPolicy"]
    assert len(pods) == 3
    for pod in pods:
        own = [policy for policy in policies if selects(policy["podSelector"], pod)]
        assert any("Ingress" in policy["policyTypes"] for policy in own), f"anybody reaches {pod}"
        peers = [peer for policy in own for rule in policy["ingress"] for peer in rule["from"]]
        assert all(peer.keys() == {"podSelector"} for peer in peers), "of this namespace, and no addresses"
        assert all(any(selects(peer["podSelector"], other) for peer in peers) for other in pods)
        for stranger in ({}, {"app": "other"}, {"app": "jaga"}, {"role": "jaga-worker"}):
            assert not any(selects(peer["podSelector"], stranger) for peer in peers)


def test_workers_have_the_environment_of_those_of_one_machine_in_the_example_and_the_docs() -> None:
    own = {name: str(value) for name, value in crew._WORKER.items()}
    example = {one["name"]: one["value"] for one in container("Deployment", "jaga-worker")["env"] if "value" in one}
    told = (ROOT / "docs" / "scale.md").read_text()
    exported = dict(re.findall(r"(\w+)=(\S+)", " ".join(re.findall(r"(?m)^export (.*)$", told))))
    assert example == own == exported


def test_the_volume_is_sized_by_the_figures_of_the_docs() -> None:
    comment = re.search(r"# docs/scale.md: (.*)", (CLUSTER / "storage.yaml").read_text())
    sizing = (ROOT / "docs" / "scale.md").read_text().partition("## Sizing")[2].partition("\n## ")[0]
    assert comment
    lasting, good = re.findall(r"[\d.]+ kB", comment.group(1))
    assert re.search(rf"disk, while the run lasts\*\*[^*]*{lasting} a family beside the input", sizing)
    assert re.search(rf"disk, for good\*\* = {good} a family and run", sizing)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed; nothing else reads the whole")
def test_kubectl_puts_it_together() -> None:
    told = subprocess.run(["kubectl", "kustomize", str(CLUSTER)], capture_output=True, text=True, check=True)
    assert len(list(yaml.safe_load_all(told.stdout))) == len(documents())


def test_the_image_has_what_it_copies_and_runs_as_nobody() -> None:
    text = (ROOT / "deploy" / "Containerfile").read_text()
    for line in re.findall(r"(?m)^COPY (.+)$", text):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert "--require-hashes" in text
    ignored = {line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"}
    assert {".git", ".jaga", ".venv", "site", "node_modules"} <= ignored
    assert not {source for line in re.findall(r"(?m)^COPY (.+)$", text) for source in line.split()[:-1]} & ignored
    user = re.search(r"(?m)^USER (?!0|root)(\d+):(\d+)$", text)
    home = re.search(r"JAGA_HOME=(\S+)", text)
    assert user
    assert home
    made = f"install -d -m 700 -o {user[1]} -g {user[2]} {home[1]}\n"
    assert made in text, "a volume at JAGA_HOME would be root's, and nothing could be kept in it"
    assert "://" not in text


def test_the_image_takes_every_argument_where_it_is_used() -> None:
    """An argument that is declared before FROM alone is empty in every RUN."""
    head, stage = re.split(r"(?m)^FROM .*$", (ROOT / "deploy" / "Containerfile").read_text())
    before, inside = (set(re.findall(r"(?m)^ARG (\w+)", part)) for part in (head, stage))
    assert before == {"BASE"}
    assert inside == {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST"}
    assert not re.findall(r"(?m)^ARG PIP_\w+=", stage), "no host of an index is named"


@contextmanager
def started(*command: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.mark.slow
def test_its_commands_score_a_register_here(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    source = registers.write(tmp_path / "register", registers.tables(40))
    registers.score(source, tmp_path / "alone", bundles[0], chunk=40)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    here = {"tcp://jaga-scheduler:8786": f"tcp://127.0.0.1:{port}", "8786": port, "/data/register": str(source),
            "/data/scores/2026q3": str(tmp_path / "out"), "champion": str(bundles[0]),
            "/scratch": str(tmp_path / "scratch"), "/data/scores/2026q3.json": str(tmp_path / "said.json")}  # fmt: skip

    def command(kind: str, name: str) -> list[str]:
        own = container(kind, name)
        given = [here.get(part, part) for part in own["args"]]
        return [sys.executable, "-m", *own["command"], *given] if "command" in own else [*JAGA, *given]

    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with (started(*command("Deployment", "jaga-scheduler"), "--host", "127.0.0.1", env=env),
          started(*command("Deployment", "jaga-worker"), "--host", "127.0.0.1", env=env)):  # fmt: skip
        until = time.monotonic() + 60
        while True:
            done = subprocess.run([*command("Job", "jaga-score"), "--chunk", "40"], capture_output=True, text=True,
                                  env=env)  # fmt: skip
            if done.returncode != 2 or "no scheduler" not in done.stderr or time.monotonic() > until:
                break
    assert done.returncode == 0, done.stderr
    assert registers.contents(tmp_path / "out") == registers.contents(tmp_path / "alone")
    assert (tmp_path / "said.json").exists()
