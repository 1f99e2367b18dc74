"""What each code of the EPH says, in the contract's words; a code that is not listed here becomes missing.

Meanings after INDEC, EPH: Diseño de registro y estructura para las bases de microdatos, Hogar e Individual.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.types import Array

Codes = Mapping[int, str]

YES_NO = {1: 1.0, 2: 0.0}

# Premises not built to live in (5) stand with the makeshift.
IV1_DWELLING: Codes = {1: "house", 2: "flat", 3: "rented_room", 4: "rented_room", 5: "makeshift", 6: "other"}
# 1 tile, wood, ceramic or carpet; 2 cement or fixed brick; 3 loose brick or earth; 4 other, of which nothing is known.
IV3_FLOOR: Codes = {1: "tile", 2: "cement", 3: "earth"}
# 1 membrane or asphalt, which lies on a slab; 2 bare slab; 3 slate or tile; 4 metal sheet; 5 fibre-cement or plastic
# sheet; 6 cardboard; 7 cane, board or straw; 9 unknown, mostly flats under other flats.
IV4_ROOF: Codes = {1: "concrete", 2: "concrete", 3: "tile", 4: "metal", 5: "metal", 6: "thatch", 7: "thatch"}
# 1 public network; 2, 3 borehole with a motor or a hand pump; 4 other, mostly wells without a pump.
IV7_WATER: Codes = {1: "piped", 2: "protected_well", 3: "protected_well", 4: "unprotected_well"}
# Of toilets used by no other household. INDEC calls adequate only the flush with button or chain (1), not the toilet
# flushed by bucket (2) or the latrine (3).
IV10_TOILET: Codes = {1: "own_improved", 2: "own_unimproved", 3: "own_unimproved"}
IV11_SEWAGE: Codes = {1: "sewer", 2: "septic_tank", 3: "pit", 4: "ground"}
# 4 lives there against taxes or dues, 6 with leave: neither pays rent. 8 an estate not yet divided.
II7_TENURE: Codes = {1: "owned", 2: "owned_without_land", 3: "rented", 4: "lent", 5: "tied", 6: "lent",
                     7: "occupied", 8: "other", 9: "other"}  # fmt: skip
# 3 kerosene, wood or charcoal in one code: the poorest of them. 4 other, of which nothing is known.
II8_FUEL: Codes = {1: "piped_gas", 2: "gas_cylinder", 3: "wood"}
COPING = {"V13": "savings_spent", "V14": "loan_from_family", "V15": "loan_from_bank", "V16": "bought_on_credit",
          "V17": "goods_sold"}  # fmt: skip

# 7 parents-in-law stand with the parents, as in Indonesian surveys; 8 siblings, 9 others of the family.
CH03_RELATION: Codes = {1: "head", 2: "spouse", 3: "child", 4: "child_in_law", 5: "grandchild", 6: "parent",
                        7: "parent", 8: "other_relative", 9: "other_relative", 10: "not_related"}  # fmt: skip
CH04_SEX: Codes = {1: "man", 2: "woman"}
CH07_MARITAL: Codes = {1: "partnered", 2: "married", 3: "separated", 4: "widowed", 5: "single"}
# 1 insurance of the job or pension, 2 private, 3 public plan, and pairs and all three of them.
CH08_COVER = {1: 1.0, 2: 1.0, 3: 1.0, 12: 1.0, 13: 1.0, 23: 1.0, 123: 1.0, 4: 0.0}
# 3, under two years of age, is neither.
CH09_LITERATE = YES_NO
CH10_IN_SCHOOL = {1: 1.0, 2: 0.0, 3: 0.0}
# The contract takes what was begun where it is incomplete: secondary (3) and tertiary (5) not finished.
NIVEL_EDUCATION: Codes = {7: "none", 1: "primary_incomplete", 2: "primary", 3: "lower_secondary",
                          4: "upper_secondary", 5: "diploma", 6: "degree"}  # fmt: skip
# 4 under ten, who are not asked; 0 no interview of the person.
ESTADO_ACTIVITY: Codes = {1: "employed", 2: "unemployed", 3: "inactive", 4: "inactive"}
CAT_INAC_REASON: Codes = {1: "pensioner", 2: "rentier", 3: "student", 4: "housework", 5: "small_child", 6: "disabled",
                          7: "other"}  # fmt: skip
# There is no code for casual work: a day labourer is an employee (3).
CAT_OCUP_STATUS: Codes = {1: "employer", 2: "own_account", 3: "employee", 4: "unpaid_family"}
PP04A_PUBLIC = {1: 1.0, 2: 0.0, 3: 0.0}
# Does the job end on a date? Not asked of domestic workers.
PP07C_PERMANENT = {1: 0.0, 2: 1.0}
# Pension contribution withheld from the pay; INDEC's test of a registered employee, asked of employees only.
PP07H_FORMAL = YES_NO
PP04C_FIRM: Codes = {1: "1", 2: "2-5", 3: "2-5", 4: "2-5", 5: "2-5", 6: "6-40", 7: "6-40", 8: "6-40", 9: "41_up",
                     10: "41_up", 11: "41_up", 12: "41_up"}  # fmt: skip
# Asked of those who do not know the number; "up to 5" is told by people who work for someone, so of two at least.
PP04C99_FIRM: Codes = {1: "2-5", 2: "6-40", 3: "41_up"}
# Fourth and fifth digit of the Clasificador Nacional de Ocupaciones (INDEC, CNO 2001). Directors have no technology.
CNO_TECHNOLOGY: Codes = {1: "none", 2: "machine", 3: "computer"}
CNO_SKILL: Codes = {1: "professional", 2: "technical", 3: "operative", 4: "unskilled"}


def words(codes: Array, meaning: Codes) -> pd.Series:
    """Word of each code, N; missing where the code is none of `meaning`."""
    return pd.Series(_look_up(codes, {code: at for at, code in enumerate(meaning)})).map(
        dict(enumerate(meaning.values()))).astype("str")  # fmt: skip


def flags(codes: Array, meaning: Mapping[int, float]) -> Array:
    """Flag of each code, N: 1, 0, or NaN where the code is none of `meaning`."""
    return _look_up(codes, meaning)


def _look_up(codes: Array, meaning: Mapping[int, float]) -> Array:
    table = np.full(max(meaning) + 2, np.nan)
    table[list(meaning)] = list(meaning.values())
    known = np.isin(codes, list(meaning))
    return table[np.where(known, codes, len(table) - 1).astype(np.int64)]
