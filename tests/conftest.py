"""What all tests share: in CI, a skipped test is a failed one."""

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from tests.programs import in_ci

# How long an example takes says more about the machine than about the chat. CI tries the same
# examples each time, so that it fails for a change only; elsewhere they are new ones.
settings.register_profile("chatd", deadline=None, print_blob=True, derandomize=in_ci())
settings.load_profile("chatd")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, whatever asked for it; an expected failure stays one."""
    report = yield
    if in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a file that skips itself as a whole."""
    report = yield
    if in_ci() and report.skipped:
        _fail(report)
    return report


def _fail(report: Any) -> None:
    report.outcome = "failed"
    report.longrepr = f"skipped, which no test may be in CI: {report.longrepr}"
