"""What a value of a scenario's YAML, or of a list's TOML, must be, in Bahasa Indonesia and English: one table for all
that is told of it.

Keys and values stay as they are written; only the rule is in words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Pair = tuple[str, str]
"""Bahasa Indonesia, English."""

RULES: dict[str, Pair] = {
    "missing": ("belum ditulis", "is missing"),
    "unknown": ("bukan kunci yang dikenal; yang ada: {known}", "is no rule; there are {known}"),
    "whole_to": (
        "harus bilangan bulat {low} sampai {high:,}, bukan {value!r}",
        "must be a whole number from {low} to {high:,}, not {value!r}",
    ),
    "whole": (
        "harus bilangan bulat {low} atau lebih, bukan {value!r}",
        "must be a whole number of {low} or more, not {value!r}",
    ),
    "flag": ("harus true atau false, bukan {value!r}", "must be true or false, not {value!r}"),
    "line": (
        "harus satu baris dengan 1 sampai {most} huruf, bukan {value!r}",
        "must be one line of 1 to {most} characters, not {value!r}",
    ),
    "word": (
        "harus nama pendek dari huruf kecil, angka, - dan _, bukan {value!r}",
        "must be a short name of small letters, digits, - and _, not {value!r}",
    ),
    "one_of": ("harus salah satu dari {known}, bukan {value!r}", "must be one of {known}, not {value!r}"),
    "table": ("harus berisi kunci dengan nilainya, bukan {value!r}", "must be a table of keys, not {value!r}"),
    "tables": (
        "harus daftar yang tiap isinya kunci dengan nilainya, sedikitnya satu",
        "must be a list of tables of keys, one at least",
    ),
    "tables_most": ("paling banyak {most}, bukan {n}", "must be {most} schemes at most, not {n}"),
    "not_yaml": ("bukan YAML yang sah{place}", "is not YAML{why}{at}"),
    "key_twice": ("{names} tertulis dua kali{place}", "{names} stands there twice{at}"),
    "key_plain": ("kunci harus satu kata, bukan daftar{place}", "a key must be one word, not a list{at}"),
    "deep": (
        "bertingkat terlalu dalam{place}; paling banyak {most} tingkat",
        "is nested too deeply{at}; {most} levels at most",
    ),
    "tag": (
        "tanda seru di depan nilai (!nama) tidak dibaca{place}; tulis nilainya saja, bila perlu dalam tanda kutip",
        "tags (!name) are not read{at}; write the value alone, in quotes if need be",
    ),
    "digits": (
        "sebuah angka paling panjang {most} huruf{place}",
        "a number may have {most} characters at most{at}",
    ),
    "finite": ("harus angka biasa, bukan {value}{place}", "must be an ordinary number, not {value}{at}"),
    "no_date": ("tanggal {value} tidak ada{place}", "{value} is no date{at}"),
    "keys": ("harus berisi kunci dengan nilainya", "must be keys with values"),
    "number": (
        "harus angka {low:g} sampai {high:g}, bukan {value!r}",
        "must be a number from {low:g} to {high:g}, not {value!r}",
    ),
    "ends": (
        "value harus di antara low dan high, bukan {low:g}, {value:g}, {high:g}",
        "value must lie from low to high, not {low:g}, {value:g}, {high:g}",
    ),
    "single": (
        "rentangnya ({low:,.12g} sampai {high:,.12g}) tidak disimulasikan: tulis value; nilai lain di jawaban lain",
        "no range of it ({low:,.12g} to {high:,.12g}) is lived: write value alone, and another arm for another value",
    ),
    "basis_none": (
        "value harus 0 bila basis-nya none: bukti tidak ditemukan",
        "value must be 0 where the basis is none: no evidence was found",
    ),
    "basis_year": (
        "year belum ditulis: angka dengan basis {basis} punya tahun",
        "year is missing: a figure of basis {basis} has one",
    ),
    "mix_few": (
        "dengan Rp{budget:,} di setiap pembagian ada skema yang diikuti kurang dari {few} keluarga contoh, jadi tidak "
        "ada yang boleh ditampilkan; tambah dana, atau kurangi langkah (--steps)",
        "in every split of Rp{budget:,} a scheme has fewer than {few} families of the sample, so that nothing may be "
        "told of it; give more money, or fewer steps (--steps)",
    ),
    "mix_unseen": (
        "skenario berakhir {last}, sedangkan bertahan 24 bulan sesudah bantuan baru terlihat pada {end}: perpanjang "
        "skenario (years), atau tanyakan hasil lain: {known}",
        "the scenario ends in {last}, and what lasts 24 months after support is first seen in {end}: make the scenario "
        "longer (years), or ask for another outcome: {known}",
    ),
    "references": (
        "harus daftar text dan source, sedikitnya satu",
        "must be a list of text and source, one at least",
    ),
    "pair": ("harus [dari, sampai], bukan {value!r}", "must be [from, to], not {value!r}"),
    "pair_order": (
        "awalnya tidak boleh melebihi akhirnya, bukan {value!r}",
        "must not begin above its end, not {value!r}",
    ),
    "codes": (
        'harus daftar kode dalam tanda kutip, misalnya ["32"], bukan {value!r}',
        'must be a list of codes in quotes, as ["32"], not {value!r}',
    ),
    "codes_once": ("tiap kode cukup sekali, bukan {value!r}", "must name each code once, not {value!r}"),
    "codes_place": (
        "tidak ada provinsi dengan kode BPS ini: {wrong}",
        "no province has these BPS codes: {wrong}",
    ),
    "codes_regency": (
        "tidak ada kabupaten/kota dengan kode BPS ini: {wrong}",
        "no regency has these BPS codes: {wrong}",
    ),
    "codes_division": (
        "tidak ada golongan pokok KBLI 2020 dengan kode ini: {wrong}",
        "no division of KBLI 2020 has these codes: {wrong}",
    ),
    "codes_digits": ("harus kode {length} angka, bukan {wrong}", "must be codes of {length} digits, not {wrong}"),
    "year": ("harus tahun seperti 2026, bukan {value!r}", "must be a year as 2026, not {value!r}"),
    "day": ("harus tanggal seperti 2026-11-24, bukan {value!r}", "must be a date as 2026-11-24, not {value!r}"),
    "against": (
        "against menyebut guncangan yang dilindungi: ditulis bersama kind protection, dan hanya bersama itu",
        "against names the shock that protection is from: written with kind protection, and only then",
    ),
    "size_none": (
        "size harus 0, juga low dan high-nya, bila kind-nya none",
        "size must be 0, its low and high too, where kind is none",
    ),
    "steepness": (
        "berpasangan dengan exposure: tulis keduanya, atau tidak sama sekali",
        "goes with exposure: write both or neither",
    ),
    "shares": (
        "harus daftar 1 sampai 20 bagian (0 sampai 1), bukan {value!r}",
        "must be a list of 1 to 20 shares, not {value!r}",
    ),
    "rising": ("tidak boleh turun: {value!r}", "must not fall: {value!r}"),
    "share": (
        "harus bagian {low:g} sampai {high:g} (0.1 berarti 10 %), bukan {value!r}",
        "must be a share from {low:g} to {high:g} (0.1 is 10 %), not {value!r}",
    ),
    "six": (
        "harus paling banyak enam desimal, bukan {value!r}",
        "must have at most six decimals, not {value!r}",
    ),
    "sample": (
        "harus {low:g} sampai {high:g} (2 sampai 5 %), atau 0 untuk daftar yang tidak mengajarkan apa-apa, bukan "
        "{value!r}",
        "must be from {low:g} to {high:g} (2 to 5 %), or 0 for a list that teaches nothing, not {value!r}",
    ),
    "different": (
        "harus daftar kata yang berbeda, sedikitnya satu, bukan {value!r}",
        "must be a list of different words, one at least, not {value!r}",
    ),
    "period": (
        "harus triwulan seperti 2026Q4 atau tahun seperti 2026, dalam tanda kutip, bukan {value!r}",
        "must be a quarter as 2026Q4 or a year as 2026, in quotes, not {value!r}",
    ),
    "quota": (
        'harus tempat tiap wilayah, misalnya "3204" = 400',
        'must give places by area, such as "3204" = 400',
    ),
    "quota_most": (
        "harus tempat di paling banyak {most} wilayah, bukan {n}",
        "must give places in {most} areas at most, not {n}",
    ),
    "quota_area": (
        'memuat wilayah {area!r}; tulis "" untuk seluruh Indonesia, dua angka untuk provinsi, empat untuk '
        "kabupaten/kota (kode BPS)",
        'has the area {area!r}; write "" for the nation, two digits for a province, four for a regency (BPS codes)',
    ),
    "quota_within": (
        '"{area}" berada di dalam "{around}"; satu keluarga hanya boleh punya satu kuota',
        '"{area}" lies in "{around}"; a household may have one quota only',
    ),
    "need": (
        'menyebut pengali risiko ("size" atau "gap"): ditulis bersama order = "need", dan hanya bersama itu',
        'says what risk is multiplied with ("size" or "gap"): written with order = "need", and only then',
    ),
    "rung_unknown": (
        "harus ditulis, true atau false, bersama rungs, dan hanya bersama itu",
        "must be written, true or false, where rungs is, and only there",
    ),
    "programme_unknown": (
        "harus ditulis, true atau false, bersama receives atau without, dan hanya bersama itu",
        "must be written, true or false, where receives or without is, and only there",
    ),
    "nobody": (
        "{names} tertulis di receives juga; tidak seorang pun dapat masuk daftar",
        "{names} stands in receives too; nobody could be on the list",
    ),
    "format": (
        "harus {format}, yang dibaca versi ini",
        "must be {format}, the one that this version reads",
    ),
    "twice": (
        "{names} tertulis dua kali; tiap satu punya nama sendiri",
        "{names} stands there twice; each has a name of its own",
    ),
    "scheme_twice": (
        "satu skema tertulis dua kali; beri salah satunya nama lain di bawah with",
        "a scheme stands there twice; give one of them another name under with",
    ),
    "places": (
        "belum ditulis: tulis places (keluarga pada satu waktu), budget (rupiah seluruhnya), atau keduanya",
        "is missing: write places (families at a time), budget (rupiah in all) or both",
    ),
    "budget_cost": (
        "dana dalam rupiah perlu biaya untuk semua yang dibelinya, dan biaya skema {name} tidak diketahui seluruhnya "
        "({parts}): tulis jumlah tempat (places) sebagai ganti budget, atau tulis {parts} di bawah with dengan angka "
        "Anda sendiri, yang ditandai sebagai asumsi Anda",
        "money in rupiah needs a cost for everything that it is to buy, and what scheme {name} costs is not known in "
        "full ({parts}): write places in the budget's stead, or write {parts} under with as your own figure, which is "
        "marked as your assumption",
    ),
    "span": (
        "harus di dalam tahun simulasi, {low} sampai {high}, bukan {first} sampai {last}",
        "must lie in the simulated years, {low} to {high}, not {first} to {last}",
    ),
    "library": (
        "tidak ada {kind} bernama {name}; yang ada: {known}",
        "no {kind} is called {name}; there are {known}",
    ),
    "use": (
        "harus nama dalam pustaka, atau berkas di samping skenario seperti ./skema-saya.yaml, bukan {value!r}",
        "must be a name of the library, or a file beside the scenario as ./my-scheme.yaml, not {value!r}",
    ),
    "use_no_file": (
        "{name} adalah berkas, dan berkas tidak dibaca di sini: sebut nama dalam pustaka dan ubah angkanya di bawah "
        "with, atau jalankan skenarionya dengan jaga simulate",
        "{name} is a file, and none is read here: name one of the library and change its figures under with, or live "
        "the scenario by jaga simulate",
    ),
    "use_unread": (
        "{name} tidak dapat dibaca ({why[0]}); jalurnya dihitung dari folder berkas skenario",
        "{name} cannot be read ({why[1]}); its path is from the folder of the scenario's file",
    ),
    "letters": (
        "sebuah skenario paling panjang {most:,} huruf",
        "a scenario may have {most:,} characters at most",
    ),
    "few.area": (
        "contoh wilayah ini kurang dari {n} keluarga, jadi tidak ada angka yang ditampilkan",
        "the sample of this area has fewer than {n} families, so no figures are shown",
    ),
    "few.grid": (
        "{name}: risk dan poor_now dalam cakupan ditulis per {step:g}, misalnya 0.1 atau 0.35",
        "{name}: risk and poor_now of a scope go in steps of {step:g}, as 0.1 or 0.35",
    ),
    "few.shock": (
        "guncangan {name} hanya dapat mengenai kurang dari {n} keluarga contoh; longgarkan cakupannya",
        "shock {name} may hit fewer than {n} families of the sample; widen its scope",
    ),
    "aliases": (
        "rujukan (*nama) tidak dibaca{place}; tulis nilainya",
        "references (*name) are not read{at}; write the values out",
    ),
    "unreadable": (
        "berisi nilai yang tidak dapat dibaca: hanya kata, angka biasa, daftar, dan kunci dengan nilainya",
        "holds a value that cannot be read: only words, ordinary numbers, lists and keys with values",
    ),
    "most": (
        "{own:,} melebihi {most:,} yang dihitung di sini; jaga simulate tidak punya batas ini",
        "{own:,} is more than the {most:,} that are lived here; jaga simulate has no such limit",
    ),
    "most_work": (
        "tahun x undian x kehidupan: {own:,} melebihi {most:,} yang dihitung di sini; jaga simulate tanpa batas ini",
        "years x draws x lives: {own:,} is more than the {most:,} that are lived here; jaga simulate has no such limit",
    ),
}  # fmt: skip
"""Code to the rule in both languages."""


class _Whole(int):
    """A whole number whose thousands are parted by dots."""

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(",", ".")


class _Measure(float):
    """A number whose thousands, where a rule parts them, are parted by dots, with a comma before decimals; in any other
    form it is told as YAML holds it."""

    def __format__(self, form: str) -> str:
        told = super().__format__(form)
        return told.translate(_TURNED) if "," in form else told


_TURNED = str.maketrans(",.", ".,")
_OWN: dict[type, Callable[[Any], object]] = {int: _Whole, float: _Measure}
_KINDS = {"scheme": "skema", "shock": "guncangan", "scenario": "skenario"}


def said(code: str, **values: object) -> Pair:
    """The rule in both languages with its places filled; KeyError for one that has no words."""
    own, english = RULES[code]
    mine = {name: _OWN[type(one)](one) if type(one) in _OWN else one for name, one in values.items()}
    if "kind" in mine:
        mine["kind"] = _KINDS.get(str(mine["kind"]), mine["kind"])
    return own.format(**mine), english.format(**values)


class UnfitError(ValueError):
    """A value that breaks a rule. words : which, in both languages. each : those of every rule that a block breaks."""

    def __init__(self, words: Pair) -> None:
        super().__init__(words[1])
        self.words = words
        self.each: tuple[Pair, ...] = (words,)

    @classmethod
    def of(cls, code: str, **values: object) -> UnfitError:
        """By the code of the rule."""
        return cls(said(code, **values))


def words_of(error: Exception) -> Pair:
    """What an error says in both languages; one that has no words of its own says the same in both."""
    found: Pair = getattr(error, "words", (str(error), str(error)))
    return found
