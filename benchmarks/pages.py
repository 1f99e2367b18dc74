"""Pages of the console for twenty officers at once, on a store of five million families with two runs published.

Each is signed in over the real server and goes from page to page as an officer does, with a pause between two of them;
which page, which area and how long a pause is drawn from a fixed seed.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import score_store
from features.home import home
from serving.access import passwords
from serving.access.rights import SCOPES, Grant
from serving.scores import publishing, scores
from serving.store import people, schema, tokens
from serving.store.engine import open_store
from tests.serving import load

HOUSEHOLDS, USERS, SECONDS, WORKERS, SEED = 5_000_000, 20, 180, 2, 20
THINK = (1.0, 5.0)
"""Seconds between an answer and the next page, evenly drawn."""
BAR_MS = 300.0
RUNS = (("2026-08-15", 1), ("2026-11-15", 2))
"""Date of the scores and seed of their values, of the same families."""
LABELS = [3, 7, 14, 27]
PASSWORD = "kopi tubruk pagi hari"
_CODE = re.compile(r'class="code" href="/keluarga/([0-9A-Z]{12})"')
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_LIST = re.compile(r'href="/daftar/(D-\d{4}-\d{4})')
_NEXT = re.compile(r'href="(/keluarga\?[^"]*setelah=[^"]*)"')


def run() -> dict[str, Any]:
    """Publish both runs in a temporary folder, which needs 3 GB, and let the officers work."""
    (home() / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home() / "bench", prefix="pages-") as name:
        scratch = Path(name)
        began = time.monotonic()
        for as_of, seed in RUNS:
            score_store.make(scratch / "run", HOUSEHOLDS, as_of=as_of, seed=seed, labels=LABELS)
            publishing.publish(scratch / "scores", scratch / "run")
            shutil.rmtree(scratch / "run")
        print(f"   {HOUSEHOLDS:,} families, {len(RUNS)} runs published in {time.monotonic() - began:.0f} s", flush=True)
        return measure(scratch)


def measure(scratch: Path, users: int = USERS, seconds: float = SECONDS) -> dict[str, Any]:
    """Let so many officers work for so long on the scores published in `scratch`."""
    areas, database, token = _hire(scratch, users)
    with load.jaga(scratch, database, "--workers", str(WORKERS), ready="/livez", JAGA_HOME=str(scratch),
                   JAGA_URL="") as (port, process), load.Memory(process) as memory:  # fmt: skip
        lists = [_draw(port, token, area) for area in areas if len(area) == 4][:5]
        officers = [Officer(port, number, area) for number, area in enumerate(areas)]
        for officer in officers:
            officer.sign_in()
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=officer.work, args=(end,)) for officer in officers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds + 120)
    found = [own for officer in officers for own in officer.seen]
    wrong = dict(Counter(f"{name} {status}" for name, _, status in found if status != 200))
    times = [ms for name, ms, _ in found if name != BUILDER]
    table = {name: {"count": len(own), **load.quantiles(own)} for name in sorted({name for name, *_ in found})
             if (own := [ms for each, ms, _ in found if each == name])}  # fmt: skip
    for name, own in table.items():
        print(f"   {name:24} {own['count']:5} pages  p50 {own['p50']:7.1f}  p95 {own['p95']:7.1f}  worst "
              f"{own['worst']:7.1f} ms", flush=True)  # fmt: skip
    told, peak = load.quantiles(times), max(memory.mib)
    print(f"   all but the list builder: p50 {told['p50']:.0f}, p95 {told['p95']:.0f} ms (bar: {BAR_MS:.0f}), "
          f"{len(times) / seconds:.1f} pages/s, errors: {wrong or 'none'}, peak memory {peak:,.0f} MiB; a list "
          f"drawn in {max(lists):.1f} s at most", flush=True)  # fmt: skip
    return {"households": HOUSEHOLDS, "users": users, "seconds": seconds, "think_s": THINK, "workers": WORKERS,
            "seed": SEED, "pages": table, "all_ms": told, "errors": wrong, "peak_mib": round(peak), "lists_s": lists,
            "bar_p95_ms": BAR_MS, "passed": bool(told["p95"] < BAR_MS and not wrong)}  # fmt: skip


def _hire(scratch: Path, users: int) -> tuple[list[str], str, str]:
    """Officers of the nation, of provinces and of regencies; their areas, the database and a token that may draw."""
    with scores.open(scratch / "scores") as own:
        places = sorted((file.province, regency) for file in own.run.files for regency in file.regencies
                        if file.province and regency)  # fmt: skip
    draw = random.Random(SEED)
    areas = ["", "", *(province for province, _ in draw.sample(places, users // 4))]
    areas += [regency for _, regency in draw.sample(places, users - len(areas))]
    database = f"sqlite:///{scratch}/jaga.sqlite"
    store = open_store(database)
    schema.prepare(store)
    secret = passwords.make(PASSWORD)
    with store.writing() as connection:
        for number, area in enumerate(areas):
            person = people.add(connection, f"petugas{number}", f"Petugas {number}", password=secret, must_change=False)
            people.give(connection, person, Grant("officer", area), None)
        person = people.add(connection, "kepala", "Kepala")
        people.give(connection, person, Grant("officer", ""), None)
        _, token = tokens.make(connection, person, "benchmark", SCOPES, days=1)
    store.close()
    return areas, database, token


def _draw(port: int, token: str, area: str) -> float:
    """Draw and confirm a list of a regency through the API; seconds of the draft."""
    rules = {"format": 1, "name": "PKH", "period": "2026Q4", "random": 0.03,
             "scheme": [{"name": "pkh", "cost": 750_000, "quota": {area: 400}}]}  # fmt: skip
    began = time.perf_counter()
    told = _post(port, token, "/v1/lists", {"rules": rules})
    taken = time.perf_counter() - began
    _post(
        port,
        token,
        f"/v1/lists/{told['list']}/confirm",
        {"changed": told["changed"], "reason": "kuota", "checked": True, "expected_errors": told["expected_errors"]},
    )
    return round(taken, 2)


def _post(port: int, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {token}", "Content-Type":
                       "application/json", "Idempotency-Key": f"bench-{time.monotonic_ns()}"})  # fmt: skip
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status not in (200, 201):
        raise RuntimeError(f"{path}: {answer.status} {told[:300]!r}")
    found: dict[str, Any] = json.loads(told)
    return found


BUILDER = "builder, drawn"
"""Draws a whole list before it shows it: told in the table, and not one of the pages that the bar is for."""


class Officer:
    """One who works; `seen` has name, milliseconds and status of every page."""

    def __init__(self, port: int, number: int, area: str) -> None:
        self.seen: list[tuple[str, float, int]] = []
        self._port, self._number, self._area = port, number, area
        self._random = random.Random(1000 * SEED + number)
        self._cookie, self._csrf = "", ""
        self._codes: list[str] = []
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self) -> None:
        """Begin a session with the password."""
        status, headers, _ = self._ask("POST", "/masuk", {"akun": f"petugas{self._number}", "sandi": PASSWORD})
        if status != 303:
            raise RuntimeError(f"sign-in answered {status}")
        self._cookie = headers["Set-Cookie"].partition(";")[0]

    def work(self, end: float) -> None:
        """Look at one page after the other until `end`."""
        pages = self._pages()
        while time.monotonic() < end:
            name, method, path, form = next(pages)
            began = time.perf_counter()
            try:
                status, headers, text = self._ask(method, path, form)
                if status == 303 and "/masuk" not in headers["Location"]:  # the browser follows at once
                    status, _, text = self._ask("GET", headers["Location"])
            except (OSError, http.client.HTTPException):
                status, text = 0, ""
            self.seen.append((name, 1000 * (time.perf_counter() - began), status))
            self._note(text)
            time.sleep(self._random.uniform(*THINK))

    def _note(self, text: str) -> None:
        self._codes = (self._codes + _CODE.findall(text))[-200:]
        if found := _CSRF.search(text):
            self._csrf = found[1]
        self._text = text

    def _pages(self) -> Iterator[tuple[str, str, str, dict[str, str] | None]]:
        """Overview and list first, then whatever an officer's day brings."""
        yield "overview", "GET", "/ikhtisar", None
        yield "search", "GET", "/keluarga", None
        ways: dict[str, tuple[int, Callable[[], tuple[str, str, dict[str, str] | None]]]] = {
            "overview": (3, lambda: ("GET", "/ikhtisar", None)),
            "overview of an area": (2, lambda: ("GET", f"/ikhtisar?{self._area_query('wilayah')}", None)),
            "search, filters": (4, lambda: ("GET", f"/keluarga?{self._filters()}", None)),
            "search, next page": (2, self._next_page),
            "search, by change or range": (1, lambda: ("GET", f"/keluarga?{self._ordered()}", None)),
            "household": (7, lambda: ("GET", f"/keluarga/{self._code()}", None)),
            "household by number": (2, lambda: ("POST", "/keluarga", {"nomor": self._code(), "csrf": self._csrf})),
            "visit form": (1, lambda: ("GET", f"/keluarga/{self._code()}/kunjungan/baru", None)),
            "lists": (1, lambda: ("GET", "/daftar", None)),
            "list": (2, self._list),
            "visits": (2, lambda: ("GET", "/kunjungan", None)),
            "objections": (1, lambda: ("GET", "/sanggah", None)),
        }  # fmt: skip
        if len(self._area) == 4:
            ways[BUILDER] = (1, self._builder)
        names, weights = list(ways), [weight for weight, _ in ways.values()]
        while True:
            (name,) = self._random.choices(names, weights)
            yield (name, *ways[name][1]())

    def _code(self) -> str:
        return self._random.choice(self._codes)

    def _area_query(self, key: str) -> str:
        return f"{key}={self._area or self._random.choice(('32', '35', '33', '12', '73'))}"

    def _filters(self) -> str:
        levels = self._random.sample(["sangat-tinggi", "tinggi", "sedang", "rendah"], 2)
        asked = {"tingkat": ",".join(levels)}
        if self._random.random() < 0.5:
            asked["jenis"] = self._random.choice(("kambuh", "pertama"))
        if self._random.random() < 0.5:
            asked["ubah"] = self._random.choice(("naik", "turun"))
        if not self._area and self._random.random() < 0.7:
            asked["prov"] = self._random.choice(("32", "35", "33", "12", "73"))
        return urlencode(asked, safe=",")

    def _ordered(self) -> str:
        """One of the orders that the store does not keep its lists in."""
        order = self._random.choice(("-ubah", "ubah", "-rentang", "rentang"))
        return urlencode({"urut": order})

    def _next_page(self) -> tuple[str, str, None]:
        found = _NEXT.search(self._text)
        return "GET", found[1].replace("&amp;", "&") if found else "/keluarga", None

    def _list(self) -> tuple[str, str, None]:
        found = _LIST.findall(self._text)
        tab = self._random.choice(("", "?tab=tempat", "?tab=kunjungan"))
        return "GET", f"/daftar/{self._random.choice(found)}{tab}" if found else "/daftar", None

    def _builder(self) -> tuple[str, str, None]:
        chosen = {"nama": "PKH", "per": "2026Q4", "skema": "pkh", "biaya": "750.000", "wil": self._area,
                  f"kuota-{self._area}": "300", "anggaran": "", "urutan": "risiko", "acak": "3", "cadangan": "10",
                  "histeresis": "20", "pita": "5"}  # fmt: skip
        return "GET", f"/daftar/baru/4?{urlencode(chosen)}", None

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None,
             ) -> tuple[int, http.client.HTTPMessage, str]:  # fmt: skip
        if self._connection is None or time.monotonic() - self._used > 4:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Accept": "text/html", "Cookie": self._cookie, "Sec-Fetch-Site": "same-origin"}
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection = None
            raise
        self._used = time.monotonic()
        return answer.status, answer.headers, text
