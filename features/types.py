"""Names for the shapes that pass between modules."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
EncodedTable = dict[str, Array]
"""Columns of one raw table by name, equally long."""
Tables = dict[str, EncodedTable]
"""Encoded tables by name."""
