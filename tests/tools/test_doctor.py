"""What the doctor finds, and what he advises."""

from __future__ import annotations

import os
import socket
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatd.data import DATABASE, DataDirectory
from chatd.store.schema import VERSION
from chatd.tools import doctor
from tests.acceptance.server import free_port
from tests.tools import database
from tests.tools.command import chatd, done
from tests.tools.database import OPS, event

Told = list[tuple[str, str]]


def examine(data: Path, port: int | None = None) -> Told:
    """Return (state, sentence) of what is found."""
    ran = chatd("doctor", "--data", data, "--port", str(port or free_port()))
    assert ran.stderr == ""
    found = [(line[:4].strip(), line[6:]) for line in ran.stdout.splitlines()]
    assert {state for state, _ in found} <= {"ok", "warn", "FAIL"}
    assert ran.returncode == (1 if "FAIL" in dict(found) else 0)
    return found


def state(found: Told, words: str) -> str:
    """Return the state of the one line that has ``words`` in it, at its end or not."""
    (one,) = [state for state, sentence in found if words in f"{sentence};"]
    return one


@contextmanager
def running(data: Path) -> Iterator[None]:
    """Hold a data directory as a server does."""
    held = DataDirectory(data)
    held.open()
    try:
        yield
    finally:
        held.close()


@contextmanager
def listening(host: str) -> Iterator[int]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        yield server.getsockname()[1]


def test_a_directory_in_order_has_no_fail(path: Path) -> None:
    done("backup", "--data", path.parent, path.parent.with_name("copy"))
    found = examine(path.parent)
    assert "FAIL" not in {state for state, _ in found}
    assert state(found, "does not run") == "ok"
    assert state(found, "is free") == "ok"
    assert state(found, "TLS is not built") == "warn"
    assert state(found, "MB are free") in {"ok", "warn"}
    assert state(found, "owner's alone") == "ok"
    assert state(found, f"of version {VERSION}") == "ok"
    assert state(found, "write-ahead log") == "ok"
    assert state(found, "the last backup is 0.0 days old") == "ok"
    assert state(found, "Twisted") == "ok"


def test_without_a_directory_there_is_little_to_find(tmp_path: Path) -> None:
    assert state(examine(tmp_path / "none"), "there is no data directory") == "FAIL"
    assert not (tmp_path / "none").exists()
    assert state(examine(tmp_path), "no database yet") == "ok"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "0.0.0.0"])  # noqa: S104
def test_a_port_of_somebody_else_is_found(path: Path, host: str) -> None:
    with listening(host) as port:
        assert state(examine(path.parent, port), "another program listens") == "FAIL"
        with running(path.parent):
            found = examine(path.parent, port)
    assert state(found, f"port {port} is listened on") == "ok"
    assert state(found, "a server runs") == "ok"


def test_a_server_that_listens_elsewhere_is_no_fail(path: Path) -> None:
    with running(path.parent):
        assert state(examine(path.parent), "nobody listens on port") == "warn"


@pytest.mark.parametrize(
    ("name", "wrong"), [("", 0o755), (DATABASE, 0o640), ("manhole_keys", 0o604)]
)
def test_what_others_may_read_is_found(path: Path, name: str, wrong: int) -> None:
    file = path.parent / name
    if not file.exists():
        file.touch(0o600)
    file.chmod(wrong)
    found = examine(path.parent)
    assert state(found, f"others may use {file};") == "FAIL"
    assert not [sentence for _, sentence in found if "owner's alone" in sentence]
    advice = f"chmod {'700' if file.is_dir() else '600'} {file};"
    assert state(found, advice) == "FAIL"


def test_what_is_somebody_elses_is_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may have made it, and the server's user can't use it then."""
    true = Path.lstat

    def lstat(one: Path) -> os.stat_result:
        status = list(true(one))
        status[4] += one.name == DATABASE  # its owner
        return os.stat_result(status)

    monkeypatch.setattr(Path, "lstat", lstat)
    found = list(doctor.modes(Namespace(data=path.parent)))
    assert [finding.state for finding in found] == ["FAIL"]
    assert f"{path} is not its directory's owner's" in str(found[0])


def test_a_clock_that_is_behind_is_found(path: Path) -> None:
    ahead = int(time.time() * 1000) + 3_600_000
    database.add_events(path, [event(OPS, 11, "from the future", t=ahead)])
    assert state(examine(path.parent), "and the newest event is of") == "FAIL"


def test_an_old_backup_and_none_are_found(path: Path) -> None:
    assert state(examine(path.parent), "no backup was ever made") == "warn"
    note = path.parent / "last_backup"
    note.touch(0o600)
    assert state(examine(path.parent), "cannot be read") == "warn"
    when = datetime.now(UTC) - timedelta(days=9)
    note.write_text(f"{when.isoformat()} /nowhere/copy\n")
    assert state(examine(path.parent), "9.0 days old: /nowhere/copy, which is not there") == "warn"


def test_a_database_of_another_version_is_found(path: Path) -> None:
    database.run(path, "PRAGMA user_version = 1")
    assert state(examine(path.parent), "of version 1") == "warn"
    database.run(path, "PRAGMA user_version = 99")
    assert state(examine(path.parent), "of version 99") == "FAIL"


def test_a_database_that_is_none_does_not_hide_the_rest(path: Path) -> None:
    path.write_bytes(b"nonsense" * 1000)
    found = examine(path.parent)
    assert {sentence for state, sentence in found if state == "FAIL"} != set()
    assert state(found, "no backup was ever made") == "warn"


def test_a_code_that_nobody_claimed_is_found_and_not_shown(path: Path) -> None:
    code = path.parent / "claim_code"
    code.touch(0o600)
    code.write_text("s3cret-code")
    found = examine(path.parent)
    assert state(found, "nobody has made himself administrator") == "warn"
    assert "s3cret" not in str(found)


def test_what_was_interrupted_is_found(path: Path) -> None:
    (path.parent / "verify-abc").mkdir(0o700)
    assert state(examine(path.parent), "is left over") == "warn"
