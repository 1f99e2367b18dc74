"""Sentences on what the figures of a scenario do not tell: Bahasa Indonesia, English."""

from __future__ import annotations

LIMITS: dict[str, tuple[str, str]] = {
    "unknown.effect": (
        "Dampak {what} bukan dari penelitian: {why}",
        "The effect of {what} is not from a study: {why}",
    ),
    "unknown.no_evidence": (
        "Untuk {what} tidak ditemukan bukti dampak; dampaknya dihitung nol.",
        "No evidence of an effect of {what} was found; it counts as nought.",
    ),
    "lacks_shock": (
        "{what} hanya melindungi dari {shock}, dan guncangan itu tidak ada dalam skenario ini: karena itu tidak "
        "mengubah apa pun. Tambahkan guncangannya.",
        "{what} protects against {shock} alone, and this scenario lacks that shock: so it changes nothing. Add the "
        "shock.",
    ),
    "unknown.open_cost": (
        "{a}: biaya tiap keluarga yang bertahan tidak punya batas atas, karena mungkin tidak ada yang bertahan.",
        "{a}: the cost of each lasting family has no upper end, since it may be that none lasts.",
    ),
    "unknown.fewer": (
        "{a}: dihitung bersih, yang bertahan tidak lebih banyak daripada tanpa skema, jadi biaya tiap keluarga yang "
        "bertahan tidak ada.",
        "{a}: on balance no more families last than without the scheme, so there is no cost of each family that lasts.",
    ),
    "unknown.last": (
        "{a}: simulasi berakhir sebelum 24 bulan sesudah bantuan, jadi yang bertahan tidak terlihat.",
        "{a}: the simulation ends before 24 months after support, so what lasts is not seen.",
    ),
    "unknown.facts": (
        "{what}: bagi {n} keluarga data untuk syaratnya tidak diketahui; mereka tidak ikut.",
        "{what}: for {n} families what eligibility asks for is not known; they have no part.",
    ),
    "unknown.cost": (
        "Biaya {what} tidak diketahui: {parts} tidak ditemukan, atau tidak seluruhnya; isi angka Anda sendiri.",
        "What {what} costs is not known: {parts} was not found, or not in full; fill in your own figure.",
    ),
    "coarse": (
        "{what}: dana atau tempatnya kurang dari satu keluarga contoh, yang mewakili {n} keluarga, jadi jawaban ini "
        "tidak dapat dihitung dan ditinggalkan bila dijalankan. Tambah tempat atau dana, atau, kecuali semua keluarga "
        "berskor sudah ada dalam contoh, pilih wilayah yang lebih kecil.",
        "{what}: its money or places are less than one family of the sample would take, which stands for {n}, so "
        "this answer cannot be worked out and is left out when run. Add places or money, or, unless all "
        "families with scores are in the sample already, choose a smaller area.",
    ),
    "unknown.cost_assumed": (
        "Biaya {what} adalah asumsi ({parts}), jadi perbandingan menurut biaya bersandar padanya.",
        "What {what} costs is an assumption ({parts}), so whatever is compared by cost rests on it.",
    ),
    "unknown.take_up": (
        "{what}: dianggap {n} dari 100 keluarga yang ditawari ikut; itu asumsi, bukan angka dari data.",
        "{what}: {n} of 100 families that are asked are taken to take part; that is an assumption, no figure of data.",
    ),
    "unknown.few": (
        "{what}: hanya {n} keluarga contoh yang ikut, jadi angkanya kasar; tambah tempat atau dana, atau, kecuali "
        "semua keluarga berskor sudah ada dalam contoh, pilih wilayah yang lebih kecil.",
        "{what}: only {n} families of the sample take part, so its figures are rough; add places or money, or, unless "
        "all families with scores are in the sample already, choose a smaller area.",
    ),
    "lasting.more": (
        "yang bertahan juga mencakup keluarga yang tadinya miskin lalu naik, dan yang tetap jatuh di tahun lain; jatuh "
        "yang dicegah tidak mencakup keduanya",
        "what lasts counts also who was poor before and rose, and who falls in another year all the same; falls "
        "averted count neither",
    ),
    "unknown.families": (
        "Contoh {rows} keluarga mewakili {n}; ketidakpastian karena hanya contoh tidak masuk dalam rentang.",
        "A sample of {rows} families stands for {n}; that it is a sample is not in the ranges.",
    ),
    "unknown.start": (
        "Keluarganya adalah keluarga tahun {year}, sedangkan skenario mulai pada {start}: keadaan {year} dipakai "
        "sebagai keadaan {start}, seolah di antaranya tidak ada yang berubah.",
        "The families are those of {year} and the scenario starts in {start}: the state of {year} is taken for that of "
        "{start}, as if nothing had changed between.",
    ),
    "unknown.provinces": (
        "{n} provinsi tidak ditampilkan: contohnya kurang dari {least} keluarga, sendiri atau bersama provinsi lain.",
        "{n} provinces are not shown: the sample has fewer than {least} families there, alone or with the others.",
    ),
    "unknown.place_drift": (
        "Kelas menengah satu provinsi dapat bergeser sampai {points} poin dalam {years} tahun, juga kalau tidak ada "
        "yang terjadi; untuk satu provinsi, simulasikan provinsi itu saja.",
        "The middle class of one province may move by up to {points} points in {years} years though nothing happens; "
        "for one province, simulate that province alone.",
    ),
    "unknown.shocks": (
        "Besarnya guncangan sendiri tidak pasti: tanpa skema keluarga di bawah garis pada {year}, tahun dengan "
        "rentang terlebar, {value}, menurut ujung rentang guncangan {low} sampai {high}.",
        "How hard the shocks hit is itself unsure: without schemes {value} families are below the line in {year}, the "
        "year of the widest range, by the ends of the shocks' ranges {low} to {high}.",
    ),
    "unknown.draw_ranges": (
        "Rentang undian lebih sering terlalu tinggi: di negara sintetis, rentang 90 persen memuat yang sebenarnya "
        "dalam {inside} dari {of} skenario ({draws} undian); {fewer} kali yang sebenarnya lebih sedikit, {more} kali "
        "lebih banyak. Diukur hanya bagi kejadian jatuh satu sampai tiga tahun ke depan dengan risiko sebenarnya, "
        "bukan sesudahnya, bagi yang bertahan, atau dari skor.",
        "The ranges of the draws are more often too high than too low: in synthetic countries that of 90 per cent held "
        "the truth in {inside} of {of} scenarios of {draws} draws; the truth was less {fewer} times and more {more} "
        "times. That is of falls, one to three years ahead, where each family's true risk is known; it was not "
        "measured for later years, for what lasts, or from scores.",
    ),
    "few_draws": (
        "Dihitung dengan {n} undian, kurang dari {of} saat rentang diuji: ujung rentangnya lebih kasar.",
        "This was worked out with {n} draws, fewer than the {of} that ranges were tested with: the ends of its ranges "
        "are rougher.",
    ),
    "unknown.draw_ranges.law": (
        "Seberapa sering rentang undian memuat yang sebenarnya tidak diukur bagi hukum dalam berkas {file}{chance}.",
        "How often the ranges of the draws hold the truth was not measured of the law in {file}{chance}.",
    ),
    "unknown.draw_ranges.chance": (
        "; tabel peluang dianggap tanpa galat, jadi rentangnya dari kebetulan saja",
        "; a table of chances is taken to err nowhere, so they are of chance alone",
    ),
    "rolling": (
        "keluarga masuk pada beberapa tahun: lebih banyak tempat belum tentu mencegah lebih banyak",
        "families join in several years: more places need not avert more",
    ),
    "unknown.rolling": (
        "{a}: keluarga masuk pada beberapa tahun. Dengan lebih banyak tempat sebuah keluarga dapat masuk lebih awal "
        "dan selesai lebih awal, jadi yang dicegah jatuh dapat lebih sedikit.",
        "{a}: families join in several years. With more places a family may join earlier and so leave earlier, so "
        "fewer falls may be averted.",
    ),
    "check.rolling": (
        "{a}: keluarga dapat masuk pada beberapa tahun, jika tempat atau dana belum habis pada tahun pertama, atau "
        "tempat terbuka lagi; --input menghitungnya. Jika demikian, lebih banyak tempat belum tentu mencegah lebih "
        "banyak.",
        "{a}: families may join in several years, if places or money are not used up in the first, or places open "
        "again; --input works it out. If they do, more places need not avert more falls.",
    ),
    "unknown.end_year": (
        "Pertumbuhannya diukur pada {year}, yang belum dapat diketahui pada {start}; guncangan saja, tanpa pertumbuhan "
        "itu, ada di samping bagian yang terbit.",
        "Its growth was measured in {year}, which could not be known in {start}; the known shocks alone, without that "
        "growth, stand beside the published shares.",
    ),
    "growth.step": (
        "Pertumbuhan konsumsi di atas garis, {growth} persen setahun, adalah satu asumsi; rentang dari bukti tidak "
        "ditemukan, dan tidak ada angka lain yang memuatnya. Dijalani lagi tanpa skema: dengan satu poin persen "
        "setahun lebih sedikit kelas menengah dan atas {low_middle} dari 100 penduduk pada {year} (bukan {own_middle}) "
        "dan yang di bawah garis {low_poor} (bukan {own_poor}); dengan satu poin lebih banyak {high_middle} dan "
        "{high_poor}.",
        "Growth of consumption over the line, {growth} per cent a year, is one assumption; no range of it was found in "
        "evidence, and no other figure holds one. Lived again without schemes: with it one percentage point a year "
        "lower the middle and upper class is {low_middle} of 100 people in {year} (not {own_middle}) and those below "
        "the line {low_poor} (not {own_poor}); with it one point higher {high_middle} and {high_poor}.",
    ),
    "growth.given": (
        "Pertumbuhan konsumsi di atas garis dijalani lagi tanpa skema pada ujung rentangnya, yang tidak dimuat angka "
        "lain: pada {low} persen setahun kelas menengah dan atas {low_middle} dari 100 penduduk pada {year} dan yang "
        "di bawah garis {low_poor}; pada {high} persen {high_middle} dan {high_poor}; pada {growth} persen "
        "{own_middle} dan {own_poor}.",
        "Growth of consumption over the line was lived again without schemes at the ends of its range, which no other "
        "figure holds: at {low} per cent a year the middle and upper class is {low_middle} of 100 people in {year} and "
        "those below the line {low_poor}; at {high} per cent {high_middle} and {high_poor}; at {growth} per cent "
        "{own_middle} and {own_poor}.",
    ),
    "unknown.growth": (
        "Pertumbuhan konsumsi adalah satu asumsi tanpa rentang: angka ini tidak memuat seandainya ia lain.",
        "Growth of consumption is one assumption without a range: these figures do not hold what another would do.",
    ),
    "note.synthetic": (
        "Data sintetis: risiko tiap keluarga adalah yang sebenarnya; tidak ada skor yang setepat itu.",
        "Synthetic data: the risk of each family is the true one, which no score knows so well.",
    ),
    "note.no_facts": (
        "Register tidak diberikan: tiap keluarga dihitung {people} orang (DTSEN, Januari 2026) dan mewakili dirinya "
        "sendiri; syarat desil atau pekerjaan tidak menemukan siapa pun.",
        "No register was given: every family counts as one of {people} people (DTSEN, January 2026) that stands for "
        "itself, and what asks for decile or work finds nobody.",
    ),
    "note.settled": (
        "Gerak tahunan digeser agar bagian tiap anak tangga tetap bila tidak ada yang berubah, menurut perkiraan "
        "terbaik; tanpa itu kelas menengah dan atas berubah dari {begin} menjadi {next} persen pada tahun pertama. "
        "Rata-rata undian, yang masing-masing punya geraknya sendiri, digeser agar tetap di sana juga.",
        "Yearly moves are shifted so that the shares of the rungs stay where nothing changes, by the best estimate; as "
        "fitted, the middle class would have gone from {begin} to {next} % in the first year. The mean of the draws, "
        "each of which has moves of its own, is shifted to stay there too.",
    ),
    "note.raked": (
        "Bobot diubah agar bagian tiap anak tangga sama dengan yang terbit untuk {year}: satu keluarga dihitung {low} "
        "sampai {high} kali semula.",
        "Weights are changed so that the rungs are expected to have the shares published for {year}: a family counts "
        "{low} to {high} times as before.",
    ),
    "unknown.years.law": (
        "Gerak tahun-tahun berikutnya menurut hukum dalam berkas {file}; krisis datang hanya sebagai guncangan yang "
        "dinamai.",
        "Later years move by the law in {file}; crises come only as named shocks.",
    ),
    "unknown.years": (
        "Gerak tahun-tahun berikutnya seperti pada panel; krisis datang hanya sebagai guncangan yang dinamai.",
        "Later years move as the panel did; crises come only as named shocks.",
    ),
}  # fmt: skip
