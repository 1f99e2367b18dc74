"""What is told of a list, drawn or stored: places, money, the households at the cut, expected errors by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from features.contract import PROGRAMMES
from features.safe_cells import safe
from models.few import FEWEST
from serving.area_names import named as named_area
from serving.cases import cuts, list_reads
from serving.cases.cuts import Near
from serving.cases.lists import GONE
from serving.console import formats, list_errors, places
from serving.console.charts import cut
from serving.console.strings import Strings
from serving.lists.files import HEADS

CODE, AREA, SCHEME = 3, 7, 1
"""Columns of the file of a list that name a family who left."""
MOST_NAMED = 100
"""Families named one by one; the file of accounts holds them all."""


def told(result: Mapping[str, Any], near: Sequence[Near], say: Strings) -> dict[str, Any]:
    """The accounts of a list in words; result : of `cases.lists.told`, near : of `cases.cuts`."""
    channels, left = result["channels"], result["left"]
    filled = list_reads.filled(result)
    several = len({cell["scheme"] for cell in result["cells"]}) > 1
    money = {"list.cost": result["cost"]}
    notes = {"list.nobudget": result["no_budget"] or None,
             "list.toofew": result["too_few"] or None}  # fmt: skip
    return {
        "filled": filled, "counts": counts(channels, result, say),
        "money": [(say.say(key), formats.money(own, say.language)) for key, own in money.items() if own is not None],
        "notes": [*_verify(result["verify"], filled, say),
                  *(say.say(key, n=formats.number(n, say.language)) for key, n in notes.items() if n is not None)],
        "status": say.say("list.few", n=FEWEST) if filled is None else say.say(
            "list.status", n=formats.number(filled, say.language)) + (
            "" if left is None else say.say("list.status.left", left=formats.money(left, say.language))),
        "close": _close(near, result, say),
        "edges": [_edge(cell, several, result, say) for cell in result["cells"]],
        **list_errors.errors(result["expected"], say, {cell["area"] for cell in result["cells"]}),
        "picture": _picture(near, result, say), "drawn": _drawn(result["cells"], say), **visited(result, say),
        "also_on": also_on(result, say), "gone": gone(result, say), "received": received(result, say),
    }  # fmt: skip


def also_on(result: Mapping[str, Any], say: Strings) -> list[str]:
    """How many families of a list stood on which other ones when it was confirmed, in a sentence each."""
    return [say.say("list.also_on", n=formats.number(own["families"], say.language),
                    list=f"{own['list']} v{own['version']}") for own in result.get("also_on", ())]  # fmt: skip


def how(channel: str, result: Mapping[str, Any], say: Strings) -> str:
    """How a place was given; of one that is kept, from which list."""
    return say.say(f"list.how.{channel}", **({"list": kept_from(result, say)} if channel == "kept" else {}))


def counts(channels: Mapping[str, int | None], result: Mapping[str, Any], say: Strings) -> list[tuple[str, str]]:
    """How many places were given how. Of those of the list before it is how many hysteresis kept below the end, which
    is said in full: the others of that list have their places by rank, and nought would read as if nobody had."""
    kept = say.say("list.how.kept.count", list=kept_from(result, say))
    return [(kept if name == "kept" else how(name, result, say), count(own, say))
            for name, own in channels.items() if name != "kept" or own != 0]  # fmt: skip


def kept_from(result: Mapping[str, Any], say: Strings) -> str:
    """What places of a list are kept from: the version before, which kept those of the last list, else that."""
    return version(result) or last(result) or before(1, say)


def before(version: int, say: Strings) -> str:
    """What places of a version of a list are kept from, where its name is not at hand: a first version keeps places of
    the list before it, a later one those of its own."""
    return say.say(f"list.how.kept.{'version' if version > 1 else 'list'}")


def _verify(band: Mapping[str, int | None], filled: int | None, say: Strings) -> list[str]:
    """How many are to be checked, of how many places; that these are most of them is told."""
    places_, outside = band["places"], band["outside"]
    if places_ is None or outside is None or filled is None:
        return []
    told_ = {
        name: formats.number(own, say.language) for name, own in (("n", places_), ("of", filled), ("out", outside))
    }
    return [say.say("list.verify.n", **told_), *([say.say("list.verify.most")] if 2 * places_ > filled else [])]


def count(own: int | None, say: Strings) -> str:
    """A count as the pages show it, also one that is kept back."""
    return say.say("few.count") if own is None else formats.number(own, say.language)


def visited(result: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    """What visits found of families of the list's areas, in counts, and who they are where the caller may see that."""
    rows = result.get("visited", ())
    few = "list.visited.few"
    if result.get("visited_part"):
        few = "list.visited.few.elsewhere"
        here = _visited([own for own in rows if own["household_id"]], say, say.say("list.gone.here"))
        words_ = here or [say.say("list.visited.none.here")]
        words_ += _visited([own for own in rows if not own["household_id"]], say, say.say("list.gone.elsewhere"))
    else:
        words_ = _visited(rows, say)
    words_ += [say.say(few, n=FEWEST)] if result.get("visited_few") else []
    who = [(own["household_id"], say.say(f"visit.{own['found']}"),
            say.say("list.visited.on" if own["listed"] else "list.visited.off")) for own in _named(rows)]  # fmt: skip
    return {"kept_out": kept_out(result["rules"], say), "visited": words_, "visited_who": who}


