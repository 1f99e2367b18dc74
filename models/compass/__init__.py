"""The sector compass: published figures of the industries side by side, and which of them a worker could reach.

`measures` names what is shown, `table` reads the figures, `rank` weighs them as the reader asks, `occupations` measures
how far two jobs lie apart, `openings` puts both together for the workers of a household.
"""
