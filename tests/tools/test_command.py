"""The command line as a whole: its help, its statuses, its sentences."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import chatd
from chatd.data import DATABASE, DataDirectory
from tests.tools import database
from tests.tools.command import chatd as run
from tests.tools.command import command, done, environment, refused
from tests.tools.database import OPS, event

COMMANDS = ["export", "import", "backup", "restore", "verify", "passwd", "doctor"]
WITH_ARGUMENTS = {
    "export": ["OUT"],
    "import": ["FILE"],
    "backup": ["FILE"],
    "restore": ["FILE"],
    "verify": [],
    "passwd": ["NAME"],
    "doctor": [],
}


def test_the_version_is_told() -> None:
    assert done("--version") == f"chatd {chatd.__version__}\n"


def test_the_help_lists_every_command() -> None:
    told = done("--help")
    assert [name for name in COMMANDS if f"    {name} " not in told] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_takes_data(name: str) -> None:
    told = done(name, "--help")
    assert "--data DIR" in told
    assert [word for word in WITH_ARGUMENTS[name] if word not in told] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["backup"],
        ["backup", "a", "b"],
        ["export", "--room", "#a", "--all", "out"],
        ["export", "--format", "pdf", "out"],
        ["doctor", "--port", "many"],
    ],
)
def test_a_mistake_on_the_command_line_is_status_2(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "usage: chatd" in ran.stderr


@pytest.mark.parametrize("name", ["export", "backup", "verify", "passwd"])
def test_without_a_data_directory_there_is_a_sentence(tmp_path: Path, name: str) -> None:
    arguments = ["x"] * len(WITH_ARGUMENTS[name])
    sentence = refused(name, "--data", tmp_path / "none", *arguments)
    assert sentence.startswith(f"chatd {name}: there is no data directory")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["export", "backup", "verify", "passwd"])
def test_without_a_database_there_is_a_sentence(tmp_path: Path, name: str) -> None:
    arguments = ["x"] * len(WITH_ARGUMENTS[name])
    assert "there is no database" in refused(name, "--data", tmp_path, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_the_data_directory_may_be_named_first(tmp_path: Path) -> None:
    assert "no database" in refused("--data", tmp_path, "verify")


@pytest.mark.parametrize("name", ["export", "verify"])
def test_an_older_database_wants_a_start_first(tmp_path: Path, name: str) -> None:
    path = database.make(tmp_path / "data")
    database.run(path, "PRAGMA user_version = 1")
    ran = run(name, "--data", path.parent, *([tmp_path / "out"] if name == "export" else []))
    assert ran.returncode == 1
    assert "version 1; start the server once" in ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ["export", "backup", "verify"])
def test_a_newer_database_is_refused(tmp_path: Path, name: str) -> None:
    path = database.make(tmp_path / "data")
    database.run(path, "PRAGMA user_version = 99")
    arguments = [tmp_path / "out"] * len(WITH_ARGUMENTS[name])
    assert "version 99, newer" in refused(name, "--data", path.parent, *arguments)


@pytest.mark.parametrize("name", ["export", "backup", "verify"])
def test_another_programs_database_is_refused(tmp_path: Path, name: str) -> None:
    database.run(tmp_path / DATABASE, "CREATE TABLE recipes (name TEXT)")
    arguments = [tmp_path / "out"] * len(WITH_ARGUMENTS[name])
    assert "not a database of chatd" in refused(name, "--data", tmp_path, *arguments)


@pytest.mark.parametrize("name", ["import", "restore", "passwd"])
def test_what_changes_something_waits_for_the_server_to_stop(tmp_path: Path, name: str) -> None:
    path = database.make(tmp_path / "data")
    database.fill(path)
    done("export", "--data", path.parent, tmp_path / "import")
    done("backup", "--data", path.parent, tmp_path / "restore")
    before = path.read_bytes()
    held = DataDirectory(path.parent)
    held.open()
    try:
        argument = "ana" if name == "passwd" else tmp_path / name
        sentence = refused(name, "--data", path.parent, argument, typed="new words\n")
    finally:
        held.close()
    assert "a server uses" in sentence
    assert path.read_bytes() == before
    if name == "passwd":
        assert "/reset NAME PASSWORD" in sentence


@pytest.mark.parametrize("name", ["export", "backup", "verify"])
def test_what_only_reads_does_so_beside_a_server(tmp_path: Path, name: str) -> None:
    path = database.make(tmp_path / "data")
    database.fill(path)
    held = DataDirectory(path.parent)
    held.open()
    try:
        done(name, "--data", path.parent, *[tmp_path / "out"] * len(WITH_ARGUMENTS[name]))
    finally:
        held.close()


@pytest.mark.parametrize("name", ["backup", "export", "import", "restore"])
def test_a_full_disk_is_told_and_leaves_nothing(path: Path, tmp_path: Path, name: str) -> None:
    database.add_events(path, (event(OPS, seq, "x" * 300) for seq in range(11, 5000)))
    done("export", "--data", path.parent, tmp_path / "import")
    done("backup", "--data", path.parent, tmp_path / "restore")
    data = path.parent if name in {"backup", "export"} else tmp_path / "new"
    # Files of 150 KB at most, in blocks of 512 bytes.
    limited = ["sh", "-c", 'ulimit -f 300; exec "$@"', "sh"]
    ran = subprocess.run(
        [*limited, *command(name, "--data", data, tmp_path / name)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert len(ran.stderr.splitlines()) == 1
    assert "Traceback" not in ran.stderr
    assert {file.name for file in tmp_path.iterdir()} <= {"data", "new", "import", "restore"}
    assert not list(tmp_path.rglob("*.part"))
    if name == "import":
        assert database.ask(data / DATABASE, "SELECT count(*) FROM events") == [(0,)]
    if name == "restore":
        assert not (data / DATABASE).exists()
