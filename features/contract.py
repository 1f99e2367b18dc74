"""The raw tables: the one table of rules that every reader, checker, API model and page is made from.

Nothing else in the project knows a rule about a raw column. Figures are per month and in the currency of
the source; shares are 0 to 1; ages are whole years.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["id", "text", "period", "date", "number", "count", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a raw table and the rules its values obey.

    Parameters
    ----------
    name : column name, unique over `households` and `members`.
    kind : how the value is read; `choice` is one of `choices`, `count` a whole number.
    doc : what it says, for the generated page.
    unit : unit of a number.
    low, high : inclusive range.
    choices : vocabulary of a `choice`, in the order of its codes.
    digits : of a `text` that is a code, how many digits it has; 0 for any text.
    null : whether the cell may be empty.
    required : whether the column must be there at all.
    refuse : codes that other systems use for "unknown"; such a cell is refused, never read as a value.
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    digits: int = 0
    null: bool = True
    required: bool = False
    refuse: tuple[float, ...] = ()

    @property
    def expected(self) -> str:
        """What a cell should hold, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.digits:
            return f"a code of {self.digits} digits"
        if self.low is None and self.high is None:
            return {"flag": "true or false", "period": "2026Q1 or 2026", "date": "2026-01-31"}.get(self.kind, self.kind)
        return f"{self.kind} from {self.low:g} to {self.high:g} {self.unit}".rstrip()


@dataclass(frozen=True)
class Table:
    """A raw table: its fields and the columns that name a row."""

    name: str
    doc: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(field.name for field in self.fields)


def _must(name: str, kind: Kind, doc: str, **rules: object) -> Field:
    return Field(name, kind, doc, null=False, required=True, **rules)  # type: ignore[arg-type]


def _money(name: str, doc: str, low: float = 0) -> Field:
    return Field(name, "number", doc, "currency per month", low, 1e12, refuse=(-9, -99, -999))


def _share(name: str, doc: str) -> Field:
    return Field(name, "number", doc, "share", 0, 1)


def _flag(name: str, doc: str) -> Field:
    return Field(name, "flag", doc)


def _choice(name: str, doc: str, *choices: str) -> Field:
    return Field(name, "choice", doc, choices=choices)


def _count(name: str, doc: str, high: float, unit: str = "") -> Field:
    return Field(name, "count", doc, unit, 0, high)


_HOUSEHOLD = _must("household_id", "id", "Keyed code of the household or family; never a number of a person.")
_PERIOD = _must("period", "period", "Quarter (2026Q1) or year (2026) that the facts describe.")
_KNOWN = _must("known_at", "date", "Date on which the fact became known to the system.")

PLACED = ("province", "urban")
"""Columns of a household that name the poverty line it is held against; a model knows families by them."""
REGENCY_DIGITS, SUBDISTRICT_DIGITS = 4, 7
"""Digits of the BPS codes of regencies and sub-districts; that of a sub-district begins with that of its regency."""
ASSETS = ("gas_cylinder", "fridge", "air_conditioner", "water_heater", "flat_tv", "gold", "computer",
          "motorcycle", "bicycle", "car", "boat", "motorboat", "smartphone", "phone_line", "other_land",
          "other_house")  # fmt: skip
LIVESTOCK = ("cattle", "buffalo", "horse", "pig", "goat")
COPING = ("savings_spent", "loan_from_family", "loan_from_bank", "bought_on_credit", "goods_sold")
EDUCATION = ("none", "primary_incomplete", "primary", "lower_secondary", "upper_secondary", "diploma", "degree")
SCHOOLING = (0.0, 3.0, 6.0, 9.0, 12.0, 14.0, 16.0)
"""Years of schooling of each level of `EDUCATION`; incomplete primary counts as half of it."""
PROGRAMMES = ("pkh", "sembako", "pbi")
"""Columns of `households` that say which programmes a family receives."""
FLAG_WORDS = {"yes": 1, "true": 1, "no": 0, "false": 0}
"""What the cell of a flag may be told as, beside 1 and 0."""
RUNGS = ("extreme_poor", "poor", "vulnerable", "aspiring", "middle")
SECTIONS = tuple("ABCDEFGHIJKLMNOPQRSTU")
SHOCKS = ("illness", "death_of_earner", "job_loss", "layoff_wave", "harvest", "disaster", "food_price")

