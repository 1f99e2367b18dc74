"""What a scenario says without its schemes: what it moves families by, how many more are below the line for it, and
where it has no schemes how large the middle class is by year.

Families move in and out of poverty anyhow, so what the shocks and growth come to is told against the same lives without
them (`Result.calm`), and not against the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.marks import years_told
from models.numbers import about, number
from models.schemes import named, started
from models.schemes.against import ROUGH
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
FIRST = 2
"""Of what is told, lines without which the rest is no answer."""
_SEEN = 0.01
"""Part of the families below the line from which on their change in a first year in which nothing happens is told: a
choice, finer than what is asked of a shock."""
_NAMED = 3
"""Shocks up to which each is named."""


def told(found: Found, language: Language) -> list[str]:
    """The answer of a scenario without schemes: what comes upon families and what it comes to (`FIRST`), then the
    rest."""
    return [_tried(found, language), below(found, language), _fallen(found, language), _middle(found, language)]


def it(rows: Sequence[Row], language: Language) -> str:
    """What figures are of (of `moving`): the shock or the shocks, the growth, or these together."""
    shocks = {row["name"] for row in rows if _of_shock(row)}
    kinds = [*(["shock" if len(shocks) == 1 else "shocks"] if shocks else []),
             *(["growth"] if any(not _of_shock(row) for row in rows) else [])]  # fmt: skip
    return said("unaided.and", language).join(said(f"unaided.it.{kind}", language) for kind in kinds)


def moving(found: Found) -> list[Row]:
    """Figures by which a scenario itself moves families: those of its shocks that can hit, and growth other than
    nought."""
    own = found["assumptions"]
    void = {row["name"] for row in own if _of_shock(row) and row["figure"] in ("hazard", "size") and not row["high"]}
    return [row for row in own if (_of_shock(row) and row["name"] not in void)
            or (row["part"].endswith("scenario") and row["figure"].endswith("growth") and row["value"])]  # fmt: skip


def _of_shock(row: Row) -> bool:
    return row["part"].split()[-1] == "shock"


def upon(found: Found, language: Language) -> list[str]:
    """What shocks and growth come to without the schemes of a scenario: the same differences, when they are most, and
    in a second line at the end."""
    own = found["without"]
    what, without = _what(moving(found), found, language), it(moving(found), language)
    if not any(row["low"] or row["high"] for row in own["calm"]["below_line"]):
        return [said("unaided.upon.same", language, what=what, it=without)]
    most, *last = _gaps(own, language)
    return [said("unaided.upon", language, what=what, it=without, gap=most),
            said("unaided.upon.end", language, it=without, end=own["falls"][-1]["year"],
                 gap="".join(said("unaided.upon.below", language, gap=one) for one in last),
                 more=_more(own["calm"]["fallen"], language))]  # fmt: skip


def beside(found: Found, language: Language) -> list[str]:
    """That growth is in the lives with schemes and without, where schemes are tried and nothing else comes upon
    families; none where it is told what it comes to (`upon`)."""
    grown = moving(found)
    if found["without"]["calm"] is not None or not found["arms"] or not grown:
        return []
    return [said("unaided.both", language, what=_what(grown, found, language))]


def _what(rows: Sequence[Row], found: Found, language: Language) -> str:
    """What comes upon families (of `moving`), named; empty where nothing does."""
    names = [*dict.fromkeys(row["name"] for row in rows if _of_shock(row))]
    what = []
    if len(names) > _NAMED:
        what.append(said("unaided.shocks", language, n=len(names)))
    elif names:
        what.append(", ".join(named.part(found, name, language) for name in names))
    what += dict.fromkeys(said(f"unaided.{row['figure']}", language, n=number(100 * row["value"], language, 1))
                          for row in rows if not _of_shock(row))  # fmt: skip
    return said("unaided.and", language).join(what)


def _tried(found: Found, language: Language) -> str:
    if what := _what(moving(found), found, language):
        return said("unaided.with", language, what=what)
    void = {row["name"] for row in found["assumptions"] if _of_shock(row)}
    return said(("unaided.nothing", "unaided.void", "unaided.void.all")[min(len(void), 2)], language)


def below(found: Found, language: Language) -> str:
    """Families below the line before, during and after, in one line: at the start and the end, and by how many they are
    more than in the same lives without what the scenario moves, when it makes most of a difference and at the end; and
    what the first year makes of them anyhow."""
    rows, calm = found["without"]["below_line"], found["without"]["calm"]
    first, last = rows[0], rows[-1]
    told = " ".join([said("unaided.below", language, **_at("first", first, language), **_at("last", last, language)),
                     *_anyhow(found, language)])  # fmt: skip
    if calm is None:
        return told
    if not any(own["low"] or own["high"] for own in calm["below_line"]):
        return f"{told} {said('unaided.same', language, it=it(moving(found), language))}"
    gaps = "; ".join(_gaps(found["without"], language))
    return f"{told} {said('unaided.against', language, it=it(moving(found), language), gaps=gaps)}"


def _anyhow(found: Found, language: Language) -> list[str]:
    """How many are below the line after the first year though nothing happens, where these are other than at the start:
    only shares of people are held against what is published, and the chance of the first year is each family's own."""
    rows, calm = found["without"]["below_line"], found["without"]["calm"]
    begin, still = rows[0]["value"], rows[1]["value"] - (calm["below_line"][1]["value"] if calm else 0.0)
    if abs(still - begin) < _SEEN * begin:
        return []
    return [said("unaided.anyhow", language, n=about(still, language), year=rows[1]["year"],
                 by=started.by(found["data"], language))]  # fmt: skip


