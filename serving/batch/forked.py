"""What workers of `jaga score` need, read once by the process that they are forked from."""

from __future__ import annotations

import numpy as np
import pandas  # noqa: F401

from models import forest, forest_kernels
from serving.batch import task  # noqa: F401

if forest.ready():  # numba's own tables are made with the first loop that runs
    forest_kernels.logit(np.empty((0, 1), dtype=np.float32), forest.empty(), 0.0, np.empty(0))
