"""Every code block of the docs does what it says: shell and Python blocks are run, files are read by what reads them.

A block is `bash` or `python` (run here, page by page, from top to bottom, in an installation of its own), `toml` or
`yaml` (a file, named by the comment in its first line, that a line of the page or a loader reads), or `text` (what is
printed, or a picture in letters). There is no other kind.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from bentoml_cli.cli import create_bentoml_cli

from features.cli import main, parser
from features.keys import configuration
from features.sources import mapped
from models import record
from models.targeting import rules
from serving.access import oidc_settings
from serving.api.scenario_shapes import NewScenario
from serving.scores import commands, scores
from serving.store import once, tokens
from serving.store.engine import open_store
from tests import docs_home
from tests.docs_home import BEFORE, MORE, NEWEST, SIZES
from tests.features.sources.conftest import WriteEph, write_eph
from tests.features.sources.test_eph import HOMES, PERSONS
from tests.serving import postgres
from tests.serving.lists_made import Day
from tests.serving.live import KEYS
from tests.test_docs import PAGES, ROOT
from tests.training.small import plain_rivals
from training import backtest, probast, track
from training.spec import read_spec

__all__ = ["write_eph"]

BLOCK = re.compile(r"(?ms)^( *)```([^\n`]*)\n(.*?)^ *```$")
SERVERS = ("dask", "mlflow")
"""Commands that go on until they are stopped."""
RUN, READ, SHOWN = ("bash", "python"), ("toml", "yaml"), ("text",)
NAMED = re.compile(r"# ([\w./-]+\.(?:toml|yaml))")
CODE = re.compile(r"\b(?:ABCD-?2345-?EFGH|H7KM2P4R9TQX|7K3M-9Q2P-T5XA)\b")
"""Codes of families that the docs make up; a family of the register stands for them."""


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str

    @property
    def file(self) -> str | None:
        """Name of the file that the block shows, where it says one."""
        found = NAMED.match(self.text)
        return found[1] if found else None


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page.name, text[: found.start()].count("\n") + 1, found[2], found[3]) for found in BLOCK.finditer(text)
    ]


ALL = [block for page in PAGES for block in blocks(page)]
LIVED = [page for page in PAGES if any(block.language in (*RUN, *READ) for block in blocks(page))]


def _oidc(path: Path) -> object:
    own = configuration() / "oidc.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, own)
    own.chmod(0o600)
    return oidc_settings.settings()


LOADERS = {
    "oidc.toml": _oidc, "bias.toml": probast.answers, "table.toml": read_spec,
    "rules.toml": lambda path: rules.read(path.read_text(encoding="utf-8")),
}  # fmt: skip
"""What reads a file of that name, beside the commands that name it."""


def test_every_block_has_one_of_the_known_kinds() -> None:
    assert len(ALL) > 40, "the search finds nothing"
    assert {f"{own.page}:{own.line}: {own.language or 'no language'}" for own in ALL
            if own.language not in (*RUN, *READ, *SHOWN)} == set()  # fmt: skip


def test_no_fence_escapes_the_search() -> None:
    for page in PAGES:
        assert page.read_text(encoding="utf-8").count("```") == 2 * len(blocks(page)), page.name
        assert "\n    $ " not in page.read_text(encoding="utf-8"), f"{page.name}: commands belong into a fence"


def test_every_file_that_is_shown_says_its_name_and_is_read() -> None:
    for own in ALL:
        if own.language in READ:
            assert own.file, f"{own.page}:{own.line}: the first line names the file"
            lines = [other.text for other in ALL if other.page == own.page and other.language in RUN]
            assert own.file in LOADERS or any(own.file in text for text in lines), (
                f"{own.page}: nothing reads {own.file}"
            )


TYPED = re.compile(
    r"(?m)^(?:(?:GET|POST) /|\[\[|\[\w+\]$|(?:\S*/)?(?:openssl|sha256sum|python3?|pip|jaga|make|curl|bentoml|docker|"
    r"export|git|kubectl)[\w.]* )"
)
"""How a line begins that somebody types or writes into a file."""
SIGNED = "openssl pkeyutl -verify -pubin -inkey release.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig"
HELD = {
    ("api.md", "POST /v1/scenarios"): "test_the_request_that_the_api_shows_is_a_scenario",
    ("data.md", "[[files]]"): "test_the_join_that_the_page_shows_is_that_of_the_shipped_map",
    (
        "releasing.md",
        "openssl genpkey -algorithm ed25519 -aes256 -out release.key",
    ): "test_keys_are_made_as_the_page_says",
    ("releasing.md", SIGNED): "test_what_was_signed_is_verified_here_and_by_others_tools",
    # Not as it is typed: that would fetch every package from a registry.
    ("releasing.md", "python3.11 -m venv jaga"): "test_the_demo_works_from_the_wheel_alone",
    # Not as they are typed either: both take minutes; tests of serving build the one and read the other.
    ("howto_operator.md", "bentoml build"): "test_bento_and_image_are_asked_in_their_own_words",
    ("howto_operator.md", 'bentoml import "$PWD/jaga.bento"'): "test_bento_and_image_are_asked_in_their_own_words",
    (
        "howto_operator.md",
        "docker build -f deploy/Containerfile -t jaga .",
    ): "test_bento_and_image_are_asked_in_their_own_words",
}
"""Blocks of text that are commands or files and no part of a page's life here: a part that needs a key, a service or a
registry. By page and first line, the test that takes them up."""


def test_a_block_of_text_that_somebody_would_type_is_taken_up_by_a_test() -> None:
    typed = [own for own in ALL if own.language == "text" and TYPED.search(own.text)]
    assert {(own.page, own.text.splitlines()[0]) for own in typed} == HELD.keys()
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert {name for name in HELD.values() if f"def {name}(" not in tests} == set()


def test_a_bento_is_written_and_read_by_its_full_path() -> None:
    """BentoML takes any other path as one from the root of the disk: it writes there, and finds nothing there."""
    said = [line for own in ALL for line in re.findall(r"(?m)^bentoml (?:export|import) .+$", own.text)]
    assert len(said) == 2
    assert [line for line in said if not line.split()[-1].startswith('"$PWD/')] == []


def test_bento_and_image_are_asked_in_their_own_words() -> None:
    known = create_bentoml_cli().commands
    texts = [shown("howto_operator.md", start) for start in ("bentoml build", "bentoml import", "docker build")]
    lines = [shlex.split(line) for text in texts for line in text.replace("\\\n", " ").splitlines()]
    for words in lines:
        if words[0] == "bentoml":
            options = {name for option in known[words[1]].params for name in option.opts}
            assert {word for word in words if word.startswith("--")} <= options, words
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\b(JAGA_\w+)=", "\n".join(texts)))
    assert names == {"JAGA_HOME", "JAGA_KEYS", "JAGA_URL"}
    assert {name for name in names if f"`{name}`" not in told} == set()
    build, run = (words for words in lines if "docker" in words)
    assert (ROOT / build[build.index("-f") + 1]).is_file()
    image = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert f"JAGA_HOME={run[run.index('-v') + 1].partition(':')[2]} " in image
    assert 'ENTRYPOINT ["jaga"]' in image
    asked = parser().parse_args(run[run.index("-p") + 3 :])
    assert (asked.host, str(asked.port)) == ("0.0.0.0", run[run.index("-p") + 1].rpartition(":")[2])


def shown(page: str, start: str) -> str:
    """The one block of text of a page that begins so."""
    [found] = [own.text for own in ALL if own.page == page and own.language == "text" and own.text.startswith(start)]
    return found


def test_the_request_that_the_api_shows_is_a_scenario(tmp_path: Path) -> None:
    head, _, body = shown("api.md", "POST /v1/scenarios").partition("\n\n")
    sent = NewScenario.model_validate_json(body)
    assert sent.area == "33"
    once.check(dict(line.split(": ") for line in head.splitlines()[1:])["Idempotency-Key"])
    (tmp_path / "scenario.yaml").write_text(json.dumps(json.loads(body)["scenario"]), encoding="utf-8")
    assert main(["schemes", "check", str(tmp_path / "scenario.yaml")]) == 0


def test_the_join_that_the_page_shows_is_that_of_the_shipped_map() -> None:
    told = tomllib.loads(shown("data.md", "[[files]]"))
    held = tomllib.loads((mapped.MAPS / "dtsen.toml").read_text(encoding="utf-8"))
    assert told["files"] == [{"households": held["files"][0]["households"]}]
    assert told["join"] == {"households": held["join"]["households"]}
    assert told["households"]["urban"].items() <= held["households"]["urban"].items()


@dataclass
class Place:
    """An installation in which a page is lived, and what was begun there."""

    folder: Path
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    port: int
    url: str = ""
    names: dict[str, object] = field(default_factory=dict)
    begun: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def bash(self, block: Block) -> None:
        for line in block.text.replace("\\\n", " ").splitlines():
            if line.split("#")[0].strip():
                self.line(line.strip().removeprefix(".venv/bin/"), f"{block.page}:{block.line}: {line}")

    def line(self, line: str, where: str) -> None:
        """Run one line; a comment `exit code 1: ...` allows that code besides 0."""
        allowed = {0, *map(int, re.findall(r"#.*exit code (\d+)", line))}
        line = self._stand_ins(line)
        words = shlex.split(line, comments=True)
        if words[0] in ("export", "unset"):
            self._environment(words)
        elif words[0] == "jaga":
            self.capsys.readouterr()
            code = _jaga(_less(words[1:]))
            assert code in allowed, f"{where}: exit code {code}\n{''.join(self.capsys.readouterr())}"
            if words[1:] == ["promote"] and code:  # so few families open no gate; what the page does next takes them
                track.alias(_newest().name, record.CHAMPION)
        elif words[0] in SERVERS:
            log = self.folder / f"{words[0]}.log"
            with log.open("ab") as output:
                self.begun.append(subprocess.Popen(_less(words), stdout=output, stderr=output, start_new_session=True))
            if words[0] == "mlflow":
                self.answers(f"http://127.0.0.1:{self.port}/", log)
        elif words[0] == "make":
            subprocess.run(["make", "-n", "-C", str(ROOT), *words[1:]], check=True, stdout=subprocess.DEVNULL)
        elif words[0] == "umask":
            os.umask(int(words[1], 8))
        else:
            run = subprocess.run(["bash", "-euc", f"{line}\nexit 0"], capture_output=True, text=True, check=False)
            assert run.returncode in allowed, f"{where}\n{run.stdout}{run.stderr}"

    def answers(self, url: str, log: Path) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end and self.begun[-1].poll() is None:
            try:
                assert httpx.get(url, timeout=5).status_code == 200, url
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        pytest.fail(f"{url} does not answer; it printed:\n{log.read_text(errors='replace')[-4000:]}")

    def postgres(self, url: str) -> None:
        """The database that the docs call db.example is this one, for programs of PostgreSQL too."""
        self.url, found = url, urlsplit(url)
        for name, value in (("PGHOST", found.hostname), ("PGPORT", found.port), ("PGUSER", found.username)):
            self.patch.setenv(name, str(value))

    def _environment(self, words: list[str]) -> None:
        for word in words[1:]:
            name, _, value = word.partition("=")
            if words[0] == "export":
                self.patch.setenv(name, Template(value).safe_substitute({**os.environ, "PWD": os.getcwd()}))
            else:
                self.patch.delenv(name, raising=False)

    def _stand_ins(self, line: str) -> str:
        """The line with what only a reader has put for what is here: codes, tokens, addresses."""
        line = line.replace("HOST:8786", f"127.0.0.1:{self.port}").replace("--port 8786", f"--port {self.port}")
        line = line.replace("--port 5000", f"--port {self.port}")
        line = re.sub(r"s3://([\w/.-]+)\?[^\"]*", rf"file://{self.folder}/\1", line)
        line = line.replace("postgresql://jaga@db.example/jaga", self.url)
        if CODE.search(line):
            line = CODE.sub(self.code, line)
        return line.replace("k4m7q2xa", self._token()) if "k4m7q2xa" in line else line

    @property
    def code(self) -> str:
        with scores.open(Path(".jaga/scores")) as own:
            return str(own.top(1)[0]["household_id"])

    def _token(self) -> str:
        store = open_store("sqlite:///.jaga/store/jaga.sqlite")
        with store.reading() as connection:
            found = tokens.everyone(connection)[0].prefix
        store.close()
        return str(found)

    def end(self) -> None:
        for process in reversed(self.begun):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)


def _jaga(words: list[str]) -> int:
    try:
        return main(words)
    except SystemExit as end:  # what argparse answers by itself, such as --help
        return int(end.code or 0)


def _newest() -> Path:
    return max((path for path in Path(".jaga/bundles").iterdir() if not path.is_symlink() and path.is_dir()),
               key=lambda path: path.stat().st_mtime_ns)  # fmt: skip


def _less(words: list[str]) -> list[str]:
    """The same words for little data: other values of `SIZES`, options of `MORE` that are not there."""
    words = [SIZES.get(before, word) for before, word in zip(["", *words], words, strict=False)]
    for name in (f"{words[0]} --table" if "--table" in words else "", " ".join(words[:2]), words[0]):
        more = MORE.get(name, ())
        if more:
            added = [str(_newest()) if word == NEWEST else word for word in more]
            return [*words, *(() if more[0] in words else added)]
    return words


class Terminal(io.StringIO):
    """Somebody sits there and types the password that is asked for."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_KEYS", KEYS)
        patch.delenv("JAGA_HOME", raising=False)
        return docs_home.make(tmp_path_factory.mktemp("docs"))


