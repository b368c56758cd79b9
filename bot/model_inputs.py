"""All that the model is trained with, by content: whether it is still the right one.

Imports no rasa, which takes seconds: most of the time there is nothing to train.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from bot.errors import ModelMissing, ModelOutdated
from bot.model_archive import check_archive, sha256_of
from bot.nlu.embedding.model_folder import DEFAULT_FOLDER, read_model_folder
from knowledge.places import ROOT, table_path
from knowledge.snapshot import snapshot, vocabulary_of

MODEL = ROOT / "models" / "carecite.tar.gz"
CODE = "code of the classifier"
VOCABULARY = "vocabulary of the table"
ARCHIVE = "the archive itself"
# What the classifier learns from passes through these; the rest of bot/nlu only reads the result.
TRAINING_CODE = (
    "bot/nlu/embedding/sentence_encoder.py",
    "bot/nlu/masking.py",
    "bot/nlu/ngrams.py",
    "bot/nlu/question_classifier.py",
    "bot/nlu/question_model.py",
    "knowledge/linker.py",
)


def model_inputs(root: Path = ROOT, sentence_model: Path = DEFAULT_FOLDER) -> dict[str, str]:
    """sha256 of each input, by the name that an error calls it.

    Raises:
        TableMissing, TableUnreadable, SentenceModelError: there is nothing to train with.
    """
    return {
        VOCABULARY: vocabulary_hash(table_path()),
        "sentence model": read_model_folder(sentence_model).onnx_sha256,
        "config.yml": _files(root, [root / "config.yml"]),
        "domain.yml": _files(root, [root / "domain.yml"]),
        "nlu_data": _files(root, sorted((root / "nlu_data").rglob("*.yml"))),
        CODE: _files(root, [root / path for path in TRAINING_CODE]),
    }


def trained_with(model: Path = MODEL) -> dict[str, str]:
    """What the model was trained with; empty if there is no model, or nobody wrote it down."""
    return {name: digest for name, digest in _read_record(model).items() if name != ARCHIVE}


def archive_written(model: Path = MODEL) -> str:
    """sha256 of the archive that training wrote; "" if nobody wrote it down."""
    return str(_read_record(model).get(ARCHIVE, ""))


def write_trained_with(inputs: dict[str, str], model: Path = MODEL) -> None:
    """Keeps what the model was trained with, and its own sha256."""
    record = {**inputs, ARCHIVE: sha256_of(model)}
    _record(model).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def forget_trained_with(model: Path = MODEL) -> None:
    _record(model).unlink(missing_ok=True)


def check_model(model: Path = MODEL) -> Path:
    """The model, if it is there, whole, and was trained with what stands here now.

    Raises:
        ModelMissing: it is not there.
        ModelOutdated: something that it was trained with has changed since.
        ModelAltered: it is not the one that training wrote.
    """
    if not model.exists():
        raise ModelMissing(f"{model}: there is no trained model here. Type: make train")
    before = trained_with(model)
    changed = [name for name, digest in model_inputs().items() if before.get(name) != digest]
    if changed:
        raise ModelOutdated(
            f"{model}: was trained before a change of {', '.join(changed)}. Type: make train"
        )
    check_archive(model, archive_written(model))
    return model


def _read_record(model: Path) -> dict[str, str]:
    try:
        found = json.loads(_record(model).read_text(encoding="utf-8")) if model.exists() else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _record(model: Path) -> Path:
    return model.with_name("trained_with.json")


def _files(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()


def vocabulary_hash(table: Path) -> str:
    """Of the words that messages are masked with; passages may change without training."""
    with closing(snapshot(table)) as copy:
        return vocabulary_of(copy)
