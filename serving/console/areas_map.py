"""The map of an overview: what each area is coloured by, its words, the legend; as tiles or by real boundaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from serving.access.rights import Areas
from serving.console import formats, places, telling
from serving.console.charts import boundaries, tilemap
from serving.console.charts.tilemap import TILES, Tile
from serving.console.figures import Since
from serving.console.strings import Strings
from serving.scores.area_figures import Total


@dataclass(frozen=True, slots=True)
class Map:
    """A picture with its heading and notes, step and words of each class of its legend, whether it has real boundaries.

    key : code and name of each area that its picture tells by a code. cuts : where its classes begin, as of `classes`.
    rows : name, address ("" without one) and figure in words of
    each area on it, the highest first. unknown : names of the boundary file that no area has, for who may mend it.
    """

    picture: Markup
    heading: str
    notes: list[str]
    legend: list[tuple[int, str]]
    cuts: list[float]
    land: bool
    rows: list[tuple[str, str, str]]
    unknown: Sequence[str] = ()
    key: Sequence[tuple[str, str]] = ()


def draw(provinces: Sequence[Total], inside: Sequence[Total], area: str, areas: Areas, measure: str, land: bool,
         since: Since, say: Strings) -> Map:  # fmt: skip
    """The map of the provinces; by real boundaries that of the regencies inside, where the file has them.

    Parameters
    ----------
    area : the chosen one. areas : of the caller, who gets links to these alone.
    measure : `share` or `count`. land : whether real boundaries are asked for. since : what shares are compared with.
    """
    notes = []
    if land and len(area) == 2:
        shape = boundaries.configured(places.name(area, say))
        if shape is not None:
            names = {code: name for code, name in places.regencies().items() if code[:2] == area}
            heading = say.say("over.map.kab", place=places.name(area, say))
            # The last digits of the BPS code, which is written so within a province.
            codes = {code: code[2:] for code in names}
            return _by_land(shape, inside, names, codes, heading, areas, measure, since, say, provinces)
        notes.append(say.say("pic.land.nokab"))
    context = say.say("over.map.context")
    if land:
        try:
            shape = boundaries.configured()
        except ValueError:
            shape = None
            notes = [say.say("pic.land.broken")]
        if shape is not None:
            names = {code: places.name(code, say) for code in TILES}
            codes = {code: short for code, (_, _, _, short) in TILES.items()}
            found = _by_land(shape, provinces, names, codes, say.say("over.map.land"), areas, measure, since, say)
            return replace(found, notes=[*found.notes, context, *notes])
    tiles, cuts, about = _told(provinces, area, areas, measure, since, say)
    return Map(tilemap.draw(tiles, title=say.say("pic.map.title"), about=about), say.say("over.map"),
               [say.say("pic.map.note"), *_marks(tiles, since, say), context, *notes], _legend(cuts, say, measure),
               cuts, False, _listed(provinces, tiles, measure, since, say),
               key=sorted(_coded(code, say) for code in TILES))  # fmt: skip


def _coded(code: str, say: Strings) -> tuple[str, str]:
    """What a tile tells a province by, and its name."""
    name, (_, _, wide, short) = places.name(code, say), TILES[code]
    return short if wide == name.upper() else f"{short}, {wide}", name


def _by_land(shape: boundaries.Land, rows: Sequence[Total], names: Mapping[str, str],
             codes: Mapping[str, str], heading: str, areas: Areas, measure: str, since: Since,
             say: Strings, provinces: Sequence[Total] = ()) -> Map:  # fmt: skip
    tiles, cuts, about = _told(rows, "", areas, measure, since, say, provinces)
    picture = shape.draw(tiles, names, codes, title=heading, about=about)
    without = shape.without(names)
    missing = ", ".join(places.name(code, say) for code in without)
    notes = [
        say.say("pic.land.note"),
        *_marks(tiles, since, say),
        *([say.say("pic.land.without", names=missing)] if missing else []),
    ]
    return Map(picture, heading, notes, _legend(cuts, say, measure), cuts, True,
               _listed(rows, tiles, measure, since, say), shape.unknown(names), sorted(
                   (code, places.name(area, say)) for area, code in codes.items() if area not in without))  # fmt: skip


def moved(points: int | None, say: Strings) -> str:
    """A change of a share in words; empty where there is none to tell."""
    if points is None:
        return ""
    return say.say("over.moved.up" if points > 0 else "over.moved.down" if points else "over.moved.same", n=abs(points))


def since_note(since: Since, say: Strings) -> str:
    """What signs of a change mean; empty where there are none."""
    if since.day is None or not since.shares:
        return ""
    return say.say("over.moved.note", date=formats.date(since.day, say.language))


def _marks(tiles: Mapping[str, Tile], since: Since, say: Strings) -> list[str]:
    if since.day is None or not any(tile.moved for tile in tiles.values()):
        return []
    return [say.say("over.moved.map", date=formats.date(since.day, say.language))]


def _listed(rows: Sequence[Total], tiles: Mapping[str, Tile], measure: str, since: Since,
            say: Strings) -> list[tuple[str, str, str]]:  # fmt: skip
    """The figures of a map in words, for whoever cannot or would rather not look at it."""
    order = sorted((row for row in rows if row.key), key=lambda row: -(value(row, measure) or 0))
    return [(places.name(row.key, say), tiles[row.key or ""].href, ", ".join(filter(None, (
        _figure(row, measure, say), moved(since.moved(row), say))))) for row in order]  # fmt: skip


def _figure(row: Total, measure: str, say: Strings) -> str:
    if row.risk is None or value(row, measure) is None:
        return say.say("pic.map.none")
    if measure == "count":
        return say.say("unit.families", n=formats.about(row.expected or 0, say.language))
    own = telling.estimate(row.risk, row.low, row.high, None)
    told, span = say.say("risk.of100", p=formats.out_of(own.p, say.language)), telling.span(own, say, "over.span")
    return f"{told} ({span})" if span else told


def _told(rows: Sequence[Total], area: str, areas: Areas, measure: str, since: Since, say: Strings,
          provinces: Sequence[Total] = ()) -> tuple[dict[str, Tile], list[float], str]:  # fmt: skip
    # Shares have one scale on every map, that of the provinces; a count of a regency would be the lowest of theirs.
    scale = provinces if provinces and measure == "share" else rows
    cuts = classes([value(row, measure) for row in scale if row.key])
    tiles = {row.key: _tile(row, measure, cuts, area, areas, since, say) for row in rows if row.key}
    return tiles, cuts, _spoken([row for row in rows if row.key and value(row, measure) is not None], measure, say)


def percent(share: float | None) -> int | None:
    """A share out of 100, None where there is none."""
    return None if share is None else formats.percent(share)


def value(row: Total, measure: str) -> float | None:
    """What an area is coloured and ordered by: its share out of 100, or the families expected to fall, roughly."""
    if measure == "share":
        return percent(row.risk)
    expected = row.expected
    if row.risk is None or expected is None:
        return None
    # Told to two digits, and so compared: classes must not part what is written alike.
    return round(expected, 1 - len(str(int(expected)))) if expected >= 100 else round(expected)


def classes(values: Sequence[float | None]) -> list[float]:
    """Lower ends of the upper four classes, each with about a fifth of the areas; fewer where they meet."""
    known = sorted(own for own in values if own is not None)
    if not known:
        return []
    cuts = [known[min(len(known) - 1, len(known) * part // 5)] for part in range(1, 5)]
    return sorted({cut for cut in cuts if cut > known[0]})


def step(figure: float | None, cuts: Sequence[float]) -> int:
    """Step 1 to 5 of the ramp; 0 where there is no figure."""
    if figure is None:
        return 0
    # With fewer classes the darkest stays the darkest.
    return 5 - len(cuts) + sum(figure >= cut for cut in cuts) if cuts else 3


def _tile(row: Total, measure: str, cuts: Sequence[float], area: str, areas: Areas, since: Since,
          say: Strings) -> Tile:  # fmt: skip
    name, own = places.name(row.key, say), step(value(row, measure), cuts)
    key = row.key or ""
    open_to = areas.provinces is None or key[:2] in areas.provinces
    href, chosen = f"/ikhtisar?wilayah={key}" if open_to else "", bool(area) and area[:2] == row.key
    if row.risk is None or value(row, measure) is None:
        return Tile(0, say.say("pic.map.tile.none", name=name), href, "", chosen)
    change = since.moved(row)
    sign = f", {moved(change, say)}" if change is not None else ""
    if measure == "count":
        told = formats.about(row.expected or 0, say.language)
        return Tile(own, say.say("pic.map.tile.count", name=name, n=told, step=own) + sign, href,
                            _short(row.expected or 0, say), chosen, change)  # fmt: skip
    share = telling.estimate(row.risk, row.low, row.high, None)
    range_ = telling.span(share, say, "pic.span")
    label = say.say("pic.map.tile", name=name, p=formats.out_of(share.p, say.language), step=own,
                    range=f", {range_}" if range_ else "")  # fmt: skip
    return Tile(own, label + sign, href, formats.sign(share.p), chosen, change)


def _short(count: float, say: Strings) -> str:
    """A count that fits a tile: 61 200 as 61k."""
    for size, unit in ((1e6, "unit.million"), (1e3, "unit.thousand")):
        if count >= size:
            scaled = count / size
            return say.say(unit, n=formats.number(scaled, say.language, 1 if scaled < 10 else 0))
    return formats.number(count, say.language)


def _spoken(known: Sequence[Total], measure: str, say: Strings) -> str:
    """Three highest and three lowest, in a sentence."""
    if not known:
        return say.say("pic.map.empty")
    order = sorted(known, key=lambda row: -(value(row, measure) or 0))

    def told(rows: Sequence[Total]) -> str:
        return ", ".join(f"{places.name(row.key, say)} {formats.number(value(row, measure) or 0, say.language)}"
                         for row in rows)  # fmt: skip

    return say.say("pic.map.about", top=told(order[:3]), bottom=told(order[-3:][::-1]))


def _legend(cuts: Sequence[float], say: Strings, measure: str) -> list[tuple[int, str]]:
    if not cuts:
        return []
    write = [formats.number(cut, say.language) if measure == "share" else formats.about(cut, say.language)
             for cut in cuts]  # fmt: skip
    ends = [say.say("level.below", n=write[0])]
    for at, low in enumerate(write[:-1]):
        if measure == "share":
            top = int(cuts[at + 1]) - 1
            ends.append(say.say("level.span", a=low, b=top) if top > cuts[at] else low)
        else:
            ends.append(say.say("level.span", a=low, b=formats.about(cuts[at + 1] - 1, say.language))
                        if cuts[at + 1] - 1 > cuts[at] else low)  # fmt: skip
    ends.append(say.say("level.above", n=write[-1]))
    return [(5 - len(cuts) + at, words) for at, words in enumerate(ends)]
