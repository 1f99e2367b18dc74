"""Copy what the pages need from npm packages into the product, with licence and hash of each file."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "serving" / "static" / "vendor"

KEPT = {
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-bundle.js.LICENSE.txt", "LICENSE",
                        "NOTICE"),
}  # fmt: skip
"""Files kept of each package: those that a page loads, and the texts that their licences ask for."""


def main() -> None:
    """Write `serving/static/vendor` anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    told = []
    for name, files in sorted(KEPT.items()):
        package = json.loads((MODULES / name / "package.json").read_text())
        (TARGET / name).mkdir(parents=True)
        hashes = {}
        for file in sorted(files):
            content = (MODULES / name / file).read_bytes()
            (TARGET / name / file).write_bytes(content)
            hashes[file] = hashlib.sha256(content).hexdigest()
        told.append({"name": name, "version": package["version"], "licence": package["license"], "sha256": hashes})
    (TARGET / "vendor.json").write_text(json.dumps({"packages": told}, indent=2) + "\n")


if __name__ == "__main__":
    main()
