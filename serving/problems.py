"""What went wrong, as RFC 9457 problem details: in the caller's language, naming the field and the rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from features.values import masked
from models.text import LANGUAGES, Language
from serving.limits import BODY_MIB, HEAD_KIB, WORK_SECONDS
from serving.problem_rules import API_RULES
from serving.problem_titles import TITLES

MEDIA_TYPE = "application/problem+json"
TYPES = "/problems"
"""Address of the page of all problems; that of one is `type_of` its code."""
MOST = 20
"""Broken rules told in one answer; a caller with more mends these first."""

PROBLEMS: dict[str, tuple[int, str, str]] = {
    "bad_request": (400, "Permintaan tidak dapat dibaca.", "The request cannot be read."),
    "bad_query": (400, "Saringan {key}: {rule}.", "Filter {key}: {rule}."),
    "not_json": (400, "Isi permintaan bukan JSON yang sah.", "The body is not valid JSON."),
    "not_found": (404, "Alamat ini tidak ada.", "There is nothing at this address."),
    "method": (405, "Cara ini tidak berlaku untuk alamat ini.", "This method does not apply to this address."),
    "too_slow_to_send": (408, "Permintaan terlalu lama dikirim.", "The request took too long to arrive."),
    "too_large": (413, "Permintaan terlalu besar; paling besar {most}.",
                  "The request is too large; the most is {most}."),
    "head_too_large": (431, f"Kepala permintaan terlalu besar; paling besar {HEAD_KIB} KiB.",
                       f"The head of the request is too large; the most is {HEAD_KIB} KiB."),
    "media_type": (415, "Kirim JSON dengan Content-Type: application/json.",
                   "Send JSON with Content-Type: application/json."),
    "unauthenticated": (401, "Silakan masuk untuk melanjutkan.", "Please sign in to continue."),
    "bad_token": (401, "Token tidak dikenal, dicabut, atau kedaluwarsa.", "The token is unknown, revoked or expired."),
    "sign_in_expired": (401, "Masa masuk berakhir dan tidak ada yang tersimpan; masuk lagi untuk melanjutkan.",
                        "You were signed out and nothing was saved; sign in to continue."),
    "bad_credentials": (401, "Akun atau kata sandi tidak cocok.", "The account or password does not match."),
    "forbidden_role": (403, "Ini hanya untuk peran {role}. Hubungi administrator Anda.",
                       "This is for the {role} role only. Ask your administrator."),
    "forbidden_scope": (403, "Token ini tidak mencakup {scope}. Buat token lain.",
                        "This token does not cover {scope}. Make another one."),
    "form_expired": (403, "Formulir ini kedaluwarsa dan tidak ada yang tersimpan. Muat ulang, lalu isi lagi.",
                     "This form expired and nothing was saved. Reload it and fill it in again."),
    "form_kept": (403, "Formulir ini kedaluwarsa. Muat ulang dalam 15 menit: isian Anda tetap ada, lalu kirim lagi.",
                  "This form expired. Reload it within 15 minutes: your answers stay, and send it again."),
    "must_change": (403, "Ganti kata sandi Anda sebelum melanjutkan.", "Change your password before going on."),
    "provider_refused": (401, "Akun instansi tidak dapat dipastikan. Coba masuk lagi.",
                         "Your institution's account could not be confirmed. Try to sign in again."),
    "provider_away": (503, "Layanan akun instansi tidak dapat dihubungi. Coba lagi sebentar lagi.",
                      "The service of institution accounts cannot be reached. Try again in a moment."),
    "not_registered": (403, "Akun instansi Anda belum terdaftar di Jaga. Hubungi administrator Anda.",
                       "Your institution's account is not registered in Jaga. Ask your administrator."),
    "not_in_area": (404, "Tidak ditemukan di wilayah Anda.", "Not found in your area."),
    "changed_meanwhile": (409, "Data berubah setelah Anda membuka halaman. Periksa lagi sebelum menyimpan.",
                          "The data changed after you opened the page. Check again before saving."),
    "visit_made": (409, "Hasil kunjungan ini sudah dicatat; perbaiki yang tercatat.",
                   "What this visit found is recorded already; correct that."),
    "visit_not_made": (409, "Kunjungan ini belum dicatat; catat dulu hasilnya.",
                       "This visit is not recorded yet; record first what it found."),
    "visit_corrected": (409, "Kunjungan ini sudah diperbaiki; yang berlaku ialah perbaikannya.",
                        "This visit was corrected; what holds is its correction."),
    "visit_closed": (409, "Kunjungan ini sudah ditutup; hasilnya tidak dapat diubah lagi.",
                     "This visit is closed; what it found can no longer be changed."),
    "case_decided": (409, "Kasus ini sudah diputus; putusan tidak diubah. Keluarga dapat mengajukan sanggahan baru.",
                     "This case is decided, and a decision is not changed. The family can lodge a new objection."),
    "errors_differ": (409, "expected_errors bukan perkiraan kesalahan konsep ini; baca konsepnya dan kirim yang ada di "
                           "sana.",
                      "expected_errors are not those of this draft; read the draft and send those it tells."),
    "precondition_failed": (412, "Data berubah sejak ETag ini. Baca lagi sebelum menyimpan.",
                            "The data changed since this ETag. Read it again before saving."),
    "duplicate_request": (409, "Kiriman dengan nomor yang sama berisi data berbeda. Yang pertama dipakai.",
                          "A submission with the same number had other data. The first one stands."),
    "no_scores": (503, "Belum ada skor yang terbit. Kunjungan dan sanggahan tetap dapat dibaca.",
                  "No scores are published yet. Visits and objections can still be read."),
    "scores_expired": (409, "Skor sudah kedaluwarsa; daftar tidak disusun dari skor lama.",
                       "The scores have expired; no list is drawn from old ones."),
    "facts_broken": (503, "Berkas fakta tambahan tidak dapat dipakai, jadi daftar tidak disusun. Administrator melihat "
                          "sebabnya di log layanan.",
                     "The file of further facts cannot be used, so no list is drawn. The administrator sees why in the "
                     "service's log."),
    "scores_changed": (409, "Skor baru terbit; hitung ulang.", "New scores are published; draw the list again."),
    "not_confirmed": (409, "Daftar ini belum dikonfirmasi; hanya daftar yang dikonfirmasi dapat diunduh.",
                      "This list is not confirmed yet; only a confirmed list can be exported."),
    "list_immutable": (409, "Daftar yang dikonfirmasi tidak dapat diubah. Buat versi baru.",
                       "A confirmed list cannot be changed. Make a new version."),
    "no_account": (404, "Tidak ada akun {account}.", "There is no account {account}."),
    "unknown_area": (422, "Tidak ada provinsi atau kabupaten/kota dengan kode BPS {area}.",
                     "There is no province or regency with the BPS code {area}."),
    "account_taken": (409, "Akun {account}, atau identitasnya di penyedia akun instansi, sudah dipakai.",
                      "Account {account}, or its identity at the provider, is taken."),
    "first_taken": (409, "Sudah ada administrator; masuk dengan akun itu.",
                    "There is an administrator already; sign in with that account, or use jaga people add."),
    "last_administrator": (409, "Administrator terakhir tidak dapat dikunci atau kehilangan perannya; angkat yang lain "
                                "dulu.",
                           "The last administrator cannot be locked or lose the role; make another one first."),
    "reset_first": (409, "Cara masuk akun {account}, yaitu kata sandi pertama atau tanda pengenal akun instansinya, "
                         "ditetapkan administrator wilayah yang lebih sempit. Tetapkan lagi dulu, lalu beri hak ini.",
                    "How {account} signs in, the first password or the subject of the institution's account, was set "
                    "by the administrator of a smaller area. Set it anew, then give this right."),
    "no_token": (404, "Tidak ada token yang masih berlaku dengan awalan jaga_{prefix}_.",
                 "There is no token that holds and begins with jaga_{prefix}_."),
    "own_list": (403, "Yang menyusun daftar atau mencatat kasus tidak memutusnya.",
                 "Who drew a list, or opened the case, does not decide about it."),
    "own_visit": (403, "Kunjungan hanya diperbaiki oleh yang mencatatnya, dan hanya ditutup oleh orang lain.",
                  "Only who recorded a visit corrects it, and only somebody else closes it."),
    "own_scenario": (403, "Skenario hanya dibatalkan oleh yang memintanya.",
                     "Only who asked for a scenario cancels it."),
    "invalid": (422, "Permintaan melanggar aturan; lihat errors.", "The request breaks rules; see errors."),
    "bad_scenario": (422, "Skenario melanggar aturan: {told}", "The scenario breaks a rule: {told}"),
    "not_alike": (409, "Skenario ini tidak dapat dibandingkan: {told}. Samakan itu pada salinan salah satunya, dan "
                  "jalankan salinan itu.",
                  "These scenarios cannot be compared: {told}. Make that alike in a copy of one, and run the copy."),
    "not_lived": (409, "Skenario {no} {state}.", "Scenario {no} {state}."),
    "scenario_ended": (409, "Skenario {no} sudah selesai, gagal, atau dibatalkan; tidak ada lagi yang dapat "
                       "dibatalkan.",
                       "Scenario {no} is finished, failed, or was cancelled; there is nothing left to cancel."),
    "older_result": (409, "Skenario {no} dihitung oleh versi Jaga yang lebih lama; hitung lagi untuk melihat angkanya.",
                     "Scenario {no} was lived by an older version of Jaga; run it again to see its figures."),
    "no_pdf": (503, "PDF tidak dapat dibuat di server ini; halaman ringkasan dapat dicetak.",
               "No PDF can be made on this server; the brief's page can be printed."),
    "locked_out": (429, "Terlalu banyak percobaan. Coba lagi dalam {n} menit.",
                   "Too many attempts. Try again in {n} minutes."),
    "too_many_requests": (429, "Permintaan terlalu sering. Tunggu {n} detik.", "Too many requests. Wait {n} seconds."),
    "internal": (500, "Terjadi kesalahan pada sistem.", "Something went wrong on our side."),
    "no_model": (503, "Belum ada model yang dapat dipakai; tidak ada skor yang diberikan.",
                 "There is no usable model yet; no score was given."),
    "scenarios_wait": (429, "{n} skenario Anda masih menunggu atau sedang dihitung, sebanyak yang boleh sekaligus. "
                       "Tunggu sampai satu selesai.",
                       "{n} scenarios of yours wait or are being lived, as many as may at a time. Wait until one is "
                       "done."),
    "busy": (503, "Layanan sedang padat. Coba lagi dalam {n} detik.", "The service is busy. Try again in {n} seconds."),
    "read_only": (503, "Penyimpanan sedang terganggu. Yang sudah masuk dapat membaca skor dan keluarga; daftar, "
                  "kunjungan, sanggahan, dan skenario belum dapat dibuka atau disimpan.",
                  "Storage is disrupted. Whoever is signed in can read scores and families; lists, visits, objections "
                  "and scenarios can be neither opened nor saved yet."),
    "storage_full": (507, "Ruang simpan penuh; ini tercatat di log server. Beri tahu administrator Anda.",
                     "Storage is full; the server's log says so. Tell your administrator."),
    "time_limit": (504, f"Perhitungan melewati {WORK_SECONDS} detik; kirim lebih sedikit keluarga.",
                   f"The computation passed {WORK_SECONDS} seconds; send fewer households."),
}  # fmt: skip
"""Code to HTTP status and sentence in Bahasa Indonesia and English, with places for `Problem.values`."""

RULES: dict[str, tuple[str, str]] = {
    "twice": ("disebut lebih dari sekali", "stands there more than once"),
    "outside_area": ("di luar wilayah Anda, atau tidak di wilayah yang dikenal",
                     "lies outside your area, or in none that is known"),
    "required": ("wajib diisi", "is required"),
    "unknown_field": ("tidak dikenal; lihat dokumentasi", "is not known; see the documentation"),
    "object": ("harus berupa objek JSON", "must be a JSON object"),
    "rows": ("harus berupa daftar baris (objek JSON)", "must be a list of rows (JSON objects)"),
    "not_empty": ("harus berisi paling sedikit satu baris", "must hold at least one row"),
    "value": ("harus berupa teks, angka, true, false atau null", "must be text, a number, true, false or null"),
    "date": ("harus berupa tanggal dari 1900 sampai 2199, misalnya 2026-10-01",
             "must be a date from 1900 to 2199, such as 2026-10-01"),
    "language": ("harus id atau en", "must be id or en"),
    "reasons": ("harus bilangan bulat 0 sampai 10", "must be a whole number from 0 to 10"),
    "households": ("paling banyak 1.000 keluarga dalam satu permintaan", "at most 1,000 households in one request"),
    "idempotency_key": ("harus 8 sampai 80 huruf, angka, - atau _", "must be 8 to 80 letters, digits, - or _"),
    "choice": ("bukan salah satu pilihan", "is not one of the choices"),
    "text": ("berisi tanda yang tidak dapat disimpan, atau terlalu panjang",
             "holds signs that cannot be kept, or is too long"),
    "no_id_number": ("tidak boleh berisi NIK atau nomor KK", "must not hold a NIK or a family card number"),
    "past": ("harus tanggal yang sudah lewat, paling lama setahun", "must be a date gone by, at most a year ago"),
    "area": ("harus kode BPS: dua digit provinsi atau empat digit kabupaten/kota",
             "must be a BPS code: two digits of a province or four of a regency"),
    "password_length": ("harus 12 sampai 256 karakter", "must have 12 to 256 characters"),
    "password_common": ("terlalu mudah ditebak; pilih yang lain", "is too easy to guess; choose another"),
    "password_account": ("tidak boleh memuat nama akun", "must not contain the name of the account"),
    "password_same": ("harus berbeda dari yang lama", "must differ from the old one"),
    "unicode": ("berisi teks yang bukan Unicode yang sah", "holds text that is not valid Unicode"),
    **API_RULES,
}  # fmt: skip
"""Rule to what is said of the field that breaks it, in both languages."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a field breaks; `field` is a path such as `households[2].age`.

    words : which, in both languages, where they hang on the case; else those of `RULES`.
    """

    field: str
    rule: str
    words: tuple[str, str] | None = None

    def told(self, at: int) -> str:
        """Which rule, in the language of that place in `LANGUAGES`."""
        return (self.words or RULES[self.rule])[at]


class Problem(Exception):  # noqa: N818 - the name RFC 9457 gives it
    """An answer that is no score; `code` is one of `PROBLEMS`.

    values : what stands in the places of the sentence; a pair where the languages differ.
    """

    def __init__(self, code: str, broken: Iterable[Broken] = (), headers: Mapping[str, str] | None = None,
                 values: Mapping[str, str | tuple[str, str]] | None = None) -> None:  # fmt: skip
        super().__init__(code)
        self.code = code
        self.broken = tuple(replace(own, field=masked(own.field)) for own in islice(broken, MOST))
        self.headers = dict(headers or {})
        self.values = dict(values or {})

    @property
    def status(self) -> int:
        """HTTP status."""
        return PROBLEMS[self.code][0]

    def title(self, language: Language) -> str:
        """What it is called, the same in every case."""
        return TITLES.get(self.code, PROBLEMS[self.code][1:])[LANGUAGES.index(language)]

    def sentence(self, language: Language) -> str:
        """What happened, with the particulars of this case."""
        at = LANGUAGES.index(language)
        given = {"n": self.headers["Retry-After"]} if "Retry-After" in self.headers else {}
        values = given | {name: own if isinstance(own, str) else own[at] for name, own in self.values.items()}
        sentences = PROBLEMS[self.code][1:]
        return sentences[at].format_map(_Told(values))

    def body(self, language: Language) -> bytes:
        """The problem details as JSON."""
        at = LANGUAGES.index(language)
        told: dict[str, Any] = {
            "type": type_of(self.code),
            "title": self.title(language),
            "status": self.status,
            "code": self.code,
        }
        if self.code in TITLES:
            told["detail"] = self.sentence(language)
        if self.broken:
            told["errors"] = [{"field": own.field, "rule": own.rule, "text": own.told(at)}
                              for own in self.broken]  # fmt: skip
        return json.dumps(told, ensure_ascii=False).encode()


class _Told(dict[str, str]):
    """Values of a sentence: an answer about an error must not fail for want of one."""

    def __missing__(self, name: str) -> str:
        return "..."


def type_of(code: str) -> str:
    """The `type` of a problem (RFC 9457): a relative reference to the page of this service that tells what it is."""
    return f"{TYPES}/{code.replace('_', '-')}"


def bad_query(field: str, rule: str, words: tuple[str, str] | None = None) -> Problem:
    """The problem of a value of a query that cannot be used; words : as of `Broken`."""
    return Problem("bad_query", [Broken(field, rule, words)], values={"key": field, "rule": words or RULES[rule]})


def too_large(most: int) -> Problem:
    """The problem of a request of more than so many bytes, a whole number of KiB."""
    kib = most // 1024
    return Problem("too_large", values={"most": f"{kib // 1024} MiB" if kib % 1024 == 0 else f"{kib} KiB"})


def of_status(status: int) -> Problem:
    """The problem for a bare HTTP status of a library."""
    for code in ("not_found", "method", "too_slow_to_send", "too_large", "media_type", "no_model", "time_limit"):
        if PROBLEMS[code][0] == status:
            return too_large(BODY_MIB * 1024**2) if code == "too_large" else Problem(code)
    return Problem("internal" if status >= 500 else "bad_request")


def language_of(accept: str) -> Language:
    """The better liked of our languages in an `Accept-Language` header; Bahasa Indonesia where neither is named."""
    liked: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *settings = (item.strip() for item in part.split(";"))
        quality = 1.0
        for setting in settings:
            if setting.startswith("q="):
                try:
                    quality = float(setting[2:])
                except ValueError:
                    quality = 0.0
        liked[name.partition("-")[0]] = max(quality, liked.get(name.partition("-")[0], 0.0))
    return "en" if liked.get("en", 0.0) > liked.get("id", 0.0) else "id"
