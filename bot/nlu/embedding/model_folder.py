"""The folder that holds the finished sentence model, and the manifest that vouches for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.embedding.errors import SentenceModelAltered, SentenceModelMissing

DEFAULT_FOLDER = Path(__file__).parents[3] / "build" / "sentence_model"
ONNX_NAME = "model.int8.onnx"
TOKENIZER_NAME = "tokenizer.json"
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class SentenceModel:
    """The model's files, as checked bytes: what is used is what was checked."""

    onnx: bytes
    tokenizer: bytes
    onnx_sha256: str
    made_from: dict[str, str]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_model_folder(folder: Path) -> SentenceModel:
    """Reads the folder and checks each file against the manifest.

    Raises:
        SentenceModelMissing: a file is not there.
        SentenceModelAltered: a file is not what the manifest says, or the manifest is unreadable.
    """
    made_from, expected = _read_manifest(folder / MANIFEST_NAME)
    return SentenceModel(
        onnx=_read_checked(folder / ONNX_NAME, expected[ONNX_NAME]),
        tokenizer=_read_checked(folder / TOKENIZER_NAME, expected[TOKENIZER_NAME]),
        onnx_sha256=expected[ONNX_NAME],
        made_from=made_from,
    )


def manifest_text(made_from: dict[str, str], files: dict[str, bytes]) -> str:
    manifest = {
        "made_from": made_from,
        "sha256": {name: sha256(content) for name, content in files.items()},
    }
    return json.dumps(manifest, indent=2, sort_keys=True) + "\n"


def _read_manifest(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    content = _read(path, "a list of the sentence model's files")
    try:
        manifest: Any = json.loads(content)
        made_from, hashes = dict(manifest["made_from"]), dict(manifest["sha256"])
        return made_from, {name: str(hashes[name]) for name in (ONNX_NAME, TOKENIZER_NAME)}
    except (ValueError, KeyError, TypeError) as error:
        raise SentenceModelAltered(
            f"{path} is not a manifest of the sentence model ({error!r}); expected JSON with "
            f"the sha256 of {ONNX_NAME} and {TOKENIZER_NAME}. Type `make setup`."
        ) from error


def _read_checked(path: Path, expected: str) -> bytes:
    content = _read(path, f"the file with sha256 {expected}")
    found = sha256(content)
    if found != expected:
        raise SentenceModelAltered(
            f"{path} has sha256 {found}, expected {expected}. Type `make setup`."
        )
    return content


def _read(path: Path, expected: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SentenceModelMissing(
            f"{path} is missing, expected {expected}. Type `make setup`."
        ) from error
