"""Every text is there in both languages, in plain words, with numbers and dates as each writes them."""

from __future__ import annotations

import ast
import datetime
import re
import string
from pathlib import Path

import pytest

from serving.console import formats
from serving.console.strings import catalogue, strings

CONSOLE = Path(__file__).resolve().parents[3] / "serving" / "console"
FORBIDDEN = {
    "id": ("akan miskin", "menurunkan risiko", "risiko turun", "tidak layak", "dicurigai", "data palsu", "pemalas",
           "bermasalah", "hasil program", "terbukti", "orang miskin", "kaum dhuafa", "beban", "akurasi",
           "hapus keluarga"),
    "en": ("will be poor", "lowers the risk", "not eligible", "suspected", "fake data", "lazy", "the poor", "burden",
           "accuracy", "proven", "delete the family", "remove the family"),
}  # fmt: skip


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_places_and_no_gap() -> None:
    own, english = catalogue("id"), catalogue("en")
    assert own.keys() == english.keys()
    for key, text in own.items():
        assert text.strip(), key
        assert english[key].strip(), key
        assert holes(text) == holes(english[key]), key


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_forbidden_word_and_no_exclamation(language: str) -> None:
    for key, text in catalogue(language).items():  # type: ignore[arg-type]
        assert "!" not in text, key
        for word in FORBIDDEN[language]:
            assert word not in text.lower(), f"{key}: {word}"
        if language == "en":
            assert "desil" not in text.lower().replace("decile (desil)", ""), f"{key}: a decile"


def test_every_key_that_a_template_or_page_names_is_there() -> None:
    known = catalogue("id")
    named = set()
    for path in (*CONSOLE.glob("templates/*.html"), *CONSOLE.rglob("*.py")):
        text = path.read_text()
        named |= set(re.findall(r"""\bt\("([a-z_]+\.[\w.]+)"[,)]""", text))
        named |= set(re.findall(r"""\bsay\.(?:say|html)\("([a-z_]+(?:\.[\w.]+)?)"[,)]""", text))
    assert named - known.keys() == set()
    assert len(named) > 150, "the search finds nothing"


DOTTED = ("act.", "scope.", "rule.")
"""Beginnings of keys whose end is a name with dots in it: acts, scopes of tokens, rules of fields."""


def made_of(parts: list[str | None]) -> re.Pattern[str]:
    """The keys that a text with holes (None) can be: a hole holds no dot, but at the beginning, or after `DOTTED`."""
    begin = parts[0] or ""
    hole = r"[\w. ()-]+" if begin in (*DOTTED, "") else r"[^.]+"
    return re.compile("".join(hole if part is None else re.escape(part) for part in parts))


