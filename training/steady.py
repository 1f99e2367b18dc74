"""The same bytes whatever the number of processors."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Given = ParamSpec("Given")
Found = TypeVar("Found")


def steady(work: Callable[Given, Found]) -> Callable[Given, Found]:
    """Do linear algebra on one thread: its sums depend on how many share them, and a model's name on the last bit."""

    @wraps(work)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        with threadpool_limits(limits=1, user_api="blas"):
            return work(*args, **kwargs)

    return done
