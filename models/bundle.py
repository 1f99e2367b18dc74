"""The bundle: the folder that holds a model for serving; text and numbers only, checked by hash before use.

No pickle and no module path. Its name is the first 12 hex digits of its identity, the hash over the files that bear
the model; `meta.json` and the card lie outside the identity.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from features import keys, registry
from features.commands import UserError
from features.context import Context
from features.registry import Feature
from features.types import Array, EncodedTable
from models import bundle_files, dynamics, interval, ladder
from models.dynamics import Dynamics
from models.forest import Forest
from models.interval import Widths
from models.ladder import Kernel

FORMAT = 1
BEARING = ("risk.lgb", "status.lgb", "stay.lgb", "ladder.npz", "dynamics.npz", "schema.json",
           "interval.json", "cuts.json", "reference.json", "context.json", "parts.json", "judged.lgb")  # fmt: skip
"""Files that bear the model; `judged.lgb`, which serving does not read, is the model that the figures are of where the
one that answers was fitted again on more rows."""
REQUIRED = ("risk.lgb", "schema.json", "cuts.json", "reference.json", "context.json", "parts.json")
TOLD = ("meta.json", "card.id.md", "card.en.md")
"""What is told of a model, outside its identity."""
OUTSIDE = ("manifest.json", *TOLD)


class BundleError(UserError):
    """A bundle that must not be used: incomplete, altered, or written for another version."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle, ready to score.

    Attributes
    ----------
    identity : hash over the bearing files, 64 hex digits; `name` is its start.
    schema : view, features, strata, horizon, source and what else scoring must agree with.
    texts : the boosters risk, status and stay in LightGBM's format, as far as it has them.
    widths, kernel, dynamics : of the interval, the ladder and the simulation; None in a bundle that has none.
    """

    path: Path
    identity: str
    schema: dict[str, Any]
    cuts: dict[str, Any]
    reference: dict[str, Any]
    texts: dict[str, str]
    context: Context
    widths: Widths | None = None
    kernel: Kernel | None = None
    dynamics: Dynamics | None = None

    @property
    def name(self) -> str:
        """Short name, first 12 hex digits of the identity."""
        return self.identity[:12]

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The features of the model, in order; BundleError if this code does not know one."""
        known = {feature.name: feature for feature in registry.all_features()}
        unknown = [name for name in self.schema["features"] if name not in known]
        if unknown:
            raise BundleError(f"bundle {self.name} needs features this version has not: {', '.join(unknown)}")
        return tuple(known[name] for name in self.schema["features"])

    @cached_property
    def forests(self) -> dict[str, Forest]:
        """The boosters as tables, worked out when they are first asked for; BundleError where one cannot be."""
        found = {}
        for name, text in self.texts.items():
            try:
                found[name] = _forest(text)
            except UserError as error:
                raise BundleError(f"{self.name}: {name}.lgb cannot be used: {error}") from None
            columns = len(self.schema["features"]) + 1  # and the place
            if found[name].width != columns:
                raise BundleError(f"{self.name}: {name}.lgb cannot be used: it has {found[name].width} columns and the "
                                  f"schema {columns}")  # fmt: skip
        return found

    @cached_property
    def _strata(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(self.schema["strata"])}

    def strata(self, province: Array, urban: Array) -> Array:
        """Stratum code of each household, N; -1 where the model has not seen it."""
        names, code = _distinct(province, urban)
        return np.array([self._strata.get(name, -1) for name in names], dtype=np.int64)[code]


def stratum_names(province: Array, urban: Array) -> list[str]:
    """Name of each household's stratum: province, and urban or rural where known."""
    names, code = _distinct(province, urban)
    return np.array(names, dtype=object)[code].tolist()


def _distinct(province: Array, urban: Array) -> tuple[list[str], Array]:
    """The strata that there are, and the place of each household's in their list, N."""
    found = pa.array(province, pa.string()).dictionary_encode(null_encoding="encode")
    town = np.select([urban == 0, urban == 1], [0, 1], 2)
    pair, code = np.unique(found.indices.to_numpy() * np.int64(3) + town, return_inverse=True)
    places = found.dictionary.to_pylist()
    return [f"{places[at // 3]}/{('rural', 'urban', 'all')[at % 3]}" for at in pair.tolist()], code


@lru_cache(maxsize=6)
def _forest(text: str) -> Forest:
    """Its tables; those of two models are kept, for a process that loads its model again, or goes back to the last."""
    return Forest(text)


def name_of(files: Mapping[str, str | bytes]) -> str:
    """Short name that a bundle of these files has; what lies outside the identity need not be among them."""
    return _identity(_hashes(files))[:12]


