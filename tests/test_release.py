"""A release: built from a commit, the same again, signed; what was altered is refused; its wheel is the product."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.conftest import StartServer, missing

ROOT = Path(__file__).resolve().parent.parent
QUICK_DEMO = """
import dataclasses, sys
from features import cli, demo
from training import backtest
steps = demo.steps
def quick(*asked):
    for title, command, worth in steps(*asked):
        yield title, command + (["--no-refit", "--bootstrap", "60"] if command[0] == "train" else []), worth
demo.REGISTER, demo.steps = 1, quick
few = dataclasses.replace(backtest.GATED.budget, trials=1)
plain = tuple(name for name in backtest.GATED.names if name not in ("xgboost", "catboost", "random_forest"))
backtest.GATED = dataclasses.replace(backtest.GATED, names=plain, budget=few)
sys.exit(cli.main())
"""
"""`jaga` with a demo of a register as small as its survey, a model that is fitted once, and no rivals of many trees:
two of them come with the tools of development alone, so that the demo of a wheel has not got them either."""
FILES = {"jaga-1.whl": b"wheel", "requirements.lock": b"lock", "sbom.json": b"{}"}


@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keys(folder: Path, name: str = "release", password: bytes | None = None) -> tuple[Path, Path]:
    """Private and public key of a releaser, as PEM files."""
    own = Ed25519PrivateKey.generate()
    guard = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    private.write_bytes(own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, guard))
    public.write_bytes(
        own.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


@pytest.fixture
def signed(release: ModuleType, tmp_path: Path) -> tuple[Path, Path]:
    """A folder of files with their signed sums, and the public key."""
    private, public = keys(tmp_path)
    folder = tmp_path / "dist"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    release.sign(folder, release._private(private))
    return folder, public


def test_what_was_signed_is_verified_here_and_by_others_tools(
    release: ModuleType, signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, public = signed
    release.main(["verify", str(folder), "--key", str(public)])
    assert capsys.readouterr().out == "3 files are as they were signed\n"
    if not shutil.which("openssl"):
        missing("openssl is not here")
    page = (ROOT / "docs" / "releasing.md").read_text()
    (commands,) = re.findall(r"```text\n(openssl pkeyutl[^`]+)```", page)
    script = commands.replace("release.pub", "../release.pub")
    done = subprocess.run(["bash", "-euc", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (folder / "sbom.json").write_bytes(b"[]")
    assert subprocess.run(["bash", "-euc", script], cwd=folder, capture_output=True, check=False).returncode != 0


def test_keys_are_made_as_the_page_says(release: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("openssl"):
        missing("openssl is not here")
    page = (ROOT / "docs" / "releasing.md").read_text()
    (commands,) = re.findall(r"```text\n(openssl genpkey[^`]+)```", page)
    # What a person types when asked.
    script = commands.replace("-aes256", "-aes256 -pass pass:kunci").replace("-pubout", "-passin pass:kunci -pubout")
    subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, check=True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "kunci")
    private = release._private(tmp_path / "release.key")
    told = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert told == (tmp_path / "release.pub").read_bytes()


@pytest.mark.parametrize("name", [*FILES, "SHA256SUMS", "SHA256SUMS.sig"])
def test_one_changed_bit_of_any_file_is_refused(release: ModuleType, signed: tuple[Path, Path], name: str) -> None:
    folder, public = signed
    content = bytearray((folder / name).read_bytes())
    for at in range(len(content)):
        (folder / name).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(SystemExit, match=f"{name} was altered" if name in FILES else "does not bear the signature"):
            release.verify(folder, public)


def test_a_missing_or_strange_file_and_another_key_are_refused(
    release: ModuleType, signed: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, public = signed
    (folder / "extra.sh").write_text("#!/bin/sh")
    with pytest.raises(SystemExit, match=r"extra\.sh is not of this release"):
        release.verify(folder, public)
    (folder / "extra.sh").unlink()
    (folder / "sbom.json").unlink()
    with pytest.raises(SystemExit, match=r"sbom\.json is missing"):
        release.verify(folder, public)
    with pytest.raises(SystemExit, match="signature of this key"):
        release.verify(folder, keys(tmp_path, "other")[1])
    (folder / "SHA256SUMS.sig").unlink()
    with pytest.raises(SystemExit, match=r"SHA256SUMS\.sig is missing"):
        release.verify(folder, public)


def test_a_key_may_be_kept_under_a_password(
    release: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, _ = keys(tmp_path, password=b"apa kabar")
    monkeypatch.setattr("getpass.getpass", lambda prompt: "apa kabar")
    assert isinstance(release._private(private), Ed25519PrivateKey)


def test_dependencies_are_listed_with_version_and_licence(release: ModuleType) -> None:
    lock = (ROOT / "requirements.lock").read_text()
    told = json.loads(release.bill("9.9", lock))
    assert told["metadata"]["component"]["version"] == "9.9"
    found = {one["name"]: one for one in told["components"]}
    assert len(found) == lock.count("==")
    assert f"lightgbm=={found['lightgbm']['version']} " in lock
    assert found["numpy"]["purl"] == f"pkg:pypi/numpy@{found['numpy']['version']}"
    named = {name: str(one.get("licenses")) for name, one in found.items()}
    assert "MIT" in named["lightgbm"]
    assert "BSD" in named["pandas"]
    assert sum("licenses" not in one for one in found.values()) <= 5
    # Apache-2.0 code may stand on these; what is under the GPL would bind who passes Jaga on.
    assert not {name for name, text in named.items() if re.search(r"(?<!L)GPL", text)}


@pytest.fixture(scope="module")
def commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this checkout as they are now, as the one commit of a repository of their own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    own = tmp_path_factory.mktemp("repository")
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (own / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, own / name)
    who = ["-c", "user.name=Jaga", "-c", "user.email=jaga@example.org"]
    for words in (["init", "-q"], ["add", "-A", "-f"], [*who, "commit", "-q", "-m", "release"]):
        subprocess.run(["git", *words], cwd=own, check=True)
    return own


@pytest.fixture(scope="module")
def built(release: ModuleType, commit: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A whole release of the commit, signed, and the public key."""
    folder = tmp_path_factory.mktemp("release")
    private, public = keys(folder)
    release.build(folder / "dist", private, commit)
    return folder / "dist", public