@pytest.fixture
def database() -> Iterator[str]:
    """URL of an empty database of a server of the tests."""
    with postgres.server() as url:
        with psycopg.connect(f"{url}postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE jaga")
        yield f"{url}jaga"


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
          free_port: int, write_eph: WriteEph) -> Iterator[Place]:  # fmt: skip
    shutil.copytree(made, tmp_path, dirs_exist_ok=True, symlinks=True)
    write_eph((2008, 1), HOMES, PERSONS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JAGA_HOME")
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_URL", "https://jaga.example")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _: "enam-belas-kata-sandi")
    monkeypatch.setattr(commands, "today", Day.today)
    mask = os.umask(0o022)
    own = Place(tmp_path, monkeypatch, capsys, free_port)
    yield own
    os.umask(mask)
    own.end()


@pytest.mark.slow
@pytest.mark.parametrize("page", LIVED, ids=lambda page: page.name)
def test_a_page_can_be_lived_from_top_to_bottom(page: Path, place: Place, monkeypatch: pytest.MonkeyPatch,
                                                  request: pytest.FixtureRequest) -> None:  # fmt: skip
    monkeypatch.setattr(backtest, "GATED", plain_rivals())
    own = blocks(page)
    if any("db.example" in block.text for block in own):
        place.postgres(request.getfixturevalue("database"))
    for block in own:
        if block.file and block.language in READ:
            path = place.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
            if path.name in LOADERS:
                assert LOADERS[path.name](path)
    for line in BEFORE.get(page.name, ()):
        place.line(line, page.name)
    for block in own:
        if block.language == "bash":
            place.bash(block)
        elif block.language == "python" and block.text.startswith("# features/"):
            # A change of the code: in a process of its own, so that no other test sees the feature.
            run = subprocess.run([sys.executable, "-c", block.text], capture_output=True, text=True, check=False)
            assert run.returncode == 0, run.stderr
        elif block.language == "python":
            exec(compile(block.text, f"{page.name}:{block.line}", "exec"), place.names)
