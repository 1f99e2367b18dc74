"""Lists under a quota and a budget: `rules` what an officer chooses, `draw` the list, `drawn` what comes out."""

from models.targeting.draw import draw
from models.targeting.drawn import CHANNELS, TIE_RULE, Cell, Drawn, Edge, Last, Left, Places
from models.targeting.expected import Expected, Share
from models.targeting.rows import Coded, Rows
from models.targeting.rule_checks import RuleError
from models.targeting.rules import FastLane, Rules, Scheme

__all__ = [
    "CHANNELS",
    "TIE_RULE",
    "Cell",
    "Coded",
    "Drawn",
    "Edge",
    "Expected",
    "FastLane",
    "Last",
    "Left",
    "Places",
    "Rows",
    "RuleError",
    "Rules",
    "Scheme",
    "Share",
    "draw",
]