@pytest.mark.slow
def test_a_release_is_whole_signed_and_the_same_again(
    release: ModuleType, commit: Path, built: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, public = built
    release.verify(folder, public)
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    version = wheel.name.split("-")[1]
    assert {path.name for path in folder.iterdir()} == {
        wheel.name, source.name, f"jaga-{version}.bento", "SHA256SUMS", "SHA256SUMS.sig", "sbom.json", "LICENSE",
        "CHANGELOG.md", "Containerfile", "requirements.lock", "requirements-dev.lock",
    }  # fmt: skip
    tree = tmp_path / "tree"
    when = release.commit(commit, tree)
    (tree / "features" / "cli.py").touch()
    release.packages(tree, tmp_path / "again", when)
    for first in (wheel, source):
        assert (tmp_path / "again" / first.name).read_bytes() == first.read_bytes(), first.name
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    tracked = subprocess.run(["git", "ls-files"], cwd=commit, capture_output=True, text=True, check=True).stdout.split()
    assert set(tracked) - names <= {".gitattributes"}
    with zipfile.ZipFile(wheel) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {
            "features", "models", "training", "serving", f"jaga-{version}.dist-info",
        }  # fmt: skip
    (commit / "README.md").write_text("changed")
    with pytest.raises(SystemExit, match=r"differ from the last commit[\s\S]*\bREADME\.md"):
        release.build(tmp_path / "dist", None, commit)


@pytest.mark.slow
def test_the_demo_works_from_the_wheel_alone(
    built: tuple[Path, Path], tmp_path: Path, free_port: int, start_server: StartServer
) -> None:
    """Installed beside the locked packages, away from any checkout: made, served with a list and reasons, made no
    second time."""
    (wheel,) = built[0].glob("*.whl")
    place, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check",
         "--root-user-action=ignore", "--target", str(place), str(wheel)], check=True,
    )  # fmt: skip
    own = os.environ | {"PYTHONPATH": str(place)}
    own.pop("JAGA_HOME")
    where = (
        "import features, models, training, serving as s; print(*(m.__file__ for m in (features, models, training, s)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=elsewhere, env=own, capture_output=True, text=True, check=True
    )
    assert all(Path(path).is_relative_to(place) for path in found.stdout.split())
    jaga = [sys.executable, "-c", QUICK_DEMO]
    made = subprocess.run(
        [*jaga, "demo", "--no-serve"], cwd=elsewhere, env=own, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "warning" not in (made.stdout + made.stderr).lower()
    home = elsewhere / ".jaga" / "demo"
    assert {"report.html", "evaluation.json", "quality.json", "scored", "bundles"} <= {
        path.name for path in home.iterdir()
    }
    again = subprocess.run(
        [*jaga, "demo", "--no-serve"], cwd=elsewhere, env=own, capture_output=True, text=True, check=True
    )
    assert again.stdout.splitlines() == ["", "Report: .jaga/demo/report.html", "Scores: .jaga/demo/scored"]
    server = start_server([*jaga, "demo", "--port", str(free_port)], free_port, env=own, cwd=elsewhere)
    assert "first-passwords.txt" in server.log.read_text()
    token = re.search(r"for the API, for 30 days: (\S+)", (home / "store" / "first-passwords.txt").read_text())
    assert token is not None
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token[1]}"}) as client:
        (first, *_) = client.get("/v1/households").json()["households"]
        told = client.get(f"/v1/households/{first['household_id']}").json()
        assert told["household"]["reasons"]
        assert client.get("/", follow_redirects=True).status_code == 200
