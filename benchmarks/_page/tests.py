"""What is told of the tests: faults planted in the code, and lines that no test runs."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks._page.told import Line, One, Part, least


def mutation(one: One) -> Part:
    """Planted faults, and those that no test notices."""
    lived = [Line(f"not noticed: `{row['file']}:{row['line']}`", f"`{row['old']}` made `{row['new']}`")
             for row in one["rows"] if row["caught_by"] is None]  # fmt: skip
    return Part(
        f"{one['lines']} lines of the model, contract, targeting and access code, drawn with seed {one['seed']}, each "
        "made wrong in turn (`benchmarks/mutation.py` says how).",
        [Line("faults that the tests notice", str(one["caught"]), f"at least {one['bar']}",
              least(one["caught"], one["bar"]), f"planted faults noticed, of {one['lines']}"), *lived])  # fmt: skip


def reach(one: One | None) -> Iterator[str]:
    """Lines and branches that the tests run, by package, and the files of which they run least."""
    if one is None:
        yield "**Not measured yet**: `make coverage` measures it."
        return
    yield one["about"]
    yield ""
    yield "| package | lines | branches | lines not run |"
    yield "| --- | --: | --: | --: |"
    for name, own in one["packages"].items():
        yield f"| `{name}/` | {own['lines']:.1f} % | {own['branches']:.1f} % | {own['missing']:,} of {own['of']:,} |"
    yield ""
    yield f"The {len(one['least'])} files of which least is run, and what is not:"
    yield ""
    yield "| file | lines and branches | not run |"
    yield "| --- | --: | --- |"
    for own in one["least"]:
        yield f"| `{own['file']}` | {own['share']:.1f} % | {own['what']} |"
