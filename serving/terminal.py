"""What a command on the service's own data prints at a terminal, where no page is read, in the command's language."""

from __future__ import annotations

from features.commands import UserError
from models.text import Language, words
from serving.problems import Problem

_FIELDS = {"new": ("kata sandi", "the password")}
"""Names of fields that nobody typed."""
_AWAY = (
    "database {database} tidak dapat dihubungi atau ditulisi: {why}; jalankan atau perbaiki yang disebut, atau sebut "
    "yang lain di JAGA_DB, lalu coba lagi",
    "the database {database} cannot be reached or written: {why}; start it or mend what is told, or name another one "
    "in JAGA_DB, then try again",
)
_FULL = (
    "tidak ada ruang lagi di tempat database; yang diminta tidak disimpan. Kosongkan ruang, lalu ketik perintah yang "
    "sama",
    "no room is left where the database is; nothing was stored of what was asked. Free some, then type the same "
    "command",
)
LINES: dict[str, tuple[str, str]] = {
    "written": ("Ditulis: {path}", "Written: {path}"),
    "none": ("tidak ada", "none"),
    "outcomes": ("Hasil yang diketahui sampai {day}: {n} ({uses})", "Outcomes known by {day}: {n} ({uses})"),
    "use.none": ("tanpa guna untuk belajar", "none"),
    "use.random": ("menurut undian", "random"),
    "use.with_random": ("hanya bersama yang menurut undian", "with_random"),
    "use.unknown_chance": ("peluang terpilih tidak diketahui", "unknown_chance"),
    "db.revision": ("tabel berada pada revisi {after}", "the tables are at revision {after}"),
    "db.before": (" (sebelumnya: {before})", " (before: {before})"),
    "db.whole": ("tabel sesuai dengan yang diharapkan versi ini (revisi {newest})",
                 "the tables are what this version expects (revision {newest})"),
    "db.list.changed": ("daftar {name} bukan yang dikonfirmasi", "list {name} is not what was confirmed"),
    "db.list.unlogged": ("daftar {name} tidak ada di log audit sebagaimana adanya",
                         "list {name} is not in the audit log as it is"),
    "db.unlogged": ("{what} tidak ada di log audit sebagaimana adanya", "{what} is not in the audit log as it is"),
    "db.visits.differ": ("{n} kunjungan tidak ada di log audit sebagaimana adanya",
                         "visits not in the audit log as they are: {n}"),
    "db.visits.gone": ("{n} kunjungan yang dicatat menurut log audit tidak ada lagi",
                       "visits recorded by the audit log that are there no more: {n}"),
    "db.used": ("database sedang dipakai, oleh layanan atau perintah lain; hentikan dahulu: yang ditulisnya mulai "
                "sekarang tidak ikut tersalin",
                "the database is in use, by the service or another command; stop that first: what it writes from now "
                "on is not in the copy"),
    "db.copied": ("disalin; log audit dan semua daftar yang dikonfirmasi utuh di tujuan",
                  "copied; the audit log and all confirmed lists verify in the target"),
    "db.counted": ("tidak ada yang dihapus; itu yang akan dihapus", "nothing was deleted; this is what would be"),
    "db.tidied": ("dihapus, dan dicatat di log audit", "deleted, and written into the audit log"),
    "audit.whole": ("log utuh sampai baris {n}", "the log is whole up to row {n}"),
    "audit.broken": ("RUSAK: {why}", "BROKEN: {why}"),
    "audit.waiting": ("catatan: {n} baris bacaan saat database tidak terhubung belum masuk",
                      "note: {n} rows of readings while the database was away are not in it yet"),
    "audit.backward": ("catatan: {n} baris berjam lebih awal daripada baris sebelumnya; jam dimundurkan di sana",
                       "note: {n} rows have a time before that of the row before; the clock was set back there"),
    "audit.nothing": ("tidak ada baris log yang cocok", "no row of the log matches"),
    "audit.accepted": ("catatan promosi sebagaimana adanya, {n} entri, kini yang dikenal log",
                       "the promotion record as it is, {n} entries, is the one that the log knows"),
    "people.added": ("{account} ditambahkan, belum mempunyai peran", "{account} was added, without any role yet"),
    "people.first": ("{account} ditambahkan sebagai administrator pertama",
                     "{account} was added as the first administrator"),
    "people.ask": ("Kata sandi: ", "Password: "),
    "people.again": ("Sekali lagi: ", "Again: "),
    "people.password": ("kata sandi: {made}\nditampilkan sekali ini saja; wajib diganti saat pertama kali masuk",
                        "password: {made}\nshown now and never again; it has to be changed at the first sign-in"),
    "people.state": ("TERKUNCI", "LOCKED"),
    "people.granted": ("{account}: kini {role} di {area}", "{account}: {role} in {area}"),
    "people.had": ("{account}: sudah {role} di {area}", "{account}: {role} in {area} was there already"),
    "people.revoked": ("{account}: tidak lagi {role} di {area}", "{account}: no longer {role} in {area}"),
    "people.reset": ("{account} mendapat kata sandi pertama yang baru; wajib diganti saat masuk berikutnya",
                     "{account} has a new first password, to be changed at the next sign-in"),
    "people.tied": ("{account} kini hanya masuk lewat penyedia akun instansi",
                    "{account} signs in at the OpenID provider from now on, and by no other way"),
    "people.locked": ("{account} dikunci", "{account} is locked"),
    "people.unlocked": ("{account} dibuka kembali", "{account} is unlocked"),
    "tokens.made": ("{secret}\nditampilkan sekali ini saja; berlaku sampai {day}",
                    "{secret}\nshown now and never again; it expires {day}"),
    "tokens.idle": ("{account} belum punya hak, jadi token ini tidak membuka apa pun; beri dulu akun itu hak, lalu "
                    "buat token baru: hak yang datang kemudian tidak berlaku bagi token ini",
                    "{account} has no right yet, so this token opens nothing; give the account a right first, then "
                    "make a new token: a right that comes later does not count for this one"),
    "tokens.row": ("sampai {end}, terakhir dipakai {used}: {label}", "until {end}, last used {used}: {label}"),
    "tokens.ended": ("token {prefix} milik {account} tidak berlaku lagi",
                     "the token {prefix} of {account} holds no longer"),
    "tokens.holds": ("berlaku", "holds"),
    "tokens.expired": ("kedaluwarsa", "expired"),
    "tokens.revoked": ("dicabut", "revoked"),
    "never": ("belum pernah", "never"),
    "facts": ("Fakta {n} keluarga per {day}{mark}", "Facts of {n} families as of {day}{mark}"),
    "facts.programmes": ("Penerimaan setidaknya satu program diketahui dari {n}",
                         "Receipt of at least one programme is known of {n}"),
    "facts.noshocks": ("Register tidak mempunyai tabel guncangan: fakta tidak memuatnya, dan jalur cepat tidak dapat "
                       "disusun dengannya",
                       "The register has no table of shocks: the facts hold none, and no fast lane can be drawn with "
                       "them"),
    "facts.shock": ("Terkena {kind}: {n}", "Hit by {kind}: {n}"),
    "facts.bad": ("Baris {table} yang melanggar aturan dan dilewatkan: {n}",
                  "Rows of {table} that break rules and were left out: {n}"),
    "facts.own": ("Ditulis: {path}; layanan menyusun daftarnya dengan itu",
                  "Written: {path}; the service draws its lists with it"),
    "list": ("Daftar {list} menurut aturan {rules}, undian {seed}", "List {list} by rules {rules}, seed {seed}"),
    "list.places": ("Tempat {places} = menurut peringkat {ranked} + tetap {kept} + jalur cepat {fast_lane} + acak "
                    "{random} + tanpa anggaran {no_budget} + tanpa keluarga {too_few}; cadangan {reserve}",
                    "Places {places} = ranked {ranked} + kept {kept} + fast lane {fast_lane} + random {random} + "
                    "without budget {no_budget} + nobody for them {too_few}; reserve {reserve}"),
    "list.cost": ("Biaya {cost}{left}; periksa lapangan {verify} dari {filled} di daftar, {outside} di luarnya",
                  "Cost {cost}{left}; check in the field {verify} of the {filled} on the list, {outside} outside"),
    "list.left": (", sisa anggaran {left}", ", {left} of the budget left"),
    "list.households": ("Keluarga untuk {scheme}: {rest}", "Households for {scheme}: {rest}"),
    "list.ranked": ("dapat diperingkat", "could be ranked"),
    "list.kept_out": ("Tidak diberi tempat, menurut temuan kunjungan: {n}; berkas rincian menyebut mereka",
                      "Given no place, by what a visit found: {n}; the accounts name them"),
    "list.below": ("Di daftar walau kunjungan menemukan mereka di bawah garis: {n}; berkas rincian menyebut mereka",
                   "On the list although a visit found them below the line: {n}; the accounts name them"),
    "list.gone": ("Di daftar lalu dan tidak di daftar ini: {n}; petugas yang memutuskan",
                  "On the last list and not on this one: {n}; an officer decides about them"),
    "list.gone_version": ("Di versi sebelumnya dan tidak di daftar ini: {n}; petugas yang memutuskan",
                          "On the version before and not on this list: {n}; an officer decides about them"),
    "list.novisits": ("Temuan kunjungan tidak diperhitungkan: {why}",
                      "What visits found was left out of account: {why}"),
    "list.nodatabase": ("tidak ada database di sini", "there is no database here"),
    "list.strange": ("Fakta {n} keluarga yang tidak di wilayah ini tidak dipakai",
                     "Facts of {n} households that are not in these areas were not used"),
    "list.more": ("... dan {n} lagi di berkas", "... and {n} more in the files"),
    "list.nation": ("Indonesia", "nation"),
    "list.edge": ("{code} ({p} dari 100)", "{code} ({p} of 100)"),
    "list.range": ("{value} ({low} sampai {high})", "{value} ({low} to {high})"),
    "list.norange": ("Yang mungkin sudah di bawah garis, dan yang tidak keduanya: perkiraan tanpa rentang. Seberapa "
                     "pasti peluang sudah miskin sekarang tidak diketahui",
                     "Those likely below the line already, and those who are neither: an estimate without a range. "
                     "How sure the chance of being poor now is, is not known"),
    "list.few": ("tidak ditampilkan", "not shown"),
    "list.few.why": ("tidak ditampilkan: kurang dari {fewest} keluarga, kurang dari {falls} yang diperkirakan jatuh, "
                     "atau angka yang mengungkap angka seperti itu",
                     "not shown: of fewer than {fewest} families, of fewer than {falls} expected falls, or a figure "
                     "that would tell one of those"),
    "list.noscore": ("tanpa skor", "no score"),
    "list.unknown": ("tidak diketahui", "not known"),
}  # fmt: skip
HEADS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cells": (("skema", "wilayah", "kuota", "peringkat", "tetap", "cepat", "acak", "kosong", "batas", "terakhir masuk",
               "pertama di luar"),
              ("scheme", "area", "quota", "ranked", "kept", "fast", "random", "empty", "cut", "last in", "first out")),
    "expected": (("perkiraan kesalahan", "", "keluarga", "tanpa skor", "dari 100 yang jatuh, di daftar", "jatuh",
                  "dari 100 di daftar, jatuh", "mungkin sudah di bawah garis", "tidak keduanya", "di daftar"),
                 ("expected errors", "", "households", "no score", "of 100 who fall, on the list", "falls",
                  "of 100 on the list, fall", "are likely below the line already", "neither", "listed")),
}  # fmt: skip


