"""A wheel and two real installations, plain and editable: what they hold, run, and leave behind."""

import base64
import csv
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

import chatd
from tests.tree import ROOT, project_files

MODES = {"plain": ["."], "editable": ["--editable", "."]}
SHIPPED = {".py", ".sql", ".tsv", ".txt", ".typed"}


PROGRAMS = ("chatcli", "chatd")


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int
    output: str


@dataclass(frozen=True)
class Installation:
    """What was seen of one virtual environment: chatd in it, and then removed from it."""

    twistd_help: Ran
    chat_help: Ran
    versions: dict[str, Ran]
    altered: list[str]
    twistd_help_after: Ran
    import_after: Ran
    altered_after: list[str]
    left_behind: list[str]


@dataclass(frozen=True)
class Built:
    """A wheel's list of files, and the installations by mode."""

    wheel: list[str]
    installations: dict[str, Installation]


def run(*command: str | Path, cwd: Path) -> Ran:
    """Run a command as a user's shell would: this run's own environment doesn't reach it."""
    inherited = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "COLUMNS"}
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


def must(*command: str | Path, cwd: Path) -> str:
    """Run a command that the rest depends on, and return its output."""
    ran = run(*command, cwd=cwd)
    assert ran.status == 0, f"{' '.join(map(str, command))}\n{ran.output}"
    return ran.output


def copy_project(target: Path) -> Path:
    """Copy the project, so that what a build leaves lying about isn't left in the repository."""
    for path in project_files():
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy)
    return target


def altered_files(site: Path) -> list[str]:
    """Name the files of Twisted that are no longer what its own wheel brought."""
    (record,) = site.glob("[Tt]wisted-*.dist-info/RECORD")
    altered = []
    with record.open(encoding="utf-8", newline="") as rows:
        for name, recorded, _size in csv.reader(rows):
            algorithm, _, expected = recorded.partition("=")
            if not algorithm:
                continue  # compiled files, and the record itself
            path = site / name
            found = hashlib.new(algorithm, path.read_bytes()).digest() if path.exists() else b""
            if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != expected:
                altered.append(name)
    return altered


def left_behind(site: Path) -> list[str]:
    """Name what remains of chatd where packages are installed."""
    remains = [*site.glob("*chat*"), *site.glob("twisted/plugins/chatd_plugin*")]
    return sorted(str(path.relative_to(site)) for path in remains)


def make_wheel(folder: Path) -> list[str]:
    """Build a wheel and list its files."""
    project = copy_project(folder / "project")
    must(sys.executable, "-m", "build", "--wheel", "--outdir", folder, project, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def install(mode: str, folder: Path) -> Installation:
    """Install chatd into a fresh environment, try it, remove it, and look again."""
    project = copy_project(folder / "project")
    venv = folder / "venv"
    # Commands run here: twistd puts the current folder on its path, which must not help it.
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    must(sys.executable, "-m", "venv", venv, cwd=folder)
    programs = venv / "bin"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(venv)}))
    # Compiling what is never imported would be half of the time.
    must(programs / "pip", "install", "--quiet", "--no-compile", *MODES[mode], cwd=project)
    twistd_help = run(programs / "twistd", "--help", cwd=elsewhere)
    chat_help = run(programs / "twistd", "chat", "--help", cwd=elsewhere)
    versions = {name: run(programs / name, "--version", cwd=elsewhere) for name in PROGRAMS}
    altered = altered_files(site)
    must(programs / "pip", "uninstall", "--quiet", "--yes", "chatd", cwd=elsewhere)
    return Installation(
        twistd_help=twistd_help,
        chat_help=chat_help,
        versions=versions,
        altered=altered,
        twistd_help_after=run(programs / "twistd", "--help", cwd=elsewhere),
        import_after=run(programs / "python", "-c", "import twisted.plugins", cwd=elsewhere),
        altered_after=altered_files(site),
        left_behind=left_behind(site),
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    with ThreadPoolExecutor() as pool:
        wheel = pool.submit(make_wheel, tmp_path_factory.mktemp("wheel"))
        installing = {
            mode: pool.submit(install, mode, tmp_path_factory.mktemp(mode)) for mode in MODES
        }
        return Built(wheel.result(), {mode: job.result() for mode, job in installing.items()})


@pytest.fixture(params=MODES)
def installation(request: pytest.FixtureRequest, built: Built) -> Installation:
    return built.installations[request.param]


def services(ran: Ran) -> list[str]:
    """Name the services that twistd lists, each in the first column below its heading."""
    _, _, listing = ran.output.partition("Commands:")
    return [line.split()[0] for line in listing.splitlines() if line.strip()]


def test_twistd_lists_the_chat(installation: Installation) -> None:
    assert "chat" in services(installation.twistd_help), installation.twistd_help.output


def test_twistd_explains_the_chat(installation: Installation) -> None:
    assert installation.chat_help.status == 0, installation.chat_help.output
    assert "--listen" in installation.chat_help.output


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_tells_its_version(installation: Installation, program: str) -> None:
    told = installation.versions[program]
    assert told.status == 0, told.output
    assert chatd.__version__ in told.output


def test_twisted_is_as_its_wheel_brought_it(installation: Installation) -> None:
    assert installation.altered == []


def test_removing_chatd_leaves_twisted_intact(installation: Installation) -> None:
    assert installation.altered_after == []
    assert installation.import_after == Ran(0, "")
    assert installation.twistd_help_after.status == 0, installation.twistd_help_after.output
    left = services(installation.twistd_help_after)
    assert "web" in left
    assert "chat" not in left


def test_removing_chatd_leaves_nothing_of_it(installation: Installation) -> None:
    assert installation.left_behind == []


def test_wheel_adds_one_file_to_twisted_and_no_init(built: Built) -> None:
    """An __init__.py of ours would be written over Twisted's own."""
    of_twisted = [name for name in built.wheel if name.startswith("twisted/")]
    assert of_twisted == ["twisted/plugins/chatd_plugin.py"]


def test_wheel_holds_every_module_and_all_data(built: Built) -> None:
    """Data files aren't imported, so an install without them fails only where they are read."""
    needed = {
        path.as_posix()
        for path in project_files()
        if path.parts[0] in {"chatd", "chatcli"} and path.suffix in SHIPPED
    }
    assert needed - set(built.wheel) == set()


def test_wheel_brings_the_manual_page(built: Built) -> None:
    (page,) = (name for name in built.wheel if name.endswith("/chatcli.1"))
    assert page.endswith(".data/data/share/man/man1/chatcli.1")


def test_wheel_says_that_chatd_is_typed(built: Built) -> None:
    assert "chatd/py.typed" in built.wheel
    assert "chatcli/py.typed" in built.wheel
