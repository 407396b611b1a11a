"""Lint, format, types, the walls of the house, and a few rules that no tool knows."""

import re
import subprocess
import sys

import pytest

from tests.tree import ROOT, project_files

# import-linter has no module to run, only a command.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
LONGEST_FILE = 400  # lines

# In pieces, because this file is searched too.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "\\w+"), ("debian", "org"))
]


@pytest.mark.parametrize(
    "tool",
    [
        pytest.param(["-m", "ruff", "check", "."], id="lint"),
        pytest.param(["-m", "ruff", "format", "--check", "--diff", "."], id="format"),
        pytest.param(["-m", "mypy"], id="types"),
        pytest.param(["-c", LINT_IMPORTS, "--no-logo"], id="walls"),
    ],
)
def test_tool_finds_nothing(tool: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, *tool], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        pytest.fail(f"\n{result.stdout}\n{result.stderr}", pytrace=False)


def test_files_are_short_enough_to_read() -> None:
    lengths = {
        str(path): len((ROOT / path).read_text("utf-8").splitlines())
        for path in project_files()
        if path.suffix == ".py"
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is a matter of the machine: a mirror must do as well."""
    hosts = re.compile("|".join(REGISTRY_HOSTS).encode())
    assert [str(path) for path in project_files() if hosts.search((ROOT / path).read_bytes())] == []
