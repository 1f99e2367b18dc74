"""What the tests run of the code, from the report of coverage.py: `make coverage` keeps it in `benchmarks/results`.

By package and, of the files of which least is run, the functions that are not, with what each is for.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.__main__ import RESULTS, machine

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("features", "models", "training", "serving")
LEAST, NAMED = 10, 4
"""Files told by name, and functions of each."""
ABOUT = ("Lines and branches of the product that the whole test suite runs (`make coverage`, coverage.py). Commands, "
         "workers and servers that tests start count too, unless a test kills them outright. Functions that Numba "
         "compiles run as machine code, where no line is seen: they count as not run though tests run "
         "them.")  # fmt: skip
Row = dict[str, Any]


def of(report: Row, root: Path = ROOT) -> Row:
    """What the page tells.

    Parameters
    ----------
    report : of `coverage json`, with branches. root : folder that its files are in.
    """
    files = {name.replace("\\", "/"): own for name, own in report["files"].items()}
    packages = {package: _sum([own["summary"] for name, own in files.items() if name.startswith(f"{package}/")])
                for package in PACKAGES}  # fmt: skip
    least = sorted((name for name, own in files.items() if own["summary"]["num_statements"]),
                   key=lambda name: (files[name]["summary"]["percent_covered"], name))[:LEAST]  # fmt: skip
    return {"about": ABOUT, "packages": {name: own for name, own in packages.items() if own["of"]}, "least": [
        {"file": name, "share": round(files[name]["summary"]["percent_covered"], 1),
         "what": _not_run(files[name], root / name)} for name in least]}  # fmt: skip


def _sum(found: list[Row]) -> Row:
    def all_of(key: str) -> int:
        return sum(own[key] for own in found)

    lines, branches = all_of("num_statements"), all_of("num_branches")
    return {"lines": round(100 * all_of("covered_lines") / max(1, lines), 1), "missing": all_of("missing_lines"),
            "branches": round(100 * all_of("covered_branches") / max(1, branches), 1), "of": lines}  # fmt: skip


def _not_run(own: Row, path: Path) -> str:
    """The functions with most lines that no test runs, with the first line of what they say of themselves."""
    said = _docs(path)
    missing = {name: len(part["missing_lines"]) for name, part in own["functions"].items() if part["missing_lines"]}
    if not missing:
        return f"{own['summary']['missing_branches']} branches"
    order = sorted((name for name in missing if name), key=lambda name: (-missing[name], name))
    told = [
        f"`{name}` ({_lines(missing[name])}{': ' + said[name] if said.get(name) else ''})" for name in order[:NAMED]
    ]
    if len(order) > NAMED:
        told.append(f"{len(order) - NAMED} functions more ({_lines(sum(missing[name] for name in order[NAMED:]))})")
    if "" in missing:
        told.append(f"{_lines(missing[''])} outside functions")
    return "; ".join(told)


def _lines(count: int) -> str:
    return f"{count} line" + ("" if count == 1 else "s")


def _docs(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(node: ast.AST, before: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{before}{child.name}"
                found[name] = (ast.get_docstring(child) or "").split("\n")[0].strip(" .").replace("|", "/")
                walk(child, f"{name}.")
            else:
                walk(child, before)

    walk(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


def main() -> int:
    """Read a report and write the result."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    file = RESULTS / "coverage.json"
    file.write_text(json.dumps({"machine": machine(), **of(report)}, indent=1) + "\n", encoding="utf-8")
    print(f"Written: {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
