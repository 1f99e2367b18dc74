"""Rules of the data contract that a row in quarantine breaks, in the caller's language; their texts are English."""

from __future__ import annotations

import re

from models.text import Language

_UNITS = {"decile": "desil", "hours a week": "jam seminggu", "head": "ekor", "ha": "ha", "share a year":
          "bagian setahun", "households": "keluarga", "m2": "m2", "currency per month": "mata uang sebulan",
          "rooms": "ruang", "share": "bagian", "years": "tahun"}  # fmt: skip
"""Units of the contract."""
_VALUES = {"the value": "nilainya", "a date": "tanggal", "a list or struct": "daftar atau objek"}
"""What `features.values.shown` says in the place of a value."""
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"is empty; a value is required", "kosong; wajib diisi"),
    (r"looks like a NIK; personal numbers are never stored", "mirip NIK; nomor pribadi tidak pernah disimpan"),
    (r"(.+) is below (\S+)(?: (.+))?", "{0} di bawah {1} {2}"),
    (r"(.+) is above (\S+)(?: (.+))?", "{0} di atas {1} {2}"),
    (r"(.+) is not finite", "{0} tidak terhingga"),
    (r"(.+) is neither 0 nor 1", "{0} bukan 0 atau 1"),
    (r"(.+) is a code for unknown; leave the cell empty", "{0} adalah kode untuk tidak diketahui; kosongkan saja"),
    (r"(.+) is not a whole number", "{0} bukan bilangan bulat"),
    (r"(.+) is not true or false", "{0} bukan true atau false"),
    (
        r"(.+) is not a number: its decimal sign is a comma \(a map has to set decimal = \",\"\)",
        '{0} bukan angka: tanda desimalnya koma (peta harus menyebut decimal = ",")',
    ),
    (r"(.+) is not a number", "{0} bukan angka"),
    (r"is longer than (\d+) characters", "lebih panjang dari {0} karakter"),
    (r"(.+) is not text", "{0} bukan teks"),
    (r"has characters that cannot be printed", "memuat karakter yang tidak dapat dicetak"),
    (r"code (.+) has no meaning in the map", "kode {0} tidak punya arti dalam peta"),
    (r"is too large a number for a code", "bilangan terlalu besar untuk sebuah kode"),
    (r"(.+) is not a code of (\d+) digits", "{0} bukan kode {1} angka"),
    (
        r"is not a keyed code; read raw ids through a source, which keys them",
        "bukan kode keluarga; nomor mentah dibaca lewat sumber data, yang menyandikannya",
    ),
    (r"(.+) is not a period; write 2026Q1 or 2026", "{0} bukan periode; tulis 2026Q1 atau 2026"),
    (r"(.+) is not a date; write 2026-01-31", "{0} bukan tanggal; tulis 2026-01-31"),
    (r"(.+) is not between (\d+) and (\d+)", "{0} tidak antara {1} dan {2}"),
    (r"(.+) is not one of (.+)", "{0} bukan salah satu dari {1}"),
    (r"is a household that has no row", "adalah keluarga yang tidak punya baris"),
    (r"(.+) is there already in an earlier row", "{0} sudah ada di baris sebelumnya"),
    (r"lies before the period it describes begins", "lebih awal dari mulainya periode yang diterangkan"),
    (r"mixes years and quarters with the other rows", "mencampur tahun dan triwulan dengan baris lain"),
    (r"does not begin with the code of the row's regency", "tidak berawal dengan kode kabupaten/kota baris ini"),
    (r"a child under (\d+) cannot be employed", "anak di bawah {0} tahun tidak dapat tercatat bekerja"),
    (r"has no member rows", "tidak punya baris anggota"),
    (r"has no household row for that period", "tidak punya baris keluarga untuk periode itu"),
    (r"has a member row that was refused", "punya baris anggota yang ditolak"),
    (r"has another row for that period, which was refused", "punya baris lain untuk periode itu, yang ditolak"),
    (r"belongs to a household that was refused", "milik keluarga yang ditolak"),
    (r"has a member row whose period was refused", "punya baris anggota yang periodenya ditolak"),
)
_READ = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _PATTERNS)


def told(rule: str, language: Language) -> str:
    """A rule of `features` in a language, with its figures; as it is where it has no pattern."""
    for pattern, words in _READ if language == "id" else ():
        if found := pattern.fullmatch(rule):
            parts = [_VALUES.get(part, _UNITS.get(part, part)) for part in found.groups("")]
            return words.format(*parts).rstrip()
    return rule


def in_words(row: dict[str, object], languages: tuple[Language, ...]) -> dict[str, object]:
    """A row in quarantine with its rule in the words of each language (`text`)."""
    return {**row, "text": {language: told(str(row["rule"]), language) for language in languages}}
