"""What the library says of where its figures are from, in Bahasa Indonesia; names of studies stay as they are.

A file holds one line of English beside each figure. A line that has no words here, as one that a user writes, is shown
as it was written.
"""

from __future__ import annotations

from models.schemes.checks import DEFAULT
from models.words import Language

_CATALOGUE = ("programme catalogue 2026, a public compilation by a third party",
              "katalog program 2026, himpunan umum oleh pihak ketiga")  # fmt: skip
_FARM = (
    "Newhouse (Cornell University, IFLS 1993 to 1997): 30 % of a shock to rural farm income is left after four years, "
    ".74 a year",
    "Newhouse (Cornell University, IFLS 1993 sampai 1997): 30 % guncangan pendapatan tani perdesaan tersisa sesudah "
    "empat tahun, 0,74 setahun",
)
_LINE = ("Rp 1,165,241 over 425,250 (March 2019), 1,500,556 over 582,932 (March 2024)",
         "Rp1.165.241 banding 425.250 (Maret 2019), 1.500.556 banding 582.932 (Maret 2024)")  # fmt: skip

WORDS: dict[str, str] = {
    "12 months at the mean wage of workers with primary school at most, Rp 2.19 million (Sakernas August 2025)":
        "12 bulan upah rata-rata pekerja berpendidikan SD ke bawah, Rp2,19 juta (Sakernas Agustus 2025)",
    "materials, premises and supervision, not found; write the whole cost that you plan with":
        "bahan, tempat, dan pengawasan, tidak ditemukan; tulis seluruh biaya yang Anda rencanakan",
    "the wage alone is taken as the whole cost of a place, 12 months at Rp 2.19 million (Sakernas August 2025): what "
    "materials, premises and supervision cost was not found, so jobs look cheaper than they are":
        "upah saja diambil sebagai seluruh biaya sebuah tempat kerja, 12 bulan Rp2,19 juta (Sakernas Agustus 2025): "
        "biaya bahan, tempat, dan pengawasan tidak ditemukan, jadi lapangan kerja tampak lebih murah daripada "
        "sebenarnya",
    "the wage of the place, 12 months at Rp 2.19 million (Sakernas August 2025)":
        "upah tempat kerja itu, 12 bulan Rp2,19 juta (Sakernas Agustus 2025)",
    "share of the wage that is more than what was earned before, and is consumed: no figure found":
        "bagian upah yang lebih dari penghasilan sebelumnya dan dikonsumsi: angka tidak ditemukan",
    "places that others would have had: no Indonesian figure found":
        "tempat yang seharusnya diperoleh keluarga lain: angka Indonesia tidak ditemukan",
    "displacement of others who look for work: no Indonesian figure found":
        "pencari kerja lain yang terdesak: angka Indonesia tidak ditemukan",
    "no Indonesian figure of take-up found": "angka Indonesia tentang bagian yang ikut tidak ditemukan",
    "9.69 million families paid by September 2025 of the 10 million in the budget (okezone 2026/02/08; programme "
    "catalogue 2026): places that were filled, read as the share that takes its place":
        "9,69 juta keluarga dibayar sampai September 2025 dari 10 juta dalam anggaran (okezone 2026/02/08; katalog "
        "program 2026): tempat yang terisi, dibaca sebagai bagian yang mengambil tempatnya",
    "cost of coaching in Indonesia not found; write the one you plan with":
        "biaya pendampingan di Indonesia tidak ditemukan; tulis biaya yang Anda rencanakan",
    "cost of coaching, not found; write the whole cost that you plan with":
        "biaya pendampingan, tidak ditemukan; tulis seluruh biaya yang Anda rencanakan",
    "no cost a family found; write the one you plan with":
        "biaya tiap keluarga tidak ditemukan; tulis biaya yang Anda rencanakan",
    "the grant is paid once, as setup; cost of coaching not found":
        "dana dibayar sekali di awal; biaya pendampingan tidak ditemukan",
    "training is paid once, as setup; cost of placement not found":
        "pelatihan dibayar sekali di awal; biaya penempatan tidak ditemukan",
    "nothing is taken to be spent a year besides the training, paid once: what placement costs was not found, so "
    "training looks cheaper than it is":
        "dianggap tidak ada biaya tahunan selain pelatihan, yang dibayar sekali: biaya penempatan tidak ditemukan, "
        "jadi pelatihan tampak lebih murah daripada sebenarnya",
    "nothing a year: the whole amount is paid once, as setup":
        "tidak ada biaya tahunan: seluruhnya dibayar sekali di awal",
    "training as Prakerja": "pelatihan seperti Prakerja",
    "support while it lasts taken as Sembako, Rp 200,000 a month":
        "bantuan selama program disamakan dengan Sembako, Rp200.000 sebulan",
    f"PPSE: start-up of about Rp 5 million a family ({_CATALOGUE[0]})":
        f"PPSE: modal awal sekitar Rp5 juta tiap keluarga ({_CATALOGUE[1]})",
    f"Rp 10 million for 5 families, Rp 20 million for 10 ({_CATALOGUE[0]})":
        f"Rp10 juta untuk 5 keluarga, Rp20 juta untuk 10 ({_CATALOGUE[1]})",
    f"about Rp 4.9 million start-up a family ({_CATALOGUE[0]})":
        f"modal awal sekitar Rp4,9 juta tiap keluarga ({_CATALOGUE[1]})",
    f"training and incentive, about Rp 4.2 million in all ({_CATALOGUE[0]})":
        f"pelatihan dan insentif, sekitar Rp4,2 juta seluruhnya ({_CATALOGUE[1]})",
    f"RAPBN 2026: Rp 28.7 trillion over 10 million families ({_CATALOGUE[0]})":
        f"RAPBN 2026: Rp28,7 triliun untuk 10 juta keluarga ({_CATALOGUE[1]})",
    "RAPBN 2026: Rp 28.7 trillion over 10 million families": "RAPBN 2026: Rp28,7 triliun untuk 10 juta keluarga",
    f"Rp 200,000 a family a month; {_CATALOGUE[0]}": f"Rp200.000 tiap keluarga sebulan; {_CATALOGUE[1]}",
    "Rp 42,000 a person a month times 3.04 people a family (DTSEN January 2026)":
        "Rp42.000 tiap orang sebulan kali 3,04 orang tiap keluarga (DTSEN Januari 2026)",
    "from none (one of six countries without gain over cost) to +12 % (West Bengal, 18 months to 3 years)":
        "dari nol (satu dari enam negara tanpa hasil melebihi biaya) sampai +12 % (Benggala Barat, 18 bulan sampai 3 "
        "tahun)",
    "middle between none and +12 % (West Bengal, 18 months to 3 years), which is of the whole graduation package, with "
    "support and savings; of an asset with coaching alone no trial was found, and no credible effect of PPSE":
        "tengah antara nol dan +12 % (Benggala Barat, 18 bulan sampai 3 tahun), hasil seluruh paket graduasi, dengan "
        "bantuan dan tabungan; uji atas aset dengan pendampingan saja tidak ditemukan, begitu pula dampak PPSE yang "
        "meyakinkan",
    "the value is the middle of the range; no trial in Indonesia":
        "nilainya tengah rentang; tidak ada uji di Indonesia",
    "the value is the middle of the range; no trial in Indonesia alone":
        "nilainya tengah rentang; tidak ada uji di Indonesia saja",
    "gains persist a year after the end over six countries, benefit over cost positive in five (Banerjee et al. 2015); "
    "larger after 7 years in West Bengal; how they fade elsewhere was not found":
        "hasil di enam negara bertahan setahun sesudah selesai, manfaat melebihi biaya di lima (Banerjee dkk. 2015); "
        "lebih besar sesudah 7 tahun di Benggala Barat; bagaimana susutnya di tempat lain tidak ditemukan",
    "no evidence found (searched up to 24 November 2026)":
        "bukti tidak ditemukan (dicari sampai 24 November 2026)",
    "searched up to 24 November 2026": "dicari sampai 24 November 2026",
    "Askeskin kept food consumption whole (Kolukuluri 2023); food is .39 to .65 of consumption by province (BPS 2025)":
        "Askeskin menjaga konsumsi makanan tetap utuh (Kolukuluri 2023); makanan 0,39 sampai 0,65 dari "
        "konsumsi menurut "
        "provinsi (BPS 2025)",
    "0 to 5 points of employment: a range put around what is called small, one third of 652 estimates positive and "
    "significant (Levy Yeyati et al. 2019; Carranza and McKenzie 2023); no mean effect was found in the copies read":
        "0 sampai 5 poin pekerjaan: rentang di sekitar yang disebut kecil, sepertiga dari 652 taksiran "
        "positif dan nyata "
        "(Levy Yeyati dkk. 2019; Carranza dan McKenzie 2023); dampak rata-rata tidak ditemukan pada salinan "
        "yang dibaca",
    DEFAULT: "nilai bawaan Jaga",
    "what is left after support ends: no figure found; nothing is taken":
        "yang tersisa sesudah bantuan selesai: angka tidak ditemukan; diambil nol",
    "share of a transfer that is consumed: no Indonesian figure found; the middle of half and all is taken":
        "bagian bantuan yang dikonsumsi: angka Indonesia tidak ditemukan; diambil tengah antara separuh dan semua",
    "Cahyadi et al. 2020, AEJ: Economic Policy 12(4): no transformative economic change after six years":
        "Cahyadi dkk. 2020, AEJ: Economic Policy 12(4): tidak ada perubahan ekonomi yang mendasar sesudah enam tahun",
    "0 to +10 % of earnings in the pandemic, cash included (Prakerja lottery 2021), halved outside one; the middle is "
    "taken":
        "0 sampai +10 % penghasilan pada masa pandemi, termasuk uang tunai (undian Prakerja 2021), separuhnya di luar "
        "pandemi; diambil tengahnya",
    "earnings of one person taken as consumption of the family: an upper reading":
        "penghasilan satu orang dibaca sebagai konsumsi keluarga: bacaan atas",
    "incidence not found; name the regencies that are hit":
        "angka kejadian tidak ditemukan; sebut kabupaten/kota yang kena",
    "incidence not found": "angka kejadian tidak ditemukan",
    "effect not found": "dampaknya tidak ditemukan",
    "effect on consumption not found": "dampak pada konsumsi tidak ditemukan",
    "as in the synthetic families; not found": "seperti pada keluarga sintetis; tidak ditemukan",
    "as in the synthetic families; no Indonesian figure found":
        "seperti pada keluarga sintetis; angka Indonesia tidak ditemukan",
    _FARM[0]: _FARM[1],
    f"taken as for farm income: {_FARM[0]}": f"disamakan dengan pendapatan tani: {_FARM[1]}",
    "of income, not of consumption; the year is that of the data, the copy read bears no year of publication; "
    "the upper end of its range: the one figure found, and a loss of consumption may fade sooner":
        "tentang pendapatan, bukan konsumsi; tahunnya tahun data, salinan yang dibaca tidak memuat tahun terbit; ujung "
        "atas rentangnya: satu-satunya angka yang ditemukan, dan hilangnya konsumsi mungkin mereda lebih cepat",
    "a wave: many times the recorded .14 %; name the place and the size you fear":
        "gelombang: berkali-kali dari 0,14 % yang tercatat; sebut tempat dan besar yang Anda khawatirkan",
    "loss of consumption after a lost job: no Indonesian figure found":
        "berkurangnya konsumsi sesudah kehilangan pekerjaan: angka Indonesia tidak ditemukan",
    "the line rises for all": "garisnya naik bagi semua",
    "10 % times 20.52 to 24.60 %: the line rises by 2.1 to 2.5 %":
        "10 % kali 20,52 sampai 24,60 %: garis naik 2,1 sampai 2,5 %",
    "how soon earnings follow prices: no figure found":
        "seberapa cepat penghasilan menyusul harga: angka tidak ditemukan",
    "1.4 million over four years in five large labour forces: of the order of .1 % a year":
        "1,4 juta selama empat tahun di lima angkatan kerja besar: sekitar 0,1 % setahun",
    "share of income lost not found; of it at least 70 % reaches consumption (Gertler and Gruber)":
        "bagian pendapatan yang hilang tidak ditemukan; sedikitnya 70 % darinya sampai ke konsumsi (Gertler "
        "dan Gruber)",
    "rate of closure not found": "laju penutupan usaha tidak ditemukan",
    "64 % of textile, clothing and footwear workers at high risk within 20 years (Chang and Huynh, ILO ACT/EMP 9): 5 % "
    "a year if all of it came true; half is taken":
        "64 % pekerja tekstil, pakaian, dan alas kaki berisiko tinggi dalam 20 tahun (Chang dan Huynh, ILO ACT/EMP 9): "
        "5 % setahun bila semuanya terjadi; diambil separuhnya",
    "end-year input: the survey of March 2024 also gives the shares that this is held against, and could not be known "
    "in 2019; the means are from press reports alone":
        "masukan tahun akhir: survei Maret 2024 juga menghasilkan bagian yang dibandingkan, dan belum dapat diketahui "
        "pada 2019; rata-ratanya hanya dari berita",
    "every family of the industry alike": "semua keluarga di lapangan usaha itu sama",
    "growth of value added: mean 2015-2019 less mean of four quarters of 2020 (BPS, compiled by "
    "dzulfiqarfr/indonesia-recovery-tracker @ dd647c461c90)":
        "pertumbuhan nilai tambah: rata-rata 2015-2019 dikurangi rata-rata empat triwulan 2020 (BPS, dihimpun "
        "dzulfiqarfr/indonesia-recovery-tracker @ dd647c461c90)",
    "half of it is left a year later; .74 is of rural income (Newhouse)":
        "separuhnya tersisa setahun kemudian; 0,74 adalah pendapatan perdesaan (Newhouse)",
    f"mean consumption over the national line, {_LINE[0]}, times the share of the upper 60 %, 82.29 % (2019) and "
    "81.60 % (2024), the fifth root (BPS Susenas, by press reports), less the pandemic's rest in it, .125 of 6.8 %":
        f"rata-rata konsumsi banding garis nasional, {_LINE[1]}, kali bagian 60 % teratas, 82,29 % (2019) dan 81,60 % "
        "(2024), akar pangkat lima (BPS Susenas, dari berita), tanpa sisa pandemi di dalamnya, 0,125 dari 6,8 %",
    "the 40th of 100 people in March 2019: between the published shares below 1.5 and 3.5 lines, by normal scores of "
    "log consumption (BPS Susenas)":
        "orang ke-40 dari 100 pada Maret 2019: di antara bagian terbit di bawah 1,5 dan 3,5 garis, menurut skor normal "
        "log konsumsi (BPS Susenas)",
    "the same mean over the line times the share of consumption of the lower 40 %, 17.71 % (March 2019, "
    "ekonomi.bisnis.com 15 July 2019) and 18.40 % (March 2024, mediaasuransinews.co.id), the fifth root (BPS Susenas), "
    "less the pandemic's rest in it, .125 of 6.4 %":
        "rata-rata yang sama kali bagian konsumsi 40 % terbawah, 17,71 % (Maret 2019, ekonomi.bisnis.com 15 Juli 2019) "
        "dan 18,40 % (Maret 2024, mediaasuransinews.co.id), akar pangkat lima (BPS Susenas), tanpa sisa pandemi "
        "di dalamnya, 0,125 dari 6,4 %",
    "Banerjee et al. 2015, Science 348:1260799: six countries, 10,495 households; gains a year after the end":
        "Banerjee dkk. 2015, Science 348:1260799: enam negara, 10.495 rumah tangga; hasilnya masih ada setahun sesudah "
        "selesai",
    "Banerjee, Duflo, Chattopadhyay, Shapiro 2016: West Bengal, consumption +12 % at 18 months to 3 years, +25 % at 7 "
    "years":
        "Banerjee, Duflo, Chattopadhyay, Shapiro 2016: Benggala Barat, konsumsi +12 % pada 18 bulan sampai 3 tahun, "
        "+25 % pada 7 tahun",
    "Balai Latihan Kerja, programme catalogue 2026": "Balai Latihan Kerja, katalog program 2026",
    "KUBE, programme catalogue 2026": "KUBE, katalog program 2026",
    "PENA, programme catalogue 2026": "PENA, katalog program 2026",
    "PKT, programme catalogue 2026": "PKT, katalog program 2026",
    "a public compilation by a third party, unreviewed": "himpunan umum oleh pihak ketiga, belum ditinjau",
    "Supporting economic ecosystem, draft Rencana Induk Pengentasan Kemiskinan 2025-29":
        "Ekosistem ekonomi pendukung, rancangan Rencana Induk Pengentasan Kemiskinan 2025-29",
    "KDMP: credit up to Rp 3 billion a cooperative, programme catalogue 2026":
        "KDMP: kredit sampai Rp3 miliar tiap koperasi, katalog program 2026",
    "KUR: credit up to Rp 500 million at 6 %, programme catalogue 2026":
        "KUR: kredit sampai Rp500 juta dengan bunga 6 %, katalog program 2026",
    "Two approaches of the programme: access to jobs for those hit by layoffs":
        "Dua pendekatan program: akses ke pekerjaan bagi yang terkena PHK",
    "No trial of created places in Indonesia found: the effect is a sum, not evidence":
        "Uji penciptaan tempat kerja di Indonesia tidak ditemukan: dampaknya hitungan, bukan bukti",
    "Kepmensos 79/HUK/2025: decile 1 to 5; a catalogue of 2025/26 says 1 to 4":
        "Kepmensos 79/HUK/2025: desil 1 sampai 5; katalog 2025/26 menyebut 1 sampai 4",
    "sidanegara.desa.id, 7 July 2025; programme catalogue 2026: a conflict, kept as data":
        "sidanegara.desa.id, 7 Juli 2025; katalog program 2026: berbeda, disimpan apa adanya",
    "Kepmensos 79/HUK/2025: decile 1 to 4": "Kepmensos 79/HUK/2025: desil 1 sampai 4",
    "Kepmensos 79/HUK/2025: decile 1 to 5": "Kepmensos 79/HUK/2025: desil 1 sampai 5",
    "sidanegara.desa.id, 7 July 2025": "sidanegara.desa.id, 7 Juli 2025",
    "Kolukuluri 2023, Askeskin and extreme health shocks, IFLS": "Kolukuluri 2023, Askeskin dan sakit "
    "sangat berat, IFLS",
    "McKenzie 2017, WPS8011: many programmes without significant effect":
        "McKenzie 2017, WPS8011: banyak program tanpa dampak yang nyata",
    "Levy Yeyati et al. 2019: 102 trials, one third positive and significant":
        "Levy Yeyati dkk. 2019: 102 uji, sepertiga positif dan nyata",
    "Carranza and McKenzie 2023, WPS10576: often there are no openings":
        "Carranza dan McKenzie 2023, WPS10576: sering tidak ada lowongan",
    "Cahyadi et al. 2020, cumulative impacts of PKH, AEJ: Economic Policy 12(4):88-110":
        "Cahyadi dkk. 2020, dampak PKH yang menumpuk, AEJ: Economic Policy 12(4):88-110",
    "Alatas, Hanna, Maulana, Olken, Satriawan, Sumarto: lottery and survey of 47,000 people, 2021":
        "Alatas, Hanna, Maulana, Olken, Satriawan, Sumarto: undian dan survei 47.000 orang, 2021",
    "Effect of disasters on entry into poverty: not found":
        "Dampak bencana pada jatuhnya keluarga ke kemiskinan: tidak ditemukan",
    "Kemnaker: 79,302 layoffs recorded January to November 2025, .14 % of employees, a floor":
        "Kemnaker: 79.302 PHK tercatat Januari sampai November 2025, 0,14 % pekerja, batas bawah",
    "Weights inside the poverty line, March 2026: rice 20.52 % urban, 24.60 % rural":
        "Bobot dalam garis kemiskinan, Maret 2026: beras 20,52 % perkotaan, 24,60 % perdesaan",
    "BPS tables, processed by muhammadludviarg/visdati": "tabel BPS, diolah muhammadludviarg/visdati",
    "World Bank, Future Jobs, June 2025: 1.4 million low-skilled formal workers displaced in ASEAN-5, 2018-22":
        "Bank Dunia, Future Jobs, Juni 2025: 1,4 juta pekerja formal berketerampilan rendah tergeser di "
        "ASEAN-5, 2018-22",
    "Frey and Osborne 2017: technical exposure, not a hazard":
        "Frey dan Osborne 2017: keterpaparan teknis, bukan peluang kejadian",
    "Gertler and Gruber 2002, AER 92(1): families smooth less than 30 % of the income lost to severe illness":
        "Gertler dan Gruber 2002, AER 92(1): keluarga menutup kurang dari 30 % pendapatan yang hilang karena "
        "sakit berat",
    "Struktural: bankrupt small firms, draft Rencana Induk Pengentasan Kemiskinan 2025-29":
        "Struktural: usaha kecil bangkrut, rancangan Rencana Induk Pengentasan Kemiskinan 2025-29",
}  # fmt: skip


def told(text: str, language: Language) -> str:
    """A line of the library in a language."""
    return WORDS.get(text, text) if language == "id" else text
