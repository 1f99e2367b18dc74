"""The command that answers over HTTP: `jaga serve`."""

from __future__ import annotations

import argparse
import ipaddress
import os
import resource
import socket
import sys
from pathlib import Path

from features.commands import Commands, UserError

_FILES = 65_536


def register(commands: Commands) -> None:
    """Add `jaga serve`."""
    commands.add("serve", help="answer over HTTP with the promoted model", configure=_options, run=run)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3000, help="port to listen on")
    parser.add_argument("--workers", type=int, metavar="N",
                        help="processes that answer (JAGA_WORKERS, or 1, without it)")  # fmt: skip
    parser.add_argument("--bundle", type=Path, metavar="DIR",
                        help="answer with this bundle, promoted or not (JAGA_BUNDLE without it)")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Become the server: signals and the exit code are its own from here on."""
    from features.home import home
    from models import bundle, record
    from serving import settings
    from serving.access.first_start import GIVEN, greet

    found = settings.check()  # what is set up wrongly stops it here, with a sentence, not each worker
    workers = found.workers if args.workers is None else args.workers
    if not 1 <= workers <= settings.MOST_WORKERS:
        raise UserError(f"--workers must be at least 1 and at most {settings.MOST_WORKERS}")
    given = args.bundle or os.environ.get("JAGA_BUNDLE")
    named = Path(given) if given else None
    address = _free(args.host, args.port)
    _open_files()
    # BentoML empties its folder of metrics at start: two servers that share one would wipe each other's counts.
    bento = Path(os.environ.get("BENTOML_HOME") or Path.home() / "bentoml")
    own = bento / "jaga" / f"{address}-{args.port}".replace(":", "_")
    environment = os.environ | {"BENTOML_DO_NOT_TRACK": "True", "BENTOML_HOME": str(own), "JAGA_HOME": str(home()),
                                "JAGA_WORKERS": str(workers)}  # fmt: skip
    if named:
        environment["JAGA_BUNDLE"] = str(bundle.load(named).path)
        told = f"Model: {named.name}, named by its path: not checked against the promotion record"
    else:
        told = ""
    shown = f"[{args.host}]" if ":" in args.host else args.host
    at = f"http://{shown}:{args.port}"
    people = greet()  # makes the database where there is none, so it comes first
    told = told or _champion(record.champion(home()), home())
    with_one = any(line.startswith(GIVEN) for line in people)
    with_token = "with the token above" if with_one else "with a token: jaga tokens add"
    lines = [told, *people, f"Pages: {at}/", f"API:  {at}/v1/score ({with_token})", f"Docs: {at}/docs",
             "Ctrl-C stops it. Each request has a line below: route and number, never a family."]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()  # what is held back would be lost when the process becomes another
    command = [sys.executable, "-m", "bentoml", "serve", "serving.service:Jaga", "--host", str(address),
               "--port", str(args.port), "--working-dir", str(Path(__file__).resolve().parent.parent)]  # fmt: skip
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is wanted


def _open_files() -> None:
    """Let the server hold as many connections as the system allows: a thousand idle ones must not use them up."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _free(host: str, port: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address, if it can be listened on: BentoML would answer with a traceback."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise UserError(f"--host {host}: write an address such as 127.0.0.1, or 0.0.0.0 for all") from None
    if not 1 <= port <= 65535:
        raise UserError(f"--port {port}: a port lies between 1 and 65535")
    with socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((str(address), port))
        except OSError as error:
            raise UserError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return address


def _champion(path: Path | None, folder: Path) -> str:
    if path is None:
        return (f"No model is promoted in {folder}: scores answer 503 until jaga train and jaga promote have run.\n"
                "The server takes the model up by itself, without a restart.")  # fmt: skip
    from models import bundle, record
    from serving.audit import seen
    from serving.store.engine import open_store

    store = open_store()
    try:
        record.check(folder, bundle.load(path))
        seen.check(store, folder)  # as the server does: else this would name a model that it refuses
    except UserError as error:
        return f"No model answers: {error}.\nScores answer 503; the server takes a sound champion up by itself."
    finally:
        store.close()
    return f"Model: {path.resolve().name}, the champion of {folder}"
