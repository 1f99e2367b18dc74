"""What `jaga openings` prints: jobs that the workers of a household could look into, with what speaks for each."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from features import answer_file
from features.contract import EDUCATION, SECTIONS
from models.compass import openings, table, telling, workers
from models.compass.measures import BY_KEY, TASKS
from models.compass.occupations import all_occupations
from models.compass.openings import Prospect, Worker
from models.compass.table import Place
from models.text import LANGUAGES, Language, words


def command(arguments: argparse.Namespace) -> int:
    """Print openings. UserError for a household that is not there, or facts of a worker that are none."""
    province, found = _household(arguments) if arguments.household else (arguments.province, (_worker(arguments),))
    place = table.place(province if province in table.provinces() or not arguments.household else "")
    told = openings.household(found, place)
    answer_file.writable(arguments.json)
    sys.stdout.write("\n".join(page(told, place, arguments.language)) + "\n")
    whole = telling.prospects(told, place, LANGUAGES)
    answer_file.write(arguments.json, json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return 0


def _household(arguments: argparse.Namespace) -> tuple[str, tuple[Worker, ...]]:
    if arguments.input is None:
        raise telling.wrong("input")
    if any((arguments.occupation, arguments.section, arguments.schooling, arguments.province)):
        raise telling.wrong("both")
    return workers.of_register(Path(arguments.input), arguments.household)


def _worker(arguments: argparse.Namespace) -> Worker:
    asked = Worker(arguments.occupation, arguments.section, arguments.schooling)
    if asked == Worker():
        raise telling.wrong("nothing")
    for option, value, known in (
        ("occupation", asked.occupation, all_occupations()),
        ("section", asked.section, SECTIONS),
        ("schooling", asked.schooling, EDUCATION),
        ("province", arguments.province, table.provinces()),
    ):
        telling.known(option, value, known)
    return asked


def page(found: Sequence[Prospect], place: Place, language: Language) -> list[str]:
    """Lines for a person."""
    say = _ID if language == "id" else _EN
    lines = [words(language).compass["note"], f"{say['figures']}: {telling.place_name(place.province, language)}"]
    if not found:
        lines.append(say["nobody"])
    for number, own in enumerate(found, 1):
        lines += ["", *_prospect(own, number, say, language)]
    return [*lines, "", f"{say['missing']}:", *(f"  - {one}" for one in telling.missing(openings.NOT_KNOWN, language))]


def _prospect(found: Prospect, number: int, say: dict[str, str], language: Language) -> Iterator[str]:
    own = telling.worker(found.worker, language)
    facts = [own[name] for name in ("title", "section_name", "schooling_name") if own[name]]
    yield f"== {say['worker']} {number}: {'; '.join(facts) or '-'}"
    yield f"{say['now_section'] if found.of_section else say['now']}: {_exposed(found.exposure, say, language)}"
    for at, each in enumerate(found.openings, 1):
        told = telling.opening(each, found, language)
        yield f"{at}. {told['title']} ({told['section']} {told['section_name']})"
        yield from (f"   + {line}" for line in told["why"])
        yield from (f"   ! {line}" for line in told["mind"])
        if told["wages"]:
            yield f"   {told['wages']}"
        yield f"   {say['there']}: {_exposed(each.exposure, say, language)}"
    yield from (f"   ? {line}" for line in telling.missing(found.missing, language))


def _exposed(values: dict[str, float | None], say: dict[str, str], language: Language) -> str:
    told = {key: say["unknown"] if (value := values[key]) is None else BY_KEY[key].written(value, language)
            for key in TASKS}  # fmt: skip
    return "; ".join(f"{BY_KEY[key].name(language)} {value}" for key, value in told.items())


_ID = {
    "figures": "Angka upah dan pekerja",
    "worker": "Pekerja",
    "now": "Paparan pekerjaan sekarang",
    "now_section": "Paparan lapangan usaha sekarang",
    "there": "Paparan",
    "unknown": "tidak diketahui",
    "missing": "Yang tidak diketahui",
    "nobody": "Tidak ada anggota 15 tahun ke atas yang bekerja atau mencari kerja.",
}
_EN = {
    "figures": "Figures of wages and workers",
    "worker": "Worker",
    "now": "Exposure of the present job",
    "now_section": "Exposure of the present industry",
    "there": "Exposure",
    "unknown": "not known",
    "missing": "Not known",
    "nobody": "No member of 15 or over works or looks for work.",
}
