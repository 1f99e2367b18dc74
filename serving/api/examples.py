"""Examples of the description: what routes are asked and answer. Figures and codes are made up."""

from __future__ import annotations

from typing import Any

CODE, RUN, BUNDLE = "7K3M9Q2PT5XA", "2026-10-01-0a1b2c3d4e5f", "a1b2c3d4e5f6"
_WHERE = {"province": "32", "regency": "3204"}

HOUSEHOLD: dict[str, Any] = {
    "household": {
        "household_id": CODE, "unit": "family", **_WHERE, "urban": False, "as_of": "2026-10-01",
        "expires": "2027-01-09", "horizon": 4, "bundle": BUNDLE, "status": "scored", "refusal": None,
        "rung": "vulnerable", "kind": "relapse", "applies": True, "risk": 0.12, "low": 0.08, "high": 0.18,
        "fall_within": None, "p_poor_now": 0.2, "p_poor_next": 0.21, "ladder_extreme_poor": 0.02, "ladder_poor": 0.1,
        "ladder_vulnerable": 0.6, "ladder_aspiring": 0.25, "ladder_middle": 0.03, "base": -2.75, "place": 0.1,
        "reasons": [{"key": "hh.land", "value": "0.25", "known_at": "2026-07-20", "contribution": 0.2,
                     "text": {"id": "Memiliki lahan 0,25 ha", "en": "Has land: 0.25 ha"}}],
        "other": 0.46, "missing": [], "certainty": "low", "refusal_text": None,
    },
    "facts": {"known_at": "2026-07-20", "section": "C", "occupation": "8153", "head": True, "earners": 2,
              "routine": 0.31, "computerisation": 0.84, "software": 0.2, "layoffs": 0.012, "growth": -0.03,
              "programmes": {"pkh": False, "sembako": True, "pbi": None}},
    "subdistrict": "3204010", "run": RUN, "synthetic": True, "expired": False,
    "history": [{"run": RUN, "as_of": "2026-10-01", "bundle": BUNDLE, "status": "scored", "refusal": None,
                 "applies": True, "rung": "vulnerable", "kind": "relapse", "risk": 0.12, "low": 0.08, "high": 0.18,
                 "certainty": "low"}],
    "lists": [{"list": "D-2026-0001", "version": 1, "newest": 1, "quarter": "2026Q4", "scheme": "pkh", "place": 212,
               "channel": "ranked"}],
    "visits": [], "checked": None, "objections": [],
}  # fmt: skip
HOUSEHOLD_PAGE: dict[str, Any] = {
    "run": RUN, "as_of": "2026-10-01", "expires": "2027-01-09", "synthetic": True, "total": 1240,
    "by_level": {"high": 1240},
    "households": [{"household_id": CODE, **_WHERE, "subdistrict": "3204010", "urban": False, "unit": "family",
                    "rung": "vulnerable", "kind": "relapse", "risk": 0.12, "low": 0.08, "high": 0.18,
                    "fall_within": None, "certainty": "low", "was": 0.08, "moved": 0,
                    "checked": None}],
    "next": "q0Jw",
}  # fmt: skip
VISIT: dict[str, Any] = {
    "visit": 412, "household_id": CODE, **_WHERE, "subdistrict": "3204010", "status": "done", "answered_by": None,
    "superseded_by": None, "list": "D-2026-0001", "version": 1, "due": "2026-12-15", "channel": "ranked",
    "probability": 1.0, "place": 212, "result": "above", "visited": "2026-11-20", "wrong": None, "moved_to": None,
    "intervention": None, "note": "usaha berjalan lagi",
    "recorded_at": "2026-11-20T03:10:00+00:00", "known_at": "2026-11-20", "corrects": None, "changed": 2,
}  # fmt: skip
VISIT_ANSWER = {"visit": VISIT}
OBJECTION: dict[str, Any] = {
    "number": "S-2026-0001", "household_id": CODE, **_WHERE, "kind": "data", "list": None, "version": None,
    "asker": "family", "channel": "counter",
    "facts": ["hh.land"], "evidence": ["land_paper"], "note": "lahan sudah dijual", "stage": "lodged",
    "contested": {"as_of": "2026-11-15", "values": {"hh.land": {"value": "0.25", "contribution": 0.2}}},
    "deadline": "2026-12-08", "opened_at": "2026-11-24T03:10:00+00:00", "outcome": None, "reason": None,
    "decided_at": None, "changed": 1,
}  # fmt: skip
EVENT = {"n": 1, "stage": "lodged", "state": "done", "note": "", "at": "2026-11-24T03:10:00+00:00"}
RULES: dict[str, Any] = {
    "format": 1, "name": "PKH triwulan IV", "period": "2026Q4", "budget": 300_000_000, "random": 0.03,
    "scheme": [{"name": "pkh", "cost": 750_000, "quota": {"3204": 400}}],
}  # fmt: skip
LIST_HEAD: dict[str, Any] = {
    "list": "D-2026-0001", "version": 1, "newest": 1, "status": "confirmed", "quarter": "2026Q4",
    "title": "PKH triwulan IV", "area": "3204", "run": RUN, "bundle": BUNDLE, "synthetic": True,
    "made_at": "2026-11-24T03:00:00+00:00", "changed": 1, "reason": "kuota triwulan IV",
    "confirmed_at": "2026-11-24T03:10:00+00:00", "hash": "0" * 64, "replaces": None,
}  # fmt: skip
LIST: dict[str, Any] = {
    **LIST_HEAD, "rules": RULES, "tie_rule": {"id": "diundi", "en": "by lot"},
    "expected_errors": {"missed_of_100": 62, "not_falling_of_100": 71},
    "totals": {"pkh": {"ranked": 388, "random": 12, "reserve": 40}}, "whole": True, "also_on": {"D-2026-0001": 12},
    "result": {"places": 400, "cost": 300_000_000},
}  # fmt: skip
PLACE: dict[str, Any] = {
    "place": 212, "scheme": "pkh", "area": "3204", "household_id": CODE, **_WHERE, "subdistrict": "3204010",
    "channel": "ranked", "rank": 212,
    "risk": 0.12, "low": 0.08, "high": 0.18, "verify": False, "tied": False, "before": False, "probability": 1.0,
    "amount": 750_000,
}  # fmt: skip
MODEL: dict[str, Any] = {
    "name": BUNDLE, "view": "registry", "horizon": 4, "synthetic": True, "source": "synthetic",
    "trained_until": "2026-07-20", "promoted": "2026-10-02T08:00:00+00:00", "identity": BUNDLE * 5 + BUNDLE[:4],
    "lookback": 8, "trained_rows": 40_000, "base_rate": 0.068, "labels": [3, 7, 14, 27], "strata": ["32/rural"],
    "features": ["hh_size"], "data_hash": "0" * 64, "gates": {"leak alarm": {"passed": True, "found": "AUC .8"}},
    "figures": {"auc": 0.8},
}  # fmt: skip
SCORED: dict[str, Any] = {
    "model": {name: MODEL[name] for name in ("name", "view", "horizon", "synthetic", "source", "trained_until",
                                             "promoted")},
    "as_of": "2026-10-01", "expires": "2027-01-09",
    "counts": {"households": 1, "scored": 1, "refused": 0, "quarantined": 0},
    "scores": [{"index": 0, **HOUSEHOLD["household"]}], "quarantine": [],
}  # fmt: skip
SCENARIO: dict[str, Any] = {
    "format": 1, "kind": "scenario", "name": "kerja", "title": {"id": "Lapangan kerja", "en": "Jobs"},
    "question": {"id": "Berapa keluarga bertahan?", "en": "How many families last?"}, "start": 2026, "years": 10,
    "draws": 100, "seed": 2045, "arms": [{"name": "kerja", "title": {"id": "Lapangan kerja", "en": "Jobs"},
    "schemes": [{"use": "lapangan-kerja", "years": [2027, 2030], "budget": 2_000_000_000_000,
                 "with": {"cost": 26_280_000}}]}],
}  # fmt: skip
SCENARIO_HEAD: dict[str, Any] = {
    "number": "K-2026-0001", "area": "", "title": SCENARIO["title"], "question": SCENARIO["question"],
    "sha256": "0" * 64, "seed": 2045, "status": "waiting", "reason": "", "families": "", "bundle": "",
    "synthetic": None, "made_at": "2026-11-24T03:10:00+00:00", "ended_at": None,
}  # fmt: skip
SCENARIO_CANCELLED = SCENARIO_HEAD | {"status": "cancelled", "ended_at": "2026-11-24T03:10:20+00:00"}
PLAN: dict[str, Any] = {
    "name": "kerja", "title": SCENARIO["title"], "start": 2026, "years": 10, "draws": 100, "seed": 2045,
    "sha256": "0" * 64, "area": "", "ready": True, "families": 50_000, "stand_for": 95_000_000, "synthetic": True,
    "arms": [{
        "name": "kerja", "title": SCENARIO["title"], "cost": 1_999_000_000_000.0, "cost_at_least": None,
        "cost_why": None, "families": 52_000.0,
        "cost_by_year": [{"year": 2027, "rupiah": 499_000_000_000.0}], "effect_figures": 4,
        "effect_figures_from_evidence": 1, "schemes": [{
            "name": "lapangan-kerja", "title": SCENARIO["title"], "rule": "risk", "eligible": 40_000_000.0,
            "facts_unknown": 0.0, "families": 52_000.0, "cost": 1_999_000_000_000.0, "cost_at_least": None,
            "cost_of_one": 38_000_000.0, "cost_of_one_at_least": None, "cost_why": None,
            "limited_by": {"2027": "budget"}, "evidence": False, "no_evidence": False,
            "lacks_shock": None, "rolling": True, "coarse": False, "coarse_why": None,
            "cost_known": True, "cost_unknown": [], "cost_assumed": {},
            "budget": 2_000_000_000_000, "take_up": 1.0, "take_up_basis": "assumption", "rows": 270}]}],
}  # fmt: skip
PREPARING: dict[str, Any] = PLAN | {
    "ready": False,
    "families": 0,
    "stand_for": 0,
    "synthetic": None,
    "arms": [],
}
"""The same while the sample is being drawn."""
_FIGURE: dict[str, Any] = {"value": 0.06, "low": 0.0, "high": 0.12, "unit": "share of consumption", "basis": "evidence",
                           "source": "a study", "year": 2016, "note": "", "lacks": ""}  # fmt: skip
