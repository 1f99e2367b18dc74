"""Scores at a server that speaks S3, by Arrow's own client: the register read there, the run sent there, published.

The server is moto's. It is no package of the project: what it needs holds others of the lock at old versions.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.fs as pafs
import pytest

from features.cli import main
from features.commands import UserError
from serving import places
from serving.batch import away, batch, runs
from serving.batch.batch import Request
from serving.scores import publishing
from tests.serving import registers

COMMAND = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())", "score"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """What a URL asks of a server of this machine, with the bucket `bucket`."""
    moto = pytest.importorskip("moto.server", reason="no server that speaks S3: pip install 'moto[s3]' flask-cors")
    own = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    own.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing"),
                            ("AWS_EC2_METADATA_DISABLED", "true")):  # fmt: skip
            patch.setenv(name, value)
        asked = f"endpoint_override=127.0.0.1:{own.get_host_and_port()[1]}&scheme=http&region=us-east-1"
        system, _ = pafs.FileSystem.from_uri(f"s3://bucket?{asked}&allow_bucket_creation=true")
        system.create_dir("bucket")
        yield asked
    own.stop()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return registers.write(tmp_path_factory.mktemp("register") / "in", registers.tables(30))


def test_a_register_there_is_scored_to_there_and_published(server: str, source: Path, bundles: tuple[Path, Path],
                                                           tmp_path: Path) -> None:  # fmt: skip
    registers.score(source, tmp_path / "plain", bundles[0])
    home = places.place(f"s3://bucket?{server}")
    pafs.copy_files(str(source), "bucket/register", destination_filesystem=home.system)
    url = f"s3://bucket/scores?{server}"
    request = Request(f"s3://bucket/register?{server}", url, bundles[0], work=tmp_path / "work")
    assert batch.run(batch.prepare(request)).state == "published"
    plain, there = registers.contents(tmp_path / "plain"), places.place(url)
    assert there.below() == sorted(plain)
    for name in plain:
        assert (there / name).read() == (tmp_path / "plain" / name).read_bytes()
    assert batch.run(batch.prepare(request)).state == "done"

    assert publishing.publish(tmp_path / "store", url).name == publishing.publish(
        tmp_path / "other", tmp_path / "plain").name  # fmt: skip
    (there / "scores" / "more.parquet").create(b"more")
    for refused in (lambda: batch.run(batch.prepare(request)), lambda: publishing.publish(tmp_path / "new", url)):
        with pytest.raises(UserError, match=r"s3://bucket/scores holds files .* \(scores/more.parquet\)"):
            refused()


def test_killed_while_it_sends_it_sends_the_rest(server: str, source: Path, bundles: tuple[Path, Path],
                                                 tmp_path: Path) -> None:  # fmt: skip
    registers.score(source, tmp_path / "plain", bundles[0])
    url = f"s3://bucket/killed?{server}"
    options = ["--input", str(source), "--output", url, "--bundle", str(bundles[0]), "--work", str(tmp_path / "work")]
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "event=send done=1 " in line:
                os.kill(process.pid, signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    there = places.place(url)
    assert away.CLAIM in there.below()
    assert runs.MANIFEST not in there.below()
    with pytest.raises(UserError, match=r"claim\.json holds a run with another number of reasons"):
        batch.run(batch.prepare(Request(source, url, bundles[0], reasons=1, work=tmp_path / "other")))
    shutil.rmtree(tmp_path / "work")  # the machine is lost too: another one makes the same bytes
    assert main(["score", *options]) == 0
    manifest = json.loads((there / runs.MANIFEST).read())
    assert there.below() == sorted([*manifest["files"], runs.MANIFEST])
    assert all((there / name).read() == (tmp_path / "plain" / name).read_bytes() for name in there.below())


@pytest.mark.parametrize(("url", "words"), [
    ("s3://nowhere/scores?{}", "s3://nowhere/scores cannot be written"),
    ("s3://bucket/out?endpoint_override=127.0.0.1:9&scheme=http&region=us-east-1", "cannot be reached")])  # fmt: skip
def test_what_cannot_be_reached_is_told_before_the_work(
    server: str, url: str, words: str, source: Path, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    begun: list[bool] = []
    with pytest.raises(UserError, match=words):
        batch.run(batch.prepare(Request(source, url.format(server), bundles[0], work=tmp_path / "work")),
                  begun=lambda: begun.append(True))  # fmt: skip
    assert not begun