def _visited(rows: Sequence[Mapping[str, Any]], say: Strings, where: str = "") -> list[str]:
    """How many have no place by a finding, and how many have one though found below; where : of which areas."""
    out = sorted(Counter(own["found"] for own in rows if not own["listed"]).items())
    words_ = [where + say.say("list.visited.out", n=formats.number(own, say.language),
                              found=say.say(f"visit.{name}").lower()) for name, own in out]  # fmt: skip
    below = sum(own["found"] == "below" for own in rows if own["listed"])
    return words_ + ([where + say.say("list.visited.below", n=formats.number(below, say.language))] if below else [])


def named(result: Mapping[str, Any]) -> list[str]:
    """Codes of the families that `gone` and `visited` name."""
    return [own["household_id"] for name in (*GONE, "visited") for own in _named(result.get(name, ()))]


def _named(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return islice((own for own in rows if own["household_id"]), MOST_NAMED)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who had a place of a list before and has none of this one, in words.

    name : of `cases.lists.GONE`. title : of which list they left. lines : how many by reason. anybody : whether any
    left. who : code and reason of those that the caller may see. more : how many of them are not named.
    """

    name: str
    title: str
    lines: Sequence[str]
    anybody: bool
    who: Sequence[tuple[str, str]]
    more: int


def gone(result: Mapping[str, Any], say: Strings) -> list[Leaving]:
    """Who left the last list, and who the version before, apart; of each that the list was drawn with."""
    return [_leaving(name, result, say) for name, drawn_with in GONE.items() if drawn_with in result.get("inputs", ())]


def _leaving(name: str, result: Mapping[str, Any], say: Strings) -> Leaving:
    rows, part, few = result[name], result.get(f"{name}_part"), result.get(f"{name}_few")
    # A scheme of the list before may be none of this one.
    several = len({own["name"] for own in result["rules"]["scheme"]} | {own["scheme"] for own in rows}) > 1
    here = [own for own in rows if own["household_id"]]
    lines, rest, number = [], "list.gone.few", "list.gone.number"
    if part:
        lines = _gone(here, several, say, say.say("list.gone.here")) or [say.say("list.gone.none.here")]
        rows = [own for own in rows if not own["household_id"]]
        rest, number = "list.gone.few.elsewhere", "list.gone.number.elsewhere"
    others = _gone(rows, several, say, say.say("list.gone.elsewhere") if part else "")
    lines += others
    if few:  # "the rest" is said only after some were told
        lines.append(say.say(rest if others else number, n=FEWEST))
    elif not lines:
        lines.append(say.say("list.gone.none"))
    who = [(own["household_id"],
            (f"{scheme(own['scheme'], say)}: " if several else "") + say.say(f"list.gone.{own['why']}"))
           for own in _named(result[name])]  # fmt: skip
    called = last(result) if name == "gone" else version(result)
    title = say.say(f"list.{name}", list=f" ({called})" if called else "")
    return Leaving(name, title, lines, bool(result[name]) or bool(few), who, len(here) - len(who))


def leaving(one: Leaving, rows: Iterable[Mapping[str, Any]], note: str, say: Strings) -> list[list[str]]:
    """The same as lines of a file, then who they are; rows : those that are named. note : whose decision it is."""
    told_ = (one.title, *one.lines, *([note] if one.anybody else []))
    return [*([safe(line)] for line in told_), *leavers(rows, say)]


def leavers(rows: Iterable[Mapping[str, Any]], say: Strings) -> list[list[str]]:
    """Who had a place of a list before and has none of this one: heads, then a line for each with the reason; nothing
    where nobody left."""
    heads = [HEADS[say.language][at] for at in (CODE, AREA, SCHEME)]
    lines = [[formats.code(one["household_id"]), named_area(one["area"], say.language) if one.get("area") else "",
              safe(one["scheme"]), say.say(f"list.gone.{one['why']}")] for one in rows]  # fmt: skip
    return [[*heads, say.say("list.gone.why")], *lines] if lines else []


def last(result: Mapping[str, Any]) -> str:
    """What the last list of a list is called, with its version."""
    if not result.get("previous"):
        return ""
    return f"{result['previous']} v{result['previous_version']}"


def version(result: Mapping[str, Any]) -> str:
    """What the version before is called."""
    return f"v{result['replaced_version']}" if result.get("replaced_version") else ""


def _gone(rows: Iterable[Mapping[str, Any]], several: bool, say: Strings, where: str = "") -> list[str]:
    """How many leave by scheme and reason; several : of several schemes, which then are named. where : of which areas
    these are."""
    counts = Counter((own["scheme"], own["why"]) for own in rows)
    return [
        say.say(
            "list.gone.n",
            n=formats.number(n, say.language),
            why=say.say(f"list.gone.{why}"),
            scheme=where + (f"{scheme(name, say)}: " if several else ""),
        )
        for (name, why), n in sorted(counts.items())
    ]


def found_since(
    drawn: str, found: tuple[Mapping[str, int], Mapping[str, int]] | None, say: Strings, whole: bool
) -> str:
    """As of when a list that is kept tells what visits found, and what they found since; drawn : the day in words.
    found : of `cases.visits.found_since`. whole : all of the list lies in the areas in which it counts."""
    told = say.say("list.visited.drawn", date=drawn)
    if found is None:
        return told
    on, off = (", ".join(say.say("list.visited.one", found=say.say(f"visit.{name}").lower(),
                                 n=formats.number(n, say.language)) for name, n in sorted(own.items()))
               for own in found)  # fmt: skip
    where = "" if whole else say.say("list.visited.where")
    sentences = [told, say.say("list.visited.since", found=on, where=where) if on else
                 say.say("list.visited.since.none", where=where)]  # fmt: skip
    return " ".join([*sentences, *([say.say("list.visited.since.out", found=off, where=where)] if off else [])])


def received(result: Mapping[str, Any], say: Strings) -> list[str]:
    """How many of those with a place receive a programme already: of a scheme that is one, that; else each of them."""
    words_ = []
    for own in result.get("receipt", ()):
        names = [name for name in own["programmes"] if own["scheme"] in (name, *({own["scheme"]} - {*PROGRAMMES}))]
        told_ = {name: own["programmes"][name] for name in names}
        for name, number in told_.items():
            [programme] = _programmes([name], say)
            key = "list.received" if number is not None else "list.received.few"
            words_.append(say.say(key, scheme=scheme(own["scheme"], say), programme=programme, n=count(number, say)))
        if own["known"] is None:
            words_.append(say.say("list.received.kept", scheme=scheme(own["scheme"], say), n=FEWEST))
        elif not own["known"]:
            words_ += [say.say("list.received.nobody", scheme=scheme(own["scheme"], say))] if own["places"] != 0 else []
        elif own["places"] is not None and own["known"] < own["places"]:
            n = formats.number(own["places"] - own["known"], say.language)
            words_.append(say.say("list.received.unknown", scheme=scheme(own["scheme"], say), n=n))
    return words_


def kept_out(rules: Mapping[str, Any], say: Strings) -> str:
    """The rule on what visits found, in words."""
    return ", ".join(say.say(f"visit.{name}").lower() for name in rules.get("kept_out", ())) or say.say("build.none")


def empty(result: Mapping[str, Any], say: Strings) -> str:
    """Why nobody is on the list; empty where somebody is."""
    if any(result["channels"][name] for name in ("ranked", "kept", "fast_lane", "random")):
        return ""
    if not result["places"]:
        return say.say("list.empty.quota")
    return say.say("list.empty.budget" if result["no_budget"] >= result["places"] else "list.empty.nobody")


def conditions(rules: Mapping[str, Any], say: Strings) -> list[tuple[str, str]]:
    """What else a household has to be for each scheme: rules that the builder does not ask for, which others write."""
    found = []
    for own in rules["scheme"]:
        names = {"kinds": [say.say(f"kind.{kind}") for kind in own.get("kinds") or ()],
                 "receives": _programmes(own.get("receives") or (), say), "without": _programmes(
                     [name for name in own.get("without") or () if name != own["name"]], say)}  # fmt: skip
        parts = [say.say(f"list.rule.{key}", names=", ".join(told_)) for key, told_ in names.items() if told_]
        if own.get("most_poor_now") is not None:
            most = formats.short(100 * own["most_poor_now"], say.language)
            parts.append(say.say("list.rule.most_poor_now", p=most))
        if own.get("receives") or own.get("without"):
            parts.append(say.say(f"list.rule.programme_unknown.{'yes' if own.get('programme_unknown') else 'no'}"))
        if parts:
            found.append((say.say("list.rule", scheme=scheme(own["name"], say)), "; ".join(parts)))
    return found


def scheme(name: str, say: Strings) -> str:
    """What a scheme is called: one that is a programme is known by a word in small letters (`pkh`), and written as the
    programme is (PKH)."""
    return say.say(f"programme.{name}") if name in PROGRAMMES else name


def _programmes(names: Sequence[str], say: Strings) -> list[str]:
    return [scheme(name, say) for name in names]


def _close(near: Sequence[Near], result: Mapping[str, Any], say: Strings) -> str:
    """How sharp the end is that the picture shows: that the last one on the list is there by hysteresis, or else that
    the two either side are alike; empty where neither can be said."""
    edge = cuts.edge(near)
    if edge is None:
        return ""
    if edge[0].kept and edge[0].rank > edge[1].rank:
        return say.say("list.cut.kept", n=_hysteresis(result["rules"], say), list=kept_from(result, say))
    return say.say("list.cut.note") if cuts.alike(*edge) else ""


def _hysteresis(rules: Mapping[str, Any], say: Strings) -> str:
    return formats.short(100 * rules["hysteresis"], say.language)


def _edge(cell: Mapping[str, Any], several: bool, result: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    """The last one in and the first one out of an area, with what keeps the one on the list and the other out of it,
    and the code of each where the caller may see it; several : of several schemes, which then are named."""
    first = cell["first_out"]
    stays = bool(first) and first.get("why") == "hysteresis"

    def one(own: Mapping[str, Any] | None) -> dict[str, str]:
        if own is None or own["rank"] is None:
            return {"text": "-", "code": "", "why": ""}
        share = formats.out_of(formats.percent(own["risk"]), say.language)
        return {"text": say.say("list.edge", rank=own["rank"], p=share), "code": own["household"] or "",
                "why": say.say(f"list.edge.{own['why']}") if own.get("why") else say.say(
                    "list.edge.kept", n=_hysteresis(result["rules"], say),
                    list=kept_from(result, say)) if stays and own is not first else ""}  # fmt: skip

    area = places.name(cell["area"], say)
    return {"area": f"{scheme(cell['scheme'], say)}: {area}" if several else area,
            "quota": formats.number(cell["quota"], say.language), "last_in": one(cell["last_in"]),
            "first_out": one(cell["first_out"]),
            "lot": say.say("list.edge.lot") if cell["tie_at_cut"] else ""}  # fmt: skip


def _drawn(cells: Sequence[Mapping[str, Any]], say: Strings) -> str:
    """Whose end the picture shows, of a list that ends in several places (`cases.places.largest`); empty of others."""
    if len(cells) < 2:
        return ""
    own = max(cells, key=lambda cell: int(cell["quota"]))
    area = places.name(own["area"], say)
    of = f"{scheme(own['scheme'], say)}: {area}" if len({cell["scheme"] for cell in cells}) > 1 else area
    return say.say("list.cut.drawn", of=of)


def _picture(near: Sequence[Near], result: Mapping[str, Any], say: Strings) -> Any:
    def of(share: float | None) -> float | None:
        return None if share is None else 100 * share

    marks = [cut.Place(own.rank, of(own.risk), of(own.low), of(own.high), own.listed, own.kept) for own in near]
    edge = [own for own in near if own.listed][-1:] + [own for own in near if not own.listed][:1]
    about = "; ".join(say.say("list.edge", rank=own.rank, p="-" if own.risk is None else formats.out_of(
        formats.percent(own.risk), say.language)) for own in edge)  # fmt: skip
    kept = [str(own.rank) for own in near if own.kept]
    if kept:
        about += f". {say.say('list.cut.kept.ranks', ranks=', '.join(kept), list=kept_from(result, say))}"
    return cut.draw(marks, title=say.say("list.cut.title"), about=about or say.say("list.cut.empty"),
                    cut_name=say.say("list.cut.name"), axis=say.say("list.cut.axis"),
                    number=say.say("list.cut.number"), empty=say.say("list.cut.empty"),
                    kept_name=how("kept", result, say))  # fmt: skip