def _gaps(without: Found, language: Language) -> list[str]:
    """Families below the line and by how many they are more, when that is most and, if that is another year, at the
    end."""
    more = without["calm"]["below_line"]
    most, last = max(more, key=lambda own: abs(own["value"])), more[-1]
    count = {row["year"]: about(row["value"], language) for row in without["below_line"]}
    return [said("unaided.gap", language, year=own["year"], n=count[own["year"]], more=_more(own, language))
            for own in ([most] if most["year"] == last["year"] else [most, last])]  # fmt: skip


def _at(name: str, row: Row, language: Language) -> dict[str, object]:
    return {name: about(row["value"], language), f"{name}_year": row["year"]}


def _more(own: Row, language: Language) -> str:
    """A difference with its own range, in words; one whose range holds nought says so, and one of less than
    one family that it is nearly the same. One of few families of the sample has the mark of a rough figure."""
    mark = ROUGH if own["rough"] else ""
    low, high = own["low"], own["high"]
    if not low and not high:
        return said("unaided.none", language)
    if abs(own["value"]) < 1:
        if max(abs(low), abs(high)) < 1:
            return said("unaided.near", language)
        near = {"low": about(low, language), "high": about(high, language)}
        return said("unaided.near.range", language, mark=mark, **near)
    if low < 0 < high:
        values = {"n": own["value"], "low": low, "high": high}
        told = {name: about(one, language) for name, one in values.items()}
        return said("unaided.either", language, **told | {"n": told["n"] + mark})
    way, ends = ("more", (low, high)) if own["value"] >= 0 else ("less", (abs(high), abs(low)))
    return said(f"unaided.{way}", language, n=about(abs(own["value"]), language) + mark, low=about(ends[0], language),
                high=about(ends[1], language))  # fmt: skip


def _fallen(found: Found, language: Language) -> str:
    rows, calm = found["without"]["falls"], found["without"]["calm"]
    values = {"n": about(sum(row["value"] for row in rows), language), "start": rows[0]["year"],
              "end": rows[-1]["year"]}  # fmt: skip
    if calm is None:
        return said("unaided.fallen", language, **values)
    return said("unaided.fallen.against", language, it=it(moving(found), language),
                more=_more(calm["fallen"], language), **values)  # fmt: skip


def _middle(found: Found, language: Language) -> str:
    rows = {row["year"]: row["middle"]["value"] for row in found["without"]["rungs"]}
    shares = "; ".join(f"{year}: {number(100 * rows[year], language, 1)}" for year in years_told([*rows]))
    return said("unaided.middle", language, shares=shares)
