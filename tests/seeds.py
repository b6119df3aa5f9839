"""The seed from which the random tests draw their cases.

It is the same every day, so that whether the tests pass depends on the code alone. Other cases are drawn by ``SCHEDULER_SEED=anything``, more of them
by the counts that each test file names; a case found wrong is then kept by its own number.
"""

from __future__ import annotations

import os
import zlib

SEED = os.environ.get("SCHEDULER_SEED", "24 JTM")

SEED_NUMBER = zlib.crc32(SEED.encode()) % 10**6
