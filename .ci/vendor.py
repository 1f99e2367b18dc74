"""Copy what the pages need from npm packages into the product, with licence and hash of each file; and for the tests
what they need, into a folder of theirs that no wheel has."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "serving" / "static" / "vendor"
FOR_TESTS = ROOT / "tests" / "vendor"

KEPT = {
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
    "lucide-static": ("LICENSE",),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-bundle.js.LICENSE.txt", "LICENSE",
                        "NOTICE"),
}  # fmt: skip
"""Files kept of each package: those that a page loads, and the texts that their licences ask for."""
KEPT_FOR_TESTS = {"axe-core": ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt")}
ICONS = {
    "cari": "search", "keluarga": "users", "daftar": "list-checks", "kunjungan": "clipboard-check",
    "sanggahan": "message-square-text", "peta": "map", "model": "gauge", "kompas": "compass", "skenario": "git-compare",
    "orang": "user", "unduh": "download", "cetak": "printer", "periksa": "eye", "naik": "arrow-up-right",
    "turun": "arrow-down-right", "tetap": "move-right", "jam": "clock", "salin": "copy", "bantuan": "circle-help",
    "menu": "menu",
}  # fmt: skip
"""Our name of each icon: that of lucide."""


def main() -> None:
    """Write both folders anew."""
    _copy(KEPT, TARGET, {"lucide-static": {"sprite.svg": _sprite()}})
    _copy(KEPT_FOR_TESTS, FOR_TESTS, {})


def _copy(kept: dict[str, tuple[str, ...]], target: Path, made: dict[str, dict[str, bytes]]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    told = []
    for name, files in sorted(kept.items()):
        package = json.loads((MODULES / name / "package.json").read_text())
        (target / name).mkdir(parents=True)
        contents = {Path(file).name: (MODULES / name / file).read_bytes() for file in files} | made.get(name, {})
        hashes = {}
        for file, content in sorted(contents.items()):
            (target / name / file).write_bytes(content)
            hashes[file] = hashlib.sha256(content).hexdigest()
        told.append({"name": name, "version": package["version"], "licence": package["license"], "sha256": hashes})
    (target / "vendor.json").write_text(json.dumps({"packages": told}, indent=2) + "\n")


def _sprite() -> bytes:
    """The icons as symbols of one file; colour and width of their lines come from the page."""
    symbols = []
    for own, theirs in sorted(ICONS.items()):
        text = (MODULES / "lucide-static" / "icons" / f"{theirs}.svg").read_text()
        drawn = re.sub(r"\s+", " ", _inside(text)).strip().replace(" />", "/>").replace("> <", "><")
        symbols.append(f'<symbol id="{own}" viewBox="0 0 24 24">{drawn}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n").encode()


def _inside(svg: str) -> str:
    found = re.search(r"<svg\b[^>]*>(.*)</svg>", svg, re.DOTALL)
    if found is None:
        raise ValueError("an icon that is no SVG")
    return found[1]


if __name__ == "__main__":
    main()
