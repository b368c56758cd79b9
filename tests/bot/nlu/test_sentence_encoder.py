"""The sentence model, made from the published weights, and what its encoder promises."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
from safetensors.numpy import load
from tokenizers import Tokenizer

from bot.nlu.embedding.errors import SentenceModelAltered, SentenceModelMissing
from bot.nlu.embedding.model_folder import (
    DEFAULT_FOLDER,
    MANIFEST_NAME,
    ONNX_NAME,
    TOKENIZER_NAME,
)
from bot.nlu.embedding.sentence_encoder import MAX_TOKENS, SentenceEncoder
from bot.nlu.embedding.sentence_graph import sentence_graph
from bot.nlu.embedding.set_up import is_current, provenance, set_up
from bot.nlu.embedding.source_weights import SOURCE_SHA256, read_source, source_folder

MESSAGES = [
    "hi",
    "thanks so much",
    "How often will I get the infusion?",
    "What are the side effects of this medicine?",
    "WHAT DOES IT DO TO MY BLOOD PRESSURE",
    "my hands and feet are sore and peeling, is that from the pills?",
    "can I drink alcohol with it",
    "how long am i in hospital after they take the kidney out",
    "why would a doctor pick one drug over the other?",
    "i'm so tired all the time",
    "is there a trial near me",
    "My dad starts next week and he is 81. Is he too old for surgery, and what else is there?",
]

# (message, the same in other words, a message about something else)
TRIPLES = [
    ("what are the side effects", "which unwanted effects can it have", "how much does it cost"),
    ("how is the drug given", "is the medicine a pill or an infusion", "who wrote this article"),
    ("how long is recovery after surgery", "when will I be well after the operation", "hello"),
    ("I feel very tired", "no energy at all these days", "what is a clinical trial"),
]

# The first six components, by transformers' TFBertModel from the same weights, in float32.
REFERENCE = {
    "What are the side effects of this medicine?": [
        0.04142, 0.01912, -0.05467, 0.05075, -0.03160, -0.02791,
    ],
    "How often will I get the infusion?": [
        -0.03615, -0.01218, -0.04520, 0.01272, -0.04161, -0.07838,
    ],
    "": [-0.11884, 0.04830, -0.00255, -0.01101, 0.05195, 0.01029],
}  # fmt: skip

Embed = Callable[[str], npt.NDArray[np.float32]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if is_current(DEFAULT_FOLDER, provenance()):
        return DEFAULT_FOLDER
    made = tmp_path_factory.mktemp("sentence_model")
    set_up(made)
    return made


@pytest.fixture(scope="session")
def encoder(folder: Path) -> SentenceEncoder:
    return SentenceEncoder.load(folder)


@pytest.fixture(scope="session")
def embed_in_float32() -> Embed:
    """The model before it is quantized."""
    source = source_folder()
    graph = sentence_graph(load(read_source(source, "model.safetensors")))
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER_NAME))
    tokenizer.no_padding()

    def embed(text: str) -> npt.NDArray[np.float32]:
        tokens = np.array([tokenizer.encode(text).ids], np.int64)
        return session.run(None, {"input_ids": tokens})[0][0, -1]

    return embed


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copied"))


def test_each_message_becomes_a_row_of_length_one(encoder: SentenceEncoder) -> None:
    embeddings = encoder.encode(MESSAGES)
    assert embeddings.shape == (len(MESSAGES), 384)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)


def test_each_layer_has_its_say_and_the_last_is_the_embedding(encoder: SentenceEncoder) -> None:
    layers = encoder.encode_layers(MESSAGES)
    assert layers.shape == (len(MESSAGES), 6, 384)
    np.testing.assert_allclose(np.linalg.norm(layers, axis=2), 1, atol=1e-5)
    np.testing.assert_array_equal(layers[:, -1], encoder.encode(MESSAGES))
    assert all(abs(float(a @ b)) < 0.99 for row in layers for a, b in pairwise(row))


@pytest.mark.parametrize(("message", "paraphrase", "unrelated"), TRIPLES)
def test_a_paraphrase_is_nearer_than_an_unrelated_message(
    encoder: SentenceEncoder, message: str, paraphrase: str, unrelated: str
) -> None:
    of_message, of_paraphrase, of_unrelated = encoder.encode([message, paraphrase, unrelated])
    assert of_message @ of_paraphrase > of_message @ of_unrelated + 0.1


def test_a_message_gets_the_same_vector_beside_others_as_alone(encoder: SentenceEncoder) -> None:
    alone = np.concatenate([encoder.encode([message]) for message in MESSAGES])
    np.testing.assert_array_equal(encoder.encode(MESSAGES), alone)


def test_an_empty_message_has_a_vector_too(encoder: SentenceEncoder) -> None:
    assert np.linalg.norm(encoder.encode([""])) == pytest.approx(1, abs=1e-5)


def test_no_messages_give_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_what_is_past_the_last_token_is_left_out(encoder: SentenceEncoder) -> None:
    # Two of the tokens mark the start and the end.
    full = "pain " * (MAX_TOKENS - 2)
    shorter, longer, other = encoder.encode([full, full + "and fever", "fever " + full])
    np.testing.assert_array_equal(longer, shorter)
    assert not np.array_equal(other, shorter)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "😀\u200b", "x" * 10_000], ids=ascii)
def test_odd_text_is_embedded_like_any_other(encoder: SentenceEncoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("text", "expected"), REFERENCE.items())
def test_the_float32_graph_embeds_as_another_implementation_does(
    embed_in_float32: Embed, text: str, expected: list[float]
) -> None:
    # The published model's Gelu is exact, this one by the hyperbolic tangent.
    np.testing.assert_allclose(embed_in_float32(text)[:6], expected, atol=2e-4)


def test_int8_stays_close_to_float32(encoder: SentenceEncoder, embed_in_float32: Embed) -> None:
    exact = np.stack([embed_in_float32(message) for message in MESSAGES])
    cosines = (encoder.encode(MESSAGES) * exact).sum(axis=1)
    # Over 500 messages the mean is .992 and the least .959.
    assert cosines.mean() > 0.98
    assert cosines.min() > 0.93


@pytest.mark.parametrize("name", [ONNX_NAME, TOKENIZER_NAME, MANIFEST_NAME])
def test_a_missing_file_is_refused_by_name(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(SentenceModelMissing, match=rf"{name} is missing.*`make setup`"):
        SentenceEncoder.load(copied)


@pytest.mark.parametrize("name", [ONNX_NAME, TOKENIZER_NAME])
def test_an_altered_file_is_refused_by_name_and_hash(copied: Path, name: str) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(
        SentenceModelAltered, match=rf"{name} has sha256 \w{{64}}, expected \w{{64}}.*`make setup`"
    ):
        SentenceEncoder.load(copied)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"made_from": {}, "sha256": {}}'])
def test_a_manifest_that_says_nothing_is_refused(copied: Path, text: str) -> None:
    (copied / MANIFEST_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SentenceModelAltered, match=rf"{MANIFEST_NAME} is not.*`make setup`"):
        SentenceEncoder.load(copied)


@pytest.mark.parametrize("name", SOURCE_SHA256)
def test_other_weights_than_the_published_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"other")
    with pytest.raises(SentenceModelAltered, match=rf"{name} has sha256.*{SOURCE_SHA256[name]}"):
        read_source(tmp_path, name)


def test_a_damaged_model_is_made_again_with_the_same_bytes(
    copied: Path, encoder: SentenceEncoder
) -> None:
    (copied / ONNX_NAME).write_bytes(b"half a mod")
    assert set_up(copied)
    assert SentenceEncoder.load(copied).digest == encoder.digest
    assert sorted(path.name for path in copied.iterdir()) == [
        MANIFEST_NAME,
        ONNX_NAME,
        TOKENIZER_NAME,
    ]


def test_a_model_by_an_older_recipe_is_not_current(folder: Path) -> None:
    assert not is_current(folder, {**provenance(), "sentence_graph.py sha256": "older"})


def test_a_second_set_up_leaves_the_model_and_imports_nothing_heavy(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from bot.nlu.embedding.set_up import set_up\n"
        "assert not set_up(Path(sys.argv[1]))\n"
        "print({'numpy', 'onnx', 'onnxruntime', 'tensorflow'} & set(sys.modules))\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert finished.stdout.splitlines() == [
        f"Sentence model: {folder} is up to date.",
        "set()",
    ]
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
