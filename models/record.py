"""The promotion record: which bundle answers, since when, on whose word and on which figures."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypedDict

from features import keys
from models import bundle as bundles
from models import chain
from models.bundle import Bundle, BundleError

CHAMPION = "champion"
"""Name of the link, beside the bundles, to the one that answers."""


class Entry(TypedDict):
    """One promotion or return to an earlier bundle.

    action : `promote` or `rollback`. who, when : person, and time as ISO 8601 text. data_hash : hash of the training
    data. gates : name to what it found. figures : the measured figures that were decided on.
    """

    action: Literal["promote", "rollback"]
    who: str
    when: str
    data_hash: str
    gates: Mapping[str, Any]
    figures: Mapping[str, Any]


def path(home: Path) -> Path:
    """File of the record."""
    return home / "record.jsonl"


def folder(home: Path) -> Path:
    """Folder of the bundles."""
    return home / "bundles"


def head(home: Path) -> Path:
    """File that changes with every entry."""
    return chain.head_file(path(home))


def champion(home: Path) -> Path | None:
    """The bundle that is to answer, not yet checked; None where none was promoted.

    A copy that keeps no links, such as a Bento, has no `champion`; its record names the same bundle.
    """
    link = folder(home) / CHAMPION
    if link.is_symlink() or link.exists():
        return link
    identity = promoted(home)
    return None if identity is None else folder(home) / identity[:12]


def entries(home: Path) -> list[dict[str, Any]]:
    """All entries, verified, oldest first; ChainError names the first broken line."""
    return list(chain.bodies(path(home), keys.load().seal))


def promoted(home: Path) -> str | None:
    """Identity of the bundle promoted last, None where none ever was; ChainError where the record is broken."""
    last = None
    for entry in entries(home):
        last = str(entry["bundle"])
    return last


def promote(home: Path, bundle_path: Path, entry: Entry) -> str:
    """Write down that a bundle is promoted, then make it the champion; returns its identity.

    Should it stop between the two, serving keeps to the bundle it has; promoting again mends it.

    Parameters
    ----------
    home : folder of the installation (`features.home`).
    bundle_path : a bundle in `folder(home)`.
    entry : who, when and why.

    Raises
    ------
    BundleError : the bundle is damaged or lies elsewhere. ChainError : the record is broken.
    """
    bundle = bundles.load(bundle_path)
    if bundle.path.parent != folder(home).resolve():
        raise BundleError(f"{bundle.path.name} is not in {folder(home)}; only a bundle there can be promoted")
    entries(home)
    chain.append(path(home), {**entry, "bundle": bundle.identity}, keys.load().seal)
    _point(folder(home) / CHAMPION, bundle.name)
    return bundle.identity


def check(home: Path, bundle: Bundle) -> None:
    """Raise BundleError unless `bundle` is the one promoted last in a record that verifies."""
    try:
        identity = promoted(home)
    except chain.ChainError as error:
        raise BundleError(f"the promotion record cannot be trusted: {error}") from None
    if identity is None:
        raise BundleError(f"bundle {bundle.name} is not in the promotion record: no bundle was ever promoted")
    if identity != bundle.identity:
        raise BundleError(f"bundle {bundle.name} is not the one promoted last, {identity[:12]}; promote it again")


def _point(link: Path, name: str) -> None:
    """Make a relative link in one step: a reader sees the old target or the new one, never none."""
    scratch = Path(tempfile.mkdtemp(prefix=".pointing-", dir=link.parent))
    try:
        os.symlink(name, scratch / "link")
        os.replace(scratch / "link", link)
    finally:
        scratch.rmdir()
