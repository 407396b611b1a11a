"""``chatd doctor``: what is or may become a problem, a line each, with what to do about it."""

from __future__ import annotations

import argparse
import errno
import platform
import shutil
import socket
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

import twisted

from chatd import __version__
from chatd.core.events import timestamp
from chatd.data import CLAIM_CODE, DATABASE
from chatd.store.schema import VERSION
from chatd.tools import ToolError
from chatd.tools.access import check_kind, is_running, open_readonly
from chatd.tools.backup import LAST
from chatd.tools.index_checks import COPY
from chatd.tools.output import say

MB = 1_000_000
LITTLE, VERY_LITTLE = 1000 * MB, 100 * MB  # disk space that is free
LARGE_LOG = 256 * MB  # of the write-ahead log: somebody reads for long, or it cannot be emptied
OLD = 7  # days of a backup
AHEAD = 60_000  # ms that the newest event may be later than now


class Finding(NamedTuple):
    """What was found out, and for ``warn`` and ``FAIL``, what to do."""

    state: Literal["ok", "warn", "FAIL"]
    what: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f"; {self.advice}" if self.advice else ""
        return f"{self.state:<4}  {self.what}{advice}"


Findings = Iterator[Finding]


Examination = Callable[[argparse.Namespace], Findings]


def run(options: argparse.Namespace) -> int:
    """Print what was found. Problems of one examination don't hide the others."""
    failed = False
    for examine in EXAMINATIONS:
        for finding in _found(examine, options):
            say(str(finding))
            failed = failed or finding.state == "FAIL"
    return 1 if failed else 0


def _found(
    examine: Callable[[argparse.Namespace], Findings], options: argparse.Namespace
) -> Findings:
    try:
        yield from examine(options)
    except ToolError as error:
        yield Finding("FAIL", str(error))
    except sqlite3.Error as error:
        advice = "run chatd verify, and chatd restore if it finds damage"
        yield Finding("FAIL", f"the database cannot be read ({error})", advice)
    except OSError as error:
        yield Finding("FAIL", f"{error.filename or examine.__name__}: {error.strerror}")


def versions(options: argparse.Namespace) -> Findings:
    """Which versions of everything there are."""
    yield Finding(
        "ok",
        f"chatd {__version__}, Python {platform.python_version()},"
        f" Twisted {twisted.__version__}, SQLite {sqlite3.sqlite_version}",
    )


def server(options: argparse.Namespace) -> Findings:
    """Whether a server runs, and whether its port is its own."""
    data: Path = options.data
    if not data.is_dir():
        yield Finding("FAIL", f"there is no data directory {data}", "--data DIR names it")
        return
    running = is_running(data)
    yield Finding("ok", f"a server {'runs' if running else 'does not run'} with {data}")
    port = options.port
    taken = _is_taken(port)
    if running and not taken:
        advice = "if it listens elsewhere, --port N looks there"
        yield Finding("warn", f"nobody listens on port {port}", advice)
    elif taken and not running:
        advice = "stop that, or start this server with another --listen"
        yield Finding("FAIL", f"another program listens on port {port}", advice)
    else:
        yield Finding("ok", f"port {port} is {'listened on' if taken else 'free'}")


def _is_taken(port: int) -> bool:
    """Whether somebody listens; found out without a connection, which would be a guest."""
    for family, host in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):  # noqa: S104
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except PermissionError:
            return False
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
    return False


def tls(options: argparse.Namespace) -> Findings:
    """How what is said gets over the network."""
    yield Finding(
        "warn",
        "TLS is not built yet: all that is said can be read on its way",
        "let people in over a VPN or ssh -L, or have a proxy do TLS",
    )


def disk(options: argparse.Namespace) -> Findings:
    """Whether there is room."""
    free = shutil.disk_usage(_existing(options.data)).free
    what = f"{free / MB:,.0f} MB are free for {options.data}"
    if free < LITTLE:
        yield Finding("FAIL" if free < VERY_LITTLE else "warn", what, "make room")
    else:
        yield Finding("ok", what)


