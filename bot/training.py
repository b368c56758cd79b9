"""Trains the model with Rasa, as far as something that it learns from has changed."""

from __future__ import annotations

import io
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from bot.errors import TrainingFailed
from bot.model_archive import sha256_of
from bot.model_inputs import (
    CODE,
    MODEL,
    archive_written,
    forget_trained_with,
    model_inputs,
    trained_with,
    write_trained_with,
)
from knowledge.places import ROOT

CACHE_VARIABLE = "RASA_CACHE_DIRECTORY"
ROOM = 100 * 1024 * 1024  # bytes for each: what is packed, the archive, and Rasa's cache
RASA_STEPS = "rasa.engine.training.hooks"  # the logger that names each component before training


def train() -> bool:
    """Trains models/carecite.tar.gz; what did not change comes from Rasa's cache.

    Returns:
        Whether there was anything to train.

    Raises:
        TableMissing, SentenceModelError: there is nothing to train with.
        TrainingFailed: Rasa refused the training data, the domain or the configuration, or a disk
            is full.
    """
    inputs, before = model_inputs(), trained_with(MODEL)
    if inputs == before and sha256_of(MODEL) == archive_written(MODEL):
        print("Model: trained already with all that stands here")
        return False
    changed = [name for name, digest in inputs.items() if before.get(name) != digest]
    changed = changed or ["the archive is another one"]
    print(f"Model: training ({', '.join(changed) if before else 'the first time'})", flush=True)
    os.environ.setdefault(CACHE_VARIABLE, str(ROOT / ".rasa" / "cache"))
    MODEL.parent.mkdir(exist_ok=True)
    _check_room(Path(tempfile.gettempdir()), MODEL.parent, Path(os.environ[CACHE_VARIABLE]))
    started = time.perf_counter()
    # Without the record the model counts as outdated: so it does if this ends half-way.
    forget_trained_with(MODEL)
    with tempfile.TemporaryDirectory(dir=MODEL.parent, prefix=".unfinished-") as folder:
        # Rasa's cache does not see a change in the modules that a component imports.
        _train_into(Path(folder), anew=before.get(CODE) != inputs[CODE])
        (Path(folder) / MODEL.name).replace(MODEL)
    write_trained_with(inputs, MODEL)
    print(f"Model: {MODEL.relative_to(ROOT)}, {time.perf_counter() - started:.0f} s")
    return True


def _check_room(*folders: Path) -> None:
    """Raises TrainingFailed: told at once, not after minutes of training."""
    for folder in folders:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        if shutil.disk_usage(there).free < ROOM:
            raise TrainingFailed(
                f"{folder}: training needs {ROOM >> 20} MB there. Free some disk space; "
                f"TMPDIR and {CACHE_VARIABLE} name other places for what is temporary"
            )


def _train_into(folder: Path, *, anew: bool) -> None:
    from rasa.model_training import train as train_with_rasa
    from rasa.shared.exceptions import RasaException

    _report_steps()
    said = io.StringIO()  # Rasa prints its congratulations and its refusals alike
    try:
        with redirect_stdout(said):
            result = train_with_rasa(
                domain=str(ROOT / "domain.yml"),
                config=str(ROOT / "config.yml"),
                training_files=[str(ROOT / "nlu_data")],
                output=str(folder),
                fixed_model_name=MODEL.name,
                force_training=anew,
            )
    except (RasaException, SystemExit) as error:
        raise TrainingFailed(_one_line(said.getvalue() + str(error))) from error
    except Exception as error:
        cause = _fault_of_disk(error)
        if cause is None:
            raise
        raise TrainingFailed(
            f"training ended since a file could not be written ({cause}). "
            "Free some disk space, then type: make train"
        ) from error
    if result.code:
        raise TrainingFailed(_one_line(said.getvalue()))


def _fault_of_disk(error: BaseException | None) -> BaseException | None:
    """What Rasa wraps in an error of its own, with a page of its graph; its cache is in SQLite."""
    while error is not None:
        if isinstance(error, (OSError, sqlite3.OperationalError)):
            return error
        error = error.__cause__ or error.__context__
    return None


def _one_line(text: str) -> str:
    return f"Rasa does not train with this: {' '.join(text.split())}"


class _Steps(logging.Handler):
    """Prints what is being trained; to the real stdout, since Rasa's own prints are held back."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"Model: {record.getMessage()}", file=sys.__stdout__, flush=True)


def _report_steps() -> None:
    logger = logging.getLogger(RASA_STEPS)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(_Steps())
