"""The programs that tests drive, and what happens where one is missing."""

import os
import shutil

import pytest


def in_ci() -> bool:
    """Whether this run must prove everything: nothing may be skipped."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def require_program(name: str) -> str:
    """
    Where the program is.

    Without it the running test is skipped, and says which program it misses; in CI, it fails.
    """
    path = shutil.which(name)
    if path is not None:
        return path
    if in_ci():
        pytest.fail(f"the program {name!r} is missing, and in CI no test is skipped", pytrace=False)
    pytest.skip(f"the program {name!r} is missing")
