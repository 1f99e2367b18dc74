"""Names of models, metrics and kinds, and the words on charts, in Bahasa Indonesia and English."""

from __future__ import annotations

import re

from models.text import Language as Language

BUDGETS = (5, 10, 20, 30)
"""Shares of the cohort, in per cent, that a list could hold: a test has figures of each."""
MARK: dict[Language, str] = {"id": "DATA SINTETIS: bukan keluarga sungguhan", "en": "SYNTHETIC DATA: not real families"}
NBSP = "\N{NO-BREAK SPACE}"

_SIZES = {**{str(k): (f"{k}{NBSP}% teratas", f"top {k}{NBSP}%") for k in BUDGETS},
          "budget": ("daftar menurut anggaran", "list of the budget")}  # fmt: skip
_OF_A_LIST = {
    "precision": ("Presisi", "Precision"),
    "recall": ("Jatuh yang terjaring", "Falls caught"),
    "exclusion": ("Galat eksklusi (dari semua yang jatuh)", "Exclusion error (of all falls)"),
    "inclusion": ("Galat inklusi (dari semua yang didaftar)", "Inclusion error (of all listed)"),
    "leakage": ("Terdaftar di antara yang tidak jatuh", "Listed among those that did not fall"),
    **{f"welfare_{rho}": (f"Kesejahteraan yang ditambah, rho {rho}", f"Welfare added, rho {rho}") for rho in (1, 2, 3)},
    "months": ("Bulan di bawah garis yang terjaring", "Months under the line held"),
}