_PART: dict[str, Any] = {"dated": "2026-11-24", "references": [{"text": "a study", "source": "doi.org/10.1000/182"}],
                         "scope": {"desil": [1, 2]}}  # fmt: skip
SCHEME: dict[str, Any] = {
    "name": "graduasi", "title": {"id": "Graduasi", "en": "Graduation"}, **_PART, "figures": {"effect.size": _FIGURE},
    "approach": "graduation", "rule": "desil", "duration": 2, "ramp": [1.0], "effect": "consumption",
    "against": None, "evidence": False, "no_evidence": False,
}  # fmt: skip
SHOCK: dict[str, Any] = {"name": "sakit-berat", "title": {"id": "Sakit berat", "en": "Severe illness"}, **_PART,
                         "figures": {"size": _FIGURE}, "shock": "illness", "exposure": None}  # fmt: skip
_RANGES: dict[str, Any] = {"value": 18_400.0, "draws": [17_100.0, 19_600.0], "effects": [9_000.0, 27_000.0]}
COMPARISON: dict[str, Any] = {
    "scenarios": [{"number": "K-2026-0001", "name": "kerja", "title": SCENARIO["title"], "start": 2026, "years": 10}],
    "seed": 2045, "draws": 100, "level": 0.9,
    "data": {"source": "50,000 of 95,000,000 scored families of 2026-10-01", "model": BUNDLE, "families": 50_000,
             "synthetic": True},
    "match": {"known": True, "mean": 0.001}, "without": {"rungs": []},
    "start": {"begin": {"middle": 0.172}, "next": {"middle": 0.172}, "place": "ID", "published": None},
    "arms": [{"name": "A", "title": SCENARIO["title"], "evidence": False, "from": {"number": "K-2026-0001", "arm":
              "kerja"}, "outcomes": {"lasting_24": _RANGES}}],
    "differences": [], "pareto": [{"name": "A", "cost": 1e12, "used_up": None, "lasting_24": _RANGES, "falls_averted":
                                     _RANGES, "by": "lasting_24", "reached": True, "beaten_by": [],
                                     "surely_beaten_by": []}],
    "goal": {"goal": 0.8, "year": 2045, "middle": [], "inverse": None}, "published": [], "assumptions": [],
    "answer": {"id": "Mana yang unggul belum dapat dipastikan.", "en": "It cannot be said which is better."},
}  # fmt: skip
