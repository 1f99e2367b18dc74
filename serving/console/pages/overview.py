"""The overview: how many families need watching in an area, what changed, how fresh the data are."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from features.contract import REGENCY_DIGITS, SUBDISTRICT_DIGITS, TABLES
from features.safe_cells import BEGIN, CSV, as_lines, safe
from models.few import kept_back, shown
from models.words import MARK
from serving.access import signin
from serving.access.rights import Areas, Caller, allow, may
from serving.batch.rows import UNKNOWN
from serving.cases import tasks
from serving.console import areas_map, formats, list_words, places, telling, view
from serving.console.areas_map import percent
from serving.console.asked import Asked
from serving.console.charts import bars, boundaries, lines
from serving.console.figures import Figures, joined, moved
from serving.console.figures import of as figures_of
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.scores import small_areas
from serving.scores.area_figures import Point, Total
from serving.scores.scores import LEVELS, Scores
from serving.store.tally import MOST

SHOWN = 10
"""Rows of the ranked table before the rest is folded."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page."""

    @app.get("/ikhtisar", include_in_schema=False)
    def overview(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        own = allow(who, "overview.see")
        asked = Asked(request, ("wilayah", "ukuran", "peta"))
        measure = asked.choice("ukuran", {"bagian": "share", "jumlah": "count"}, "measure") or "share"
        land = bool(asked.choice("peta", {"petak": "", "wilayah": "land"}, "map"))
        area = asked.area()
        say = strings(view.language(request, who))
        scores = desk.published.current()
        if scores is None:
            return view.page(request, desk, "overview_empty.html", title=say.say("over.title"), who=who)
        areas = own if area is None else own.narrow(area)
        area = area if area is not None else (own.codes[0] if len(own.codes) == 1 else "")
        figures = figures_of(desk.kept, scores, areas, area)
        links = may(who, "household.see")
        # Who may count the families in a search is told the same here.
        whole = links and all(map(allow(who, "household.see").holds, areas.codes))
        shown = _drawn(desk, scores, figures, own, measure, land, say, links, whole)
        return view.page(request, desk, "overview.html", title=say.say("over.title"), who=who, chosen=area,
                         place=(place := _place(area, own, say)), of=place, unknown=asked.unknown, measure=measure,
                         **_tasks(desk, who, say),
                         file=f"/ikhtisar.csv{f'?wilayah={area}' if area else ''}",
                         sources=_sources(scores, desk, say), **shown)  # fmt: skip

    @app.get("/ikhtisar.csv", include_in_schema=False)
    def file(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        own, say = allow(who, "overview.see"), strings(view.language(request, who))
        scores, area = desk.office.scores(), Asked(request, ("wilayah",)).area()
        areas = own if area is None else own.narrow(area)
        area = area if area is not None else (own.codes[0] if len(own.codes) == 1 else "")
        figures = figures_of(desk.kept, scores, areas, area)
        rows = 1 + len(figures.ranked) + len(figures.kept)
        desk.office.journal.write(who, "overview.export", area=area, count=rows)
        code = area or ("ID" if own.everywhere else "")
        name = f"{'sintetis_' if desk.synthetic else ''}ikhtisar_{code or 'wilayah'}_{scores.as_of}.csv"
        told = (code, _place(area, own, say))
        return Response(_file(figures, told, scores, desk, say), media_type=CSV, headers={
            "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})  # fmt: skip


def _place(area: str, own: Areas, say: Strings) -> str:
    return places.name(area, say) if area or own.everywhere else say.say("place.own")


def _file(figures: Figures, own: tuple[str, str], scores: Scores, desk: Desk, say: Strings) -> bytes:
    """The table of figures, the area itself (code and name) first: whole numbers out of 100, families in whole; those
    of areas, and counts, that are kept back have the words of the page, since an empty cell reads like a zero."""
    mark = say.say("few.count")
    silent = figures.few or figures.kept or any(None in own.values() for own in figures.counts.values())
    heads = ("code", "name", "of100", "low", "high", "fall", "assessed", "poor", "refused", "change")
    lines, since = [[MARK[say.language]]] if desk.synthetic else [], figures.since
    lines += [[scores.as_of.isoformat(), str(scores.run.manifest["bundle"]["name"]), view.within(scores, desk, say),
               *([] if since.day is None or since.model else [say.say("over.csv.since", date=since.day.isoformat())])],
              *([[say.say("over.few.rule", mark=mark, most=small_areas.FEWEST - 1)]] if silent else []),
              [say.say(f"over.csv.{name}") for name in heads]]  # fmt: skip
    for at, row in enumerate((figures.total, *figures.ranked)):
        code, name = (row.key or UNKNOWN, places.name(row.key, say)) if at else own
        fall = None if row.expected is None else round(row.expected)
        counts = figures.counts.get(row.key if at else "", {})
        kept = bool(figures.few and not at)
        shares = [mark] * 5 if kept else [percent(row.risk), percent(row.low), percent(row.high), fall, row.at_risk]
        beside = [mark if kept or counts.get(count) is None else counts[count] for count in ("poor", "refused")]
        change = since.moved(row) if at else _moved(figures)
        lines.append([code, safe(name), *("" if cell is None else str(cell) for cell in (*shares, *beside, change))])
    lines += [[code, safe(places.name(code, say)), *[mark] * (len(heads) - 3), ""] for code in figures.kept]
    return BEGIN + as_lines(lines)


def _tasks(desk: Desk, who: Caller, say: Strings) -> dict[str, Any]:
    """What waits today, each with how many, where they are, and whether it should not wait longer; why that is not
    known, and no way to what cannot be opened then."""
    found = tasks.waiting(desk.office, who)
    own = (("overdue", found.overdue, "/kunjungan?tenggat=lewat", "visit.record"),
           ("objections", found.objections, f"/sanggah?tenggat={tasks.NEAR_DAYS}", "objection.open"),
           ("objections", found.objections, f"/sanggah?tenggat={tasks.NEAR_DAYS}", "objection.decide"),
           ("drafts", found.drafts, "/daftar?status=draf", "list.build"),
           ("to_close", found.to_close, "/kunjungan?status=selesai&oleh=lain", "visit.close"))  # fmt: skip
    rows = {name: {"words": say.say(f"task.{name}", days=tasks.NEAR_DAYS, n=count), "href": href,
                   "n": _many(count, say), "some": bool(count)}
            for name, count, href, act in own if may(who, act)}  # fmt: skip
    if found.away is None:
        return {"tasks": list(rows.values()), "build": may(who, "list.build"), "away": ""}
    read_only = found.away.code == "read_only"
    return {
        "tasks": [] if read_only else list(rows.values()),
        "build": not read_only and may(who, "list.build"),
        "away": rows and (say.say("house.cases.away") if read_only else found.away.sentence(say.language)),
    }


def _many(count: int | None, say: Strings) -> str:
    if count is None:
        return ""
    return formats.number(count, say.language) + ("+" if count >= MOST else "")


def _sources(scores: Scores, desk: Desk, say: Strings) -> list[dict[str, Any]]:
    """Tables that the scores were made of, each with the last day on which a fact of it became known."""
    said = scores.run.manifest.get("input", {})
    known, found = said.get("known", {}), []
    for name in (name for name in TABLES if name in known):
        day = datetime.date.fromisoformat(known[name])
        days = (desk.office.today - day).days
        found.append({"name": say.say(f"source.{name}"), "old": days > telling.OLD_DAYS,
                      "date": formats.date(day, say.language), "age": say.say("unit.days", n=formats.number(
                          max(0, days), say.language)), "rows": formats.number(
                          said.get("tables", {}).get(name, {}).get("rows", 0), say.language)})  # fmt: skip
    return found


def _drawn(desk: Desk, scores: Scores, figures: Figures, areas: Areas, measure: str, land: bool, say: Strings,
           links: bool, whole: bool) -> dict[str, Any]:  # fmt: skip
    kept = ", ".join(places.name(code, say) for code in figures.kept)
    drawn = areas_map.draw(figures.provinces, figures.ranked, figures.area, areas, measure, land, figures.since, say)
    return {
        "total": figures.total, "p": percent(figures.total.risk), "span": _span(figures.total, say),
        "within": view.within(scores, desk, say), "links": links,
        "change": _change(figures, scores, say), "since": areas_map.since_note(figures.since, say),
        "few": say.say(figures.few, n=small_areas.FEWEST) if figures.few else "",
        "fewest": small_areas.FEWEST,
        "kept": say.say("over.few.areas", n=small_areas.FEWEST, names=kept) if kept else "",
        "age": view.age(scores, desk, say), "number_of": figures.total.expected,
        # The ranked table beneath holds the same where it is of the same areas.
        "map": drawn, "map_rows": len(drawn.rows) != len(figures.ranked), "can_land": boundaries.path() is not None,
        "ranked": _ranked(figures, drawn.cuts, measure, say, links), "first_rows": SHOWN,
        "ranked_title": say.say(_heading([*(row.key for row in figures.ranked), *figures.kept])),
        "counts": {name: list_words.count(own, say) for name, own in figures.counts.get("", {}).items()},
        "kinds": [] if figures.few else _kinds(figures, scores, say),
        "levels": [] if figures.few else _levels(figures.levels, say, whole),
    }  # fmt: skip


def _heading(keys: Sequence[str | None]) -> str:
    """What the ranked table is of."""
    sizes = {len(key) for key in keys if key and key != UNKNOWN}
    return "over.ranked.kec" if SUBDISTRICT_DIGITS in sizes else "over.ranked.kab" if REGENCY_DIGITS in sizes \
        else "over.ranked.prov"  # fmt: skip


def _address(key: str, links: bool) -> str:
    """Where a place of the ranked table leads: its own overview; of a sub-district, which has none, its families."""
    if len(key) == SUBDISTRICT_DIGITS:
        return f"/keluarga?prov={key[:2]}&kab={key[:REGENCY_DIGITS]}&kec={key}" if links else ""
    return f"/ikhtisar?wilayah={key}" if key != UNKNOWN else ""


def _span(row: Total | Point, say: Strings, key: str = "over.range") -> str:
    """The range of an area's share in words; empty without one."""
    return "" if row.risk is None else telling.span(telling.estimate(row.risk, row.low, row.high, None), say, key)


def _ranked(figures: Figures, cuts: Sequence[float], measure: str, say: Strings,
            links: bool) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of the ranked table; cuts : classes of the map, so that one shade means one thing on the page."""
    rows = sorted(figures.ranked, key=lambda row: -(areas_map.value(row, measure) or 0))
    values = [areas_map.value(row, measure) for row in rows]
    # In tables of counts the range is that of the share, carried over to the families expected to fall.
    per = [100 if measure == "share" else row.expected / row.risk if row.risk and row.expected is not None else None
           for row in rows]  # fmt: skip
    ends = [[None if end is None or times is None else end * times for end in (row.low, row.high)]
            for row, times in zip(rows, per, strict=True)]  # fmt: skip
    top = max([1.0, *(value for value in values if value), *(end for pair in ends for end in pair if end)])
    found = []
    for at, (row, value, own) in enumerate(zip(rows, values, ends, strict=True)):
        key = row.key or UNKNOWN
        exact = row.expected if measure == "count" else None if row.risk is None else 100 * row.risk
        found.append({
            "name": places.name(key, say), "href": _address(key, links), "p": percent(row.risk),
            "range": _span(row, say, "over.span"), "expected": row.expected, "assessed": row.at_risk,
            "moved": figures.since.moved(row), "moved_words": areas_map.moved(figures.since.moved(row), say),
            "bar": bars.draw(exact, own[0], own[1], top, areas_map.step(value, cuts) or 3, f"b{at}"),
        })  # fmt: skip
    return found


def _change(figures: Figures, scores: Scores, say: Strings) -> str:
    """How the share of the area moved since the run of an earlier date, told only where it can be."""
    since = figures.since
    if figures.few or not figures.compared:
        return ""
    if since.day is None:
        return say.say("over.change.none" if scores.run.before is None else "over.change.same_day")
    day = formats.date(since.day, say.language)
    if since.model:
        return say.say("over.change.model", date=day)
    moved = _moved(figures)
    if moved is None:
        return say.say("over.change.new", date=day)
    if not moved:
        return say.say("over.change.same", date=day)
    return say.say(f"over.change.{'up' if moved > 0 else 'down'}", n=abs(moved), date=day)


def _moved(figures: Figures) -> int | None:
    """By how much the share of the area itself rose, out of 100 (`figures.moved`); None where that cannot be told."""
    then = [point for point in figures.series if point.as_of == figures.since.day]
    if not then or figures.since.model or figures.few or not figures.compared or figures.total.risk is None:
        return None
    return moved(figures.total, joined(then))


def _kinds(figures: Figures, scores: Scores, say: Strings) -> list[dict[str, Any]]:
    """The three kinds apart: the figure now, and its line over the runs, all on one axis; none of too few families, nor
    of the next smallest kind where the others would tell those."""
    kept = dict[datetime.date, set[str]]()
    for day in {point.as_of for point in figures.series}:
        sizes = {point.kind: point.households for point in figures.series if point.as_of == day}
        rest = max(0, figures.total.at_risk - sum(sizes.values())) if day == scores.as_of else 0
        kept[day] = kept_back(sizes | {"": rest})
    series = [point for point in figures.series if point.kind not in kept[point.as_of]]
    ends = [100 * end for point in series for end in (point.high, point.risk) if end is not None]
    top = float(max(10, -(-int(max(ends, default=0.0) + 1) // 10) * 10))
    found = []
    for kind in ("relapse", "first_entry", "unknown_history"):
        own = [point for point in series if point.kind == kind]
        labels = formats.quarters([point.as_of for point in own], say.language, short=True)
        marks = [lines.Mark(label, 100 * point.risk, None if point.low is None else 100 * point.low,
                            None if point.high is None else 100 * point.high)
                 for label, point in zip(labels, own, strict=True)]  # fmt: skip
        now = own[-1] if own and own[-1].as_of == scores.as_of else None
        name = say.say(f"kind.{kind}")
        picture = lines.draw(marks, top, title=say.say("pic.line.title", kind=name), about=_course(own, say),
                             name=f"l-{kind}", dashed=kind == "first_entry",
                             empty=say.say("pic.line.empty"))  # fmt: skip
        found.append({"name": name, "about": say.say(f"kind.{kind}.about"), "picture": picture,
                      "p": percent(now.risk) if now else None, "range": _span(now, say) if now else "",
                      "households": now.households if now else 0})  # fmt: skip
    return found


def _course(own: Sequence[Point], say: Strings) -> str:
    if not own:
        return say.say("pic.line.empty")
    last = formats.out_of(formats.percent(own[-1].risk), say.language)
    times = formats.quarters([point.as_of for point in own], say.language)
    if len(own) == 1:
        return say.say("pic.line.one", last=last, end=times[-1])
    return say.say("pic.line.about", first=formats.out_of(formats.percent(own[0].risk), say.language), last=last,
                   end=times[-1], begin=times[0])  # fmt: skip


def _levels(rows: Sequence[Total], say: Strings, whole: bool) -> list[dict[str, Any]]:
    """Families of each level, the highest first; whole : those of few too, to who may see the families themselves."""
    sizes = {row.key: row.at_risk for row in rows}
    counts = sizes if whole else shown(sizes)
    most = max((count for count in counts.values() if count), default=0)
    return [{"step": at + 1, "name": say.say(f"level.{level}"),
             "households": list_words.count(counts.get(level, 0), say),
             "bar": bars.draw(counts.get(level, 0) or 0, None, None, most, at + 1, f"v{at}")}
            for at, level in reversed(list(enumerate(LEVELS)))]  # fmt: skip
