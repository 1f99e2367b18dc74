"""What the compass says of where its figures are from and of their units, in Bahasa Indonesia.

The tables hold one line of English beside each figure. Names of people, works and places of data stay as they are; the
rest is in the reader's language. A line that has no words here, as one of an office's own table, is shown as it was
written.
"""

from __future__ import annotations

from models.text import Language

_TYPICAL = (
    "unweighted mean over the typical jobs of the industry (jobs.csv, this project's own choice of unit groups)",
    "rata-rata tanpa bobot dari pekerjaan khas lapangan usaha itu (jobs.csv, pilihan proyek ini sendiri)",
)
_TRACKER = (
    "compiled by dzulfiqarfr/indonesia-recovery-tracker @ dd647c461c90 (MIT)",
    "dihimpun dzulfiqarfr/indonesia-recovery-tracker @ dd647c461c90 (MIT)",
)
_WAGES = (
    "(as copied in obikastanya/pph_payroll_with_knowledge_base @ f04210b6a82c)",
    "(menurut salinan di obikastanya/pph_payroll_with_knowledge_base @ f04210b6a82c)",
)
_FEBRUARY = (
    "BPS, Sakernas February 2025, by press report (Databoks 7 May 2025)",
    "BPS, Sakernas Februari 2025, menurut berita (Databoks 7 Mei 2025)",
)

WORDS: dict[str, str] = {
    f"Mihaylov & Tijdens (2019), routine manual tasks; {_TYPICAL[0]}":
        f"Mihaylov & Tijdens (2019), tugas tangan yang rutin; {_TYPICAL[1]}",
    f"Frey & Osborne (2017), SOC crossed to ISCO-08; {_TYPICAL[0]}":
        f"Frey & Osborne (2017), SOC dipadankan ke ISCO-08; {_TYPICAL[1]}",
    f"Mihaylov & Tijdens (2019), routine task intensity; {_TYPICAL[0]}":
        f"Mihaylov & Tijdens (2019), kadar rutin tugas; {_TYPICAL[1]}",
    f"Gmyrek, Berg et al. (ILO 2025), mean task score; {_TYPICAL[0]}":
        f"Gmyrek, Berg dkk. (ILO 2025), rata-rata skor tugas; {_TYPICAL[1]}",
    _FEBRUARY[0]: _FEBRUARY[1],
    f"{_FEBRUARY[0]}, told as unchanged": f"{_FEBRUARY[1]}, disebut tidak berubah",
    f"derived: mean yearly change, February 2011 to February 2021; BPS, Sakernas, {_TRACKER[0]}":
        f"dihitung: perubahan rata-rata setahun, Februari 2011 sampai Februari 2021; BPS, Sakernas, {_TRACKER[1]}",
    f"BPS, Sakernas August 2025, mean net wage of employees by province and industry {_WAGES[0]}":
        f"BPS, Sakernas Agustus 2025, upah bersih rata-rata buruh menurut provinsi dan lapangan usaha {_WAGES[1]}",
    f"BPS, Sakernas August 2025, mean net wage of employees by schooling and industry {_WAGES[0]}":
        f"BPS, Sakernas Agustus 2025, upah bersih rata-rata buruh menurut pendidikan dan lapangan usaha {_WAGES[1]}",
    "derived: August 2025 (BPS, Sakernas, the table of wages) over August 2024 (BPS, Sakernas, by press report, "
    "Databoks 6 November 2024, to Rp 10,000)":
        "dihitung: Agustus 2025 (BPS, Sakernas, tabel upah) dibanding Agustus 2024 (BPS, Sakernas, menurut berita, "
        "Databoks 6 November 2024, dibulatkan ke Rp10.000)",
    "derived: mean yearly growth of value added, 2015-2019; BPS, same compilation":
        "dihitung: pertumbuhan rata-rata nilai tambah setahun, 2015-2019; BPS, himpunan yang sama",
    "derived: workers in August against the mean of the February before and after, mean of 2011-2019, without "
    "sign; "
    f"BPS, Sakernas, {_TRACKER[0]}":
        "dihitung: pekerja pada Agustus dibanding rata-rata Februari sebelum dan sesudahnya, rata-rata 2011-2019, "
        f"tanpa tanda; BPS, Sakernas, {_TRACKER[1]}",
    "derived: mean of the yearly growth of value added in the four quarters of 2020; BPS, national accounts, "
    f"{_TRACKER[0]}":
        "dihitung: rata-rata pertumbuhan tahunan nilai tambah pada empat triwulan 2020; BPS, neraca nasional, "
        f"{_TRACKER[1]}",
    f"derived: workers of August 2020 over August 2019; BPS, Sakernas, {_TRACKER[0]}":
        f"dihitung: pekerja Agustus 2020 dibanding Agustus 2019; BPS, Sakernas, {_TRACKER[1]}",
    "derived: 0.25 % of 145.77 million; BPS, Sakernas February 2025, by press report (CNN Indonesia 27 May 2025)":
        "dihitung: 0,25 % dari 145,77 juta; BPS, Sakernas Februari 2025, menurut berita (CNN Indonesia 27 Mei 2025)",
    "Kemnaker, Satu Data Ketenagakerjaan, members of JKP laid off January to December 2025, by press report (IDN Times "
    "16 January 2026)":
        "Kemnaker, Satu Data Ketenagakerjaan, peserta JKP yang terkena PHK Januari sampai Desember 2025, menurut "
        "berita (IDN Times 16 Januari 2026)",
    "Kemnaker, Pusat Pasar Kerja, openings announced in the country, March 2025, by press report (Kompas 19 March "
    "2025)":
        "Kemnaker, Pusat Pasar Kerja, lowongan yang diumumkan di dalam negeri, Maret 2025, menurut berita (Kompas 19 "
        "Maret 2025)",
    "BPS, Sakernas August 2025, by press report": "BPS, Sakernas Agustus 2025, menurut berita",
    "BPS, Sakernas February 2025 (BPS tables, processed by muhammadludviarg/visdati @ 54c39e3)":
        "BPS, Sakernas Februari 2025 (tabel BPS, diolah muhammadludviarg/visdati @ 54c39e3)",
    "BPS projection (BPS tables, processed by muhammadludviarg/visdati @ 54c39e3); Papua's value is from before the "
    "split":
        "proyeksi BPS (tabel BPS, diolah muhammadludviarg/visdati @ 54c39e3); angka Papua dari sebelum pemekaran",
    "ILO, Chang & Huynh 2016 (ACT/EMP working paper 9): textiles, clothing and footwear in Indonesia, high risk within "
    "20 years; by press reports":
        "ILO, Chang & Huynh 2016 (kertas kerja ACT/EMP 9): tekstil, pakaian, dan alas kaki di Indonesia, risiko tinggi "
        "dalam 20 tahun; menurut berita",
    "share 0-1": "bagian 0-1", "probability 0-1": "peluang 0-1", "index -1 to 1": "indeks -1 sampai 1",
    "share a year": "bagian setahun", "rupiah a month": "rupiah sebulan", "share": "bagian", "people": "orang",
    "openings": "lowongan", "share of workers": "bagian pekerja", "share of labour force": "bagian angkatan kerja",
    "share of people at 15 and over": "bagian penduduk 15 tahun ke atas", "share of people": "bagian penduduk",
}  # fmt: skip


def told(text: str, language: Language) -> str:
    """A line of the tables in a language."""
    return WORDS.get(text, text) if language == "id" else text
