"""Sentences on what scenarios come to, which answer is ahead: Bahasa Indonesia, English."""

from __future__ import annotations

ANSWERS: dict[str, tuple[str, str]] = {
    "cost.few": (
        "Biaya {what} tidak ditampilkan: kurang dari {n} keluarga contoh memenuhi syarat atau ikut.",
        "The cost of {what} is not shown: fewer than {n} families of the sample may or do take part.",
    ),
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
    "response.unaided": (
        "Sebagian angka {it} adalah asumsi. Angka ini menunjukkan bagaimana model menjawab; bukan ramalan.",
        "Some figures of {it} are assumed. This shows how the model answers; it is no forecast.",
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
    "unaided.itself": ("Skenario ini", "This scenario"),
    "unaided.without": ("Tanpa {it}", "Without {it}"),
    "unaided.it.shock": ("guncangan itu", "the shock"),
    "unaided.it.shocks": ("guncangan-guncangan itu", "the shocks"),
    "unaided.it.growth": ("pertumbuhan itu", "the growth"),
    "unaided.shocks": ("{n} guncangan", "{n} shocks"),
    "unaided.growth": ("pertumbuhan konsumsi {n} persen setahun", "growth of consumption by {n} per cent a year"),
    "unaided.growth_below.growth": (
        "pertumbuhan konsumsi kelompok bawah {n} persen setahun",
        "the lower group's growth by {n} per cent a year",
    ),
    "unaided.void": (
        "Skenario ini tidak menguji skema; guncangannya tidak mengambil apa pun dari siapa pun (peluang atau besarnya "
        "nol), jadi tidak ada yang berubah karenanya.",
        "This scenario tries no scheme; its shock takes nothing from anybody (its chance or its size is nought), so "
        "nothing changes by it.",
    ),
    "unaided.void.all": (
        "Skenario ini tidak menguji skema; kesemua guncangannya tidak mengambil apa pun dari siapa pun (peluang atau "
        "besarnya nol), jadi tidak ada yang berubah karenanya.",
        "This scenario tries no scheme; its shocks take nothing from anybody (the chance or the size of each is "
        "nought), so nothing changes by them.",
    ),
    "unaided.below": (
        "Keluarga di bawah garis kemiskinan: {first} pada {first_year}, {last} pada {last_year}.",
        "Families below the poverty line: {first} in {first_year}, {last} in {last_year}.",
    ),
    "unaided.anyhow": (
        "Juga kalau tidak ada yang terjadi jumlah itu {n} pada {year}, menurut {by}; yang dibandingkan dengan angka "
        "terbit ialah bagian penduduk, bukan jumlah keluarga.",
        "Even where nothing happens they are {n} in {year}, by {by}; what is held against published figures is the "
        "share of people, not the number of families.",
    ),
    "unaided.same": (
        "Itu sama seperti tanpa {it}: tidak ada yang berubah karenanya.",
        "That is the same as without {it}: nothing changes.",
    ),
    "unaided.against": (
        "Dibandingkan dengan keluarga yang sama tanpa {it}: {gaps}.",
        "Beside the same families without {it}: {gaps}.",
    ),
    "unaided.upon": (
        "Tanpa skema, karena {what}: keluarga di bawah garis {gap}, dibandingkan dengan keluarga yang sama tanpa {it}.",
        "Without schemes, by {what}: families below the line {gap}, beside the same families without {it}.",
    ),
    "unaided.both": (
        "Hidup keluarga dihitung dengan {what}, baik dengan skema maupun tanpa skema; selisihnya hanya dari skema.",
        "Families live with {what}, both with schemes and without; the difference is of the schemes alone.",
    ),
    "unaided.upon.below": ("keluarga di bawah garis {gap}; ", "families below the line {gap}; "),
    "unaided.upon.end": (
        "Pada akhirnya, tanpa skema: {gap}yang jatuh di bawahnya sampai {end} {more}, dibandingkan dengan keluarga "
        "yang sama tanpa {it}.",
        "In the end, without schemes: {gap}those that fall below it by {end} {more}, beside the same families without "
        "{it}.",
    ),
    "unaided.upon.same": (
        "Tanpa skema, {it} ({what}) tidak mengubah berapa keluarga di bawah garis.",
        "Without schemes, {it} ({what}) does not change how many families are below the line.",
    ),
    "unaided.gap": ("{n} pada {year}, {more}", "{n} in {year}, {more}"),
    "unaided.near": ("hampir sama", "nearly the same"),
    "unaided.near.range": (
        "hampir sama{mark} (rentang undian {low} sampai {high})",
        "nearly the same{mark} (range of the draws {low} to {high})",
    ),
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
        "dibandingkan dengan tanpa {it} {more}.",
        "About {n} families that are above it in {start} fall below it, once or more, by {end}; beside the same "
        "without {it} {more}.",
    ),
    "unaided.fallen": (
        "Sekitar {n} keluarga yang pada {start} di atas garis jatuh di bawahnya, sekali atau lebih, sampai {end}.",
        "About {n} families that are above it in {start} fall below it, once or more, by {end}.",
    ),
    "unaided.middle": (
        "Kelas menengah dan atas, dari 100 penduduk: {shares}.",
        "The middle and upper class, of 100 people: {shares}.",
    ),
    "answer.zero": (
        "{a}: tidak ada keluarga yang ikut, jadi tidak ada perubahan dan tidak ada biaya.",
        "{a}: no family takes part, so nothing changes and nothing is spent.",
    ),
    "answer.few": (
        "{a}: angkanya tidak ditampilkan, karena kurang dari {few} keluarga contoh ikut dalam skemanya: satu keluarga "
        "dapat dikenali dari angka itu, dan angkanya kebetulan belaka. Tambah tempat atau dana, longgarkan syaratnya, "
        "atau, kecuali semua keluarga berskor sudah ada dalam contoh, pilih wilayah yang lebih kecil.",
        "{a}: its figures are not shown, since fewer than {few} families of the sample take part in a scheme of it: "
        "one family may be known by them, and they would be mere chance. Add places or money, widen its eligibility, "
        "or, unless all families with scores are in the sample already, choose a smaller area.",
    ),
    "answer.more": (
        "Atau pakai lebih banyak keluarga: --sample yang lebih besar, atau --input dengan lebih banyak keluarga (jaga "
        "data synth --households).",
        "Or take more families: a larger --sample, or an --input of more families (jaga data synth --households).",
    ),
    "answer.families": (
        "{a}: sejak {year} tidak ada lagi yang ikut dan tidak ada biaya, karena semua yang dapat ikut sudah pernah "
        "ikut, dan satu keluarga ikut sekali.",
        "{a}: from {year} on nobody takes part and nothing is spent, since all who may have taken part, and a family "
        "does so once.",
    ),
    "answer.coarse": (
        "{a}: tidak dapat dihitung, karena dana atau tempat sebuah skemanya kurang dari satu keluarga contoh, yang "
        "mewakili {n} keluarga. Tambah tempat atau dana, atau, kecuali semua keluarga berskor sudah ada dalam "
        "contoh, pilih wilayah yang lebih kecil.",
        "{a}: cannot be worked out, since the money or places of a scheme of it are less than one family of the sample "
        "would take, which stands for {n}. Add places or money, or, unless all families with scores are in the "
        "sample already, choose a smaller area.",
    ),
    "answer.one": (
        "{a}: {n} ({what}), dengan biaya {cost}; rentang undian {draws}; rentang besarnya dampak "
        "{effects}{open}.",
        "{a}: {n} ({what}), cost {cost}; range of the draws {draws}; range of the size of the effect "
        "{effects}{open}.",
    ),
    "answer.one.none": (
        "{a}: tidak ada perubahan ({what}), pada setiap undian dan setiap ujung rentang; biaya {cost}.",
        "{a}: no change ({what}), in every draw and at every end of the ranges; cost {cost}.",
    ),
    "answer.one.again": (
        "Juga {n} ({what}); rentang undian {draws}, rentang besarnya dampak {effects}{open}.",
        "Also {n} ({what}); range of the draws {draws}, range of the size of the effect {effects}{open}.",
    ),
    "answer.one.open": (
        "; rentangnya memuat nol, jadi belum dapat dipastikan ada",
        "; the range holds nought, so it cannot be said that there are any",
    ),
    "answer.thin": (
        "{mark} Dari kurang dari {n} keluarga contoh tiap undian: angka kasar.",
        "{mark} Of fewer than {n} families of the sample in a draw: a rough figure.",
    ),
    "answer.best": (
        "{a} unggul atas {others}: {n} lebih banyak ({what}); kedua rentang selisihnya tidak memuat nol{unproven}.",
        "{a} is ahead of {others}: {n} more ({what}), by both ranges{unproven}.",
    ),
    "answer.best.near": (
        "{a} sedikit unggul atas {others}: hampir sama{mark} ({what}); kedua rentang selisihnya tidak memuat "
        "nol{unproven}.",
        "{a} is a little ahead of {others}: nearly the same{mark} ({what}), by both ranges{unproven}.",
    ),
    "answer.first": (
        "{a} unggul atas semua yang lain ({what}), menurut kedua rentang selisihnya.",
        "{a} is ahead of all the others ({what}), by both ranges.",
    ),
    "answer.first.by": (
        "{a} dibandingkan dengan {others} ({what}){unproven}.",
        "{a} beside {others} ({what}){unproven}.",
    ),
    "answer.none_first": (
        "Tidak satu pun pasti unggul atas semua yang lain.",
        "None is surely ahead of all the others.",
    ),
    "answer.leaders": (
        "{a} masing-masing unggul atas semua yang lain ({what}), menurut kedua rentang selisihnya; di antara mereka "
        "belum pasti mana yang unggul.",
        "{a} are each ahead of all the others ({what}), by both ranges; which of them is better cannot be said.",
    ),
    "answer.leaders.same": (
        "{a} masing-masing unggul atas semua yang lain ({what}), menurut kedua rentang selisihnya; di antara mereka "
        "tidak ada bedanya.",
        "{a} are each ahead of all the others ({what}), by both ranges; between them there is no difference.",
    ),
    "answer.price": ("{a} berbiaya {cost}: {beside}.", "{a} costs {cost}: {beside}."),
    "answer.price.alone": ("{a} berbiaya {cost}.", "{a} costs {cost}."),
    "price.others": ("yang lain", "the others"),
    "price.more": ("{n} lebih mahal daripada {b}", "{n} more than {b}"),
    "price.less": ("{n} lebih murah daripada {b}", "{n} less than {b}"),
    "price.same": ("sama dengan {b}", "as much as {b}"),
    "answer.ahead": (
        "{pairs} ({what}); tidak satu pun rentang selisihnya memuat nol{unproven}.",
        "{pairs} ({what}); no range of these differences holds nought{unproven}.",
    ),
    "answer.ahead.pair": ("{a} unggul atas {others}", "{a} is ahead of {others}"),
    "answer.ahead.by": ("{b} ({n} lebih banyak)", "{b} ({n} more)"),
    "answer.ahead.near": ("{b} (hampir sama{mark})", "{b} (nearly the same{mark})"),
    "answer.unproven": (
        "; {a} dihitung nol karena bukti dampaknya tidak ditemukan, bukan karena terbukti tidak berdampak",
        "; the effect of {a} counts as nought because no evidence was found, not because it is known to do nothing",
    ),
    "answer.poor_years": (
        "{a}: {n} tahun keluarga di bawah garis dicegah; itu di atas nol menurut kedua rentang (undian "
        "{draws}; besarnya dampak {effects}), sedangkan jatuh yang dicegah tidak.",
        "{a}: {n} years of families below the line are averted; that is above nought by both ranges (draws "
        "{draws}; size of the effect {effects}), as falls averted are not.",
    ),
    "answer.poor_years.all": (
        "Tahun keluarga di bawah garis yang dicegah: {each}; di atas nol menurut kedua rentang untuk {a}, sedangkan "
        "jatuh yang dicegah tidak.",
        "Years of families below the line averted: {each}; above nought by both ranges for {a}, as falls averted are "
        "not.",
    ),
    "answer.poor_years.each": (
        "{a} {n} (undian {draws}; besarnya dampak {effects})",
        "{a} {n} (draws {draws}; size of the effect {effects})",
    ),
    "answer.undecided": (
        "Mana yang unggul{pairs} belum dapat dipastikan: rentang selisih memuat nol ({what}).",
        "It cannot be said which is better{pairs}: a range of the difference holds nought ({what}).",
    ),
    "answer.undecided.last": (
        "Belum dapat dipastikan mana{pairs} yang membuat lebih banyak keluarga bertahan 24 bulan sesudah bantuan: "
        "rentang selisih memuat nol.",
        "It cannot be said by which{pairs} more families last 24 months after support: a range of the difference holds "
        "nought.",
    ),
    "answer.undecided.pairs": (" di antara {pairs}", " of {pairs}"),
    "answer.undecided.both": (
        "Mana yang unggul{pairs} belum dapat dipastikan, baik menurut keluarga yang bertahan 24 bulan sesudah bantuan "
        "maupun menurut keluarga yang dicegah jatuh: rentang selisihnya memuat nol.",
        "It cannot be said which is better{pairs}, neither by families that last 24 months after support nor by "
        "families kept from falling: a range of the difference holds nought.",
    ),
    "answer.all": ("Semua jawaban", "All answers"),
    "answer.equal": (
        "Tidak ada bedanya: sama pada setiap undian dan setiap ujung rentang ({what}){unproven}.",
        "There is no difference: in every draw and at every end of the ranges they are the same ({what}){unproven}.",
    ),
    "answer.equal.pairs": (
        "Tidak ada bedanya di antara {pairs}: pada setiap undian dan setiap ujung rentang sama.",
        "There is no difference between {pairs}: in every draw and at every end of the ranges they are the same.",
    ),
    "answer.lasts": (
        "{a}: ada keluarga yang bertahan 24 bulan sesudah bantuan karena skemanya{unproven}.",
        "{a}: some families last 24 months after support because of the scheme{unproven}.",
    ),
    "answer.lasts.open": (
        "{a}: belum dapat dipastikan ada keluarga yang bertahan 24 bulan sesudah bantuan{unproven}.",
        "{a}: it cannot be said that any family lasts 24 months after support{unproven}.",
    ),
    "answer.lasts.fewer": (
        "{a}: yang bertahan 24 bulan sesudah bantuan tidak lebih banyak daripada tanpa skema{unproven}.",
        "{a}: no more families last 24 months after support than without the scheme{unproven}.",
    ),
    "answer.none_lasts": (
        "{a}: tidak satu pun keluarga terlihat bertahan 24 bulan sesudah bantuan karena skemanya{unproven}.",
        "{a}: not one family is seen to last 24 months after support because of the scheme{unproven}.",
    ),
    "answer.by_falls": (
        "Karena itu jawabannya menurut keluarga yang dicegah jatuh.",
        "So the answer is by families kept from falling.",
    ),
    "picture.beaten": (
        "Diungguli menurut rata-rata ({what}): {arms}.",
        "Beaten by the means ({what}): {arms}.",
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
    "answer.beats.means": ("Menurut rata-rata saja, {a} {what}.", "By the means alone, {a} {what}."),
    "answer.beats.sure": (
        "{a} {what}; itu juga menurut kedua rentangnya.",
        "{a} {what}; that is so by both ranges too.",
    ),
    "answer.beats.cost": ("{a} {what}.", "{a} {what}."),
    "beats.both": ("{cost} dan {held}", "{cost} and {held}"),
    "beats.both.all": ("{cost}, dan {held}", "{cost}, and {held}"),
    "beats.also": ("{cost}, {held}, dan {also}", "{cost}, {held}, and {also}"),
    "beats.also.less": ("{cost}, {held}, tetapi {also}", "{cost}, {held}, but {also}"),
    "beats.cost.less": ("lebih murah daripada {b}", "costs less than {b}"),
    "beats.cost.same": ("sama biayanya dengan {b}", "costs as much as {b}"),
    "beats.lasting_24.more": ("membuat lebih banyak keluarga bertahan", "makes more families last"),
    "beats.lasting_24.same": ("membuat sama banyak keluarga bertahan", "makes as many families last"),
    "beats.lasting_24.less": ("membuat lebih sedikit keluarga bertahan", "makes fewer families last"),
    "beats.falls_averted.more": ("mencegah lebih banyak keluarga jatuh", "keeps more families from falling"),
    "beats.falls_averted.less": ("mencegah lebih sedikit keluarga jatuh", "keeps fewer families from falling"),
    "beats.falls_averted.same": ("mencegah sama banyak keluarga jatuh", "keeps as many families from falling"),
    "asked.goal.missed": (
        "Sasaran {goal} dari 100 penduduk di kelas menengah dan atas pada {year} tidak tercapai{here}: "
        "{shares}.",
        "The goal of {goal} of 100 people in the middle and upper class in {year} is not reached{here}: "
        "{shares}.",
    ),
    "asked.goal.reached": (
        "Sasaran {goal} dari 100 penduduk di kelas menengah dan atas pada {year} tercapai{here} menurut "
        "rata-rata: {shares}.",
        "The goal of {goal} of 100 people in the middle and upper class in {year} is reached{here} by the "
        "mean: {shares}.",
    ),
    "asked.goal.calm": (
        "Skenario ini tanpa pertumbuhan dan tanpa guncangan: selain skema, hanya naik turunnya keluarga setiap tahun "
        "yang dihitung (tanpa skema {now} pada {start}, {then} pada {year}). Itu anggapan, bukan ramalan.",
        "This scenario has neither growth nor a shock: besides schemes only the yearly rise and fall of families is "
        "reckoned with (without schemes {now} in {start}, {then} in {year}). That is an assumption, no forecast.",
    ),
    "asked.goal.here": (" di wilayah ini", " in this area"),
    "asked.goal.share": ("{what} {share} ({low} sampai {high})", "{what} {share} ({low} to {high})"),
    "asked.goal.without": ("tanpa skema", "without schemes"),
    "asked.mix.value": (
        "Semua skema yang biayanya diketahui, bagi semua keluarga di bawah kelas menengah, cukup untuk sasaran itu "
        "pada tengah dampaknya.",
        "All schemes of known cost, for every family below the middle class, are enough for the goal at the middle of "
        "their effects.",
    ),
    "asked.mix.high": (
        "Skema bagi semua keluarga di bawah kelas menengah baru cukup untuk sasaran itu pada ujung atas dampaknya, "
        "atau bersama skema yang biayanya tidak diketahui.",
        "Schemes for every family below the middle class are enough for the goal only at the upper ends of their "
        "effects, or together with schemes whose cost is not known.",
    ),
    "asked.mix.none": (
        "Tidak ada campuran skema pustaka yang mencapai sasaran itu, juga bagi semua keluarga di bawah kelas menengah "
        "dan pada ujung atas dampaknya.",
        "No mix of the library's schemes reaches the goal, not even for every family below the middle class and at "
        "the upper ends of their effects.",
    ),
    "asked.published": (
        "Pada {year} simulasi meleset dari bagian penduduk yang terbit: {misses}.",
        "In {year} the simulation misses the published shares of people: {misses}.",
    ),
    "asked.miss": (
        "{rung} {miss} poin (simulasi {simulated}, terbit {published})",
        "{rung} {miss} points (simulated {simulated}, published {published})",
    ),
    "start.missed": (
        "Pada awal, sebelum apa pun terjadi, bagian penduduk lain daripada yang terbit: {misses}.",
        "At the start, before anything happens, shares of people are other than those published: {misses}.",
    ),
    "start.of_year": ("untuk {year} {misses}", "for {year} {misses}"),
    "start.place": (
        "Pada awal, sebelum apa pun terjadi, {simulated} dari 100 penduduk {place} di bawah garis kemiskinan; terbit "
        "{published} untuk {year} ({miss} poin); bagian kelompok lain di sana tidak ditemukan terbit.",
        "At the start, before anything happens, {simulated} of 100 people of {place} are below the poverty line; "
        "published is {published} for {year} ({miss} points); no published shares of the other rungs there were found.",
    ),
    "start.unheld": (
        "Awalnya tidak dibandingkan dengan angka terbit, karena yang sebanding untuk wilayah ini tidak ada; dari 100 "
        "penduduk: {shares}.",
        "The start is not held against published shares, since there are none like these for this area; of 100 people: "
        "{shares}.",
    ),
    "start.first": (
        "Juga kalau tidak ada yang terjadi, bagian penduduk berubah pada tahun pertama menurut {by}: {changes}.",
        "Even where nothing happens the shares of people change in the first year, by {by}: {changes}.",
    ),
    "start.by.scores": ("skornya", "the scores"),
    "start.by.true": ("peluang sebenarnya keluarga sintetis", "the true chances of the synthetic families"),
    "start.by.law": ("hukum gerak dari berkas {file}", "the law of moves in {file}"),
    "start.change": (
        "{rung} {change} poin ({begin} menjadi {next})",
        "{rung} {change} points ({begin} to {next})",
    ),
    "goal.told": (
        "Tanpa skema kelas menengah dan atas menjadi {share} dari 100 penduduk pada {year} ({low} sampai {high}); "
        "sasaran untuk 2045 adalah {goal}.",
        "Without schemes the middle and upper class is {share} of 100 people in {year} ({low} to {high}); the goal for "
        "2045 is {goal}.",
    ),
    "goal.told.area": (
        "Tanpa skema kelas menengah dan atas menjadi {share} dari 100 penduduk {area} pada {year} ({low} sampai "
        "{high}); sasaran seluruh Indonesia untuk 2045 adalah {goal}.",
        "Without schemes the middle and upper class is {share} of 100 people of {area} in {year} ({low} to {high}); "
        "the goal of all Indonesia for 2045 is {goal}.",
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
    "goal.pace.area": (
        "Di wilayah ini perlu {need} poin setahun; laju yang ditemukan terbit hanya laju nasional, jadi tidak "
        "dibandingkan dengannya.",
        "In this area {need} points a year are needed; published paces were found of the nation alone, so it is not "
        "held against them.",
    ),
    "goal.growth": (
        "Tanpa skema, konsumsi di atas garis harus naik {growth} persen setahun{range}.",
        "Without schemes, consumption over the line must rise {growth} per cent a year{range}.",
    ),
    "goal.growth.range": (
        " (rentang undian {low} sampai {high})",
        " (draws {low} to {high})",
    ),
    "goal.rates": (
        "Gerak setahun yang diperlukan: dari 100 penduduk menuju menengah {up} naik ke kelas menengah atau atas "
        "(sekarang {up_now}), dan dari 100 kelas menengah dan atas {down} turun (sekarang {down_now}).",
        "Yearly moves that it takes: of 100 aspiring people {up} rise to the middle or upper class (now {up_now}), and "
        "of 100 of the middle and upper class {down} fall (now {down_now}).",
    ),
    "goal.measured": (
        "Gerak setahun ini gerak kesejahteraan sebagaimana diukur survei; sebagian darinya galat ukur, bukan perubahan "
        "hidup. Pada {n} keluarga sintetis, yang kesejahteraan sebenarnya diketahui, dari 100 kelas menengah dan atas "
        "{down} turun menurut ukuran dan {down_true} sebenarnya; dari 100 penduduk menuju menengah {up} naik menurut "
        "ukuran dan {up_true} sebenarnya. Bagian galat di survei Indonesia tidak diketahui.",
        "These yearly moves are of welfare as a survey measures it; part of them is error of measurement and no change "
        "of lives. Of {n} synthetic families, whose true welfare is known, {down} of 100 of the middle and upper class "
        "fall as measured and {down_true} in truth; of 100 aspiring {up} rise as measured and {up_true} in truth. How "
        "much of the moves in a survey of Indonesia is error is not known.",
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
    "goal.no_growth": ("Tidak ada pertumbuhan yang cukup.", "No growth is enough."),
    "gains.effects": (
        "Rentang kelompok hanya dari undian; menurut besarnya dampak, yang dicegah jatuh dapat nol di semua kelompok: "
        "{arms}.",
        "Ranges of groups are of the draws alone; by the size of the effect nobody may be kept from falling in any "
        "group: {arms}.",
    ),
    "gains": (
        "{a}, keluarga terbanyak dicegah jatuh (dengan rentang undian): {most}.",
        "{a}, most families kept from falling (with the range of the draws): {most}.",
    ),
    "gains.lost": (
        "{a}, lebih banyak keluarga yang jatuh karenanya (dengan rentang undian): {most}.",
        "{a}, more families fall because of it (with the range of the draws): {most}.",
    ),
    "gains.lost.pushed": (
        "{a}, lebih banyak keluarga yang jatuh karena terdesak oleh yang ikut (dengan rentang undian): {most}.",
        "{a}, more families fall since those who take part push them down (with the range of the draws): {most}.",
    ),
    "gains.none": (
        "{a}: kelompok mana yang terbantu belum dapat dibedakan. Rentang undian tiap kelompok memuat nol, atau "
        "kelompoknya kurang dari {n} keluarga contoh.",
        "{a}: no group can be told apart. The range of the draws of each holds nought, or it is of fewer than {n} "
        "families of the sample.",
    ),
    "rule.exclusion": (
        "Dari 100 keluarga yang tanpa skema di bawah garis pada akhir tahun pertama, {n} tidak terjangkau.",
        "Of 100 families that are below the line at the end of the first year without the scheme, {n} are not reached.",
    ),
    "rule.inclusion": (
        "Dari 100 yang dijangkau, {n} di atas garis.",
        "Of 100 reached, {n} are above it.",
    ),
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
    "brief.cost_line": (
        "{a}: {cost} untuk {n} keluarga; {rule}.",
        "{a}: {cost} for {n} families; {rule}.",
    ),
}  # fmt: skip
