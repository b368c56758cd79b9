"""Makes the sentence model from the published weights, once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bot.nlu.embedding.errors import SentenceModelError
from bot.nlu.embedding.model_folder import (
    MANIFEST_NAME,
    ONNX_NAME,
    TOKENIZER_NAME,
    manifest_text,
    read_model_folder,
    sha256,
)
from bot.nlu.embedding.source_weights import (
    DISTRIBUTION,
    SOURCE_SHA256,
    read_source,
    source_folder,
)

# onnx takes seconds to import and a finished model needs none of it: the graph's module is
# imported only when there is something to make, and here it is only a file to hash.
GRAPH_SOURCE = Path(__file__).with_name("sentence_graph.py")


def set_up(folder: Path, report: Callable[[str], object] = print) -> bool:
    """Makes the sentence model in `folder`, or leaves it if it is the one that would be made.

    Returns:
        Whether a model was made.

    Raises:
        SentenceModelError: the published weights are missing or altered.
    """
    made_from = provenance()
    if is_current(folder, made_from):
        report(f"Sentence model: {folder} is up to date.")
        return False
    report(f"Sentence model: checking the weights in {DISTRIBUTION}")
    source = source_folder()
    weights = read_source(source, "model.safetensors")
    tokenizer = read_source(source, TOKENIZER_NAME)
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the finished files, so that a rename puts them in place within one file system.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as unfinished:
        onnx_path = Path(unfinished) / ONNX_NAME
        _write_onnx(weights, onnx_path, report)
        onnx = onnx_path.read_bytes()
        (Path(unfinished) / TOKENIZER_NAME).write_bytes(tokenizer)
        manifest = manifest_text(made_from, {ONNX_NAME: onnx, TOKENIZER_NAME: tokenizer})
        (Path(unfinished) / MANIFEST_NAME).write_text(manifest, encoding="utf-8")
        # The manifest goes last: a reader in between finds hashes that do not fit, and refuses.
        for name in (ONNX_NAME, TOKENIZER_NAME, MANIFEST_NAME):
            (Path(unfinished) / name).replace(folder / name)
    report(f"Sentence model: {folder} is ready ({len(onnx) / 1e6:.0f} MB)")
    return True


def provenance() -> dict[str, str]:
    """Everything that the model's bytes depend on; if any of it changes, the model is remade."""
    return {
        "package": DISTRIBUTION,
        **{f"{name} sha256": digest for name, digest in SOURCE_SHA256.items()},
        f"{GRAPH_SOURCE.name} sha256": sha256(GRAPH_SOURCE.read_bytes()),
        **{f"{library} version": version(library) for library in ("numpy", "onnx", "onnxruntime")},
    }


def is_current(folder: Path, made_from: dict[str, str]) -> bool:
    try:
        return read_model_folder(folder).made_from == made_from
    except SentenceModelError:
        return False


def _write_onnx(weights: bytes, path: Path, report: Callable[[str], object]) -> None:
    from safetensors.numpy import load

    from bot.nlu.embedding.sentence_graph import sentence_graph, write_int8

    report("Sentence model: building the graph")
    model = sentence_graph(load(weights))
    report("Sentence model: quantizing to int8")
    write_int8(model, path)
