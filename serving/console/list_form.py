"""What the form of the list builder shows: areas to choose from, names of its fields, and the answers to check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from features.contract import PROGRAMMES, SHOCKS
from models.targeting.rule_checks import FOUND
from models.text import words
from serving.access.rights import Areas
from serving.console import formats, list_words, listing, places
from serving.console.strings import Strings

ISLANDS = {"1": "sumatra", "2": "sumatra", "3": "java", "5": "nusa", "6": "kalimantan", "7": "sulawesi",
           "8": "maluku", "9": "papua"}  # fmt: skip
"""Group of islands by the first digit of a BPS code."""
_SHARES = ("acak", "cadangan", "jalur", "histeresis")


def choices(areas: Areas, chosen: Mapping[str, str], say: Strings) -> list[dict[str, Any]]:
    """Areas that a list may be of, by group of islands: each province with its regencies, of the caller's areas.

    A province of which the caller has only regencies cannot be chosen as a whole; one with a chosen regency, or the
    only one there is, stands open.
    """
    ticked = set(listing.areas(chosen))
    known = [code for code in places.provinces() if areas.provinces is None or code in areas.provinces]
    groups: dict[str, list[dict[str, Any]]] = {}
    for code in known:
        inside = [(own, places.name(own, say)) for own in places.regencies()
                  if own[:2] == code and areas.holds(own)]  # fmt: skip
        groups.setdefault(ISLANDS[code[0]], []).append({
            "code": code, "name": places.name(code, say), "whole": areas.holds(code), "regencies": inside,
            "open": len(known) == 1 or any(own in ticked for own, _ in inside),
        })  # fmt: skip
    return [{"name": say.say(f"island.{name}"), "provinces": own} for name, own in groups.items()]


def suggested(before: Mapping[str, str], period: str, say: Strings) -> str:
    """A name for a list of a quarter that is made with the choices of one before: of another quarter, whose name may
    tell that one, it is that of the schemes and the quarter."""
    if not before or before["per"] == period:
        return before.get("nama", "")
    schemes = [before[listing.field("skema", at)] for at in listing.schemes(before)]
    told = [list_words.scheme(own, say) for own in schemes]
    # A name has 120 letters at most (`models.targeting.rules`).
    return f"{', '.join(told)[:90]} {formats.quarter(period, say.language)}"


def names(chosen: Mapping[str, str], say: Strings) -> dict[str, str]:
    """Names of all fields; those of a scheme and of its quotas say which, where there are several."""
    several = listing.shown(chosen) > 1
    found = {name: say.say(f"build.{name}") for name in ("nama", "per", "wil", "anggaran", "alasan", "periksa",
                                                         *listing.RULES)}  # fmt: skip
    for at in range(1, listing.MOST + 1):
        for name in ("skema", "biaya", "dana", "tanpa", "jenjang"):
            label = say.say(f"build.{name}")
            found[listing.field(name, at)] = say.say("build.of", field=label, n=at) if several else label
        for area in listing.areas(chosen):
            label = say.say("build.kuota.of", area=places.name(area, say))
            found[listing.quota(at, area)] = say.say("build.of", field=label, n=at) if several else label
    return found


def summary(values: Mapping[str, str], say: Strings, drawn: Mapping[str, Any] | None = None,
            ) -> list[tuple[str, str, int]]:  # fmt: skip
    """Rows of the last step: name, answer, step in which it is changed; 0 for what a new version keeps.

    drawn : what is told of the list by these choices (`cases.lists.told`), None where none could be drawn.
    """
    none, version = say.say("build.none"), bool(values.get("versi"))
    rows = kept(values, say, 0 if version else 1)
    last = values.get("dari", "") if drawn is None else list_words.last(drawn)
    rows.insert(2, (say.say("build.dari"), last or none, 0 if version else 2))
    if drawn is not None and (before := list_words.version(drawn)):
        rows.insert(3, (say.say("build.versi"), before, 0))
    for at in listing.schemes(values):
        name = values.get(listing.field("skema", at), "")
        called = list_words.scheme(name, say)
        rows.append((say.say("build.skema"), say.say("build.scheme", scheme=called, cost=_money(
            values.get(listing.field("biaya", at), ""), say)), 1))  # fmt: skip
        if name in PROGRAMMES:
            own = say.say("build.yes" if values.get(listing.field("tanpa", at)) == "ya" else "build.no")
            rows.append((say.say("build.tanpa.of", scheme=called), own, 1))
        if ticked := values.get(listing.field("jenjang", at)):
            told = ", ".join(label for rung, label in rungs(say) if rung in ticked.split(","))
            rows.append((say.say("build.jenjang.of", scheme=called), told, 1))
        quotas = [(places.name(area, say), values.get(listing.quota(at, area))) for area in listing.areas(values)]
        told = "; ".join(f"{area}: {places_}" for area, places_ in quotas if places_)
        rows.append((say.say("build.quota", scheme=called), told or none, 2))
        if values.get(listing.field("dana", at)):
            rows.append((say.say("build.money", scheme=called), _money(values[listing.field("dana", at)], say), 2))
    rows.append((say.say("build.anggaran"), _money(values.get("anggaran", ""), say) or say.say("build.nolimit"), 2))
    lane = () if values.get("guncangan") else ("jalur", "hari")  # without a shock there is no fast lane
    return rows + [(say.say(f"build.{name}"), _rule(name, values.get(name, ""), say) or none, 3)
                   for name in listing.RULES if name not in lane]  # fmt: skip


def kept(values: Mapping[str, str], say: Strings, step: int = 0) -> list[tuple[str, str, int]]:
    """Rows of name, quarter and areas, which a new version keeps from the list that it replaces; step : in which they
    are changed."""
    none = say.say("build.none")
    return [(say.say("build.nama"), values.get("nama") or none, step),
            (say.say("build.per"), formats.quarter(values.get("per", ""), say.language) or none, step),
            (say.say("build.wil"), ", ".join(places.name(code, say) for code in listing.areas(values)), step),
            ]  # fmt: skip


def rungs(say: Strings) -> list[tuple[str, str]]:
    """Rungs that a scheme may be limited to, and those that are not known, with their names."""
    names = words(say.language).rungs
    return [
        (rung, names[rung].capitalize() if rung in names else say.say("build.jenjang.unknown"))
        for rung in listing.OFFERED
    ]


def rules(settings: Mapping[str, Any], drawn: Mapping[str, Any], say: Strings) -> list[tuple[str, str]]:
    """The rules of a list that is kept, as the last step told them, and those that the builder does not ask for.

    drawn : what is told of the list (`result` of its row).
    """
    rows = [(name, own) for name, own, _ in summary(listing.told(settings), say, drawn)]
    return rows + list_words.conditions(settings, say)


def _rule(name: str, own: str, say: Strings) -> str:
    if name == "urutan":
        return say.say(f"build.urutan.{own}") if own in listing.ORDERS else own
    if name == "temuan":
        return list_words.kept_out({"kept_out": [found for found in own.split(",") if found in FOUND]}, say)
    if name == "guncangan":
        return ", ".join(say.say(f"shock.{shock}") for shock in own.split(",") if shock in SHOCKS)
    return _percent(own, say) if name in _SHARES else own


def _percent(text: str, say: Strings) -> str:
    """A share as the language writes it, with the decimals that were typed; what is no number stays as it was typed."""
    found = re.fullmatch(r"(\d{1,4})(?:[.,](\d{1,4}))?", text.rstrip("% ") or "0", re.ASCII)
    if found is None:
        return text
    decimals = found[2] or ""
    return f"{formats.number(float(f'{found[1]}.{decimals or 0}'), say.language, len(decimals))} %"


def _money(text: str, say: Strings) -> str:
    """Rupiah as the language writes them; what is no number stays as it was typed."""
    found = formats.typed_whole(text)
    return text if found is None else formats.money(found, say.language)
