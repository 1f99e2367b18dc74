"""Scenarios as files of the service: their names, JSON for machines, the brief as PDF."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from collections.abc import Mapping
from typing import Any

from features.commands import UserError
from models import drawn
from models.schemes import brief as briefs
from models.text import Language
from models.words import MARK
from serving.area_names import named
from serving.cases.scenarios import area_of
from serving.limits import WORK_SECONDS
from serving.office import Office
from serving.problems import Problem
from serving.simulation import spec

log = logging.getLogger("jaga")
MOST_IN_BRIEF = 2
_ROOM = threading.BoundedSemaphore(1)
"""A brief is set by a process of its own: one at a time."""


def name(found: Mapping[str, Any], suffix: str) -> str:
    """Name of the file."""
    numbers = "_".join(own["number"] for own in found["scenarios"])
    return f"{'sintetis_' if found['data']['synthetic'] else ''}skenario_{numbers}.{suffix}"


def as_json(found: Mapping[str, Any], language: Language) -> bytes:
    """The whole result."""
    mark = {"label": MARK[language]} if found["data"]["synthetic"] else {}
    return json.dumps({**mark, **found}, ensure_ascii=False, allow_nan=False, indent=1).encode()


def as_yaml(row: Any) -> str:
    """A scenario (a row of the store) as a file that `jaga simulate` takes; its head says for which area it was lived,
    since a scenario holds none."""
    area, head = area_of(row), ""
    if area:
        where = f"{named(area, 'id')} ({area})"
        head = (f"# Dijalani oleh keluarga {where}. Berkas skenario tidak memuat wilayah: beri jaga simulate --input "
                f"keluarga wilayah itu saja.\n# Lived by families of {where}. A scenario file holds no area: give jaga "
                "simulate --input the families of that area alone.\n")  # fmt: skip
    return head + spec.as_yaml(row.asked)


def brief(office: Office, found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What the brief says, its pictures drawn. Problem `invalid` of more than two scenarios is the caller's."""
    asked = briefs.asks(found, language)
    svgs = drawn.pictures(office.home, [*asked.values()])
    return briefs.told(found, language, dict(zip(asked, svgs, strict=True)))


def as_pdf(office: Office, found: Mapping[str, Any], language: Language) -> bytes:
    """The brief as PDF. Problem `no_pdf` where what sets it is not installed or fails."""
    if not _ROOM.acquire(timeout=WORK_SECONDS):
        raise Problem("busy", headers={"Retry-After": "5"})
    try:
        return briefs.pdf_elsewhere(brief(office, found, language))
    except (UserError, OSError, subprocess.SubprocessError) as error:
        log.warning("a brief cannot be set: %s", error if isinstance(error, UserError) else type(error).__name__)
        raise Problem("no_pdf") from None
    finally:
        _ROOM.release()
