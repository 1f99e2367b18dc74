"""A drawn list as `jaga lists draw` prints it: counts that add up, cells, who is at the cut, expected errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from features.keys import grouped
from models.few import FEWEST
from models.numbers import money
from models.targeting import Cell, Drawn
from models.targeting.expected import FEWEST_FALLS
from models.targeting.rules import Order
from models.text import Language, words
from serving.cases.lists import GONE
from serving.console import list_errors, list_words
from serving.console.strings import strings
from serving.lists import files
from serving.scores.lines import aligned, percent
from serving.terminal import Printed

MOST = 40
"""Cells that are printed one by one."""
_BY = {"id": {"all": "semua", "province": "provinsi", "urban": "kota atau desa", "kind": "jenis", "rung": "jenjang",
              "size": "anggota"}, "en": {"urban": "town or village"}}  # fmt: skip
"""Heads of groups that are not their names in the accounts."""


def told(found: Drawn, said: Mapping[str, Any], language: Language) -> list[str]:
    """The list in words; said : its accounts (`files.without_few`)."""
    say = Printed(language)
    left = "" if found.left is None else say("list.left", left=money(found.left, language))
    lines = [
        say("list", list=found.identity[:12], rules=found.digest[:12], seed=found.seed),
        say("list.places", **{name: said[name] for name in ("places", "no_budget", "too_few")}, **said["channels"]),
        say("list.cost", cost=money(found.cost, language), left=left, filled=sum(cell.filled for cell in found.cells),
            verify=said["verify"]["places"], outside=said["verify"]["outside"]),
    ]  # fmt: skip
    for name, own in said["households"].items():
        rest = ", ".join(f"{_why(why, say)} {say.number(count)}" for why, count in own.items() if count)
        lines.append(say("list.households", scheme=name, rest=rest))
    counts = {"list.kept_out": sum(not one["listed"] for one in said["visited"]),
              "list.below": sum(one["listed"] for one in said["visited"]),
              **{f"list.{name}": len(said[name]) for name in GONE}}  # fmt: skip
    of = {f"list.{one.name}": one.lines for one in list_words.gone(said, strings(language))}
    for key, count in counts.items():
        if count:
            lines += [say(key, n=count), *(f"  {line}" for line in of.get(key, ()))]
    return [*lines, "", *_cells(found.cells, found.rules.order, say), "", *_expected(said["expected"], say)]


def left(said: Mapping[str, Any], language: Language) -> list[list[str]]:
    """Who left the last list and the version before, each with the reason, as lines of a file; said : the accounts of
    the list (`files.accounts`)."""
    say = strings(language)
    return [line for one in list_words.gone(said, say) if one.anybody
            for line in ([], *list_words.leaving(one, said[one.name], say.say("list.gone.note"), say))]  # fmt: skip


def _why(why: str, say: Printed) -> str:
    """Why households could not be ranked."""
    return say("list.ranked") if why == "could_be_ranked" else strings(say.language).say(f"list.gone.{why}")


def _cells(cells: tuple[Cell, ...], order: Order, say: Printed) -> list[str]:
    table: list[tuple[str, ...]] = [say.heads("cells")]
    for cell in cells[:MOST]:
        edges = ("" if edge is None else say("list.edge", code=grouped(edge.household), p=files.of_100(edge.risk))
                 for edge in (cell.last_in, cell.first_out))  # fmt: skip
        counts = (cell.quota, cell.ranked, cell.kept, cell.fast_lane, cell.random, cell.no_budget + cell.too_few)
        table.append((cell.scheme, cell.area or say("list.nation"), *map(say.number, counts),
                      _cut(cell.cut, order, say), *edges))  # fmt: skip
    return [*aligned(table, 2), *([say("list.more", n=len(cells) - MOST)] if len(cells) > MOST else [])]


def _cut(value: float | None, order: Order, say: Printed) -> str:
    """Where a cell is cut, as the language writes it: a chance in per cent; by need, that times an amount, a number."""
    if value is None or order == "risk":
        return percent(value, say.language)
    return words(say.language).number(value)


def _expected(groups: Sequence[Mapping[str, Any]], say: Printed) -> list[str]:
    table: list[tuple[str, ...]] = [say.heads("expected")]
    for one in groups:
        falls = None if one["falls"] is None else round(one["falls"])
        of = list_errors.of_listed(one)
        table.append((_BY[say.language].get(one["by"], one["by"]), _level(one, say), _number(one["households"], say),
                      _number(one["unscored"], say), _share(list_errors.share(one["exclusion"], turned=True), say),
                      _number(falls, say), *(_share(of[name], say) for name in ("fall", "poor", "rest")),
                      _number(one["listed"], say)))  # fmt: skip
    few = say("list.few")
    why = [say("list.few.why", fewest=FEWEST, falls=FEWEST_FALLS)] if any(few in row for row in table) else []
    return [*aligned(table, 2), *why, *([say("list.norange")] if any(one["poor"] for one in groups) else [])]


def _level(one: Mapping[str, Any], say: Printed) -> str:
    """A group's level in words; what has none is not known, or has no score at all."""
    level, names = one["level"], words(say.language)
    if level and say.language == "id":
        return {**names.kinds, **names.rungs, **{own: names.score[own] for own in ("urban", "rural")}}.get(level, level)
    if level:
        return names.kinds.get(level, level.replace("_", " "))
    return "" if one["by"] == "all" else say("list.noscore" if one["households"] == 0 else "list.unknown")


def _number(count: int | None, say: Printed) -> str:
    return say("list.few") if count is None else say.number(count)


def _share(share: Mapping[str, int] | None, say: Printed) -> str:
    """A share out of 100, with its range where it has one."""
    if share is None:
        return say("list.few")
    if "lo" not in share:
        return say.number(share["p"])
    return say("list.range", value=share["p"], low=share["lo"], high=share["hi"])
