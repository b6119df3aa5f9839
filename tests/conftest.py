"""What several test files start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.formats.json import write_instance
from tests.build import small_case


@pytest.fixture
def school_file(tmp_path: Path) -> Path:
    """A file of a school for which there is a plan (``small_case``)."""
    path = tmp_path / "sekolah.json"
    write_instance(small_case().instance, path)
    return path