def named_by_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Texts in the code of the service and its templates, and those that are put together there with holes."""
    texts, holed = set(), []
    for path in CONSOLE.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                holed.append([own.value if isinstance(own, ast.Constant) else None for own in node.values])
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
                holed += [[node.value, None]] if node.value.endswith(".") else []
    for path in CONSOLE.glob("templates/*.html"):
        text = path.read_text()
        texts |= set(re.findall(r'"([\w.]+)"', text))
        for begin, end in re.findall(r'"([\w.]+[.])" *[+~] *(?:\w+ *[+~] *"([\w.]+)")?', text):
            holed.append([begin, None, *([end] if end else [])])
    return texts, [made_of(parts) for parts in holed if re.match("[a-z_]+[.]", parts[0] or "") or (
        parts[0] is None and len(parts) == 2 and re.fullmatch("[.][a-z]+", parts[1] or ""))]  # fmt: skip


def test_no_key_is_there_that_nothing_names() -> None:
    texts, holed = named_by_code()
    unused = [
        key
        for key in catalogue("id")
        if key.removesuffix(".one") not in texts and key not in texts and not any(own.fullmatch(key) for own in holed)
    ]
    assert unused == []
    assert not any(own.fullmatch("find.lead") for own in holed), "a text with holes that is any key finds nothing"


def test_what_is_filled_in_is_escaped() -> None:
    assert strings("id").html("find.remove", name="O'Brien <b>") == "Hapus saringan O&#39;Brien &lt;b&gt;"
    assert strings("id").say("find.remove", name="<b>") == "Hapus saringan <b>"
    with pytest.raises(KeyError):
        strings("id").say("no.such.key")


def test_one_is_told_in_the_singular() -> None:
    assert "1 objection from its area was" in strings("en").say("list.accepted", n="1", date="today")
    told = [strings("en").say("list.gone.n", n=n, scheme="", why="by lot") for n in ("1", "2", "91")]
    assert told == ["1 family, by lot.", "2 families, by lot.", "91 families, by lot."]
    assert strings("en").html("find.count", n=1) == "1 family"
    assert strings("id").say("list.status", n=1) == "1 tempat terisi"
    assert strings("en").say("task.drafts", n=1, days=3) == "list waits to be confirmed"
    assert strings("en").say("house.history.fact", n="1", date="today") == "today: 1 fact became known"


@pytest.mark.parametrize(
    ("own", "english", "make"),
    [
        ("1.234,5", "1,234.5", lambda lang: formats.number(1234.5, lang, 1)),
        ("0", "0", lambda lang: formats.number(-0.2, lang)),
        ("Rp1.250.000", "Rp1,250,000", lambda lang: formats.money(1_250_400, lang)),
        ("-Rp500", "-Rp500", lambda lang: formats.money(-500, lang)),
        ("61.200", "61,200", lambda lang: formats.about(61_243, lang)),
        ("999", "999", lambda lang: formats.about(999, lang)),
        ("24 November 2026", "24 November 2026", lambda lang: formats.date(datetime.date(2026, 11, 24), lang)),
        ("1 Oktober 2026", "1 October 2026", lambda lang: formats.date(datetime.date(2026, 10, 1), lang)),
        ("Triwulan IV 2026", "Quarter 4 2026", lambda lang: formats.quarter(datetime.date(2026, 12, 31), lang)),
        ("TW I 2026", "Q1 2026", lambda lang: formats.quarter(datetime.date(2026, 3, 31), lang, short=True)),
        ("Triwulan II 2026", "Quarter 2 2026", lambda lang: formats.quarter("2026Q2", lang)),
        ("2026", "2026", lambda lang: formats.quarter("2026", lang)),
        ("kurang dari 1", "fewer than 1", lambda lang: formats.out_of(0, lang)),
        ("lebih dari 99", "more than 99", lambda lang: formats.out_of(100, lang)),
        ("12", "12", lambda lang: formats.out_of(12, lang)),
    ],
)  # fmt: skip
def test_numbers_money_and_dates_of_both_languages(own: str, english: str, make: object) -> None:
    assert (make("id"), make("en")) == (own, english)  # type: ignore[operator]


def test_a_code_is_read_in_groups_and_a_chance_is_rounded_half_up() -> None:
    assert formats.code("7K3M9Q2PT5XA") == "7K3M-9Q2P-T5XA"
    kept = re.findall(
        'p">(.*?)<',
        formats.whole(
            "7K3M-9Q2P-T5XA: naik 6,7 % (D-2026-0001 v2) dalam 12 bulan (70-80), 1,1 (1,0 - -1,2), 2026-10-10"
        ),
    )
    assert kept == ["7K3M-9Q2P-T5XA", "6,7 %", "D-2026-0001 v2", "70-80", "(1,0 - -1,2)"]
    assert [formats.percent(share) for share in (0.004, 0.005, 0.135, 0.995)] == [0, 1, 14, 100]


def test_one_older_row_that_paper_leaves_out_is_told_as_one() -> None:
    say = strings("en")
    assert say.say("house.unprinted", n=1) == "1 older one is on the page of this family."
    assert say.say("house.unprinted", n=2) == "2 older ones are on the page of this family."
