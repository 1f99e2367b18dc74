"""Lists in each order: what comes first, and that pages leave nobody out and tell nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from features.commands import UserError
from serving.access.rights import Areas
from serving.console.formats import percent
from serving.scores import listing, moved, scores
from serving.scores.area_figures import Filter
from serving.scores.kept_run import PERCENT
from serving.scores.listing import HIGHEST, ORDERS
from tests.serving.console.office import publish

NATION, WEST = Areas(("",)), Areas(("3204",))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home = tmp_path_factory.mktemp("lists")
    publish(home, tmp_path_factory.mktemp("folders"))
    with scores.open(home / "scores") as found:
        yield found


def figure(row: Any, order: str) -> float | None:
    """What a page tells of a row, by which it is ordered; None where it tells none."""
    name = order.lstrip("-")
    if name == "risk":
        return float(row["risk"])
    if name == "range":
        p = percent(row["risk"])
        return max(percent(row["high"]), p) - min(percent(row["low"]), p)
    return None if row["moved"] is None else 0 if row["moved"] == 0 else percent(row["risk"]) - percent(row["was"])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("areas", "asked"), [(WEST, Filter()), (NATION, Filter(levels=("high", "medium"))),
                                              (NATION, Filter(province="51", kinds=("relapse",)))])  # fmt: skip
def test_pages_of_an_order_are_the_whole_list_once_and_lead_back(own: Any, order: str, areas: Areas,
                                                                 asked: Filter) -> None:  # fmt: skip
    whole = listing.page(own, areas, asked, count=100_000).rows
    sign = -1 if order.startswith("-") else 1

    def place(row: Any) -> tuple[Any, ...]:
        told = figure(row, order)
        return told is None, 0 if told is None else sign * told, -row["risk"], row["household_id"]

    want = [row["household_id"] for row in sorted(whole, key=place)]
    assert len(want) > 60
    pages, after, count = [], None, max(40, len(want) // 12)
    while True:
        pages.append(listing.page(own, areas, asked, after=after, count=count, order=order))
        after = pages[-1].after
        if after is None:
            break
    assert [row["household_id"] for page in pages for row in page.rows] == want
    back, before = [pages[-1]], pages[-1].before
    while before is not None:
        back.append(listing.page(own, areas, asked, before=before, count=count, order=order))
        before = back[-1].before
    assert [[row["household_id"] for row in page.rows] for page in back[1:]] == [
        [row["household_id"] for row in page.rows] for page in pages[-2::-1]]  # fmt: skip
    assert {page.total for page in pages} == {len(want)}
    assert "key" not in pages[0].rows[0]


def test_an_order_of_changes_has_risen_equal_fallen_and_unknown_apart(own: Any) -> None:
    rows = listing.page(own, NATION, Filter(province="32"), count=100_000, order="-change").rows
    moved = [row["moved"] for row in rows]
    assert moved == sorted(moved, key=lambda way: (way is None, -(way or 0)))
    assert set(moved) == {1, 0, -1, None}


def test_a_place_in_one_order_is_none_in_another(own: Any) -> None:
    page = listing.page(own, NATION, Filter(), order="-change")
    for other in (HIGHEST, "change", "-range"):
        with pytest.raises(UserError, match="no place in a list"):
            listing.page(own, NATION, Filter(), after=page.after, order=other)


def test_a_risk_is_rounded_alike_by_a_query_a_list_and_a_page() -> None:
    """Whole numbers out of 100, half up, at every half and beside it: a filter may not disagree with what is shown."""
    halves = (np.arange(100) + 0.5) / 100
    risks = np.concatenate([halves, np.nextafter(halves, 0), np.nextafter(halves, 1), np.arange(101) / 100])
    asked = pa.table({"risk": risks})
    with duckdb.connect() as connection:
        connection.register("asked", asked)
        told = connection.sql(f"SELECT {PERCENT.format('risk')} FROM asked").fetchnumpy()
    found = next(iter(told.values()))
    assert found.tolist() == moved.Risks(risks, risks, risks).rounded()[0].tolist()
    assert found.tolist() == [percent(risk) for risk in risks.tolist()]
