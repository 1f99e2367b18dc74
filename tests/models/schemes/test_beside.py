"""Scenarios side by side, what is said of them, and the brief."""

from __future__ import annotations

import dataclasses
import json
import re
from bisect import bisect_left
from pathlib import Path

import pytest

from models.schemes import ahead, brief, grounds, judging, lasting, library, simulate, telling
from models.schemes import scenario as scenarios
from models.schemes.answer_words import ANSWERS
from models.schemes.beside import Kept, together, unlike
from models.schemes.checks import Words
from models.schemes.figure_words import FIGURES
from models.schemes.limit_words import LIMITS
from models.schemes.words import WORDS, said
from models.words import CHARTS, word
from tests.models.schemes.worlds import nation, scenario, scheme, shock

EVIDENCE = {"kind": "consumption", "size": {"value": 0.3, "low": 0.25, "high": 0.35, "basis": "evidence", "source": "s",
                                            "year": 2020}, "fade": {"value": 0.9, "basis": "evidence", "source": "s",
                                                                    "year": 2020}}  # fmt: skip


def kept(number: str, *arms: list, seed: int = 3, **more) -> Kept:
    own = scenario(*arms, years=8, places=300, **more)
    own = dataclasses.replace(own, title=Words(f"Judul {number}", f"T {number}"), question=Words("Apa?", "What?"))
    result = simulate(own, nation(600), seed)
    plain = json.loads(json.dumps([result.to_dict(), result.paired()]))
    return Kept(number, *plain)


@pytest.fixture(scope="module")
def strong() -> Kept:
    return kept("K-1", [scheme(effect=EVIDENCE)])


@pytest.fixture(scope="module")
def weak() -> Kept:
    return kept("K-2", [scheme(effect={"kind": "consumption", "size": 0.01})], [scheme(places=0)])


def test_the_same_answer_twice_differs_by_exactly_nothing(strong: Kept) -> None:
    found = together([strong, dataclasses.replace(strong, number="K-9")])
    (pair,) = found["differences"]
    for own in pair["outcomes"].values():
        assert (own["value"], own["draws"], own["effects"], own["verdict"]) == (0, [0, 0], [0, 0], "equal")
    assert [arm["name"] for arm in found["arms"]] == ["A", "B"]
    assert "Tidak ada bedanya" in judging.answer(found, "id")


def test_differences_of_two_scenarios_are_those_of_one_with_both_answers(strong: Kept, weak: Kept) -> None:
    found = together([strong, weak])
    both = kept("K-3", [scheme(effect=EVIDENCE)], [scheme(effect={"kind": "consumption", "size": 0.01})],
                [scheme(places=0)])  # fmt: skip
    assert [row["outcomes"] for row in found["differences"]] == [row["outcomes"] for row in both.found["differences"]]
    assert [arm["outcomes"] for arm in found["arms"]] == [arm["outcomes"] for arm in both.found["arms"]]
    assert found["arms"][2]["from"] == {"number": "K-2", "arm": "arm-1"}
    assert found["arms"][0]["title"]["id"] == "Judul K-1: a"


@pytest.mark.parametrize(("what", "more"), [
    ("seed", {"seed": 4}), ("draws", {"draws": 30}), ("shocks", {"shocks": (shock(),)}), ("shocks", {"growth": 0.01}),
])  # fmt: skip
def test_what_is_not_lived_by_the_same_lives_is_not_compared(strong: Kept, what: str, more: dict) -> None:
    other = kept("K-4", [scheme(effect=EVIDENCE)], **more)
    assert unlike([strong, other]) == [what]
    with pytest.raises(ValueError, match=what):
        together([strong, other])


def test_all_that_differs_is_told_and_not_the_first_of_it_alone(strong: Kept) -> None:
    for more, what in (({"seed": 4, "shocks": (shock(),)}, ["seed", "shocks"]), ({"seed": 4}, ["seed"]),
                       ({"draws": 30, "growth": 0.01}, ["draws", "shocks"])):  # fmt: skip
        assert unlike([strong, kept("K-4", [scheme(effect=EVIDENCE)], **more)]) == what


def test_another_area_is_told_as_other_families(strong: Kept) -> None:
    other = dataclasses.replace(strong, found={**strong.found, "data": {**strong.found["data"], "families": 599}})
    assert unlike([strong, other]) == ["families"]


def test_the_answer_is_as_sure_as_the_ranges(strong: Kept, weak: Kept) -> None:
    found = together([strong, weak])
    told = judging.answer(found, "en")
    verdict = {row["second"]: row["outcomes"][ahead.shown(found["arms"])]["verdict"] for row in found["differences"]
               if row["first"] == "A"}["B"]  # fmt: skip
    assert ("is ahead of" in told) == (verdict == "first")
    assert ("cannot be said" in told) == (verdict == "undecided")
    assert "no family takes part, so nothing changes and nothing is spent" in told


