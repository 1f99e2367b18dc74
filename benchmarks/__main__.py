"""Run every benchmark of this folder, or those named; exit code 1 where one misses its bar."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from benchmarks._long import LONG

RESULTS = Path(__file__).resolve().parent / "results"
"""Committed: `docs/benchmarks.md` and its pictures are made from these files alone."""


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)), "memory_gib": round(memory, 1),
            "python": platform.python_version(), "load_before": round(os.getloadavg()[0], 2),
            "day": date.today().isoformat()}  # fmt: skip


def main() -> int:
    """Run them one after the other; each has `run() -> {"passed": bool, ...}` and prints as it goes."""
    names = sorted(
        module.name for module in iter_modules([str(Path(__file__).parent)]) if not module.name.startswith("_")
    )
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}; all but the long ones without it"
    )
    parser.add_argument("--output", type=Path, default=RESULTS,
                        help="folder of the JSON files; the page of the docs is made from %(default)s")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="the long ones too: hours, and 60 GB of disk")
    args = parser.parse_args()
    unknown = sorted(set(args.names) - set(names))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(names)}")
    args.output.mkdir(parents=True, exist_ok=True)
    missed = []
    asked = args.names or [name for name in names if args.all or name not in LONG]
    modules = {name: import_module(f"benchmarks.{name}") for name in asked}
    for name, module in modules.items():
        on = machine()
        print(f"\n== {name}  ({on['cpu']}, {on['cores']} cores, load {on['load_before']})", flush=True)
        result = module.run()
        file = args.output / f"{name}.json"
        file.write_text(json.dumps({"machine": on, **result}, indent=1) + "\n")
        print(f"   {'passed' if result['passed'] else 'MISSED ITS BAR'}; written to {file}", flush=True)
        if not result["passed"]:
            missed.append(name)
    if not args.names and not args.all:
        print("\nLeft out, since they are long (name them, or --all):", *LONG, flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
