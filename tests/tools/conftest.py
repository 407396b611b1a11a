"""What tests of the tools share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with something in every table, in a data directory of its own."""
    path = database.make(tmp_path / "data")
    database.fill(path)
    return path