def test_an_answer_with_nobody_in_it_changes_and_costs_nothing(weak: Kept) -> None:
    found = together([weak])
    nothing = found["arms"][1]
    assert lasting.nothing(nothing)
    assert nothing["rungs"] == found["without"]["rungs"]
    row = {own["name"]: own["cells"][1] for own in telling.rows(found, "id")}
    assert (row["falls_averted"]["value"], row["falls_averted"]["draws"], row["cost"]["value"]) == ("0", "", "Rp0")


def test_the_label_stands_wherever_an_effect_is_no_evidence(strong: Kept, weak: Kept) -> None:
    for language, label in (("id", "Respons model, bukan dampak"), ("en", "Model response, not effect")):
        sure, unsure = (brief.told(together([own]), language, {}) for own in (strong, weak))
        assert (sure["response"], sure["labels"]) == ("", [""])
        assert (unsure["response"], unsure["labels"]) == (label, [label, label])
        assert unsure["synthetic"] == said("synthetic", language)


def test_a_cost_that_was_not_found_is_told_as_such() -> None:
    nothing = {"value": 0, "basis": "none", "source": "not found"}
    free, paid = (kept("K-7", [scheme(cost=own)]) for own in (nothing, 1_000_000))
    word = "What Test costs is not known: cost a year was not found"
    assert any(word in line for line in grounds.unknown(together([free]), "en"))
    assert not any(word in line for line in grounds.unknown(together([paid]), "en"))


