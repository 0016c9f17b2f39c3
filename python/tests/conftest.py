"""What the tests share: where they are, and a result."""

from __future__ import annotations

from pathlib import Path

import pytest

import mode_lottery
from law import LAW


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def result() -> mode_lottery.Result:
    """A run of the small law, with its rows."""
    return mode_lottery.run(LAW, rows=True, name="law")
