"""The school that comes with the program."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable


def demo_workbook() -> Traversable:
    """The workbook of instances/taman-rajo, as it is installed with the package."""
    return resources.files("scheduler").joinpath("demo", "sekolah.xlsx")
