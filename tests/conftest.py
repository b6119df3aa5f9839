"""What several test files start from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from scheduler.formats.json import write_instance
from tests.build import small_case

settings.register_profile("as always", derandomize=True)
settings.register_profile("drawn anew", derandomize=False)
settings.load_profile("drawn anew" if "SCHEDULER_SEED" in os.environ else "as always")


@pytest.fixture
def school_file(tmp_path: Path) -> Path:
    """A file of a school for which there is a plan (``small_case``)."""
    path = tmp_path / "sekolah.json"
    write_instance(small_case().instance, path)
    return path
