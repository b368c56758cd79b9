"""environment.py runtime|dev|lock: .venv with exactly the locked packages, on Python 3.10.

Runs on any Python from 3.8, with nothing installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OWN_UV = ROOT / "build" / "uv"
LOCKS = ROOT / "requirements"
OLDEST_UV = (0, 5)  # reads what pyproject.toml says in [tool.uv]

# Prints its own path only on the right Python, and fails where a self-built one lacks a module.
PROBE = (
    "import ctypes, lzma, sqlite3, ssl, sys\n"
    "if sys.version_info[:2] == (3, 10): print(sys.executable)"
)

# Plain `rasa train` and `rasa shell` start without code of ours, so what keeps them at home and
# quiet has to be part of the environment. Python runs this line at each start.
PTH_LINE = (
    "import os; [os.environ.setdefault(*pair.split('=')) for pair in ("
    "'RASA_TELEMETRY_ENABLED=false', 'SQLALCHEMY_SILENCE_UBER_WARNING=1', "
    "'TF_CPP_MIN_LOG_LEVEL=3')]\n"
)


class SetupError(Exception):
    """Its text is one line: what is wrong, and what to type."""


def main(arguments: list[str]) -> int:
    """Exit status: 0 done, 2 an error told in one line."""
    try:
        if arguments == ["lock"]:
            lock()
        elif arguments in (["runtime"], ["dev"]):
            install(arguments[0])
        else:
            raise SetupError(f"'{' '.join(arguments)}' is none of: runtime, dev, lock.")
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def install(name: str) -> None:
    """Installs requirements/NAME.txt into .venv, made anew if it is no working Python 3.10."""
    python = VENV / "bin" / "python"
    uv = find_uv()
    if executable_of(str(python)) is None:
        base = find_python() or fetch_python(uv)
        say(f"Environment: .venv on {base}")
        shutil.rmtree(VENV, ignore_errors=True)
        made = run([uv, "venv", "--quiet", "--python", base, str(VENV)], quietly=True)
        if made.returncode:
            raise SetupError(f"{VENV} cannot be made ({last_line(made)}). Type: make clean setup")
    say(f"Environment: packages of requirements/{name}.txt (about 2 GB when unpacked)")
    # A lock names every package, so none is looked up; without its hash none is taken. The
    # runtime's packages are added only, so that `make run` leaves those of `make test` in place.
    how = ["sync"] if name == "dev" else ["install", "--no-deps", "--requirements"]
    command = [uv, "pip", *how, str(LOCKS / f"{name}.txt")]
    if run([*command, "--require-hashes", "--python", str(python)]).returncode:
        raise SetupError(
            "the packages could not be installed; uv says why above. "
            "With that mended (it needs the network, this once), type: make setup"
        )
    (VENV / "lib" / "python3.10" / "site-packages" / "carecite.pth").write_text(PTH_LINE)


def lock() -> None:
    """Writes requirements/*.txt anew from pyproject.toml, changing only what has to change."""
    uv, python = find_uv(), find_python()
    if python is None:
        raise SetupError("a lock needs Python 3.10. Type: make setup")
    for name, choice in {
        "runtime": ["pyproject.toml"],
        "dev": ["--constraints", "requirements/runtime.txt", "--group", "dev", "pyproject.toml"],
        "uv": ["--group", "setup"],
    }.items():
        say(f"Lock: requirements/{name}.txt")
        target = LOCKS / f"{name}.txt"
        made = run(
            [
                *(uv, "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"),
                *("--python", python, "--python-version", "3.10"),
                *("--custom-compile-command", "make lock"),
                *("--output-file", str(target), *choice),
            ],
            quietly=True,
        )
        if made.returncode:
            raise SetupError(f"{target} is as it was: {made.stderr.strip()}")
        if "://" in target.read_text(encoding="utf-8"):
            raise SetupError(f"{target} names a package host, which others may not reach.")


def find_python() -> str | None:
    """Python 3.10 from the PATH, pyenv or uv's own store."""
    names = ("python3.10", "python3", "python")
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    uv_store = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "uv/python"
    candidates = [
        *(str(path) for name in names for path in on_path(name)),
        *sorted(map(str, versions.glob("3.10*/bin/python3.10")), reverse=True),
        *sorted(map(str, uv_store.glob("cpython-3.10*/bin/python3.10")), reverse=True),
    ]
    return next((found for found in map(executable_of, candidates) if found), None)


def fetch_python(uv: str) -> str:
    """Has uv download Python 3.10.

    Raises:
        SetupError: it cannot be had.
    """
    say("Environment: no Python 3.10 here, so uv downloads one (30 MB)")
    done = run([uv, "python", "install", "3.10"], quietly=True, downloads="manual")
    found = find_python()
    if found is None:
        raise SetupError(
            "Python 3.10 is needed; it is neither on the PATH nor in pyenv, and could not be "
            f"downloaded ({last_line(done)}). Install it (pyenv install 3.10), "
            "then type: make setup"
        )
    return found


def find_uv() -> str:
    """uv from the PATH if it works (a pyenv shim may not), else one of our own in build/uv.

    Raises:
        SetupError: it cannot be had.
    """
    own = OWN_UV / "bin" / "uv"
    found = next((str(path) for path in (*on_path("uv"), own) if is_working_uv(path)), None)
    if found:
        return found
    say("Environment: uv, which installs the rest")
    shutil.rmtree(OWN_UV, ignore_errors=True)
    pip = [str(OWN_UV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    for command in (
        [find_python() or sys.executable, "-m", "venv", str(OWN_UV)],
        [*pip, "--only-binary", ":all:", "--requirement", str(LOCKS / "uv.txt")],
    ):
        done = run(command, quietly=True)
        if done.returncode:
            raise SetupError(
                f"uv, which installs the packages, cannot be had ({last_line(done)}). "
                "Type: pip install --user uv && make setup"
            )
    return str(own)


def is_working_uv(path: Path) -> bool:
    done = run([str(path), "--version"], quietly=True)
    version = re.match(r"uv (\d+)\.(\d+)", done.stdout) if done.returncode == 0 else None
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_UV


def on_path(name: str) -> Iterator[Path]:
    """Every program of that name, not only the first: a pyenv shim may stand before a real one."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder or ".") / name
        if path.is_file() and os.access(str(path), os.X_OK):
            yield path


def executable_of(python: str) -> str | None:
    """The interpreter's own path if it is a complete Python 3.10 (a shim's is another)."""
    done = run([python, "-c", PROBE], quietly=True)
    return done.stdout.strip() or None if done.returncode == 0 else None


def run(
    command: list[str], *, quietly: bool = False, downloads: str = "never"
) -> subprocess.CompletedProcess[str]:
    """Runs in the project's root, where .python-version and pyproject.toml are seen."""
    env = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    env["UV_PYTHON_DOWNLOADS"] = downloads
    pipe = subprocess.PIPE if quietly else None
    try:
        return subprocess.run(
            command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True, check=False
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """The innermost cause, as most tools print it last."""
    said = done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}"
    return said.splitlines()[-1].strip()


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
