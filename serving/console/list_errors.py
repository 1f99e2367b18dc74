"""What a list is expected to get wrong, in words: whom it misses and who on it does not fall, in all and by group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from models.text import words
from serving.console import formats, places, telling
from serving.console.strings import Strings


def errors(expected: Sequence[Mapping[str, Any]], say: Strings, areas: Collection[str] = ()) -> dict[str, Any]:
    """Expected errors in words; areas : those of the list, which alone are counted."""
    rows = [{"by": one["by"], "name": _group(one["by"], one["level"], say, areas), "households": one["households"],
             "caught": share(one["exclusion"], turned=True), "not_falling": share(one["inclusion"])}
            for one in expected]  # fmt: skip
    whole = next((row for row in rows if row["by"] == "all"), None)
    sentences = [say.say("list.caught", **_in_words(whole["caught"], say))] if whole and whole["caught"] else []
    # Of a list without a place there is nobody on it to be right or wrong about.
    if any(one["by"] == "all" and one.get("listed") == 0 for one in expected):
        return {"errors": [], "groups": [], "worst": "", "ranges": True}
    sentences += [_of_listed(one, say) for one in expected if one["by"] == "all" and one["inclusion"]]
    groups = [row | {"told": [own and _in_words(own, say, "over.span") for own in (row["caught"], row["not_falling"])]}
              for row in rows if row["by"] != "all" and row["households"] != 0]  # fmt: skip
    worst = min(_missed_more(groups), key=lambda row: row["caught"]["p"], default=None)
    return {"errors": sentences or [say.say("list.toosmall")], "groups": groups,
            "worst": "" if worst is None else say.say("list.groups.worst", name=worst["name"],
                                                       **_in_words(worst["caught"], say)),
            "ranges": any(one["intervals"] for one in expected)}  # fmt: skip


def _missed_more(groups: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Groups of whom more are missed than of any other of their kind, whatever their ranges hold; none without another
    or where ranges overlap, since then it cannot be told."""
    told_ = [row for row in groups if row["caught"]]
    found = []
    for row in told_:
        rest = [own["caught"]["lo"] for own in told_ if own["by"] == row["by"] and own is not row]
        if rest and row["caught"]["hi"] < min(rest):
            found.append(row)
    return found


def of_listed(one: Mapping[str, Any]) -> dict[str, dict[str, int] | None]:
    """Of 100 on the list those who fall, with their range, those below the line already, and the rest: three that add
    up to 100. None where a share is kept back."""
    shares = {"fall": share(one["inclusion"], turned=True), "poor": share(one["poor"]), "rest": share(one["neither"])}
    if all(shares.values()):
        values = [1 - one["inclusion"]["value"], one["poor"]["value"], one["neither"]["value"]]
        for own, p in zip(shares.values(), formats.spread(values, 100) or (), strict=False):
            own |= {"p": p, **({"lo": min(own["lo"], p), "hi": max(own["hi"], p)} if "lo" in own else {})}  # type: ignore[operator, index]
    return shares


def _of_listed(one: Mapping[str, Any], say: Strings) -> str:
    shares = {name: _in_words(own, say) for name, own in of_listed(one).items() if own}
    told_ = {f"{name}_{key}": own[key] for name, own in shares.items() for key in own}
    return say.say("list.of100", **told_)


def _in_words(own: Mapping[str, int], say: Strings, key: str = "risk.short") -> dict[str, str]:
    """A share and its range, where it has one, as they are told: neither none nor all as certain; `n` is one of one
    alone. key : words of the range."""
    found = {"p": formats.out_of(own["p"], say.language), "n": str(own["p"])}
    if "lo" not in own:
        return found
    told_ = telling.Estimate(own["p"], own["lo"], own["hi"], 0)
    return found | {"range": telling.span(told_, say, key)}


def share(own: Mapping[str, Any] | None, turned: bool = False) -> dict[str, int] | None:
    """A share out of 100, with its range where it has one; turned : of those that are not meant."""
    if own is None:
        return None
    if own["low"] is None:
        return {"p": formats.percent(own["value"])}
    ends = [formats.percent(1 - own[name] if turned else own[name]) for name in ("value", "low", "high")]
    return {"p": ends[0], "lo": min(ends[1:]), "hi": max(ends[1:])}


def _group(by: str, level: str, say: Strings, areas: Collection[str]) -> str:
    if not level:  # which of them is not known: several rows of one table may be of that
        return say.say(f"list.unknown.{by}") if say.has(f"list.unknown.{by}") else say.say("list.unknown")
    if by == "province":
        parts = [own for own in areas if len(own) > len(level) and own.startswith(level)]
        if not parts:
            return places.name(level, say)
        return (
            places.name(parts[0], say) if len(parts) == 1 else say.say("list.group.part", name=places.name(level, say))
        )
    if by == "rung":
        return words(say.language).rungs[level]
    key = {"kind": f"kind.{level}", "urban": f"list.urban.{level}"}.get(by, "")
    if say.has(key):
        return say.say(key)
    return say.say("list.size", n=level) if by == "size" else level