def _existing(path: Path) -> Path:
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def clock(options: argparse.Namespace) -> Findings:
    """Whether it is now."""
    newest, now = _newest(options.data / DATABASE), int(time.time() * 1000)
    if newest > now + AHEAD:
        what = f"the clock says {timestamp(now)}, and the newest event is of {timestamp(newest)}"
        yield Finding("FAIL", what, "set the clock")
    synchronised = _synchronised()
    if synchronised is False:
        advice = "timedatectl set-ntp true, or another time service"
        yield Finding("warn", "the clock is not synchronised", advice)
    elif newest <= now + AHEAD:
        about = "" if synchronised else "; whether it is synchronised is not known here"
        yield Finding("ok", f"the clock says {timestamp(now)}{about}")


def _newest(path: Path) -> int:
    """Return when the newest of events happened, of each conversation; 0 where there is none."""
    if not path.is_file():
        return 0
    with closing(open_readonly(path)) as database:
        row = database.execute(
            "SELECT max((SELECT t FROM events WHERE id BETWEEN c.id << 32 AND c.id + 1 << 32"
            " ORDER BY id DESC LIMIT 1)) FROM conversations AS c"
        ).fetchone()
    return int(row[0] or 0)


def _synchronised() -> bool | None:
    """Return what systemd says, None where there is none."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        told = subprocess.run(  # noqa: S603  the program is found, the arguments are ours
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(told)


def modes(options: argparse.Namespace) -> Findings:
    """Whether anybody else can read what is private."""
    data: Path = options.data
    if not data.is_dir():
        return
    owner = data.stat().st_uid
    paths = [data, *sorted(data.rglob("*"))]
    good = True
    for path in paths:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            continue
        if status.st_mode & 0o077:
            good = False
            right = "700" if path.is_dir() else "600"
            yield Finding("FAIL", f"others may use {path}", f"chmod {right} {path}")
        if status.st_uid != owner:
            good = False
            yield Finding("FAIL", f"{path} is not its directory's owner's", f"chown it to {owner}")
    if good:
        yield Finding("ok", f"{data} and the {len(paths) - 1} files in it are their owner's alone")


def leftovers(options: argparse.Namespace) -> Findings:
    """What was interrupted."""
    for pattern in (f"{COPY}*", "*.part", f"{DATABASE}.restored"):
        for path in sorted(options.data.glob(pattern)):
            yield Finding("warn", f"{path} is left over from something interrupted", "delete it")


def database(options: argparse.Namespace) -> Findings:
    """Whether the database is of this version, and its log not too large."""
    path: Path = options.data / DATABASE
    if not path.is_file():
        yield Finding("ok", "there is no database yet")
        return
    with closing(open_readonly(path)) as connection:
        version = check_kind(connection, path, current=False)
    size = f"{path.stat().st_size / MB:,.1f} MB"
    if version < VERSION:
        what = f"the database is of version {version}, {size}"
        yield Finding("warn", what, f"the next start makes it {VERSION}, after a copy of it")
    else:
        yield Finding("ok", f"the database is of version {version}, {size}")
    log = path.with_name(f"{DATABASE}-wal")
    length = log.stat().st_size if log.exists() else 0
    if length > LARGE_LOG:
        advice = "end what reads it for long (an export, a backup), or restart the server"
        yield Finding("warn", f"the write-ahead log has {length / MB:,.0f} MB", advice)
    else:
        yield Finding("ok", f"the write-ahead log has {length / MB:,.1f} MB")


def backups(options: argparse.Namespace) -> Findings:
    """When there was a backup."""
    advice = "chatd backup FILE, each night"
    if not (options.data / DATABASE).is_file():
        return
    try:
        when, _, file = (options.data / LAST).read_text("utf-8").strip().partition(" ")
        age = (datetime.now(UTC) - datetime.fromisoformat(when)).total_seconds() / 86400
    except FileNotFoundError:
        yield Finding("warn", "no backup was ever made by chatd backup", advice)
        return
    except ValueError:
        yield Finding("warn", "when the last backup was made cannot be read", advice)
        return
    what = f"the last backup is {age:.1f} days old: {file}"
    if not Path(file).exists():
        what += ", which is not there any more"
    yield Finding("warn", what, advice) if age > OLD else Finding("ok", what)


def claim(options: argparse.Namespace) -> Findings:
    """Whether the server has an administrator."""
    code = options.data / CLAIM_CODE
    if code.exists():
        advice = f"log in and type /claim with the code in {code}"
        yield Finding("warn", "nobody has made himself administrator yet", advice)


EXAMINATIONS = (
    versions,
    server,
    tls,
    disk,
    clock,
    modes,
    leftovers,
    database,
    backups,
    claim,
)
