"""Choices of the list builder: from the address to the rules of `models.targeting`, and back.

A list has up to `MOST` schemes, which choose in turn. Fields of the first have plain names (`skema`, `biaya`, `dana`,
`kuota-32`), those of the others their number (`skema-2`, `kuota-2-32`). A scheme without a name is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from features.contract import PROGRAMMES, RUNGS, SHOCKS
from models.targeting.rule_checks import FOUND, MOST_AREAS
from models.targeting.rule_checks import MOST as MOST_WHOLE
from serving.access.rights import Areas, smallest
from serving.console import formats
from serving.console.asked import refused
from serving.console.forms import Values, first, per_cent
from serving.problems import Broken, Problem

MOST = 6
"""Schemes of a list that the builder makes."""
USUAL = {"skema": "pkh", "biaya": "750000", "urutan": "risiko", "acak": "3", "cadangan": "10", "jalur": "5",
         "hari": "90", "histeresis": "20", "pita": "20", "temuan": "died,moved"}  # fmt: skip
RULES = ("urutan", "acak", "cadangan", "jalur", "hari", "guncangan", "histeresis", "pita", "temuan")
"""Fields of the third step."""
_PLAIN = {"rules.name": "nama", "rules.period": "per", "rules.scheme.quota": "wil", "rules.scheme.name": "skema",
          "rules.budget": "anggaran",
          "rules.order": "urutan", "rules.need": "urutan", "rules.random": "acak", "rules.reserve": "cadangan",
          "rules.fast_lane.share": "jalur", "rules.fast_lane.days": "hari", "rules.fast_lane.shocks": "guncangan",
          "rules.fast_lane": "guncangan", "rules.kept_out": "temuan", "rules.hysteresis": "histeresis",
          "rules.band": "pita", "reason": "alasan", "checked": "periksa"}  # fmt: skip
"""Field of the rules to that of the form."""
ORDERS = {"risiko": ("risk", None), "jumlah": ("need", "size"), "selisih": ("need", "gap")}
UNKNOWN = "unknown"
"""Beside the rungs of a scheme: families whose rung is not known may be on it."""
OFFERED = (*RUNGS[2:], UNKNOWN)
"""What may be ticked of `jenjang`: rungs above the line, and those that are not known."""
_CARRIED = ("rungs", "rung_unknown", "most_poor_now", "kinds", "receives", "without", "programme_unknown")
_KEYS = re.compile(
    r"nama|per|wil|anggaran|berapa|urutan|acak|cadangan|jalur|hari|guncangan|temuan|histeresis|pita|dari|versi"
    r"|draf|ubah|kembali|(?:skema|biaya|dana|tanpa|jenjang)(?:-[2-6])?|kuota(?:-[2-6])?-(?:0|[0-9]{2}|[0-9]{4})",
    re.ASCII,
)
_NUMBERS = ("berapa", "ubah", "kembali")
_SEVERAL = ("wil", "guncangan", "temuan", *("jenjang", *(f"jenjang-{at}" for at in range(2, MOST + 1))))
"""What is ticked several times; kept with commas."""


def field(name: str, at: int) -> str:
    """Name of a field of the scheme with this number."""
    return name if at == 1 else f"{name}-{at}"


def quota(at: int, area: str) -> str:
    """Name of the field of a scheme's quota in an area."""
    return f"{field('kuota', at)}-{area or '0'}"


def state(values: Values) -> dict[str, str]:
    """The choices that are in an address or form; what is ticked several times, and areas, with commas.

    Problem `bad_query` for what no form of ours sends: a number of the form's own that is none, more areas than a
    scheme may have.
    """
    found = {name: ",".join(part for part in own if part) if name in _SEVERAL else first(values, name)
             for name, own in values.items() if _KEYS.fullmatch(name)}  # fmt: skip
    if per := formats.typed_quarter(found.get("per", "")):
        found["per"] = per
    for name in _NUMBERS:
        if not re.fullmatch(r"[0-9]{0,9}", found.get(name, "")):
            raise refused(name, "number")
    if len(areas(found)) > MOST_AREAS:
        raise refused("wil", "areas")
    return found


def areas(chosen: Mapping[str, str]) -> list[str]:
    """Areas of the list; "" the nation is written 0."""
    return ["" if part == "0" else part for part in chosen.get("wil", "").split(",") if part]


def areas_broken(chosen: Mapping[str, str], held: Areas) -> str:
    """The rule that the chosen areas break by themselves, before any quota is told; empty where they break none.

    An area in another is for lists of several schemes, each with quotas of its own. held : areas of the caller.
    """
    own = areas(chosen)
    within = any(code != around and code.startswith(around) for code in own for around in own)
    if within and len(schemes(chosen)) == 1:
        return "list_quota"
    return "one_area" if own and not held.holds(smallest(own)) else ""


def schemes(chosen: Mapping[str, str]) -> list[int]:
    """Numbers of the schemes: the first, and all others that have a name."""
    others = [
        int(name.removeprefix("skema-")) for name, own in chosen.items() if name.startswith("skema-") and own.strip()
    ]
    return [1, *sorted(others)]


