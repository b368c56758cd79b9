"""Makes the bot that ours is compared with: that of `rasa init`, and one SQLite lookup."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import rasa
from rasa.cli.scaffold import create_initial_project

from benchmarks.errors import BenchmarkError
from knowledge.places import ROOT

ADDITIONS = Path(__file__).parent / "stock_additions"
FOLDER = ROOT / "build" / "benchmark" / "stock"
PLACES = {
    "nlu.yml": "data/side_effects_nlu.yml",
    "rules.yml": "data/side_effects_rules.yml",
    "domain.yml": "domain/side_effects.yml",
    "look_up_side_effects.py": "actions/look_up_side_effects.py",
}
MADE_FROM = "made_from.txt"
MODEL = "stock"


def make_stock_bot(folder: Path = FOLDER) -> Path:
    """The folder with the trained stock bot; trained once, and kept for the next run.

    Raises:
        BenchmarkError: the training failed.
    """
    version = _version()
    made = folder / MADE_FROM
    if made.exists() and made.read_text() == version:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    create_initial_project(str(folder))  # what `rasa init --no-prompt` writes before it trains
    (folder / "domain").mkdir()
    (folder / "domain.yml").rename(folder / "domain" / "domain.yml")
    for source, target in PLACES.items():
        shutil.copy(ADDITIONS / source, folder / target)
    print("Training the bot of `rasa init`, once; this takes a minute or two ...", flush=True)
    _train(folder)
    made.write_text(version)
    return folder


def _version() -> str:
    """Changes with Rasa and with what is added to its bot."""
    digest = hashlib.sha256(rasa.__version__.encode())
    for name in sorted(PLACES):
        digest.update((ADDITIONS / name).read_bytes())
    return digest.hexdigest()


def _train(folder: Path) -> None:
    command = [
        sys.executable, "-m", "rasa", "train", "--domain", "domain", "--fixed-model-name", MODEL,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, env=os.environ | ENVIRONMENT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise BenchmarkError(f"{folder}: the stock bot could not be trained:\n{last}")


# Given to both bots alike.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}
