"""The project around the code: names, lock, licence, commands, versions, and what must never be committed."""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions, packages_distributions
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from features import keys
from features.cli import main

if TYPE_CHECKING:
    from tests.conftest import StartServer

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("features", "models", "training", "serving")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
LOCKS = {name: (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")}
CANONICAL_APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
HEAVY = {
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
    "lightgbm",
    "pandera",
    "mlflow",
    "bentoml",
    "fastapi",
    "altair",
}

# Written in pieces so that this file does not hold what it looks for.
HOSTS = "|".join(("py" + r"pi\.org", "python" + r"hosted", r"registry\.np" + "mjs", r"deb\.deb" + "ian"))
PATHS = r"(?<![\w.~-])/(?:home|root|opt|tm" + r"p|work|Users)/\w"
SECRETS = "|".join((
    "-----BEGIN [A-Z ]*PRIVATE" + " KEY",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{30,}",
    r"\bxox[abp]-[A-Za-z0-9-]{10,}",
    r"(?:door|seal)=(?!(\w)\1+\b)[0-9a-f]{32,}",
    r"(?i:\b(?:password|passwd|secret|api_?key|token))\s*[=:]\s*[\"'][^\"'\s{}]{12,}[\"']",
))  # fmt: skip


def tracked() -> list[Path]:
    """Text files under version control; the vendored ones are others' work and checked by their hashes."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name and "/vendor/" not in name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


@pytest.mark.parametrize(("what", "pattern"), [("registry", HOSTS), ("machine path", PATHS), ("secret", SECRETS)])
def test_no_tracked_file_names_a_registry_a_machine_path_or_a_secret(what: str, pattern: str) -> None:
    search = re.compile(pattern)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if search.search(line)
    ]
    assert not found, f"{what} in {', '.join(found)}"


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (HOSTS, "index = https://py" + "pi.org/simple"),
        (PATHS, "open('/ho" + "me/ana/x')"),
        (SECRETS, "door=" + "0123456789abcdef" * 2),
        (SECRETS, "pass" + "word = 'correct-horse-battery'"),
    ],
)
def test_the_search_for_what_must_not_be_committed_finds_it(pattern: str, bad: str) -> None:
    assert re.search(pattern, bad)


def test_no_other_distribution_claims_the_package_names() -> None:
    claims = packages_distributions()
    for name in PACKAGES:
        assert set(claims.get(name, [])) <= {"jaga"}
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin == str(ROOT / name / "__init__.py")


def _locked(name: str) -> dict[str, tuple[Version, list[str]]]:
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", LOCKS[name]).strip())
    locked = {}
    for entry in entries:
        requirement = Requirement(entry.split(" \\")[0])
        (pin,) = requirement.specifier
        assert pin.operator == "==", entry
        locked[_plain(requirement.name)] = (Version(pin.version), re.findall(r"--hash=(\S+)", entry))
    return locked


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_place_and_pins_every_requirement_by_hash(lock: str) -> None:
    for word in ("://", "file:", "--find-links", "--index", "--extra-index", "--trusted-host"):
        assert word not in LOCKS[lock]
    for name, (_, hashes) in _locked(lock).items():
        assert hashes, name
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", value) for value in hashes), name


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_satisfies_what_the_project_and_its_build_ask_for(lock: str) -> None:
    locked = _locked(lock)
    extras = PROJECT["optional-dependencies"].items()
    of_extras = (r for extra, rs in extras for r in rs if extra != "dev" or lock == "requirements-dev.lock")
    for text in (*PROJECT["dependencies"], *BUILD, *of_extras):
        requirement = Requirement(text)
        version, _ = locked[_plain(requirement.name)]
        assert requirement.specifier.contains(version), f"{text}, locked {version}"


def _imported() -> dict[str, set[str]]:
    """Modules of others that the four packages import, with the distributions that each may come with."""
    claims, found = packages_distributions(), set[str]()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {name.split(".")[0] for name in names}
    return {name: {_plain(owner) for owner in claims.get(name, [name])}
            for name in found - {*PACKAGES, *sys.stdlib_module_names}}  # fmt: skip


UNSEEN = {"psycopg", "python-multipart", "uvloop", "hatchling", "editables", "binary"}
"""Loaded by others: SQLAlchemy's driver (its extra `binary`), Starlette's forms, uvicorn's loop, pip's builder."""
BESIDE = {"catboost", "xgboost-cpu"}
"""Baselines of development alone, left out where they are not installed."""


def test_what_the_packages_import_is_asked_for_and_what_is_asked_for_is_imported() -> None:
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *(text for name in extras if name != "dev" for text in extras[name])]
    asked_for = {_plain(name) for text in asked for name in (Requirement(text).name, *Requirement(text).extras)}
    imported = _imported()
    assert {name for name, owners in imported.items() if not owners & (asked_for | BESIDE)} == set()
    assert asked_for - set().union(*imported.values()) == UNSEEN


def test_what_runs_is_locked_as_it_is_tested_and_needs_no_tool_of_development() -> None:
    runs, all_of_it = _locked("requirements.lock"), _locked("requirements-dev.lock")
    assert runs.items() <= all_of_it.items()
    assert not runs.keys() & {"catboost", "xgboost-cpu", "playwright", "pytest", "mypy", "ruff", "uv", "mkdocs"}


def test_environment_is_what_the_lock_says() -> None:
    here = {_plain(found.name): Version(found.version) for found in distributions()}
    locked = _locked("requirements-dev.lock").items()
    differing = {n: str(here.get(n)) for n, (version, _) in locked if here.get(n) != version}
    assert not differing, "run make tools"


def test_licence_is_apache_2_word_for_word() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == CANONICAL_APACHE
    assert PROJECT["license"] == "Apache-2.0"


def test_version_is_the_same_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    version = Version(PROJECT["version"])
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert Version(capsys.readouterr().out.split()[-1]) == version
    heading = re.search(r"(?m)^## \[(.+?)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text())
    assert heading is not None
    assert heading[1] == version.base_version
    assert (heading[2] == "Unreleased") == version.is_devrelease


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from features.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('loaded:', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "features" in loaded
    assert not loaded & HEAVY


def test_every_command_says_what_it_does(
    commands: dict[str, argparse.ArgumentParser], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, command in commands.items():
        with pytest.raises(SystemExit) as end:
            main([*name.split()[1:], "--help"])
        assert end.value.code == 0, name
        assert capsys.readouterr().out.startswith(f"usage: {name} ")
        assert command.description, name
        bare = [action.dest for action in command._actions if not action.help]
        assert not bare, f"{name}: {', '.join(bare)} without help"


def test_files_and_functions_are_short_but_those_that_the_decisions_let_alone() -> None:
    long: dict[str, set[str]] = {"file": set(), "function": set()}
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        text, name = path.read_text(), path.relative_to(ROOT).as_posix()
        if text.count("\n") > 400:
            long["file"].add(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno >= 50:
                    long["function"].add(f"{name} {node.name}")
    assert long == {"file": {"models/schemes/answer_words.py"}, "function": set()}


def test_tests_make_keys_of_their_own() -> None:
    made = keys.load()
    where = Path(os.environ["XDG_CONFIG_HOME"])
    assert where.is_relative_to(gettempdir())
    assert [path.name for path in where.rglob("*") if path.is_file()] == ["keys"]
    assert keys.load() == made


def test_a_server_that_does_not_start_is_told_with_what_it_printed(free_port: int, start_server: StartServer) -> None:
    command = [sys.executable, "-m", "http.server", str(free_port), "--bind", "127.0.0.1"]
    server = start_server(command, free_port, ready="/", cwd=ROOT / "docs")
    assert server.process.poll() is None
    with pytest.raises(pytest.fail.Exception, match="no port"):
        start_server([sys.executable, "-c", "raise SystemExit('no port')"], free_port + 1)


def test_wrong_use_is_told_on_stderr_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["no-such-command"])
    assert end.value.code == 2
    said = capsys.readouterr()
    assert not said.out
    assert "usage: jaga" in said.err


@pytest.mark.slow
def test_wheel_holds_the_four_packages_whole_and_nothing_else(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        licences = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
        assert "License-Expression: Apache-2.0" in archive.read(metadata).decode()
    here = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == here
    assert {name.split("/")[0] for name in names} == set(PACKAGES)
    assert {Path(name).suffix for name in names} >= {".py", ".csv", ".json"}
    assert licences
