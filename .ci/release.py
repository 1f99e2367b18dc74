"""Builds a release from the last commit, lists it by SHA-256 and signs the list; checks one that was built.

`python .ci/release.py build DIR --key PRIVATE` (an Ed25519 key in PEM; unsigned without one), then
`python .ci/release.py verify DIR --key PUBLIC`. Anybody can check without this file too: `docs/releasing.md`.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ROOT = Path(__file__).resolve().parent.parent
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
BESIDE = ("requirements.lock", "requirements-dev.lock", "deploy/Containerfile", "CHANGELOG.md", "LICENSE")
"""What lies beside the built files, as it is in the commit."""


def build(output: Path, key: Path | None, root: Path = ROOT, *, replace: bool = False) -> None:
    """Wheel, sdist, Bento without a model, list of dependencies and sums into `output`, which must not be there unless
    it is to be replaced; it is, once the new one is whole."""
    signer = _private(key) if key else None
    if output.exists() and not replace:
        raise SystemExit(f"release: {output} is there already; a release is built into a folder of its own")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=output.absolute().parent, prefix="release-"
    ) as scratch:  # BentoML takes no hidden one
        tree, made = Path(scratch) / "tree", Path(scratch) / "made"
        made.mkdir()
        when = commit(root, tree)
        version = tomllib.loads((tree / "pyproject.toml").read_text())["project"]["version"]
        packages(tree, made, when)
        _bento(tree, made / f"jaga-{version}.bento", Path(scratch))
        for name in BESIDE:
            shutil.copyfile(tree / name, made / Path(name).name)
        (made / "sbom.json").write_text(bill(version, (tree / "requirements.lock").read_text()))
        sign(made, signer)
        if output.exists():
            shutil.rmtree(output)
        made.rename(output)
    print(
        f"{(output / SUMS).read_text()}Built: {output}"
        + ("" if signer else ", unsigned: name an Ed25519 key to sign it")
    )


def sign(folder: Path, signer: Ed25519PrivateKey | None) -> None:
    """List every file of `folder` by SHA-256, as `sha256sum` does, and sign the list."""
    sums = "".join(f"{_sum(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
    (folder / SUMS).write_text(sums)
    if signer:
        (folder / SIGNATURE).write_bytes(signer.sign(sums.encode()))


def commit(root: Path, tree: Path) -> str:
    """Unpack the last commit into `tree`; its time. What is in no commit is in no release."""

    def git(*words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True).stdout

    if changed := git("status", "--porcelain").decode():
        raise SystemExit(f"release: some files differ from the last commit; commit or stash them:\n{changed.rstrip()}")
    with tarfile.open(fileobj=io.BytesIO(git("archive", "HEAD"))) as archive:
        archive.extractall(tree, filter="data")
    return git("log", "-1", "--format=%ct").decode().strip()


def packages(tree: Path, output: Path, when: str) -> None:
    """Wheel and sdist; the same bytes wherever the locked builder runs, since `when` is the time of all in them."""
    _quietly(["hatchling", "build", "-d", str(output)], tree, {"SOURCE_DATE_EPOCH": when})


def _bento(tree: Path, file: Path, scratch: Path) -> None:
    """A Bento of the code alone: models are of the office that trained them, and come by JAGA_HOME and JAGA_KEYS."""
    own, version = {"BENTOML_HOME": str(scratch / "bentoml"), "BENTOML_DO_NOT_TRACK": "True"}, file.stem[len("jaga-") :]
    _quietly(["bentoml", "build", "--version", version], tree, own)
    _quietly(["bentoml", "export", f"jaga:{version}", str(file)], tree, own)


def _quietly(module: list[str], folder: Path, own: dict[str, str]) -> None:
    command = [sys.executable, "-m", *module]
    done = subprocess.run(command, cwd=folder, env=os.environ | own, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"release: {' '.join(module[:2])} failed\n{done.stdout}{done.stderr}")


def bill(version: str, lock: str) -> str:
    """Every locked package with version and licence, in the form of CycloneDX 1.6; licences as its own metadata say."""
    pinned = dict(re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)==([^\s\\;]+)", lock))
    components = [_component(name, pinned[name]) for name in sorted(pinned)]
    told = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components,
            "metadata": {"component": {"type": "application", "name": "jaga", "version": version,
                                       "licenses": [{"expression": "Apache-2.0"}]}}}  # fmt: skip
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _component(name: str, version: str) -> dict[str, object]:
    purl = f"pkg:pypi/{name}@{version}"
    told: dict[str, object] = {"type": "library", "name": name, "version": version, "purl": purl}
    try:
        licence = _licence(distribution(name))
    except PackageNotFoundError:  # of another system or Python: locked, not installed here
        licence = None
    return told | ({"licenses": [licence]} if licence else {})


def _licence(found: Distribution) -> dict[str, object] | None:
    about = found.metadata
    if expression := about.get("License-Expression"):
        return {"expression": expression}
    classes = [line.split(" :: ") for line in about.get_all("Classifier") or ()]
    named = (about.get("License") or "").strip().split("\n")[0]
    text = "; ".join(one[-1] for one in classes if one[0] == "License" and one[-1] != "OSI Approved") or named
    return {"license": {"name": text}} if text else None


def verify(folder: Path, key: Path) -> None:
    """End with an error unless the list bears the key's signature and every file is as listed, and none besides."""
    public = serialization.load_pem_public_key(key.read_bytes())
    if not isinstance(public, Ed25519PublicKey):
        raise SystemExit(f"release: {key} holds no public key of Ed25519")
    try:
        sums = (folder / SUMS).read_bytes()
        public.verify((folder / SIGNATURE).read_bytes(), sums)
    except FileNotFoundError as error:
        raise SystemExit(f"release: {error.filename} is missing") from None
    except InvalidSignature:
        raise SystemExit(f"release: {SUMS} does not bear the signature of this key") from None
    listed = {name: value for value, name in (line.split("  ", 1) for line in sums.decode().splitlines())}
    there = {path.name for path in folder.iterdir()} - {SUMS, SIGNATURE}
    wrong = [f"{name} is missing" for name in sorted(set(listed) - there)]
    wrong += [f"{name} is not of this release" for name in sorted(there - set(listed))]
    wrong += [f"{name} was altered" for name in sorted(there & set(listed)) if _sum(folder / name) != listed[name]]
    if wrong:
        raise SystemExit(f"release: {'; '.join(wrong)}")
    print(f"{len(listed)} files are as they were signed")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SystemExit(f"release: {path} cannot be read ({error.strerror})") from None
    try:
        found = serialization.load_pem_private_key(content, None)
    except TypeError:  # it is encrypted
        found = serialization.load_pem_private_key(content, getpass.getpass(f"Password of {path}: ").encode())
    if not isinstance(found, Ed25519PrivateKey):
        raise SystemExit(f"release: {path} holds no private key of Ed25519")
    return found


def main(argv: list[str] | None = None) -> None:
    """Build or verify."""
    parser = argparse.ArgumentParser(description="Build a release, or verify one.")
    parser.add_argument("what", choices=("build", "verify"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path, help="Ed25519 in PEM: private to sign, public to verify")
    parser.add_argument("--replace", action="store_true", help="build in place of a release that is there")
    told = parser.parse_args(argv)
    if told.what == "build":
        build(told.folder, told.key, replace=told.replace)
    elif told.key:
        verify(told.folder, told.key)
    else:
        parser.error("verify needs --key")


if __name__ == "__main__":
    main()
