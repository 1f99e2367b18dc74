"""Nobody asks so often that others wait, and one caller never uses up what another has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from serving.access import rates
from serving.access.rates import BURST, Rates


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 20))
def test_no_window_lets_more_through_than_the_rate_and_one_burst(pauses: list[float], rate: int) -> None:
    now, passed = 0.0, []
    bucket = Rates(rate, lambda: now)
    for pause in pauses:
        now += pause
        wait = bucket.take("a")
        assert wait >= 0
        if not wait:
            passed.append(now)
        else:
            now += wait + 1e-9
            assert bucket.take("a") == 0, "after the wait that was told the request goes on"
            passed.append(now)
    for begin in passed:
        for end in passed:
            if end >= begin:
                inside = sum(begin <= moment <= end for moment in passed)
                assert inside <= rate * (BURST + end - begin) + 1 + 1e-6


def test_one_caller_does_not_use_up_what_another_has() -> None:
    bucket = Rates(1, lambda: 0.0)
    assert [bucket.take("a") for _ in range(3)] == [0, 0, 1]
    assert bucket.take("b") == 0


def test_many_callers_do_not_fill_memory() -> None:
    bucket = Rates(1, lambda: 0.0)
    for number in range(rates.MOST + 50):
        bucket.take(str(number))
    assert len(bucket._buckets) == rates.MOST