HOUSEHOLDS = Table("households", "One row per household (survey) or family (register) and period.",
    ("household_id", "period"), (
    _HOUSEHOLD, _PERIOD, _KNOWN,
    Field("unit", "choice", "Household of a survey or family of a register.", choices=("household", "family"),
          null=False, required=True),
    _must("province", "text", "Province, or the first level of place of the source, as a code."),
    Field("regency", "text", "Regency or city, as a code."),
    Field("subdistrict", "text", "Sub-district (kecamatan), as its BPS code, which begins with the regency of the row; "
          "to find families by, never a feature of a model.", digits=SUBDISTRICT_DIGITS),
    Field("cluster", "text", "Sampling cluster, dwelling or village: kept whole when data are split."),
    Field("urban", "flag", "Urban stratum."),
    Field("weight", "number", "Sampling weight: families or households the row stands for.", "households",
          0, 1e8),
    _choice("tenure", "Right to the dwelling.", "owned", "owned_without_land", "rented", "lent", "tied",
            "occupied", "other"),
    Field("floor_area", "number", "Floor area.", "m2", 1, 10000),
    _count("rooms", "Rooms for the household's own use.", 50, "rooms"),
    _choice("dwelling", "Kind of dwelling.", "house", "flat", "rented_room", "makeshift", "other"),
    _choice("floor", "Main floor material, poor to good.", "earth", "bamboo", "wood", "cement", "tile"),
    _choice("wall", "Main wall material, poor to good.", "bamboo", "wood", "plastered", "masonry"),
    _choice("roof", "Main roof material, poor to good.", "thatch", "metal", "tile", "concrete"),
    _choice("water", "Source of drinking water, poor to good.", "surface", "unprotected_well",
            "protected_well", "piped", "bottled"),
    _choice("sanitation", "Toilet, poor to good.", "none", "shared", "own_unimproved", "own_improved"),
    _choice("sewage", "Where the toilet drains to, poor to good.", "ground", "pit", "septic_tank", "sewer"),
    _choice("power", "Lighting and connection, poor to good.", "none", "other", "450", "900", "1300_up"),
    _choice("fuel", "Cooking fuel, poor to good.", "wood", "kerosene", "gas_cylinder", "piped_gas",
            "electricity"),
    _flag("slum", "In an informal settlement."),
    _flag("near_hazard", "Near a dump or in a flood zone."),
    _flag("large_city", "In a city of 500,000 people or more."),
    *(_flag(asset, f"Owns: {asset.replace('_', ' ')}.") for asset in ASSETS),
    Field("land_area", "number", "Farm land in use.", "ha", 0, 10000),
    *(_count(animal, f"Head of {animal}.", 10000, "head") for animal in LIVESTOCK),
    *(_flag(way, f"Lived in the last three months on: {way.replace('_', ' ')}.") for way in COPING),
    _flag("pkh", "Receives PKH (kept out of the main score)."),
    _flag("sembako", "Receives Sembako (kept out of the main score)."),
    _flag("pbi", "Receives PBI-JKN (kept out of the main score)."),
    Field("welfare", "number", "Consumption a head (or income an adult equivalent, as the source says).",
          "currency per month", 0, 1e12, refuse=(-9, -99, -999)),
    _share("food_share", "Share of consumption spent on food."),
    _money("income", "Total household income."),
    _share("labour_income_share", "Share of income from work."),
    _share("pension_income_share", "Share of income from pensions."),
    _share("aid_income_share", "Share of income from aid (kept out of the main score)."),
    Field("desil", "count", "National welfare decile of the register, 1 poorest.", "decile", 1, 10),
))  # fmt: skip