MODELS: dict[str, tuple[str, str]] = {
    "jaga": ("Jaga", "Jaga"),
    "logistic": ("Regresi logistik", "Logistic regression"),
    "logistic_hazard": ("Hazard logistik", "Logistic hazard"),
    "logistic_pmt": ("PMT logistik", "Logistic PMT"),
    "welfare_rule": ("Aturan 1,0-1,5", "1.0-1.5 rule"),
    "last_status": ("Status terakhir", "Last status"),
    "welfare_rank": ("Peringkat desil", "Welfare rank"),
    "expected_poverty": ("Perkiraan kemiskinan", "Expected poverty"),
    "random_forest": ("Hutan acak", "Random forest"),
    "xgboost": ("XGBoost", "XGBoost"),
    "catboost": ("CatBoost", "CatBoost"),
}
METRICS: dict[str, tuple[str, str]] = {
    "auc": ("AUC", "AUC"),
    "average_precision": ("Presisi rata-rata", "Average precision"),
    "log_loss": ("Kerugian log", "Log-loss"),
    "log_loss_difference": ("Kerugian log: Jaga dikurangi pembanding", "Log-loss: Jaga minus baseline"),
    "brier": ("Skor Brier", "Brier score"),
    "brier_skill": ("Keunggulan Brier atas angka dasar", "Brier skill over the base rate"),
    "calibration_slope": ("Kemiringan kalibrasi", "Calibration slope"),
    "calibration_intercept": ("Intersep kalibrasi", "Calibration intercept"),
    "expected_over_observed": ("Perkiraan per kejadian", "Expected over observed falls"),
    "ece": ("Galat kalibrasi (ECE)", "Calibration error (ECE)"),
    **{f"{name}_at_{size}": (f"{title[0]}, {where[0]}", f"{title[1]}, {where[1]}")
       for name, title in _OF_A_LIST.items() for size, where in _SIZES.items()},
}  # fmt: skip
KINDS: dict[str, tuple[str, str]] = {
    "relapse": ("Jatuh kembali", "Relapse"),
    "first_entry": ("Jatuh pertama kali", "First entry"),
    "unknown_history": ("Riwayat belum diketahui", "Unknown history"),
}
VIEWS: dict[str, tuple[str, str]] = {
    "registry": ("registri (pengeluaran tidak diukur)", "registry (spending not measured)"),
    "survey": ("survei (pengeluaran diukur)", "survey (spending measured)"),
}
SOURCES: dict[str, tuple[str, str]] = {
    "contract": ("tabel menurut kontrak data", "tables of the data contract"),
    "synthetic": ("panel sintetis", "synthetic panel"),
    "eph": ("survei rumah tangga EPH, perkotaan Argentina", "household survey EPH, urban Argentina"),
    "table": ("tabel datar", "flat table"),
}
GROUPS: dict[str, tuple[str, str]] = {
    "head woman": ("Kepala keluarga perempuan", "Headed by a woman"),
    "disability present": ("Ada anggota dengan disabilitas", "Disability present"),
    "elderly alone": ("Hanya lanjut usia", "Elderly alone"),
    "remote": ("Daerah terpencil", "Remote place"),
    "large city": ("Kota besar", "Large city"),
    "household size": ("Jumlah anggota keluarga", "Household size"),
    "urban or rural": ("Perkotaan atau perdesaan", "Urban or rural"),
    "province": ("Provinsi", "Province"),
    "province and urban or rural": ("Provinsi, perkotaan atau perdesaan", "Province and urban or rural"),
    "island group": ("Kelompok pulau", "Island group"),
    "facts missing": ("Fakta yang belum ada", "Facts missing"),
}
LEVELS: dict[str, tuple[str, str]] = {
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
    "urban": ("perkotaan", "urban"),
    "rural": ("perdesaan", "rural"),
    "5 and more": ("5 atau lebih", "5 and more"),
    "few": ("sedikit", "few"),
    "some": ("sedang", "some"),
    "many": ("banyak", "many"),
    "Java": ("Jawa", "Java"),
}
CHARTS: dict[str, tuple[str, str]] = {
    "reliability": ("Perkiraan dan kenyataan", "Predicted and observed falls"),
    "reliability.about": (
        "Keluarga dibagi ke dalam kelompok sama besar menurut perkiraan; titik di garis putus-putus berarti dari 100 "
        "keluarga jatuh sebanyak yang diperkirakan; garis tegak adalah rentang 95 persen, terpotong di tepi gambar.",
        "Households in groups of equal weight by prediction; a dot on the dashed line means that as many fell as "
        "predicted; the upright bar is the 95 per cent interval, cut off where the picture ends.",
    ),
    "predicted": ("Perkiraan (%)", "Predicted (%)"),
    "observed": ("Jatuh (%)", "Fell (%)"),
    "gain": ("Jatuh yang terjaring menurut panjang daftar", "Falls caught by length of the list"),
    "gain.about": (
        "Bagian dari semua yang jatuh yang ada di dalam daftar, menurut bagian keluarga yang didaftar; titik pada 5, "
        "10, 20 dan 30 persen; garis abu-abu lurus dari sudut ke sudut adalah daftar acak.",
        "Share of all falls on the list against the share of households listed; dots at 5, 10, 20 and 30 per cent; "
        "the straight grey line from corner to corner is a list drawn at random.",
    ),
    "listed": ("Keluarga yang didaftar (%)", "Households listed (%)"),
    "caught": ("Jatuh yang terjaring (%)", "Falls caught (%)"),
    "roc": ("Kurva ROC", "ROC curve"),
    "roc.about": (
        "Bagian jatuh yang terjaring menurut bagian keluarga bertahan yang ikut terdaftar; garis abu-abu lurus dari "
        "sudut ke sudut adalah daftar acak.",
        "Share of falls caught against the share of safe households listed; the straight grey line from corner to "
        "corner is a list drawn at random.",
    ),
    "false_alarm": ("Keluarga bertahan yang terdaftar (%)", "Safe households listed (%)"),
    "precision_recall": ("Presisi dan jangkauan", "Precision and recall"),
    "precision_recall.about": (
        "Bagian yang jatuh di antara yang didaftar, menurut bagian jatuh yang terjaring.",
        "Share of the listed who fell, against the share of falls caught.",
    ),
    "precision": ("Jatuh di antara yang didaftar (%)", "Fell among the listed (%)"),
    "dots": ("Angka tiap model dengan rentangnya", "Figures of each model with their intervals"),
    "dots.about": (
        "Titik adalah angkanya, garis adalah rentang 95 persen; selisih di kiri nol berarti Jaga lebih baik.",
        "The dot is the figure, the bar its 95 per cent interval; a difference left of zero means Jaga is better.",
    ),
    "groups": ("Kelompok terhadap yang lain", "Groups against the rest"),
    "groups.about": (
        "Selisih bagian jatuh yang terjaring antara kelompok dan semua yang lain; garis adalah rentang 95 persen; "
        "kelompok yang terlalu kecil tidak digambar.",
        "Share of falls caught in the group minus that among all others; the bar is the 95 per cent interval; groups "
        "too small to judge are not drawn.",
    ),
    "horizon": ("Jatuh dalam jangka waktu", "A fall within the horizon"),
    "horizon.about": (
        "Urutan keluarga (AUC) dan perkiraan per kejadian menurut jumlah periode; garis adalah rentang 95 persen.",
        "Order of the families (AUC) and expected over observed by number of periods; the bar is the 95 per cent "
        "interval.",
    ),
    "steadiness": ("Kemantapan daftar", "Steadiness of the list"),
    "steadiness.about": (
        "Bagian daftar yang tetap ada bila model dibuat dengan benih lain, klaster lain, atau data satu periode lebih "
        "sedikit.",
        "Share of the list that stays when the model is made with another seed, other clusters, or one period less.",
    ),
    "ageing": ("Mutu menurut umur model", "Quality by age of the model"),
    "ageing.about": (
        "Mutu satu model pada periode berikutnya; garis adalah rentang 95 persen.",
        "Quality of one model on later periods; the bar is the 95 per cent interval.",
    ),
    "ablation": ("Yang ditambahkan tiap rumpun fitur", "What each family of features adds"),
    "ablation.about": (
        "Log-peluang untuk tiap simpangan baku dari isi rumpun fitur, di samping model tanpanya, pada baris yang "
        "disisihkan; di kanan nol berarti berguna; garis adalah rentang 95 persen; sel yang terlalu kecil tidak "
        "digambar.",
        "Log-odds a standard deviation of what the family says, beside the model without it, on held-out rows; right "
        "of zero it helps; the bar is the 95 per cent interval; cells too small to judge are not drawn.",
    ),
    "distribution": ("Sebaran perkiraan risiko", "Spread of predicted risk"),
    "distribution.about": (
        "Bagian keluarga menurut perkiraan risiko: bidang abu-abu untuk yang bertahan, garis untuk yang jatuh; batang "
        "terakhir memuat semua di atasnya.",
        "Share of households by predicted risk: grey area for those who stayed above the line, outline for those who "
        "fell; the last bar holds all above it.",
    ),
    "stacked": ("Tangga kesejahteraan menurut tahun", "The ladder by year"),
    "stacked.about": (
        "Bagian penduduk di tiap anak tangga, dari yang terbawah, menurut tahun; rata-rata semua undian.",
        "Share of people on each rung, from the lowest, by year; mean of all draws.",
    ),
    "people": ("Penduduk (%)", "People (%)"),
    "paths": ("Kelas menengah dan atas menurut tahun", "The middle and upper class by year"),
    "paths.about": (
        "Bagian penduduk di kelas menengah dan atas; bidang di sekitar garis adalah rentang 90 persen dari undian.",
        "Share of people in the middle and upper class; the area around a line is the 90 per cent range of the draws.",
    ),
    "counts": ("Keluarga di bawah garis kemiskinan menurut tahun", "Families below the poverty line by year"),
    "counts.about": (
        "Garisnya rata-rata; bidang di sekitarnya adalah rentang 90 persen dari undian.",
        "The line is the mean; the area around it is the 90 per cent range of the draws.",
    ),
    "thousand_families": ("Keluarga (ribu)", "Families (thousand)"),
    "middle_share": ("Kelas menengah dan atas (%)", "Middle and upper class (%)"),
    "goal": ("sasaran", "goal"),
    "without_schemes": ("Tanpa skema", "No scheme"),
    "growth_needed": ("Konsumsi naik {0} % setahun", "Consumption rising {0} % a year"),
    "scheme_outcomes": ("Hasil tiap pilihan", "Outcomes of each answer"),
    "scheme_outcomes.about": (
        "Titik adalah rata-rata; garis tipis rentang 90 persen dari undian, garis tebal rentang dari besarnya dampak; "
        "yang putus-putus tidak punya batas atas.",
        "The dot is the mean; the thin bar is the 90 per cent range of the draws, the thick one the range from the "
        "size of the effect; a dashed one has no upper end.",
    ),
    "falls_averted": ("Keluarga yang dicegah jatuh", "Families kept from falling"),
    "relapses_averted": ("Keluarga yang dicegah jatuh kembali", "Families kept from falling again"),
    **{
        f"lasting_{months}": (
            f"Keluarga yang bertahan {months} bulan sesudah bantuan",
            f"Families that last {months} months after support",
        )
        for months in (12, 24, 36)
    },
    "cost_per_lasting_24": (
        "Juta rupiah per keluarga yang bertahan 24 bulan",
        "Million rupiah a family lasting 24 months",
    ),
    "pareto.lasting_24": ("Biaya dan yang bertahan", "Cost and what lasts"),
    "pareto.falls_averted": ("Biaya dan jatuh yang dicegah", "Cost and falls averted"),
    "pareto.falls_averted.about": (
        "Tiap titik satu pilihan: kanan lebih mahal, atas lebih banyak keluarga yang dicegah jatuh; garis tipis "
        "rentang undian, garis tebal rentang dampak. Titik kosong diungguli pilihan yang tidak lebih mahal; garis "
        "putus-putus menghubungkan yang tidak diungguli.",
        "Each dot is an answer: further right costs more, higher up more families are kept from falling; the thin bar "
        "is the range of the draws, the thick one that of the effects. A hollow dot is beaten by one that costs no "
        "more; the dashed line joins those that nothing beats.",
    ),
    "pareto.lasting_24.about": (
        "Tiap titik satu pilihan: kanan lebih mahal, atas lebih banyak yang bertahan; garis tipis rentang undian, "
        "garis tebal rentang dampak. Titik kosong diungguli pilihan yang tidak lebih mahal; garis putus-putus "
        "menghubungkan yang tidak diungguli.",
        "Each dot is an answer: further right costs more, higher up more families last; the thin bar is the range of "
        "the draws, the thick one that of the effects. A hollow dot is beaten by one that costs no more; the dashed "
        "line joins those that nothing beats.",
    ),
    "cost_billion": ("Biaya (miliar rupiah)", "Cost (billion rupiah)"),
    "share": ("Bagian kelompok (%)", "Share of the group (%)"),
    "fell": ("Jatuh", "Fell"),
    "safe": ("Bertahan", "Stayed above"),
    "undefined": ("tidak terdefinisi", "not defined"),
    "empty": ("Belum ada data untuk digambar", "No data to draw"),
    "random": ("acak", "random"),
}
LACKING: dict[str, tuple[str, str]] = {
    "package": ("perlu paket {package} (pip install 'jaga[dev]')",
                "needs the package {package} (pip install 'jaga[dev]')"),
    "spell": ("perlu baris lebih awal dengan kesejahteraan terukur, untuk tahu berapa lama suatu keadaan berlangsung",
              "needs earlier rows with measured welfare to tell how long a spell is"),
    "proxies": ("perlu fitur selain kesejahteraan itu sendiri", "needs features other than welfare itself"),
    "past": ("perlu status sebelum tanggal asal, yang tidak ada di panel ini",
             "needs the status before the origin, which this panel does not hold"),
    "welfare": ("perlu kesejahteraan pada tanggal asal, yang tidak diukur di panel ini",
                "needs welfare at the origin, which this panel does not measure"),
}  # fmt: skip
"""Why a baseline cannot be had; a result holds the English words."""


def lacking(why: str, language: Language) -> str:
    """Why a baseline was left out, as a result tells it, in a language; a reason of another version as it is."""
    for own in LACKING.values():
        found = re.fullmatch(re.escape(own[1]).replace(r"\{package\}", "(?P<package>.+)"), why)
        if found:
            return own[0 if language == "id" else 1].format(**found.groupdict())
    return why


def word(table: dict[str, tuple[str, str]], key: str, language: Language) -> str:
    """The words for `key`; a name that has none is shown as it is, with spaces."""
    if key not in table:
        return key.replace("_", " ")
    return table[key][0 if language == "id" else 1]