def _hashes(files: Mapping[str, str | bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(_bytes(files[name])).hexdigest() for name in sorted(files) if name in BEARING}


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def write(folder: Path, files: Mapping[str, str | bytes], meta: Mapping[str, Any]) -> Path:
    """Write a bundle under `folder` and return its path; the same files give the same path and are kept.

    Written to a temporary folder and renamed, so that a half-written bundle never has a bundle's name.
    """
    data = {name: _bytes(text) for name, text in files.items()}
    hashes = _hashes(files)
    identity = _identity(hashes)
    target = folder / identity[:12]
    if target.exists():
        load(target)
        return target
    folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        for name, content in data.items():
            (scratch / name).write_bytes(content)
        (scratch / "meta.json").write_text(dump(meta))
        told = {name: _hash(scratch / name) for name in TOLD if (scratch / name).exists()}
        (scratch / "manifest.json").write_text(dump({"format": FORMAT, "identity": identity, "files": hashes,
                                                     "told": told, "seal": _seal(identity, told)}))  # fmt: skip
        scratch.chmod(0o755)
        os.rename(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def meta(path: Path) -> dict[str, Any]:
    """The figures that were written with a bundle, which promotion is decided on.

    They lie outside the identity, since they hold times; so they and the cards are signed instead.

    Raises
    ------
    BundleError : they or the cards are not as this installation wrote them.
    """
    path = path.resolve()
    manifest = json.loads((path / "manifest.json").read_text())
    told = manifest.get("told") or {}
    signed = hmac.compare_digest(str(manifest.get("seal")), _seal(manifest["identity"], told))
    if "meta.json" not in told or not signed:
        raise BundleError(f"{path.name}: its figures bear no signature of this installation; train it here, or under "
                          "the same JAGA_KEYS")  # fmt: skip
    altered = [name for name, hash_ in told.items() if not (path / name).is_file() or _hash(path / name) != hash_]
    if altered:
        raise BundleError(f"{path.name} was altered: {', '.join(altered)} is not as it was written")
    found: dict[str, Any] = json.loads((path / "meta.json").read_text())
    return found


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _seal(identity: str, told: Mapping[str, str]) -> str:
    return hmac.new(keys.load().seal, f"{identity} {_identity(told)}".encode(), hashlib.sha256).hexdigest()


def load(path: Path) -> Bundle:
    """Verify and read a bundle; BundleError says what is wrong and nothing of it is used."""
    path = path.resolve()
    identity, files = _verified(path)

    def own(name: str, make: Callable[[bytes], Any]) -> Any:
        """What a file holds, None where the bundle has none; BundleError that names it where it cannot be used."""
        try:
            return make(files[name]) if name in files else None
        except (UserError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BundleError(f"{path.name}: {name} cannot be used: {error}") from None

    own("parts.json", bundle_files.plain)  # of which serving reads nothing
    schema = own("schema.json", bundle_files.schema)
    texts = {name: own(f"{name}.lgb", bytes.decode) for name in ("risk", "status", "stay") if f"{name}.lgb" in files}
    return Bundle(path, identity, schema, own("cuts.json", bundle_files.cuts),
                  own("reference.json", lambda text: bundle_files.reference(text, len(schema["features"]))), texts,
                  own("context.json", _read_context),
                  own("interval.json", lambda text: interval.read(bundle_files.plain(text))),
                  own("ladder.npz", ladder.read), own("dynamics.npz", dynamics.read))  # fmt: skip


def _verified(path: Path) -> tuple[str, dict[str, bytes]]:
    try:
        manifest = json.loads((path / "manifest.json").read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{path.name} is no bundle: its manifest cannot be read ({error})") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise BundleError(f"{path.name} has bundle format {found}; this version reads {FORMAT}")
    listed = manifest.get("files")
    if not isinstance(listed, dict):
        raise BundleError(f"{path.name} is no bundle: its manifest lists no files")
    absent = [name for name in REQUIRED if name not in listed]
    if absent:
        raise BundleError(f"{path.name} is incomplete: {', '.join(absent)} is not in its manifest")
    files = {}
    for name, expected in listed.items():
        if name not in BEARING:
            raise BundleError(f"{path.name} lists {name}, which is no file of a bundle")
        try:
            content = (path / name).read_bytes()
        except OSError:
            raise BundleError(f"{path.name} is incomplete: {name} is missing") from None
        if hashlib.sha256(content).hexdigest() != expected:
            raise BundleError(f"{path.name} was altered: {name} does not match its hash")
        files[name] = content
    strangers = {item.name for item in path.iterdir()} - set(listed) - set(OUTSIDE)
    if strangers:
        raise BundleError(f"{path.name} holds files that are not its own: {', '.join(sorted(strangers))}")
    identity = _identity(listed)
    if manifest.get("identity") != identity or path.name != identity[:12]:
        raise BundleError(f"{path.name} does not bear the name of its content ({identity[:12]})")
    return identity, files


def _identity(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {hashes[name]}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def dump(value: Any) -> str:
    """JSON with sorted keys, so that equal content is equal bytes."""
    return json.dumps(value, sort_keys=True, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def context_json(context: Context) -> str:
    """The context tables as JSON columns; dates as text, missing as null."""
    tables = {}
    for name, table in context.tables.items():
        tables[name] = {column: _plain(values) for column, values in table.items()}
    return dump(tables)


def _plain(values: Array) -> list[Any]:
    if values.dtype.kind == "M":
        return values.astype(str).tolist()
    if values.dtype.kind == "f":
        return [None if np.isnan(value) else value for value in values.tolist()]
    return list(values.tolist())


def _read_context(text: bytes) -> Context:
    tables: dict[str, EncodedTable] = {}
    for name, columns in bundle_files.plain(text).items():
        if not all(isinstance(values, list) for values in columns.values()) or len(
                {len(values) for values in columns.values()}) > 1:  # fmt: skip
            raise ValueError(f"{name} is no table")
        tables[name] = {column: _typed(column, values) for column, values in columns.items()}
    return Context(tables)


def _typed(column: str, values: list[Any]) -> Array:
    if column == "known_at":
        return np.array(values, dtype="datetime64[D]")
    if column == "period":
        return np.array(values, dtype=np.int64)
    if all(value is None or isinstance(value, int | float) for value in values) and column not in _TEXT:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


_TEXT = ("line_province", "region", "region_name")