MEMBERS = Table("members", "One row per person and period.", ("household_id", "person_id", "period"), (
    _HOUSEHOLD, _PERIOD, _KNOWN,
    _must("person_id", "text", "Number of the person within the household; longer ids are keyed."),
    _choice("sex", "Sex (for the audit).", "man", "woman"),
    Field("age", "count", "Age in whole years; 0 under one.", "years", 0, 120, null=False, required=True),
    Field("relation", "choice", "Relation to the head.", null=False, required=True,
          choices=("head", "spouse", "child", "child_in_law", "grandchild", "parent", "other_relative",
                   "not_related")),
    _choice("marital", "Marital state.", "single", "married", "partnered", "separated", "widowed"),
    _choice("education", "Highest level of schooling completed, or begun where incomplete.", *EDUCATION),
    _flag("in_school", "Attends school."),
    _flag("literate", "Reads and writes."),
    _choice("activity", "Main activity.", "employed", "unemployed", "inactive"),
    _choice("inactive_reason", "Why not in the labour force.", "pensioner", "rentier", "student",
            "housework", "small_child", "disabled", "other"),
    _choice("status", "Status in the main job.", "employer", "own_account", "employee", "casual",
            "unpaid_family"),
    _flag("formal", "Main job is formal (contract and social insurance, or registered firm)."),
    _flag("permanent", "Contract without end date."),
    _flag("public", "Works for the state."),
    _flag("underemployed", "Works few hours and wants more."),
    Field("hours", "number", "Hours worked in the week.", "hours a week", 0, 168, refuse=(999,)),
    _choice("firm_size", "People in the firm.", "1", "2-5", "6-40", "41_up"),
    _choice("sector_scheme", "Classification of `sector`.", "KBLI2020", "ISIC4", "CAES", "CAES1"),
    Field("sector", "text", "Industry code of the main job in `sector_scheme`."),
    _choice("occupation_scheme", "Classification of `occupation`.", "KBJI2014", "ISCO08", "CNO"),
    Field("occupation", "text", "Occupation code of the main job in `occupation_scheme`."),
    _choice("technology", "What the job operates.", "none", "machine", "computer"),
    _choice("skill", "Skill the job asks for, low to high.", "unskilled", "operative", "technical",
            "professional"),
    _money("earnings", "Earnings from the main job."),
    _money("pension", "Pension received."),
    _flag("health_cover", "Has health insurance of any kind."),
    _flag("chronic_illness", "Has a chronic illness."),
    _flag("disability", "Has a functional difficulty (for the audit)."),
))  # fmt: skip

SECTOR_SIGNALS = Table("sector_signals", "What was published of an industry in a region and period.",
    ("sector_section", "region", "period"), (
    Field("sector_section", "choice", "KBLI 2020 section (ISIC Rev. 4 section).", choices=SECTIONS,
          null=False, required=True),
    _must("region", "text", "Province code, or ID for the whole country."),
    _PERIOD, _KNOWN,
    Field("employment_growth", "number", "Change in workers on a year before.", "share", -1, 10),
    Field("layoff_rate", "number", "Recorded layoffs a year over employees.", "share a year", 0, 1),
    Field("vacancy_rate", "number", "Vacancies over jobs: shortage of labour.", "share", 0, 1),
    Field("wage_growth", "number", "Change in mean wage on a year before.", "share", -1, 10),
))  # fmt: skip

SHOCK_EVENTS = Table("shocks", "Events that hit a household or a region.", ("place", "shock", "period"), (
    _must("place", "text", "household_id, or a province or regency code."),
    Field("scope", "choice", "What `place` names.", choices=("household", "regency", "province"), null=False,
          required=True),
    Field("shock", "choice", "Kind of event.", choices=SHOCKS, null=False, required=True),
    _PERIOD, _KNOWN,
))  # fmt: skip

POVERTY_LINES = Table("poverty_lines", "Poverty line by place, stratum and period.",
    ("line_province", "line_urban", "period"), (
    Field("line_province", "text", "Province code; empty for every province."),
    Field("line_urban", "flag", "Urban stratum; empty for both."),
    _PERIOD, _KNOWN,
    Field("line", "number", "Poverty line, in the unit of `welfare`.", "currency per month", 1e-9, 1e12,
          null=False, required=True),
    Field("extreme_line", "number", "Extreme poverty line, in the unit of `welfare`.", "currency per month",
          1e-9, 1e12),
))  # fmt: skip

REGIONS = Table("regions", "Published facts of a province or regency.", ("region", "period"), (
    _must("region", "text", "Code of the province or regency."), _PERIOD, _KNOWN,
    Field("region_name", "text", "Name."),
    Field("headcount", "number", "Official poverty rate.", "share", 0, 1),
    Field("unemployment", "number", "Open unemployment rate.", "share", 0, 1),
    Field("mean_schooling", "number", "Mean years of schooling at 15 and over.", "years", 0, 25),
    Field("remote", "flag", "Declared a disadvantaged region (daerah tertinggal, in Indonesia by Perpres 63/2020), or "
          "remote by another official list; for the audit, never a feature of a model."),
))  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in (
    HOUSEHOLDS, MEMBERS, SECTOR_SIGNALS, SHOCK_EVENTS, POVERTY_LINES, REGIONS)}  # fmt: skip

REQUIRED = ("households", "members")
"""Tables without which nothing can be said of a family."""
