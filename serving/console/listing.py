"""Choices of the list builder: from the address to the rules of `models.targeting`, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from features.contract import SHOCKS
from serving.console.forms import Values, first
from serving.problems import Broken, Problem

KEYS = ("nama", "per", "skema", "biaya", "wil", "anggaran", "urutan", "acak", "cadangan", "jalur", "hari", "guncangan",
        "histeresis", "pita", "dari", "versi", "draf", "ubah")  # fmt: skip
STEPS: dict[int, tuple[str, ...]] = {1: ("nama", "per", "skema", "biaya", "wil"), 2: ("anggaran", "kuota"), 3: (
    "urutan", "acak", "cadangan", "jalur", "hari", "guncangan", "histeresis", "pita")}  # fmt: skip
"""Fields of each step."""
USUAL = {"skema": "pkh", "biaya": "750000", "urutan": "risiko", "acak": "3", "cadangan": "10", "jalur": "5",
         "hari": "90", "histeresis": "20", "pita": "20"}  # fmt: skip
FIELDS = {"rules.name": "nama", "rules.period": "per", "rules.scheme[0].name": "skema", "rules.scheme[0].cost": "biaya",
          "rules.scheme[0].quota": "kuota", "rules.scheme.quota": "wil", "rules.budget": "anggaran",
          "rules.order": "urutan", "rules.need": "urutan", "rules.random": "acak", "rules.reserve": "cadangan",
          "rules.fast_lane.share": "jalur", "rules.fast_lane.days": "hari", "rules.fast_lane.shocks": "guncangan",
          "rules.fast_lane": "guncangan", "rules.hysteresis": "histeresis", "rules.band": "pita", "reason": "alasan",
          "checked": "periksa"}  # fmt: skip
"""Field of the rules to that of the form."""
ORDERS = {"risiko": ("risk", None), "jumlah": ("need", "size"), "selisih": ("need", "gap")}
_CARRIED = ("budget", "rungs", "rung_unknown", "most_poor_now", "kinds", "receives", "without", "programme_unknown")
_AREA = re.compile(r"([0-9]{2}([0-9]{2})?)?", re.ASCII)


def state(values: Values) -> dict[str, str]:
    """The choices that are in an address or form; what is ticked several times, and areas, with commas."""
    found = {}
    for name, own in values.items():
        if name in KEYS or name.startswith("kuota-"):
            joined = ",".join(part for part in own if part) if name in ("wil", "guncangan") else first(values, name)
            if joined or name in ("wil", "guncangan", "anggaran"):
                found[name] = joined
    return found


def areas(chosen: Mapping[str, str]) -> list[str]:
    """Areas of the list; "" the nation is written 0."""
    return ["" if part == "0" else part for part in chosen.get("wil", "").split(",") if part]


def query(chosen: Mapping[str, str], **more: str) -> str:
    """The choices as the end of an address."""
    return urlencode({name: own for name, own in {**chosen, **more}.items() if own or name in ("guncangan",)},
                     safe=",")  # fmt: skip


def of_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """The choices that gave the rules of a list; empty where the builder cannot tell them (several schemes)."""
    if len(settings["scheme"]) != 1:
        return {}
    scheme, lane = settings["scheme"][0], settings.get("fast_lane")
    order = next(word for word, own in ORDERS.items() if own == (settings["order"], settings.get("need")))
    found = {"nama": settings["name"], "per": settings["period"], "skema": scheme["name"], "biaya": str(scheme["cost"]),
             "wil": ",".join(area or "0" for area in scheme["quota"]), "anggaran": str(settings.get("budget") or ""),
             "urutan": order, "acak": _percent(settings["random"]), "cadangan": _percent(settings["reserve"]),
             "histeresis": _percent(settings["hysteresis"]), "pita": str(settings["band"]),
             "guncangan": ""}  # fmt: skip
    found |= {f"kuota-{area or '0'}": str(places) for area, places in scheme["quota"].items()}
    if lane:
        found |= {"jalur": _percent(lane["share"]), "hari": str(lane["days"]), "guncangan": ",".join(lane["shocks"])}
    return found


def rules(chosen: Mapping[str, str], base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Plain rules for `serving.cases.lists.rules`.

    base : rules of the list that this one goes on from: what the builder does not ask is kept from them. Problem
    `invalid` names a field of the form whose text is no number.
    """
    own = {**USUAL, **chosen}
    if not areas(own):
        raise Problem("invalid", [Broken("wil", "required")])
    order, need = ORDERS.get(own["urutan"], ("risk", None))
    quota = {area: _whole(own, f"kuota-{area or '0'}") for area in areas(own)}
    scheme = {name: value for name, value in (base["scheme"][0] if base else {}).items() if name in _CARRIED}
    scheme |= {"name": own["skema"], "cost": _whole(own, "biaya"), "quota": quota}
    found: dict[str, Any] = {
        "format": 1, "name": own.get("nama", ""), "period": own.get("per", ""), "order": order,
        "random": _share(own, "acak"), "reserve": _share(own, "cadangan"), "hysteresis": _share(own, "histeresis"),
        "band": _whole(own, "pita"), "scheme": [scheme],
    }  # fmt: skip
    if need:
        found["need"] = need
    if own.get("anggaran"):
        found["budget"] = _whole(own, "anggaran")
    shocks = [shock for shock in own.get("guncangan", "").split(",") if shock in SHOCKS]
    if shocks:
        found["fast_lane"] = {"share": _share(own, "jalur"), "shocks": shocks, "days": _whole(own, "hari")}
    return found


def _whole(own: Mapping[str, str], name: str) -> int:
    """A whole number as people write it: Rp1.250.000 and 1 250 000 alike."""
    text = re.sub(r"^Rp|[.\s]", "", own.get(name, "").strip())
    field = "kuota" if name.startswith("kuota-") else name
    if not text:
        raise Problem("invalid", [Broken(field, "required")])
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Problem("invalid", [Broken(field, "whole")])
    return int(text)


def _share(own: Mapping[str, str], name: str) -> float:
    """Percent with a comma or a dot, as a share."""
    text = own.get(name, "").strip().rstrip("%").strip().replace(",", ".") or "0"
    if not re.fullmatch(r"[0-9]{1,4}([.][0-9]{1,4})?", text):
        raise Problem("invalid", [Broken(name, "number")])
    return round(float(text) / 100, 6)


def _percent(share: float) -> str:
    return f"{100 * share:.4f}".rstrip("0").rstrip(".")