def test_a_price_without_anything_bought_is_no_price(strong: Kept) -> None:
    found = json.loads(json.dumps(together([strong])))
    found["arms"][0]["outcomes"]["falls_averted"]["value"] = -3.0
    row = {own["name"]: own["cells"][0] for own in telling.rows(found, "id")}
    assert (row["cost_per_falls_averted"]["value"], row["cost_per_falls_averted"]["draws"]) == (
        "tidak ada: yang jatuh tidak lebih sedikit daripada tanpa skema",
        "",
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_letters_of_printed_pictures_are_eight_points_or_more(strong: Kept, weak: Kept, language: str) -> None:
    told = brief.drawn(together([strong, weak]), language)
    assert [own["name"] for own in told["pictures"]] == ["hasil", "biaya_bertahan"]
    for own in told["pictures"]:
        width = float(own["width"].removesuffix("mm"))
        assert width >= 87  # half of the 178 mm between the margins, less the gap
        (drawn,) = re.findall(r'<svg[^>]* width="([\d.]+)"', own["svg"])
        least = min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', own["svg"]))
        assert least * width / 25.4 * 72 / float(drawn) >= 8, own["name"]


def test_a_brief_has_as_many_pages_in_both_languages(strong: Kept, weak: Kept) -> None:
    typst = pytest.importorskip("typst")
    template = (Path(brief.__file__).parent / "brief.typ").read_bytes()
    pages = []
    for language in ("id", "en"):
        told = brief.drawn(together([strong, weak]), language)
        made = typst.compile(template, sys_inputs={"brief": json.dumps(told)}, ignore_system_fonts=True, format="svg")
        pages.append(len(made))
    assert pages == [2, 2]


def test_the_last_page_of_a_brief_begins_with_a_part_and_holds_all_of_it(strong: Kept) -> None:
    """However long what stands before it is: never the last two lines alone."""
    typst = pytest.importorskip("typst")
    template = (Path(brief.__file__).parent / "brief.typ").read_bytes()
    told = brief.told(together([strong]), "id", {}) | {"goal_more": ["x " * 400]}

    def letters(lines: int) -> list[int]:
        own = json.dumps(told | {"unknown": ["x"] * lines})
        made = typst.compile(template, sys_inputs={"brief": own}, ignore_system_fonts=True, format="svg")
        return [page.count(b"<use") for page in ([made] if isinstance(made, bytes) else made)]

    at = bisect_left(range(200), 3, key=lambda lines: len(letters(lines)))
    rows = [text for own in told["assumptions"] for row in own["rows"] for text in row.values()]
    last = sum(len(text.replace(" ", "")) for text in [*rows, *sum(told["versions"], ())])
    for lines in (at, at + 1, at + 2):
        pages = letters(lines)
        assert len(pages) == 3
        assert pages[-1] > last


def test_a_brief_holds_two_answers_of_the_library_on_two_pages_and_four_on_three() -> None:
    pytest.importorskip("typst", reason="pip install 'jaga[pdf]'")
    places = {"years": [2027, 2030], "places": 300}
    pairs = (("aset-pendampingan", "lapangan-kerja"), ("pelatihan-penempatan", "graduasi"))
    shocks = [{"use": "gelombang-phk", "years": [2027, 2028]}]
    lived_ = []
    for at, uses in enumerate(pairs):
        arms = [{"name": name, "title": library.raw("schemes", use)["title"], "schemes": [{"use": use} | places]}
                for name, use in zip("ab", uses, strict=True)]  # fmt: skip
        own = scenarios.of(
            {
                "format": 1,
                "kind": "scenario",
                "name": "own",
                "start": 2026,
                "years": 8,
                "draws": 4,
                "title": {"id": "Aset atau kerja", "en": "Asset or jobs"},
                "shocks": shocks,
                "arms": arms,
            }
        )
        result = simulate(own, nation(1200), 3)
        lived_.append(Kept(f"S-{at}", *json.loads(json.dumps([result.to_dict(), result.paired()]))))
    for kept_, pages in ((lived_[:1], 2), (lived_[1:], 2), (lived_, 3)):
        for language in ("id", "en"):
            made = brief.pdf(brief.drawn(together(kept_), language))
            assert len(re.findall(rb"/Type\s*/Page\b", made)) == pages, (len(kept_), language)


def test_every_word_has_both_languages_and_the_same_places() -> None:
    assert len(WORDS) == len(ANSWERS) + len(FIGURES) + len(LIMITS), "no key stands in two files"
    for key, (own, english) in WORDS.items():
        assert own
        assert english
        assert set(re.findall(r"\{(\w+)\}", own)) == set(re.findall(r"\{(\w+)\}", english)), key


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_brief_is_a_tagged_pdf_of_two_pages(strong: Kept, weak: Kept, language) -> None:
    pytest.importorskip("typst", reason="pip install 'jaga[pdf]'")
    told = brief.drawn(together([strong, weak]), language)
    assert [own["name"] for own in told["pictures"]] == ["hasil", "biaya_bertahan"]
    made = brief.pdf(told)
    assert made.startswith(b"%PDF")
    assert re.search(rb"pdfuaid:part", made), "not told to be PDF/UA"
    assert f"({language})".encode() in made or f"/Lang({language})".encode() in made
    pages = re.findall(rb"/Type\s*/Page\b", made)
    assert len(pages) == 2
    assert brief.pdf_elsewhere(told)[:4] == b"%PDF"


def test_a_brief_of_nothing_and_of_awkward_words_is_set_too(strong: Kept) -> None:
    pytest.importorskip("typst", reason="pip install 'jaga[pdf]'")
    empty = brief.told(together([kept("K-6")]), "id", {})
    assert brief.pdf(empty).startswith(b"%PDF")
    odd = brief.told(together([strong]), "en", {})
    odd["title"] = "#panic() $x$ *b* _c_ `d` <e> @f \\ \" O'Brien <b> " + "z" * 200
    odd["question"] = "= not a heading\n- nor a list [#link]"
    assert brief.pdf(odd).startswith(b"%PDF")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_brief_in_which_nobody_takes_part_has_no_empty_pictures(weak: Kept, language: str) -> None:
    nobody = kept("K-7", [scheme(places=0)])
    told = brief.drawn(together([nobody]), language)
    assert told["pictures"] == []
    assert word(CHARTS, "empty", language) not in json.dumps(told, ensure_ascii=False)
    both = brief.drawn(together([nobody, weak]), language)
    assert [own["name"] for own in both["pictures"]] == ["hasil"], "of others they are drawn, but no dot alone"


def test_figures_keep_their_size_in_words() -> None:
    assert telling.figure("cost", 2e12, "id") == "Rp2,0 triliun"
    assert telling.figure("cost", -2.5e9, "en") == "-Rp2.5 billion"
    assert telling.figure("aspirin", 0.456, "id") == "46 dari 100"
    assert telling.figure("falls_averted", 61243.0, "id") == "61.200"
    assert telling.figure("falls_averted", 0.4, "en") == "less than 1"
    assert telling.figure("cost", None, "en") == "not known"
    assert telling.span("cost_per_lasting_24", [1e6, None], "id") == (
        "mulai Rp1,0 juta; mungkin tidak ada yang bertahan"
    )


@pytest.mark.parametrize(("value", "language", "told"), [
    (10.0, "id", "10"), (20.0, "en", "20"), (1000.0, "id", "1.000"), (0.0, "id", "0"), (0.25, "id", "0,25"),
    (0.1, "en", "0.1"), (2.5, "en", "2.5"), (-3.0, "en", "-3")])  # fmt: skip
def test_a_figure_keeps_its_zeros(value, language, told):
    row = {"part": "arm kerja", "name": "x", "figure": "effect.size", "value": value, "low": value, "high": value,
           "unit": "share", "basis": "assumption", "source": "", "year": None, "note": "",
           "lacks": ""}  # fmt: skip
    assert [one["value"] for one in grounds.assumptions({"assumptions": [row]}, language)] == [told]


def test_a_scenario_that_tries_no_scheme_stands_beside_one_that_does() -> None:
    """What the shock comes to is told of the one alone; the lives without schemes are the same."""
    alone, tried = kept("K-1", shocks=(shock(),)), kept("K-2", [scheme()], shocks=(shock(),))
    assert alone.found["without"]["calm"]
    assert unlike([alone, tried]) == unlike([tried, alone]) == []