def shown(chosen: Mapping[str, str]) -> int:
    """How many schemes the form has room for."""
    return min(MOST, max(schemes(chosen)[-1], int(chosen.get("berapa") or 1)))


def fields(chosen: Mapping[str, str]) -> dict[str, str]:
    """Field of the rules to that of the form."""
    found = dict(_PLAIN)
    for number, at in enumerate(schemes(chosen)):
        own = {"name": field("skema", at), "cost": field("biaya", at), "budget": field("dana", at),
               "without": field("tanpa", at), "rungs": field("jenjang", at),
               "rung_unknown": field("jenjang", at), "quota": quota(at, (areas(chosen) or [""])[0])}  # fmt: skip
        found |= {f"rules.scheme[{number}].{name}": to for name, to in own.items()}
    return found


def steps(chosen: Mapping[str, str]) -> dict[int, tuple[str, ...]]:
    """Fields of each step."""
    own = schemes(chosen)
    asked = ("skema", "biaya", "tanpa", "jenjang")
    return {1: ("nama", "per", *(field(name, at) for at in own for name in asked), "wil"),
            2: ("anggaran", *(field("dana", at) for at in own),
                *(quota(at, area) for at in own for area in areas(chosen))), 3: RULES}  # fmt: skip


def sound(name: str, held: Areas) -> str:
    """An answer that breaks no rule, to look past a field that does; held : areas of the caller."""
    if name == "wil":
        return held.codes[0] or "0"
    if name == "nama" or name.startswith("skema"):
        return name
    return "2026Q1" if name == "per" else USUAL.get(name, "1")


def decided(chosen: Mapping[str, str]) -> set[tuple[int, str]]:
    """Numbers of schemes and areas where it was said how many places there are."""
    return {(at, area) for at in schemes(chosen) for area in areas(chosen) if chosen.get(quota(at, area))}


def undecided(chosen: Mapping[str, str]) -> dict[str, str]:
    """The choices with no places where nobody has said yet how many: so a draft can be kept before the second step."""
    told = decided(chosen)
    numbers, codes = {at for at, _ in told}, {area for _, area in told}
    bare = {quota(at, area): "0" for at in schemes(chosen) for area in areas(chosen)
            if at not in numbers or area not in codes}  # fmt: skip
    return {**chosen, **bare}


def query(chosen: Mapping[str, str], **more: str) -> str:
    """The choices as the end of an address; what is left empty on purpose stays in it."""
    return urlencode({name: own for name, own in {**chosen, **more}.items() if own or name == "guncangan"
                      or name in USUAL or name.startswith(("tanpa", "jenjang"))}, safe=",")  # fmt: skip


def of_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """The choices that gave the rules of a list; empty where it has more schemes than the builder."""
    return told(settings) if len(settings["scheme"]) <= MOST else {}


def kept(settings: Mapping[str, Any], chosen: Mapping[str, str]) -> dict[str, str]:
    """The choices that a new version keeps from the list with these rules, whatever was chosen: its name, quarter,
    areas and schemes (`serving.cases.lists.same_list`); empty where it has more schemes than the builder."""
    own = of_settings(settings)
    schemes_of = {name for name in {**own, **chosen} if re.fullmatch(r"skema(-[2-6])?", name)}
    return {name: own.get(name, "") for name in ("nama", "per", "wil", *sorted(schemes_of))} if own else {}


def told(settings: Mapping[str, Any]) -> dict[str, str]:
    """The rules of a list as choices, to be read: of any number of schemes."""
    lane = settings.get("fast_lane")
    order = next(word for word, own in ORDERS.items() if own == (settings["order"], settings.get("need")))
    areas = dict.fromkeys(area for scheme in settings["scheme"] for area in scheme["quota"])
    found = {"nama": settings["name"], "per": settings["period"], "wil": ",".join(area or "0" for area in areas),
             "anggaran": str(settings.get("budget") or ""), "urutan": order, "acak": per_cent(settings["random"]),
             "cadangan": per_cent(settings["reserve"]), "histeresis": per_cent(settings["hysteresis"]),
             "pita": str(settings["band"]), "guncangan": "",
             "temuan": ",".join(settings.get("kept_out", USUAL["temuan"].split(",")))}  # fmt: skip
    for at, scheme in enumerate(settings["scheme"], start=1):
        found |= {field("skema", at): scheme["name"], field("biaya", at): str(scheme["cost"]),
                  field("dana", at): str(scheme.get("budget") or ""),
                  field("tanpa", at): "ya" if scheme["name"] in scheme.get("without", ()) else "",
                  field("jenjang", at): ",".join([*scheme.get("rungs", ()), *(
                      [UNKNOWN] if scheme.get("rung_unknown") else [])])}  # fmt: skip
        if any(any(own["quota"].values()) for own in settings["scheme"]):  # else it was kept before any was told
            found |= {quota(at, area): str(places) for area, places in scheme["quota"].items()}
    if lane:
        found |= {"jalur": per_cent(lane["share"]), "hari": str(lane["days"]), "guncangan": ",".join(lane["shocks"])}
    return found


