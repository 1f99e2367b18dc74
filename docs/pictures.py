"""Takes the pictures of the README from a demo installation: a household, a list, a simulation, in Bahasa Indonesia.

Everything is asked as people ask it: a server of its own on a free port, an account that signs in, a list that is drawn
and a scenario that is lived through the API. People, lists and scenarios go into a database beside it that is thrown
away; the installation is only read.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from models.schemes import library

DOCS = Path(__file__).resolve().parent
ACCOUNT, PROGRAM = "contoh", "program"
SCENARIO = "kerja-atau-usaha"
WIDTH, HEIGHT, SCALE = 1280, 1480, 0.75
COLOURS = 256


def main(home: Path, output: Path) -> None:
    """Take the pictures of the installation `home` and write them into `output`."""
    with tempfile.TemporaryDirectory() as own:
        os.environ |= {"JAGA_HOME": str(home.resolve()), "JAGA_DB": f"sqlite:///{own}/jaga.sqlite",
                       "JAGA_REGISTER": str((home / "data" / "registry").resolve())}  # fmt: skip
        password, token = _people()
        with (
            _served(Path(own) / "log") as url,
            httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120) as api,
        ):
            code, number, lived = _household(api), _list(api), _scenario(api)
            paths = {"household": f"/keluarga/{code}", "list": f"/daftar/{number}", "simulation": f"/skenario/{lived}"}
            with _signed_in(url, password) as page:
                for name, path in paths.items():
                    page.goto(path, wait_until="networkidle")
                    reasons = page.locator("section[aria-labelledby=why] .sides li:visible").all()
                    size = {"x": 0, "y": 0, "width": WIDTH, "height": cut([_ends(own) for own in reasons])}
                    _small(page.screenshot(clip=size, full_page=True), output / f"{name}.png")
                    print(f"wrote {output / name}.png")


def cut(reasons: list[tuple[float, float]], height: int = HEIGHT) -> int:
    """Height of the picture of a page: as far down as it takes to end no reason in its midst.

    reasons : top and bottom of each, in pixels, in one or two columns.
    """
    broken = [bottom for top, bottom in reasons if top < height < bottom]
    return cut(reasons, math.ceil(max(broken))) if broken else height


def _ends(own: Locator) -> tuple[float, float]:
    """Top and bottom of a part of a page."""
    box = own.bounding_box()
    if box is None:
        raise SystemExit("a reason is not shown")
    return box["y"], box["y"] + box["height"]


def _small(picture: bytes, path: Path) -> None:
    """Keep a picture in so many colours as a page has, a third of the bytes."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _jaga(*words: str, typed: str | None = None) -> str:
    command = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main(sys.argv[1:]))", *words]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=True).stdout


def _people() -> tuple[str, str]:
    """A password of somebody who may look at everything, and a token of a program that may draw and live."""
    password = secrets.token_urlsafe(12)
    _jaga("people", "add", "kepala", "--name", "Kepala", "--first", "--generate")
    _jaga("people", "add", ACCOUNT, "--name", "Petugas contoh", "--password-stdin",
          typed=f"{password}\n")  # fmt: skip
    _jaga("people", "add", PROGRAM, "--name", "Program contoh", "--no-password")
    for account in (ACCOUNT, PROGRAM):
        for role in ("officer", "verifier", "analyst"):
            _jaga("people", "grant", account, role, "ID")
    scopes = ("households.read", "lists.write", "scenarios.write", "scenarios.read")
    told = _jaga(
        "tokens", "add", PROGRAM, "--label", "pictures", *(part for own in scopes for part in ("--scope", own))
    )
    return password, next(word for word in told.split() if word.startswith("jaga_"))


@contextlib.contextmanager
def _served(log: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())", "serve",
               "--port", str(port)]  # fmt: skip
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: _ready(url), 120, f"the server did not get ready; {log} says why")
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _ready(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    return False


def _until(done: Any, seconds: float, otherwise: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.5)


def _asked(api: httpx.Client, method: str, path: str, body: Any = None) -> dict[str, Any]:
    headers = {"Idempotency-Key": secrets.token_hex(8)} if method == "POST" else {}
    answer = api.request(method, path, json=body, headers=headers)
    if answer.is_error:
        raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
    return dict(answer.json())


def _household(api: httpx.Client) -> str:
    """Code of the first family, from the highest risk on, with facts that raise and facts that lower its risk."""
    for own in _asked(api, "GET", "/v1/households?area=32&count=500")["households"]:
        code = str(own["household_id"])
        if both_ways(_asked(api, "GET", f"/v1/households/{code}")["household"]):
            return code
    raise SystemExit("no family of the first 500 has reasons of both kinds")


def both_ways(row: dict[str, Any]) -> bool:
    """Whether some facts of a family raise its risk and others lower it."""
    weights = [own["contribution"] for own in row["reasons"] or ()]
    return min(sum(own > 0 for own in weights), sum(own < 0 for own in weights)) > 0


def _list(api: httpx.Client) -> str:
    """Number of a list that was drawn and confirmed."""
    rules = {"format": 1, "name": "Keluarga rentan Jawa Barat", "period": _quarter(), "random": 0.05,
             "scheme": [{"name": "pkh", "cost": 3_000_000, "quota": {"32": 60}}]}  # fmt: skip
    draft = _asked(api, "POST", "/v1/lists", {"rules": rules})
    body = {"changed": draft["changed"], "reason": "contoh", "checked": True,
            "expected_errors": draft["expected_errors"]}  # fmt: skip
    return str(_asked(api, "POST", f"/v1/lists/{draft['list']}/confirm", body)["list"])


def _quarter() -> str:
    now = time.gmtime()
    return f"{now.tm_year}Q{(now.tm_mon - 1) // 3 + 1}"


def _scenario(api: httpx.Client) -> str:
    """Number of a scenario of the library that was lived."""
    asked = library.raw("scenarios", SCENARIO)
    number = str(_asked(api, "POST", "/v1/scenarios", {"scenario": asked, "area": ""})["number"])
    _until(lambda: _asked(api, "GET", f"/v1/scenarios/{number}")["status"] == "done", 600, f"{number} was not lived")
    return number


@contextlib.contextmanager
def _signed_in(url: str, password: str) -> Iterator[Page]:
    flags = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:  # Chromium refuses its sandbox to root
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        path = next((own for own in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(own).exists()), None)
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(base_url=url, viewport={"width": WIDTH, "height": HEIGHT},
                                device_scale_factor=SCALE)  # fmt: skip
        page.context.add_cookies([{"name": "bahasa", "value": "id", "url": url}])
        page.goto("/masuk")
        page.locator("#akun").fill(ACCOUNT)
        page.locator("#sandi").fill(password)
        page.keyboard.press("Enter")
        _new_password(page, password)
        yield page
        browser.close()


def _new_password(page: Page, old: str) -> None:
    """The first one has to be changed."""
    new = secrets.token_urlsafe(16)
    for name, value in (("lama", old), ("baru", new), ("ulang", new)):
        page.locator(f"#{name}").fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ikhtisar*", wait_until="networkidle")  # what is still on its way would be cut off


if __name__ == "__main__":
    main(Path(sys.argv[1]), DOCS / "pictures")