class Printed:
    """Lines of a command in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._at = 0 if language == "id" else 1

    def __call__(self, key: str, **values: object) -> str:
        """A line of `LINES` with its places filled; counts are written as the language writes them."""
        return LINES[key][self._at].format_map({
            name: self.number(own) if isinstance(own, int) else own for name, own in values.items()})  # fmt: skip

    def heads(self, key: str) -> tuple[str, ...]:
        """Heads of a table."""
        return HEADS[key][self._at]

    def number(self, count: int) -> str:
        """A count."""
        return words(self.language).number(count, 0)


def told(problem: Problem) -> UserError:
    """The error that a command ends with, its broken rules too; of a database that is away which one, what to do."""
    indonesian, english = (_told(problem, at) for at in (0, 1))
    return UserError(english, indonesian)


def _told(problem: Problem, at: int) -> str:
    if "database" in problem.values:
        return _AWAY[at].format_map({name: own if isinstance(own, str) else own[at]
                                     for name, own in problem.values.items()})  # fmt: skip
    if problem.code == "storage_full":  # whoever types this is the one who is told elsewhere
        return _FULL[at]
    broken = "; ".join(f"{_FIELDS[own.field][at] if own.field in _FIELDS else own.field} {own.told(at)}"
                       for own in problem.broken)  # fmt: skip
    if broken and problem.code == "invalid":
        return broken
    return "; ".join(filter(None, (problem.sentence("en" if at else "id").rstrip("."), broken)))
