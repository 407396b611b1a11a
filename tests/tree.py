"""The files of the project, as git would take them."""

import subprocess
from pathlib import Path

from tests.programs import require_program

ROOT = Path(__file__).resolve().parent.parent

# A checkout that belongs to another user, as in a container, is read all the same.
OWNED_BY_ANYONE = ["-c", "safe.directory=*"]
LIST = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]


def project_files() -> list[Path]:
    """Files that git tracks, or would after ``git add .``; paths are relative to ROOT."""
    listing = subprocess.run(
        [require_program("git"), *OWNED_BY_ANYONE, *LIST],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = {Path(name) for name in listing.split("\0") if name}
    # One that was removed, or moved, but not yet with git.
    return sorted(path for path in paths if (ROOT / path).is_file())
