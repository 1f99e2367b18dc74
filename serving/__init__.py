"""Answer: one household, a list, the whole register."""
