"""The table of members: who they are, what they do, and the terms of their main job."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.sources.eph import codebook as book
from features.types import Array

UNKNOWN_HOURS = 999
FULL_TIME = 35
"""Hours a week from which nobody counts as underemployed in INDEC's definition."""
UNSPECIFIED = ("9999", "999", "Z", "0", "00", "0000")
"""Industry codes for an activity that was not told clearly."""
ONLY_CAES1 = frozenset({"03", "06", "07", "08", "09", "38", "39", "48", "49", "51", "52", "56", "58", "59", "68", "69",
                        "77", "78", "79", "81", "82", "83", "84", "86", "87", "88", "94", "96", "97"})  # fmt: skip
"""Divisions that CAES 1.0 has and the CAES before it has not."""


def build(persons: pd.DataFrame) -> pd.DataFrame:
    """Table of members, M, without household, period and known-at date."""
    code = {str(name): persons[name].to_numpy() for name in persons}
    activity = book.words(code["ESTADO"], book.ESTADO_ACTIVITY)
    inactive = (activity == "inactive").to_numpy()
    table = pd.DataFrame({
        "person_id": [f"{number:.0f}" for number in code["COMPONENTE"].tolist()],
        "sex": book.words(code["CH04"], book.CH04_SEX),
        "age": np.where(code["CH06"] == -1, 0, np.where(code["CH06"] <= 120, code["CH06"], np.nan)),
        "relation": book.words(code["CH03"], book.CH03_RELATION),
        "marital": book.words(code["CH07"], book.CH07_MARITAL),
        "education": book.words(code["NIVEL_ED"], book.NIVEL_EDUCATION),
        "in_school": book.flags(code["CH10"], book.CH10_IN_SCHOOL),
        "literate": book.flags(code["CH09"], book.CH09_LITERATE),
        "activity": activity,
        "inactive_reason": book.words(np.where(inactive, code["CAT_INAC"], np.nan), book.CAT_INAC_REASON),
        "pension": np.where(code["V2_M"] >= 0, code["V2_M"], np.nan),
        "health_cover": book.flags(code["CH08"], book.CH08_COVER),
    })  # fmt: skip
    return table.assign(**_job(code), **_sector(code))


def _job(code: dict[str, Array]) -> dict[str, Array | pd.Series]:
    """Facts of the main job; missing for those who have none now, of whom some columns tell the last one."""
    employed = code["ESTADO"] == 1
    job = {name: np.where(employed, code[name], np.nan)
           for name in ("CAT_OCUP", "PP07H", "PP07C", "PP04A", "PP04C", "PP04C99", "PP3E_TOT", "P21")}  # fmt: skip
    employee = job["CAT_OCUP"] == 3
    firm = book.words(job["PP04C"], book.PP04C_FIRM)
    occupation = pd.Series(np.where(employed, code["PP04D_COD"], ""), dtype="str")
    occupation = occupation.where(occupation.str.fullmatch(r"\d{3,5}")).str.zfill(5)
    return {
        "status": book.words(job["CAT_OCUP"], book.CAT_OCUP_STATUS),
        "formal": book.flags(np.where(employee, job["PP07H"], np.nan), book.PP07H_FORMAL),
        "permanent": book.flags(np.where(employee, job["PP07C"], np.nan), book.PP07C_PERMANENT),
        "public": book.flags(job["PP04A"], book.PP04A_PUBLIC),
        "underemployed": _underemployed(code, employed),
        "hours": np.where((job["PP3E_TOT"] >= 0) & (job["PP3E_TOT"] <= 168), job["PP3E_TOT"], np.nan),
        "firm_size": firm.fillna(book.words(job["PP04C99"], book.PP04C99_FIRM)),
        "occupation_scheme": occupation.where(occupation.isna(), "CNO"),
        "occupation": occupation,
        "technology": _digit(occupation, 3, book.CNO_TECHNOLOGY),
        "skill": _digit(occupation, 4, book.CNO_SKILL),
        "earnings": np.where(job["P21"] >= 0, job["P21"], np.nan),
    }


def _digit(code: pd.Series, place: int, meaning: book.Codes) -> pd.Series:
    return code.str[place].map({str(digit): word for digit, word in meaning.items()}).astype("str")


def _underemployed(code: dict[str, Array], employed: Array) -> Array:
    """Works under 35 hours and wants more, M.

    Until 2015 `INTENSI` 1 and 2 are the underemployed who do and who do not look for more work; in later files 1 is
    all of them and 2 the fully employed, many of whom work full time. Full-time hours under code 2 tell which.
    """
    intensity, hours = code["INTENSI"], code["PP3E_TOT"]
    full_time = (hours >= FULL_TIME) & (hours != UNKNOWN_HOURS)
    later = bool((full_time & (intensity == 2)).any())
    under = (intensity == 1) | ((intensity == 2) & (not later))
    told = employed & (intensity >= 1) & (intensity <= 5)
    return np.where(told, under.astype(np.float64), np.nan)


def _sector(code: dict[str, Array]) -> dict[str, pd.Series]:
    """Industry of the main job, from CAES 1.0 (after ISIC Rev. 4) where the file has it.

    The older column keeps its name in years that write CAES 1.0 into it; its own divisions tell the two apart.
    """
    employed = code["ESTADO"] == 1
    newer, older = _clean(code["PP04B_CAES"], employed), _clean(code["PP04B_COD"], employed)
    given = older.notna()
    in_new_scheme = older.str[:2].isin(ONLY_CAES1)[given].mean() > 0.1 if given.any() else False
    sector = newer.fillna(older)
    scheme = pd.Series("CAES1" if in_new_scheme else "CAES", sector.index, dtype="str").mask(newer.notna(), "CAES1")
    return {"sector_scheme": scheme.where(sector.notna()), "sector": sector}


def _clean(codes: Array, employed: Array) -> pd.Series:
    """Two or four digits, with the zero in front that some files lost; missing where nothing clear was told."""
    text = pd.Series(np.where(employed, codes, ""), dtype="str").str.upper()
    text = text.where(text.str.fullmatch(r"\d{1,4}|C") & ~text.isin(UNSPECIFIED))
    return text.mask(text.str.len() == 3, "0" + text).mask(text.str.fullmatch(r"\d"), "0" + text)
