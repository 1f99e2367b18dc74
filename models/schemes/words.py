"""What is said of scenarios on the console and in the brief: Bahasa Indonesia, English."""

from __future__ import annotations

from models.words import Language

WORDS: dict[str, tuple[str, str]] = {
    "falls_averted": ("Keluarga yang dicegah jatuh", "Families kept from falling"),
    "relapses_averted": ("Keluarga yang dicegah jatuh kembali", "Families kept from falling again"),
    "poor_years_averted": ("Tahun di bawah garis yang dicegah", "Years below the line averted"),
    "lasting_12": ("Bertahan 12 bulan sesudah bantuan", "Last 12 months after support"),
    "lasting_24": ("Bertahan 24 bulan sesudah bantuan", "Last 24 months after support"),
    "lasting_36": ("Bertahan 36 bulan sesudah bantuan", "Last 36 months after support"),
    "exits_24": ("Di antaranya keluar dari kemiskinan, 24 bulan", "Of these, out of poverty for 24 months"),
    "aspirin": ("Aspirin: jatuh lagi sesudah bantuan selesai", "Aspirin: fall again once support ends"),
    "cost": ("Biaya seluruhnya", "Cost in all"),
    "cost_per_lasting_24": ("Biaya tiap keluarga yang bertahan 24 bulan", "Cost of each family that lasts 24 months"),
    "cost_per_falls_averted": ("Biaya tiap jatuh yang dicegah", "Cost of each fall averted"),
    "cost.unknown": ("tidak diketahui", "not known"),
    "cost.few": (
        "Biaya {what} tidak ditampilkan: kurang dari {n} keluarga contoh memenuhi syarat atau ikut.",
        "The cost of {what} is not shown: fewer than {n} families of the sample may or do take part.",
    ),
    "cost.least": ("paling sedikit {cost}", "at least {cost}"),
    "of_100": ("{n} dari 100", "{n} of 100"),
    "range": ("{low} sampai {high}", "{low} to {high}"),
    "open.cost_per_lasting_24": (
        "mulai {low}; mungkin tidak ada yang bertahan",
        "from {low}; it may be that none lasts",
    ),
    "open.cost_per_falls_averted": (
        "mulai {low}; mungkin tidak ada yang dicegah",
        "from {low}; it may be that none is averted",
    ),
    "no_price.none.cost_per_lasting_24": (
        "tidak ada: tidak satu pun keluarga bertahan",
        "none: not one family lasts",
    ),
    "no_price.fewer.cost_per_lasting_24": (
        "tidak ada: yang bertahan tidak lebih banyak daripada tanpa skema",
        "none: no more families last than without it",
    ),
    "no_price.none.cost_per_falls_averted": (
        "tidak ada: tidak satu pun jatuh dicegah",
        "none: not one fall is averted",
    ),
    "no_price.fewer.cost_per_falls_averted": (
        "tidak ada: yang jatuh tidak lebih sedikit daripada tanpa skema",
        "none: no fewer families fall than without it",
    ),
    "none": ("tidak terdefinisi", "not defined"),
    "aspirin.none": (
        "tidak ada: tidak satu pun jatuh dicegah selama bantuan",
        "none: not one fall is averted during support",
    ),
    "unseen": (
        "simulasi berakhir sebelum {n} bulan sesudah bantuan",
        "the simulation ends before {n} months after support",
    ),
    "few": ("terlalu sedikit keluarga", "too few families"),
    "draws": ("undian", "draws"),
    "effects": ("besarnya dampak", "size of the effect"),
    "without": ("Tanpa skema", "No scheme"),
    "response": ("Respons model, bukan dampak", "Model response, not effect"),
    "response.why": (
        "Sebagian angka dampaknya asumsi, bukan penelitian. Angka ini menunjukkan bagaimana model menjawab, bukan apa "
        "yang terjadi bila program dijalankan.",
        "Some figures of the effect are assumed, not studied. This shows how the model answers, not what happens if a "
        "programme runs.",
    ),
    "evidence.why": (
        "Dampak dari penelitian; di luar tempat penelitian dapat berbeda.",
        "Effect from studies; elsewhere it may differ.",
    ),
    "synthetic": ("Data sintetis: bukan keluarga sungguhan", "Synthetic data: not real families"),
    "response.unaided": (
        "Sebagian angka guncangan dan pertumbuhannya asumsi. Angka ini menunjukkan bagaimana model menjawab; bukan "
        "ramalan.",
        "Some figures of the shocks and of growth are assumed. This shows how the model answers; it is no forecast.",
    ),
    "unaided.with": (
        "Skenario ini tidak menguji skema, hanya apa yang menimpa keluarga: {what}.",
        "This scenario tries no scheme, only what comes upon families: {what}.",
    ),
    "unaided.nothing": (
        "Skenario ini tidak menguji skema, guncangan, atau pertumbuhan: hanya naik turunnya keluarga setiap tahun.",
        "This scenario tries no scheme, no shock and no growth: only the yearly rise and fall of families.",
    ),
    "unaided.and": (" dan ", " and "),
    "unaided.shocks": ("{n} guncangan", "{n} shocks"),
    "unaided.growth": ("pertumbuhan konsumsi {n} persen setahun", "growth of consumption by {n} per cent a year"),
    "unaided.growth_below.growth": (
        "pertumbuhan konsumsi kelompok bawah {n} persen setahun",
        "growth of the consumption of the lower group by {n} per cent a year",
    ),
    "unaided.void": (
        "Skenario ini tidak menguji skema; guncangannya tidak mengambil apa pun dari siapa pun (peluang atau besarnya "
        "nol), jadi tidak ada yang berubah karenanya.",
        "This scenario tries no scheme; its shock takes nothing from anybody (its chance or its size is nought), so "
        "nothing changes by it.",
    ),
    "unaided.below": (
        "Keluarga di bawah garis kemiskinan: {first} pada {first_year}, {last} pada {last_year}.",
        "Families below the poverty line: {first} in {first_year}, {last} in {last_year}.",
    ),
    "unaided.same": (
        "Itu sama seperti tanpa semua itu: tidak ada yang berubah karenanya.",
        "That is the same as without it: nothing changes by it.",
    ),
    "unaided.against": (
        "Dibandingkan dengan keluarga yang sama tanpa semua itu: {gaps}.",
        "Beside the same families without it: {gaps}.",
    ),
    "unaided.gap": ("{n} pada {year}, {more}", "{n} in {year}, {more}"),
    "unaided.none": ("tidak lebih dan tidak kurang", "no more and no fewer"),
    "unaided.more": (
        "{n} lebih banyak (rentang undian {low} sampai {high} lebih banyak)",
        "{n} more (range of the draws {low} to {high} more)",
    ),
    "unaided.less": (
        "{n} lebih sedikit (rentang undian {low} sampai {high} lebih sedikit)",
        "{n} fewer (range of the draws {low} to {high} fewer)",
    ),
    "unaided.either": (
        "selisih {n} (rentang undian {low} sampai {high}, memuat nol)",
        "a difference of {n} (range of the draws {low} to {high}, which holds nought)",
    ),
    "unaided.fallen.against": (
        "Sekitar {n} keluarga yang pada {start} di atas garis jatuh di bawahnya, sekali atau lebih, sampai {end}; "
        "dibandingkan dengan tanpa semua itu {more}.",
        "About {n} families that are above it in {start} fall below it, once or more, by {end}; beside the same "
        "without it {more}.",
    ),
    "unaided.fallen": (
        "Sekitar {n} keluarga yang pada {start} di atas garis jatuh di bawahnya, sekali atau lebih, sampai {end}.",
        "About {n} families that are above it in {start} fall below it, once or more, by {end}.",
    ),
    "unaided.middle": (
        "Kelas menengah, dari 100 penduduk: {shares}.",
        "The middle class, of 100 people: {shares}.",
    ),
    "answer.zero": (
        "{a}: tidak ada keluarga yang ikut, jadi tidak ada perubahan dan tidak ada biaya.",
        "{a}: no family takes part, so nothing changes and nothing is spent.",
    ),
    "answer.few": (
        "{a}: angkanya tidak ditampilkan, karena kurang dari {n} keluarga contoh ikut dalam skemanya: satu keluarga "
        "dapat dikenali dari angka itu, dan angkanya kebetulan belaka. Tambah tempat atau dana, longgarkan syaratnya, "
        "atau pilih wilayah yang lebih kecil.",
        "{a}: its figures are not shown, since fewer than {n} families of the sample take part in a scheme of it: one "
        "family may be known by them, and they would be mere chance. Add places or money, widen its eligibility, or "
        "choose a smaller area.",
    ),
    "answer.one": (
        "{a}: sekitar {n} ({what}), dengan biaya {cost}. Rentang undian {draws}; rentang besarnya dampak {effects}.",
        "{a}: about {n} ({what}), for {cost}. Range of the draws {draws}; range of the size of the effect {effects}.",
    ),
    "answer.one.again": (
        "Sekitar {n} ({what}); rentang undian {draws}, rentang besarnya dampak {effects}.",
        "About {n} ({what}); range of the draws {draws}, range of the size of the effect {effects}.",
    ),
    "answer.one.open": (
        "Rentangnya memuat nol, jadi belum dapat dipastikan ada ({what}).",
        "The range holds nought, so it cannot be said that there are any ({what}).",
    ),
    "answer.thin": (
        "Angka ini menyangkut kurang dari {n} keluarga contoh tiap undian, jadi kasar ({what}).",
        "This is of fewer than {n} families of the sample in a draw, so it is rough ({what}).",
    ),
    "unreached": ("tanpa dampak: tidak ada yang terjangkau", "no effect: nobody reached"),
    "holds_nought": ("rentangnya memuat nol", "the range holds nought"),
    "thin": ("kurang dari {n} keluarga contoh: kasar", "fewer than {n} families of the sample: rough"),
    "answer.best": (
        "{a} unggul atas {others}: {n} lebih banyak ({what}); kedua rentang selisihnya tidak memuat nol.",
        "{a} is ahead of {others}: {n} more ({what}); neither range of the difference holds nought.",
    ),
    "answer.undecided": (
        "Mana yang unggul belum dapat dipastikan: rentang selisih memuat nol ({what}).",
        "It cannot be said which is better: a range of the difference holds nought ({what}).",
    ),
    "answer.undecided.both": (
        "Mana yang unggul belum dapat dipastikan, baik menurut keluarga yang bertahan 24 bulan sesudah bantuan maupun "
        "menurut keluarga yang dicegah jatuh: rentang selisihnya memuat nol.",
        "It cannot be said which is better, neither by families that last 24 months after support nor by families kept "
        "from falling: a range of the difference holds nought.",
    ),
    "answer.all": ("Semua jawaban", "All answers"),
    "answer.equal": (
        "Tidak ada bedanya: pada setiap undian dan setiap ujung rentang keduanya sama ({what}).",
        "There is no difference: in every draw and at every end of the ranges they are the same ({what}).",
    ),
    "answer.none_lasts": (
        "{a}: tidak satu pun keluarga terlihat bertahan 24 bulan sesudah bantuan karena skemanya.",
        "{a}: not one family is seen to last 24 months after support because of it.",
    ),
    "answer.by_falls": (
        "Karena itu yang berikut menurut keluarga yang dicegah jatuh.",
        "So what follows is by families kept from falling.",
    ),
    "picture.unpriced": (
        "Tidak digambar karena sebagian atau seluruh biayanya tidak diketahui: {arms}.",
        "Not drawn, since all or a part of the cost is not known: {arms}.",
    ),
    "picture.unreached": (
        "Tidak digambar karena tidak ada keluarga yang ikut: {arms}.",
        "Not drawn, since no family takes part: {arms}.",
    ),
    "answer.cost_lacks": (
        "Menurut biaya {a} tidak dapat dibandingkan: {parts} tidak diketahui seluruhnya, jadi biayanya {cost}.",
        "{a} cannot be compared by cost: {parts} is not known in full, so it costs {cost}.",
    ),
    "answer.cost_unknown": (
        "Menurut biaya {a} tidak dapat dibandingkan: {parts} tidak diketahui.",
        "{a} cannot be compared by cost: {parts} is not known.",
    ),
    "answer.beats": ("Menurut rata-rata saja, {a} {cost} dan {held}.", "By the means alone, {a} {cost} and {held}."),
    "beats.cost.less": ("lebih murah daripada {b}", "costs less than {b}"),
    "beats.cost.same": ("sama biayanya dengan {b}", "costs as much as {b}"),
    "beats.lasting_24.more": ("lebih banyak keluarga yang bertahan karenanya", "more families last by it"),
    "beats.lasting_24.same": ("sama banyak keluarga yang bertahan karenanya", "as many families last by it"),
    "beats.falls_averted.more": ("mencegah lebih banyak keluarga jatuh", "keeps more families from falling"),
    "beats.falls_averted.same": ("mencegah sama banyak keluarga jatuh", "keeps as many families from falling"),
    "asked.goal.missed": (
        "Sasaran {goal} dari 100 penduduk di kelas menengah pada {year} tidak tercapai: {shares}.",
        "The goal of {goal} of 100 people in the middle class in {year} is not reached: {shares}.",
    ),
    "asked.goal.reached": (
        "Sasaran {goal} dari 100 penduduk di kelas menengah pada {year} tercapai menurut rata-rata: {shares}.",
        "The goal of {goal} of 100 people in the middle class in {year} is reached by the mean: {shares}.",
    ),
    "asked.goal.calm": (
        "Skenario ini tanpa pertumbuhan dan tanpa guncangan: selain skema, hanya naik turunnya keluarga setiap tahun "
        "yang dihitung (tanpa skema {now} pada {start}, {then} pada {year}). Itu anggapan, bukan ramalan.",
        "This scenario has neither growth nor a shock: besides schemes only the yearly rise and fall of families is "
        "reckoned with (without schemes {now} in {start}, {then} in {year}). That is an assumption, no forecast.",
    ),
    "asked.goal.share": ("{what} {share}", "{what} {share}"),
    "asked.goal.without": ("tanpa skema", "without schemes"),
    "asked.mix.value": (
        "Semua skema yang biayanya diketahui, bagi semua keluarga di bawah kelas menengah, cukup untuk itu pada tengah "
        "dampaknya.",
        "All schemes of known cost, for every family below the middle class, are enough for it at the middle of their "
        "effects.",
    ),
    "asked.mix.high": (
        "Skema bagi semua keluarga di bawah kelas menengah baru cukup untuk itu pada ujung atas dampaknya, atau "
        "bersama skema yang biayanya tidak diketahui.",
        "Schemes for every family below the middle class are enough for it only at the upper ends of their effects, or "
        "together with schemes whose cost is not known.",
    ),
    "asked.mix.none": (
        "Tidak ada campuran skema yang mencapainya, juga bagi semua keluarga di bawah kelas menengah dan pada ujung "
        "atas dampaknya.",
        "No mix of schemes reaches it, not even for every family below the middle class and at the upper ends of their "
        "effects.",
    ),
    "asked.published": (
        "Pada {year} simulasi meleset dari bagian penduduk yang terbit: {misses}.",
        "In {year} the simulation misses the published shares of people: {misses}.",
    ),
    "asked.miss": (
        "{rung} {miss} poin (simulasi {simulated}, terbit {published})",
        "{rung} {miss} points (simulated {simulated}, published {published})",
    ),
    "rung.middle_up": ("Menengah dan atas", "Middle and upper"),
    "goal.told": (
        "Tanpa skema kelas menengah menjadi {share} dari 100 penduduk pada {year} ({low} sampai {high}); sasaran "
        "2045 adalah {goal}.",
        "Without schemes the middle class is {share} of 100 people in {year} ({low} to {high}); the goal for 2045 is "
        "{goal}.",
    ),
    "goal.arm": (
        "{a}: {share} dari 100 ({low} sampai {high}).",
        "{a}: {share} of 100 ({low} to {high}).",
    ),
    "goal.feasible": (
        "Sasaran dapat tercapai dengan laju terbaik di antara tahun-tahun yang bagiannya ditemukan terbit ({years}): "
        "perlu {need} poin setahun, terbaik {best}.",
        "The goal is within reach of the best pace between the years of which published shares were found ({years}): "
        "{need} points a year are needed, {best} is the best.",
    ),
    "goal.infeasible": (
        "Sasaran tidak tercapai dengan laju mana pun di antara tahun-tahun yang bagiannya ditemukan terbit ({years}): "
        "perlu {need} poin setahun, terbaik {best}. Laju pada tahun-tahun lain tidak diketahui.",
        "The goal is out of reach of any pace between the years of which published shares were found ({years}): {need} "
        "points a year are needed, {best} is the best. The pace of other years is not known.",
    ),
    "goal.growth": (
        "Tanpa skema, konsumsi di atas garis harus naik {growth} persen setahun.",
        "Without schemes, consumption over the line would have to rise {growth} per cent a year.",
    ),
    "goal.growth.range": (
        "Rentangnya {low} sampai {high} menurut ketidakpastian hukum gerak.",
        "The range is {low} to {high} by what is unsure of the moves.",
    ),
    "goal.rates": (
        "Gerak setahun yang diperlukan: dari 100 penduduk menuju menengah {up} naik ke kelas menengah (sekarang "
        "{up_now}), dan dari 100 kelas menengah {down} turun (sekarang {down_now}).",
        "Yearly moves that it takes: of 100 aspiring people {up} rise to the middle class (now {up_now}), and of "
        "100 of the middle class {down} fall (now {down_now}).",
    ),
    "goal.no_rates": (
        "Tidak ada perubahan gerak tahunan yang cukup.",
        "No change of the yearly moves is enough.",
    ),
    "goal.mix": (
        "Semua skema yang seluruh biayanya diketahui, bagi semua keluarga di bawah kelas menengah, termurah dulu, "
        "{end}: "
        "{share} dari 100 dengan {cost} setahun ({names}); {verdict}.",
        "All schemes whose cost is known in full for every family below the middle class, cheapest first, {end}: "
        "{share} of 100 for {cost} a year ({names}); {verdict}.",
    ),
    "goal.mix.left_out": (
        "Tidak ikut diurutkan karena sebagian biayanya tidak diketahui: {names}; bersama semuanya {share} dari 100.",
        "Left out of that order, since a part of their cost is not known: {names}; with all of them {share} of 100.",
    ),
    "goal.without": ("tanpa {parts}, yang tidak diketahui", "without {parts}, which is not known"),
    "goal.reached.unpriced": (
        "sasaran tercapai hanya bersama skema yang biayanya tidak diketahui",
        "the goal is reached only together with schemes whose cost is not known",
    ),
    "goal.mix.none": (
        "Tidak ada skema dengan biaya yang diketahui yang mengangkat, {end}.",
        "No scheme with a known cost lifts anybody, {end}.",
    ),
    "goal.end.value": ("pada tengah dampaknya", "at the middle of their effects"),
    "goal.end.high": ("pada ujung atas dampaknya", "at the upper ends of their effects"),
    "goal.reached": ("sasaran tercapai", "the goal is reached"),
    "goal.not_reached": ("tidak ada campuran yang mencapai sasaran", "no mix reaches the goal"),
    "goal.not_reached.alone": ("sasaran tidak tercapai", "the goal is not reached"),
    "goal.from": ("Sekarang di", "Now on"),
    "goal.head.scheme": ("Skema bagi semua di bawah kelas menengah", "Scheme for all below the middle class"),
    "goal.head.share": ("Kelas menengah (%)", "Middle class (%)"),
    "goal.head.range": ("Rentang besarnya dampak", "Range from the size of the effect"),
    "goal.head.cost": ("Biaya setahun", "Cost a year"),
    "goal.head.basis": ("Dasar dampak", "Basis of the effect"),
    "goal.head.verdict": ("Sasaran 2045", "Goal for 2045"),
    "goal.no_growth": ("Tidak ada pertumbuhan yang cukup.", "No growth is enough."),
    "unknown.effect": (
        "Dampak {what} bukan dari penelitian: {why}",
        "The effect of {what} is not from a study: {why}",
    ),
    "unknown.no_evidence": (
        "Untuk {what} tidak ditemukan bukti dampak; dampaknya dihitung nol.",
        "No evidence of an effect of {what} was found; it counts as nought.",
    ),
    "unknown.open_cost": (
        "{a}: biaya tiap keluarga yang bertahan tidak punya batas atas, karena mungkin tidak ada yang bertahan.",
        "{a}: the cost of each lasting family has no upper end, since it may be that none lasts.",
    ),
    "unknown.fewer": (
        "{a}: dihitung bersih, yang bertahan tidak lebih banyak daripada tanpa skema, jadi biaya tiap keluarga yang "
        "bertahan tidak ada.",
        "{a}: on balance no more families last than without it, so there is no cost of each family that lasts.",
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
        "{what}: dana atau tempatnya kurang dari satu keluarga contoh, yang mewakili {n} keluarga, jadi tidak dapat "
        "dihitung. Tambah, atau pilih wilayah yang lebih kecil.",
        "{what}: its money or places are less than one family of the sample would take, which stands for {n}, so it "
        "cannot be worked out. Add more, or choose a smaller area.",
    ),
    "unknown.cost_assumed": (
        "Biaya {what} adalah asumsi ({parts} {cost}), jadi perbandingan menurut biaya bersandar padanya.",
        "What {what} costs is an assumption ({parts} {cost}), so whatever is compared by cost rests on it.",
    ),
    "unknown.take_up": (
        "{what}: dianggap {n} dari 100 keluarga yang ditawari ikut; itu asumsi, bukan angka dari data.",
        "{what}: {n} of 100 families that are asked are taken to take part; that is an assumption, no figure of data.",
    ),
    "unknown.few": (
        "{what}: hanya {n} keluarga contoh yang ikut, jadi angkanya kasar; pilih wilayah yang lebih kecil, atau "
        "lebih banyak tempat atau dana.",
        "{what}: only {n} families of the sample take part, so its figures are rough; choose a smaller area, or more "
        "places or money.",
    ),
    "lasting.more": (
        "yang bertahan juga mencakup keluarga yang tadinya miskin lalu naik, dan yang tetap jatuh di tahun lain; jatuh "
        "yang dicegah tidak mencakup keduanya",
        "what lasts counts also who was poor before and rose, and who falls in another year all the same; falls "
        "averted count neither",
    ),
    "unknown.relapses": (
        "{a}: jatuh kembali yang dicegah di bawah nol, karena keluarga yang terangkat dapat jatuh lagi, sedangkan yang "
        "tidak pernah terangkat tidak dapat.",
        "{a}: fewer than nought are kept from falling again, since those lifted can fall again, and those never lifted "
        "cannot.",
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
    "unknown.shocks": (
        "Besarnya guncangan sendiri tidak pasti: tanpa skema keluarga di bawah garis pada {year}, tahun dengan "
        "rentang terlebar, {value}, menurut ujung rentang guncangan {low} sampai {high}.",
        "How hard the shocks hit is itself unsure: without schemes {value} families are below the line in {year}, the "
        "year of the widest range, by the ends of the shocks' ranges {low} to {high}.",
    ),
    "unknown.shock_ranges": (
        "Rentang undian untuk jatuh karena guncangan terlalu sempit: di negara sintetis yang baru, rentang 90 persen "
        "memuat yang sebenarnya dalam {inside} dari {of} skenario.",
        "The range of the draws is too narrow for falls caused by shocks: in new synthetic countries that of 90 per "
        "cent held the truth in {inside} of {of} scenarios.",
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
    "unknown.end_year": (
        "Pertumbuhannya diukur pada {year}, yang belum dapat diketahui pada {start}; guncangan saja, tanpa pertumbuhan "
        "itu, ada di samping bagian yang terbit.",
        "Its growth was measured in {year}, which could not be known in {start}; the known shocks alone, without that "
        "growth, stand beside the published shares.",
    ),
    "growth.step": (
        "Pertumbuhan konsumsi di atas garis, {growth} persen setahun, adalah satu asumsi; rentang dari bukti tidak "
        "ditemukan, dan tidak ada angka lain yang memuatnya. Dijalani lagi tanpa skema: dengan satu poin persen "
        "setahun lebih sedikit kelas menengah {low_middle} dari 100 penduduk pada {year} (bukan {own_middle}) dan yang "
        "di bawah garis {low_poor} (bukan {own_poor}); dengan satu poin lebih banyak {high_middle} dan {high_poor}.",
        "Growth of consumption over the line, {growth} per cent a year, is one assumption; no range of it was found in "
        "evidence, and no other figure holds one. Lived again without schemes: with one point of per cent a year less "
        "the middle class is {low_middle} of 100 people in {year} (not {own_middle}) and those below the line "
        "{low_poor} (not {own_poor}); with one point more {high_middle} and {high_poor}.",
    ),
    "growth.given": (
        "Pertumbuhan konsumsi di atas garis dijalani lagi tanpa skema pada ujung rentangnya, yang tidak dimuat angka "
        "lain: pada {low} persen setahun kelas menengah {low_middle} dari 100 penduduk pada {year} dan yang di bawah "
        "garis {low_poor}; pada {high} persen {high_middle} dan {high_poor}; pada {growth} persen {own_middle} dan "
        "{own_poor}.",
        "Growth of consumption over the line was lived again without schemes at the ends of its range, which no other "
        "figure holds: at {low} per cent a year the middle class is {low_middle} of 100 people in {year} and those "
        "below the line {low_poor}; at {high} per cent {high_middle} and {high_poor}; at {growth} per cent "
        "{own_middle} and {own_poor}.",
    ),
    "unknown.growth": (
        "Pertumbuhan konsumsi adalah satu asumsi tanpa rentang: angka ini tidak memuat seandainya ia lain.",
        "Growth of consumption is one assumption without a range: these figures do not hold what another would do.",
    ),
    "unknown.years": (
        "Gerak tahun-tahun berikutnya seperti pada panel; krisis datang hanya sebagai guncangan yang dinamai.",
        "Later years move as the panel did; crises come only as named shocks.",
    ),
    "figure.size": ("besarnya", "its size"),
    "figure.share": ("bagian yang sampai ke konsumsi", "the share that reaches consumption"),
    "figure.reach": ("bagian peserta yang terbantu", "the share it works for"),
    "figure.fade": ("sisanya sesudah bantuan selesai", "what is left after support ends"),
    "gains": ("{a}, keluarga terbanyak dicegah jatuh: {most}.", "{a}, most families kept from falling: {most}."),
    "provinces": (
        "{a}, penduduk miskin lebih sedikit pada {year}: {most}.",
        "{a}, fewer poor people in {year}: {most}.",
    ),
    "provinces.none": (
        "{a}: tidak ada provinsi yang penduduk miskinnya berkurang pada {year}.",
        "{a}: in no province are fewer people poor in {year}.",
    ),
    "group.rural": ("perdesaan", "rural"),
    "group.urban": ("perkotaan", "urban"),
    "group.desil": ("desil {n}", "desil {n}"),
    "group.size": ("{n} anggota", "{n} members"),
    "group.unknown": ("tidak diketahui", "not known"),
    "ladder.start": ("Awal, {year}", "Start, {year}"),
    "rule.exclusion": (
        "Dari 100 keluarga yang tanpa skema di bawah garis pada akhir tahun pertama, {n} tidak terjangkau.",
        "Of 100 families that are below the line at the end of the first year without it, {n} are not reached.",
    ),
    "rule.inclusion": (
        "Dari 100 yang dijangkau, {n} di atas garis.",
        "Of 100 reached, {n} are above it.",
    ),
    "figure.loss": ("sisa kerugian setahun kemudian", "what is left of the loss a year later"),
    "figure.cost": ("biaya setahun", "cost a year"),
    "figure.setup": ("biaya sekali di awal", "cost once"),
    "figure.take_up": ("bagian yang mengambil tempatnya", "share that takes its place"),
    "figure.exclusion": ("yang berhak tetapi terlewat", "entitled but passed over"),
    "figure.inclusion": ("yang tidak berhak tetapi ikut", "not entitled but let in"),
    "figure.displacement": ("keluarga lain yang terdesak", "other families pushed down"),
    "figure.hazard": ("peluang kena setahun, rata-rata cakupan", "chance of being hit in a year, mean of the scope"),
    "figure.steepness": (
        "curamnya menurut keterpaparan; rata-ratanya tetap",
        "how steeply it rises with exposure; the mean stays",
    ),
    "figure.lacks": ("tanpa {what}", "without {what}"),
    "figure.growth": ("pertumbuhan konsumsi", "growth of consumption"),
    "figure.growth_below.ratio": ("batas kelompok bawah", "below which some grow otherwise"),
    "figure.growth_below.growth": ("pertumbuhan konsumsi kelompok bawah", "growth of consumption below it"),
    "unit.lines": ("garis kemiskinan", "poverty lines"),
    "unit.share": ("bagian", "share"),
    "unit.share a year": ("bagian setahun", "share a year"),
    "unit.share of consumption": ("bagian konsumsi", "share of consumption"),
    "unit.share of the loss": ("bagian kerugian", "share of the loss"),
    "unit.rupiah a family": ("rupiah tiap keluarga", "rupiah a family"),
    "unit.rupiah a family a year": ("rupiah tiap keluarga setahun", "rupiah a family a year"),
    "unit.per unit": ("tiap satuan", "per unit"),
    "scope.all": ("semua keluarga", "every family"),
    "scope.desil": ("desil {low} sampai {high}", "desil {low} to {high}"),
    "scope.risk": ("peluang jatuh {low} sampai {high} dari 100", "chance of a fall {low} to {high} of 100"),
    "scope.poor_now": (
        "peluang sedang miskin {low} sampai {high} dari 100",
        "chance of being poor now {low} to {high} of 100",
    ),
    "scope.size": ("{low} sampai {high} anggota", "{low} to {high} members"),
    "scope.urban": ("perkotaan", "urban"),
    "scope.rural": ("perdesaan", "rural"),
    "scope.working": ("ada anggota yang bekerja", "a member works"),
    "scope.idle": ("tidak ada anggota yang bekerja", "no member works"),
    "scope.codes": ("{what} {codes}", "{what} {codes}"),
    "scope.provinces": ("provinsi", "province"),
    "scope.regencies": ("kabupaten/kota", "regency"),
    "scope.sections": ("lapangan usaha", "industry"),
    "scope.divisions": ("golongan pokok", "division"),
    "effect.consumption": ("menambah konsumsi", "adds to consumption"),
    "effect.income": ("menambah penghasilan", "adds to income"),
    "effect.protection": ("menahan sebagian kerugian karena {against}", "keeps off a part of the loss by {against}"),
    "effect.none": ("tidak ditemukan bukti dampak; dihitung nol", "no evidence of an effect found; counts as nought"),
    "effect.ends": ("tidak ada yang tersisa sesudah bantuan selesai", "nothing is left once support ends"),
    "kind.illness": ("sakit berat", "severe illness"),
    "kind.death_of_earner": ("pencari nafkah meninggal", "death of an earner"),
    "kind.job_loss": ("kehilangan pekerjaan", "a lost job"),
    "kind.layoff_wave": ("gelombang PHK", "a wave of layoffs"),
    "kind.harvest": ("gagal panen", "a failed harvest"),
    "kind.disaster": ("bencana", "a disaster"),
    "kind.food_price": ("harga pangan", "food prices"),
    "kind.automation": ("mesin dan perangkat lunak", "machines and software"),
    "kind.firm_closure": ("usaha kecil yang tutup", "closure of small firms"),
    "part.scope": ("Siapa", "Who"),
    "part.rule": ("Siapa didahulukan", "Who comes first"),
    "part.years": ("Lama bantuan", "Years of support"),
    "part.years.of": ("{n} tahun", "{n} years"),
    "part.ramp": ("Tempat yang dibuka tiap tahun", "Places open by year"),
    "part.effect": ("Dampak", "Effect"),
    "part.after": ("Sesudah bantuan", "After support"),
    "part.after.fade": ("tiap tahun tersisa {n} dari 100", "{n} of 100 left from year to year"),
    "part.kind": ("Jenis", "Kind"),
    "part.exposure": ("Naik menurut", "Rises with"),
    "limited.places": ("tempat habis", "places ran out"),
    "limited.budget": ("dana habis", "money ran out"),
    "basis.evidence": ("bukti", "evidence"),
    "basis.arithmetic": ("hitungan", "arithmetic"),
    "basis.assumption": ("asumsi", "assumption"),
    "source.own": ("asumsi skenario ini", "the scenario's own"),
    "basis.none": ("bukti tidak ditemukan", "no evidence found"),
    "approach.jobs": ("lapangan kerja", "jobs"),
    "approach.ecosystem": ("ekosistem usaha", "business ecosystem"),
    "approach.training": ("pelatihan", "training"),
    "approach.cash": ("bantuan tunai", "cash"),
    "approach.insurance": ("jaminan", "insurance"),
    "approach.graduation": ("graduasi", "graduation"),
    "approach.works": ("padat karya", "cash for work"),
    "approach.credit": ("kredit", "credit"),
    "rule.risk": ("risiko tertinggi dulu", "highest risk first"),
    "rule.desil": ("desil terendah dulu", "lowest desil first"),
    "rule.self_selection": ("mendaftar sendiri", "self-selection"),
    "rule.geography": ("kabupaten termiskin dulu", "poorest regency first"),
    "rule.random": ("diundi", "by lot"),
    "brief.question": ("Pertanyaan", "Question"),
    "brief.answer": ("Jawaban", "Answer"),
    "brief.figures": ("Angka", "Figures"),
    "brief.ranges": (
        "Baris kecil: rentang 90 persen dari undian, lalu rentang dari besarnya dampak, banyaknya keluarga lain yang "
        "terdesak, dan besarnya guncangan; keduanya tidak dijumlahkan.",
        "Small lines: the 90 per cent range of the draws, then the range from the size of the effect, of displacement "
        "and of the shocks; they are not added up.",
    ),
    "brief.pictures": ("Gambar", "Pictures"),
    "brief.costs": ("Biaya", "What it costs"),
    "brief.ladder": ("Tangga kesejahteraan", "The ladder"),
    "brief.published": ("Simulasi di samping angka terbit (% penduduk)", "Simulated beside published (% of people)"),
    "published.year": ("Tahun", "Year"),
    "published.rung": ("Kelompok", "Rung"),
    "published.simulated": ("Simulasi (rentang undian)", "Simulated (range of draws)"),
    "published.alone": ("Guncangan saja, tanpa pertumbuhan", "Known shocks alone, without growth"),
    "published.published": ("Terbit", "Published"),
    "published.miss": ("Meleset, poin", "Miss, points"),
    "published.change": (
        "{rung}: terbit {begin} menjadi {end} pada {year} ({change} poin); simulasi {simulated} poin.",
        "{rung}: published {begin} to {end} in {year} ({change} points); simulated {simulated} points.",
    ),
    "published.change.alone": (
        "{rung}: terbit {begin} menjadi {end} pada {year} ({change} poin); simulasi {simulated} poin, guncangan saja "
        "{alone} poin.",
        "{rung}: published {begin} to {end} in {year} ({change} points); simulated {simulated} points, the known "
        "shocks alone {alone} points.",
    ),
    "brief.gains": ("Siapa dan di mana", "Who and where"),
    "brief.goal": ("Menuju 2045", "To 2045"),
    "brief.unknown": ("Yang belum diketahui", "What we do not know"),
    "brief.assumptions": ("Asumsi dan sumber", "Assumptions and sources"),
    "brief.assumed": (
        "Angka yang menentukan dampak dan biaya; semua angka lain ada pada unduhan JSON.",
        "Figures that decide effect and cost; all others are in the JSON download.",
    ),
    "brief.versions": ("Versi", "Versions"),
    "brief.page": ("Halaman {n} dari {m}", "Page {n} of {m}"),
    "brief.part": ("Bagian", "Part"),
    "brief.figure": ("Angka", "Figure"),
    "brief.value": ("Nilai (rentang)", "Value (range)"),
    "brief.basis": ("Dasar", "Basis"),
    "brief.source": ("Sumber", "Source"),
    "brief.cost_line": (
        "{a}: {cost} untuk {n} keluarga; {rule}.",
        "{a}: {cost} for {n} families; {rule}.",
    ),
    "brief.human": (
        "Simulasi membantu menimbang. Keputusan ada pada manusia.",
        "A simulation helps to weigh. People decide.",
    ),
    "version.scenario": ("Skenario", "Scenario"),
    "version.file": ("Berkas sendiri", "File of one's own"),
    "version.seed": ("Benih, undian", "Seed, draws"),
    "version.data": ("Keluarga", "Families"),
    "version.model": ("Model", "Model"),
    "version.dynamics": ("Hukum gerak", "Law of moves"),
}  # fmt: skip


def said(key: str, language: Language, **values: object) -> str:
    """The words of a key with their places filled; KeyError for one that has none."""
    text = WORDS[key][0 if language == "id" else 1]
    return text.format(**values) if values else text
