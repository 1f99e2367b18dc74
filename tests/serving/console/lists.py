"""Lists in tests of the pages: what is chosen, the walk through the builder, the confirmation."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

CHOICES = {"nama": "PKH TW IV", "per": "2026Q4", "skema": "pkh", "biaya": "750.000", "wil": "32", "kuota-32": "8",
           "anggaran": "", "urutan": "risiko", "acak": "3", "cadangan": "10", "histeresis": "20",
           "pita": "5", "temuan": "died,moved"}  # fmt: skip
TWO = CHOICES | {"per": "2026Q3", "skema": "pkh", "skema-2": "sembako", "biaya-2": "Rp200.000", "dana-2": "1.000.000",
                 "wil": "3201,3202", "kuota-3201": "4", "kuota-3202": "2", "kuota-2-3202": "2"}  # fmt: skip


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


def walk(ask: TestClient, **other: str) -> str:
    """From the first step to the last; the address of the last."""
    chosen, at = CHOICES | other, "/daftar/baru/1"
    quotas = (f"kuota-{area}" for area in chosen["wil"].split(","))
    for step, names in ((1, ("nama", "per", "skema", "biaya", "tanpa", "wil")), (2, (*quotas, "anggaran")),
                        (3, ("urutan", "acak", "cadangan", "histeresis", "pita", "temuan"))):  # fmt: skip
        answer = ask.post(at, data={name: chosen[name] for name in names if name in chosen} | {"aksi": "lanjut"})
        assert answer.status_code == 303, (step, re.findall(r'class="why"[^>]*>([^<]*)', answer.text))
        at = answer.headers["location"]
    return at


def confirm(ask: TestClient, at: str, **other: Any) -> Any:
    page = ask.get(at).text
    sent = {name: hidden(page, name) for name in ("kunci", "daftar", "skor")}
    return ask.post(at, data=sent | {"alasan": "kuota triwulan", "periksa": "ya", "aksi": "konfirmasi"} | other)


def leaving(page: str, name: str = "gone") -> dict[str, str]:
    """Families that a page names as leaving, with the reason told beside each; name : of `cases.lists.GONE`."""
    panel = re.search(rf'<section class="panel" aria-labelledby="{name}-h">.*?</section>', page, re.S)
    assert panel is not None
    return dict(re.findall(r'href="/keluarga/([0-9A-Z]{12})">[^<]*</a> ([^<]*)', panel[0]))
