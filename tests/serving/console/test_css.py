"""Colours can be read and told apart by every eye, on screen and in grey, and style and script stay small."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from serving.console.strings import strings

CSS = (Path(__file__).resolve().parents[3] / "serving" / "console" / "static" / "app.css").read_text()
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", CSS))

# After Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VIEWS = {
    "normal": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TEXT = [
    ("ink", "surface"), ("ink", "surface-2"), ("ink-2", "surface"), ("ink-2", "surface-2"), ("ink-2", "tint-neutral"),
    ("primary", "surface"), ("primary", "surface-2"), ("on-primary", "primary"), ("on-primary", "primary-hover"),
    ("primary-hover", "surface"), ("visited", "surface"), ("visited", "surface-2"), ("danger", "surface"),
    ("danger", "tint-danger"), ("warn", "tint-warn"), ("ok", "tint-ok"), ("info", "tint-info"), ("ink", "tint-info"),
    ("verify", "tint-verify"), ("ink", "synthetic"), *((f"on-fit-{n}", f"fit-{n}") for n in range(1, 6)),
]  # fmt: skip
PARTS = [("line", "surface"), ("line", "surface-2"), ("ink", "focus"), ("focus", "primary"), ("primary", "surface"),
         ("risk-4", "surface"), ("verify", "surface"), ("warn", "surface")]  # fmt: skip


def linear(token: str) -> np.ndarray:
    text = TOKENS[token].lstrip("#")
    parts = np.array([int(text[at : at + 2], 16) for at in (0, 2, 4)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light = sorted(float(linear(token) @ [0.2126, 0.7152, 0.0722]) for token in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def lab(token: str, view: str = "normal") -> np.ndarray:
    rgb = np.clip(VIEWS[view] @ linear(token), 0, 1)
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]]) @ rgb / [0.95047, 1, 1.08883]  # fmt: skip
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_parts_can_be_seen(part: str, ground: str) -> None:
    assert contrast(part, ground) >= 3


def test_the_measure_knows_a_pair_that_fails() -> None:
    assert contrast("line-soft", "surface") < 3
    assert contrast("ink", "surface") == pytest.approx(17.40, abs=0.01)


@pytest.mark.parametrize(
    ("ramp", "steps", "apart"), [("risk", [13, 17, 20, 22], 18), ("rung", [16] * 4, 17), ("fit", [14, 16, 16, 20], 17)]
)
def test_a_ramp_keeps_its_order_in_grey_and_its_steps_apart_for_every_eye(
    ramp: str, steps: list[int], apart: int
) -> None:
    light = [lab(f"{ramp}-{n}")[0] for n in range(1, 6)]
    gaps = [abs(one - two) for one, two in pairwise(light)]
    assert light in (sorted(light), sorted(light, reverse=True))
    assert all(gap >= least - 0.6 for gap, least in zip(gaps, steps, strict=True)), gaps
    for view in VIEWS:
        for one, two in pairwise(range(1, 6)):
            gap = float(np.linalg.norm(lab(f"{ramp}-{one}", view) - lab(f"{ramp}-{two}", view)))
            assert gap >= apart - 0.6, (view, one, gap)


def test_every_colour_is_a_token_that_is_used_and_nothing_comes_from_elsewhere() -> None:
    rules = CSS[CSS.index("/* Ground */") :]
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", rules)) <= {"#FFFFFF"}
    assert "url(" not in CSS
    assert "@import" not in CSS
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    defined = set(re.findall(r"--([\w-]+):", CSS))
    assert used == defined


def test_every_printed_page_has_the_strip_in_the_words_of_the_catalogue() -> None:
    for language in ("id", "en"):
        words = re.search(rf'@page synthetic-{language} {{ @bottom-center {{ content: "([^"]+)"', CSS)
        assert words is not None
        assert words[1] == strings(language).say("strip.synthetic")  # type: ignore[arg-type]
        assert "@page { size: A4; margin: 8mm 9mm 10mm; @bottom-right { content: counter(page)" in CSS
        assert f".synthetic:lang({language}) {{ page: synthetic-{language}; }}" in CSS


def test_budgets_of_style_and_script() -> None:
    assert len(CSS.encode()) < 40_000
    script = (Path(__file__).resolve().parents[3] / "serving" / "console" / "static" / "app.js").read_text()
    assert len(script.encode()) < 12_000
    assert not re.search(r"localStorage|sessionStorage|indexedDB|eval\(|innerHTML", script)
