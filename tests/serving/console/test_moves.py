"""Facts that the page of a family tells as changed are not passed off as the cause of what they did not do."""

from __future__ import annotations

from typing import Any

import pytest

from serving.console.pages.household import _moves, _rest
from serving.console.strings import strings
from serving.console.telling import change


def _row(risk: float, other: float, adults: tuple[str, float], range_: float = 0.001) -> dict[str, Any]:
    reasons = [{"key": "hh.adults", "value": adults[0], "known_at": None, "contribution": adults[1]}]
    return {"risk": risk, "low": risk - range_, "high": risk + range_, "base": -2.0, "place": 0.0, "other": other,
            "reasons": reasons}  # fmt: skip


@pytest.mark.parametrize(
    ("after", "told", "rest"),
    [
        (_row(0.3, 0.1, ("3", 1.0)), 1, False),  # it made all of the change
        (_row(0.3, 0.8, ("3", 0.4)), 1, True),  # it made an eighth
        (_row(0.3, 1.0, ("3", 0.1)), 1, True),  # it worked against it
        (_row(0.3, 0.9, ("2", 0.3)), 0, True),  # no fact changed
        (_row(0.3, 0.9, ("3", 0.3)), 0, True),  # one changed and moved nothing
        (_row(0.101, 0.13, ("2", 0.3), 0.1), 0, False),  # the change means nothing
    ],
)
def test_where_most_of_a_change_comes_from_is_said(after: dict[str, Any], told: int, rest: bool) -> None:
    found, elsewhere = _moves(_row(0.1, 0.1, ("2", 0.3)), after, strings("id"))
    assert (len(found), elsewhere) == (told, rest)
    assert not found or found[0].endswith("2 menjadi 3")


def test_a_changed_fact_is_told_in_the_unit_of_its_reason() -> None:
    def line(value: str, part: float) -> dict[str, Any]:
        row = _row(0.1, 0.1, ("2", 0.3))
        return row | {"reasons": [{"key": "place.line", "value": value, "known_at": None, "contribution": part}]}

    for language, words in (("id", "Garis kemiskinan daerah: 1,52 kali menjadi 1,35 kali"),
                            ("en", "1.52 times to 1.35 times")):  # fmt: skip
        [told], _ = _moves(line("0.421", 0.3), line("0.3", 0.9), strings(language))
        assert words in told
    assert _moves(line("0.421", 0.3), line("0.418", 0.9), strings("id"))[0] == [], "told alike: 1,52 times both"


def _whole(**own: Any) -> dict[str, Any]:
    return {"status": "scored", "applies": True, "refusal": None, "rung": None, "kind": "relapse", "bundle": "a",
            "province": "32", "regency": "3204", "p_poor_now": 0.31, "risk": 0.2, "low": 0.1, "high": 0.3,
            **own}  # fmt: skip


POOR = _whole(applies=False, p_poor_now=0.62, risk=None, low=None, high=None, kind=None)


@pytest.mark.parametrize(
    ("before", "now", "cuts", "said"),
    [
        (_whole(), POOR, (0.5, 0.5), [
            "The last publication told a risk of a fall of 20 of 100.",
            "Chance of being poor now: 31 of 100 then, 62 of 100 now.", "Judged poor from 50 of 100 on."]),
        (POOR, _whole(bundle="b"), (0.5, 0.43), [
            "The last publication had no estimate of a fall: by estimate below the poverty line already.",
            "Chance of being poor now: 62 of 100 then, 31 of 100 now.",
            "Judged poor from 50 of 100 on at the last publication, from 43 of 100 on now.",
            "The model changed: who is judged poor can differ for that reason."]),
        # As many decimals as tell on which side of the cut it lies; and no cut that a run does not tell.
        (_whole(p_poor_now=0.4996), POOR | {"p_poor_now": 0.5}, (0.5, None), [
            "The last publication told a risk of a fall of 20 of 100.",
            "Chance of being poor now: 49.96 of 100 then, 50 of 100 now."]),
        # As it was measured there is no chance to tell.
        (_whole(p_poor_now=0.0, rung="vulnerable"), POOR | {"p_poor_now": 1.0, "rung": "poor"}, (0.5, 0.5), [
            "The last publication told a risk of a fall of 20 of 100."]),
        (POOR, POOR, (0.5, 0.5), []),
        (_whole(), _whole(regency="3273"), (None, None), [
            "Moved from Bandung Regency to Kota Bandung since the last publication.", "Unchanged (20 of 100)."]),
        (_whole(province="31", regency=None), _whole(bundle="b"), (None, None), [
            "Moved from DKI Jakarta to Bandung Regency since the last publication.",
            "Not comparable: the model changed."]),
    ],
)  # fmt: skip
def test_the_page_tells_why_a_family_is_judged_poor_and_that_it_moved(
    before: dict[str, Any], now: dict[str, Any], cuts: tuple[float | None, float | None], said: list[str]
) -> None:
    assert change(now, before, True, strings("en"), cuts) == said
    assert len(change(now, before, True, strings("id"), cuts)) == len(said)


def test_the_page_says_how_many_reasons_were_kept_where_they_do_not_tell_the_change() -> None:
    assert _rest((5, 7), strings("en")).endswith("An assessment keeps at most the 5 strongest reasons of a family; "
                                                 "whoever runs the assessment can keep more.")  # fmt: skip