def rules(chosen: Mapping[str, str], base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Plain rules for `serving.cases.lists.rules`.

    base : rules of the list that this one goes on from: what the builder does not ask of a scheme is kept from the one
    of its name. Problem `invalid` names a field of the form whose text is no number.
    """
    own = {**USUAL, **chosen}
    if not areas(own):
        raise Problem("invalid", [Broken("wil", "required")])
    # Rules may be of a year as well; the form asks for a quarter, and a year typed there is one cut short.
    # A new version is not asked: it keeps the one of its list.
    if not own.get("versi") and not re.fullmatch(r"[0-9]{4}Q[1-4]", own.get("per", ""), re.ASCII):
        raise Problem("invalid", [Broken("per", "list_quarter")])
    numbers = schemes(own)
    for area in areas(own):
        if not any(own.get(quota(at, area)) for at in numbers):
            raise Problem("invalid", [Broken(quota(1, area), "required")])
    order, need = ORDERS.get(own["urutan"], ("risk", None))
    found: dict[str, Any] = {
        "format": 1, "name": own.get("nama", ""), "period": own.get("per", ""), "order": order,
        "random": _share(own, "acak"), "reserve": _share(own, "cadangan"), "hysteresis": _share(own, "histeresis"),
        "band": _whole(own, "pita", "list_band"), "scheme": [_scheme(own, at, base) for at in numbers],
        "kept_out": [what for what in own["temuan"].split(",") if what in FOUND],
    }  # fmt: skip
    if need:
        found["need"] = need
    if own.get("anggaran"):
        found["budget"] = _whole(own, "anggaran", "list_budget")
    shocks = [shock for shock in own.get("guncangan", "").split(",") if shock in SHOCKS]
    if shocks:
        found["fast_lane"] = {"share": _share(own, "jalur"), "shocks": shocks, "days": _whole(own, "hari", "list_days")}
    return found


def _scheme(own: Mapping[str, str], at: int, base: Mapping[str, Any] | None) -> dict[str, Any]:
    """One scheme; an area where its quota is left empty is none of its areas."""
    name = own.get(field("skema", at), "")
    before: Mapping[str, Any] = next((one for one in base["scheme"] if one["name"] == name), {}) if base else {}
    places = {area: _whole(own, quota(at, area), "list_whole") for area in areas(own) if own.get(quota(at, area))}
    if not places:
        raise Problem("invalid", [Broken(quota(at, areas(own)[0]), "required")])
    found = {key: value for key, value in before.items() if key in _CARRIED}
    if (asked := own.get(field("tanpa", at))) is not None and name in PROGRAMMES:
        _exclude(found, name, asked == "ya")
    if (ticked := own.get(field("jenjang", at))) is not None:
        _permit(found, [rung for rung in ticked.split(",") if rung in OFFERED], field("jenjang", at))
    found |= {"name": name, "cost": _whole(own, field("biaya", at), "list_cost"), "quota": places}
    if own.get(field("dana", at)):
        found["budget"] = _whole(own, field("dana", at), "list_budget")
    return found


def _permit(found: dict[str, Any], ticked: Sequence[str], name: str) -> None:
    """Put the rungs that may be on a scheme among its rules, or take them out; Problem `invalid` for those not known by
    themselves, which would limit nothing."""
    rungs = [rung for rung in ticked if rung != UNKNOWN]
    if ticked and not rungs:
        raise Problem("invalid", [Broken(name, "list_rungs_too")])
    found.pop("rungs", None)
    found.pop("rung_unknown", None)
    if rungs:
        found |= {"rungs": rungs, "rung_unknown": UNKNOWN in ticked}


def _exclude(found: dict[str, Any], name: str, asked: bool) -> None:
    """Put the programme among those that a scheme's families must not receive yet, or take it out.

    A family of which that is not known may have a place, unless the rules gone on from say otherwise: the page tells
    how many those are.
    """
    others = [own for own in found.pop("without", ()) if own != name]
    without = [*others, name] if asked else others
    if without:
        found["without"] = without
    if without or found.get("receives"):
        found.setdefault("programme_unknown", True)
    else:
        found.pop("programme_unknown", None)


def _whole(own: Mapping[str, str], name: str, rule: str) -> int:
    """A whole number as people write it (`formats.typed_whole`); rule : what is told of any other text, the same
    that is told of a number that cannot be."""
    text = own.get(name, "").strip()
    if not text:
        raise Problem("invalid", [Broken(name, "required")])
    found = formats.typed_whole(text)
    if found is None or found > MOST_WHOLE:
        raise Problem("invalid", [Broken(name, rule)])
    return found


def _share(own: Mapping[str, str], name: str) -> float:
    """Percent with a comma or a dot, as a share."""
    text = own.get(name, "").strip().rstrip("%").strip().replace(",", ".") or "0"
    if not re.fullmatch(r"[0-9]{1,4}([.][0-9]{1,4})?", text):
        raise Problem("invalid", [Broken(name, "number")])
    return round(float(text) / 100, 6)
