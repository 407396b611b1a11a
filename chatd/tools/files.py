"""Files that are whole or not there, and for their owner alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatd.tools import ToolError


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield an empty file ``PATH.part``; it becomes ``path`` where nothing is raised.

    Raises ``ToolError`` where ``path`` is there already, unless by ``force``, and ``OSError``.
    """
    if path.is_dir():
        raise ToolError(f"{path} is a directory; name a file")
    if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
        # It would be replaced, not written to: /dev/null would be a file from then on.
        raise ToolError(f"{path} is a link or a device; name a file")
    if not path.parent.is_dir():
        raise ToolError(f"there is no directory {path.parent}")
    if path.exists() and not force:
        raise ToolError(f"{path} is there already; name another file, or add --force")
    part = path.with_name(f"{path.name}.part")
    descriptor = _take(part)
    try:
        yield part
        sync(part)
        part.replace(path)
        sync(path.parent)
    except BaseException as error:
        if isinstance(error, OSError) and error.filename is None:
            # To write to a file tells less than to open it.
            error.filename = str(path)
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _take(part: Path) -> int:
    """Return a descriptor of a file that nobody else writes; what is in it is from who died."""
    descriptor = os.open(part, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise ToolError(f"somebody else writes {part} just now") from None
    os.fchmod(descriptor, 0o600)
    os.ftruncate(descriptor, 0)
    return descriptor


def sync(path: Path) -> None:
    """Have a file, or the names in a directory, on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def belong(path: Path) -> None:
    """Give a file to the owner of its directory: root may do things in a server's name."""
    owner = path.parent.stat()
    if os.geteuid() == 0 and path.exists():
        os.chown(path, owner.st_uid, owner.st_gid)
