"""A model that is missing, damaged or not of our training never serves: words, and status 2."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from server_process import free_port

from bot.errors import BotError, ModelAltered, ModelMissing
from bot.model_archive import LARGEST, check_archive, check_members, sha256_of
from bot.model_inputs import (
    MODEL,
    archive_written,
    check_model,
    trained_with,
    write_trained_with,
)
from bot.nlu.embedding.errors import SentenceModelError
from bot.nlu.embedding.model_folder import DEFAULT_FOLDER
from bot.nlu.embedding.sentence_encoder import SentenceEncoder
from bot.nlu.question_model import QuestionModel
from knowledge.places import ROOT

QUESTION_MODEL = (
    "components/train_bot.nlu.question_classifier.QuestionClassifier2/question_model.npz"
)
Files = dict[str, bytes]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the model, with the record of its training."""
    copy = Path(shutil.copy(MODEL, tmp_path))
    write_trained_with(trained_with(), copy)
    return copy


@pytest.fixture(scope="module")
def files() -> Files:
    """What is in the model."""
    with tarfile.open(MODEL) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isreg()}  # type: ignore[union-attr]


def pack(target: Path, files: Files, *more: tarfile.TarInfo) -> Path:
    with tarfile.open(target, "w:gz", compresslevel=1) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for member in more:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return target


def with_class(files: Files, name: str) -> bytes:
    metadata = json.loads(files["metadata.json"])
    metadata["predict_schema"]["nodes"]["more"] = {"uses": name, "fn": "load"}
    return json.dumps(metadata).encode()


def link(name: str, to: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


# --- the archive ----------------------------------------------------------------------------------


def test_the_model_that_training_wrote_is_taken(model: Path) -> None:
    assert check_model(model) == model


def test_what_training_writes_passes_packed_by_anybody(tmp_path: Path, files: Files) -> None:
    check_members(pack(tmp_path / "model.tar.gz", files))


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="there is no trained model here. Type: make train"):
        check_model(tmp_path / "none.tar.gz")


@pytest.mark.parametrize("at", [0.0, 0.001, 0.3, 0.9, 0.99999])
def test_one_changed_byte_is_refused(model: Path, at: float) -> None:
    content = bytearray(model.read_bytes())
    content[int(at * len(content))] ^= 1
    model.write_bytes(content)
    with pytest.raises(ModelAltered, match=r"has sha256 \w+, but training wrote \w+.*make train"):
        check_model(model)


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 99, gzip.compress(b"garbage" * 9999)], ids=len
)
def test_a_file_that_is_no_archive_is_refused_even_if_its_hash_is_right(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "model.tar.gz"
    file.write_bytes(content)
    with pytest.raises(ModelAltered, match="It is not loaded"):
        check_archive(file, sha256_of(file))


def test_half_an_archive_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "model.tar.gz"
    half.write_bytes(MODEL.read_bytes()[: MODEL.stat().st_size // 2])
    with pytest.raises(ModelAltered, match="cannot be read"):
        check_members(half)


@pytest.mark.parametrize(
    "name",
    [
        "../../outside.json", "/etc/cron.d/job", "components/../../outside", "metadata.json/../x",
        "components/train_RulePolicy0/model.pkl", "components/other/file.json", "bot/errors.py",
        "./metadata.json", "components//domain_provider/domain.yml", "metadata.json\n", "C:\\x",
    ],
)  # fmt: skip
def test_a_file_that_training_does_not_write_is_refused(
    tmp_path: Path, files: Files, name: str
) -> None:
    with pytest.raises(ModelAltered, match="which training does not write"):
        check_members(pack(tmp_path / "model.tar.gz", {**files, name: b"{}"}))


@pytest.mark.parametrize(
    "member",
    [
        link(QUESTION_MODEL, "/etc/passwd", tarfile.SYMTYPE),
        link(QUESTION_MODEL, "../../metadata.json", tarfile.LNKTYPE),
        link("components/fifo", "", tarfile.FIFOTYPE),
        link("components/device", "", tarfile.CHRTYPE),
        link("../up", "", tarfile.DIRTYPE),
        link("metadata.json", "", tarfile.REGTYPE),
    ],
    ids=["a symbolic link", "a hard link", "a pipe", "a device", "a folder above", "a second one"],
)
def test_what_is_no_plain_file_of_its_own_is_refused(
    tmp_path: Path, files: Files, member: tarfile.TarInfo
) -> None:
    with pytest.raises(ModelAltered, match="which training does not write"):
        check_members(pack(tmp_path / "model.tar.gz", files, member))


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = tarfile.TarInfo(QUESTION_MODEL)
    bomb.size = LARGEST + 1
    head = tmp_path / "model.tar.gz"
    head.write_bytes(gzip.compress(bomb.tobuf() + bytes(2048)))  # the head alone says its size
    with pytest.raises(ModelAltered, match="unpacks to more than any model of ours"):
        check_members(head)


@pytest.mark.parametrize(
    "name",
    [
        "os.system", "subprocess.Popen", "rasa.nlu.classifiers.diet_classifier.DIETClassifier",
        "rasa.nlu.classifiers.sklearn_intent_classifier.SklearnIntentClassifier", "bot.errors.X",
        "rasa.graph_components.providers.forms_provider.FormsProvider; import os", "", None, 3,
    ],
)  # fmt: skip
def test_a_class_that_is_none_of_ours_is_never_imported(
    tmp_path: Path, files: Files, name: str
) -> None:
    changed = {**files, "metadata.json": with_class(files, name)}
    with pytest.raises(ModelAltered, match="names the class .* which is none of ours"):
        check_members(pack(tmp_path / "model.tar.gz", changed))


def test_a_pickled_object_in_json_is_refused(tmp_path: Path, files: Files) -> None:
    name = "components/train_RulePolicy0/featurizer.json"
    changed = {**files, name: b'{"py/reduce": [{"py/function": "os.system"}, ["true"]]}'}
    with pytest.raises(ModelAltered, match="a pickled object in"):
        check_members(pack(tmp_path / "model.tar.gz", changed))


def test_a_pickled_array_in_the_classifier_is_not_read(files: Files) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, meta=np.array([{"labels": []}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        QuestionModel.from_bytes(buffer.getvalue(), encode_layers=lambda texts: np.zeros((0, 0, 0)))


# --- the sentence model ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["model.int8.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(b"other bytes")])
def test_a_sentence_model_that_is_not_whole_is_refused(
    tmp_path: Path, name: str, spoil: Callable[[Path], object]
) -> None:
    folder = tmp_path / "sentence_model"
    shutil.copytree(DEFAULT_FOLDER, folder)
    spoil(folder / name)
    with pytest.raises(SentenceModelError, match="make setup"):
        SentenceEncoder.load(folder)


def test_a_sentence_model_in_use_needs_its_files_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "sentence_model"
    shutil.copytree(DEFAULT_FOLDER, folder)
    encoder = SentenceEncoder.load(folder)
    before = encoder.encode(["hello"])
    (folder / "model.int8.onnx").write_bytes(b"other bytes")
    shutil.rmtree(folder)
    assert (encoder.encode(["hello"]) == before).all()


# --- the server -----------------------------------------------------------------------------------

STARTS = """
import sys
from pathlib import Path
from bot.quiet import keep_quiet
keep_quiet()
import rasa
import bot.readiness
{change}
from bot.__main__ import main
sys.exit(main(["serve", "--port", "{port}"]))
"""


def start(change: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", STARTS.format(change=change, port=free_port())],
        cwd=ROOT, capture_output=True, text=True, timeout=200,
        env={"PATH": "/usr/bin:/bin", **variables},
    )  # fmt: skip


def test_a_model_that_rasa_cannot_load_ends_the_server_with_words(
    tmp_path: Path, files: Files
) -> None:
    """Stock Rasa says "up and running" and answers each message with an empty list."""
    broken = pack(tmp_path / "model.tar.gz", {**files, QUESTION_MODEL: b"no arrays"})
    check_members(broken)
    done = start(f"bot.readiness.check_model = lambda: Path('{broken}')")
    assert done.returncode == 2, done.stderr[-500:]
    assert done.stderr.strip().endswith(
        f"error: {broken}: Rasa cannot load this model. Type: make train"
    )
    assert "Ready at" not in done.stdout


def test_another_version_of_rasa_ends_the_server_with_words() -> None:
    done = start("rasa.__version__ = '3.7.0'")
    assert done.returncode == 2
    assert done.stderr.startswith("error: rasa 3.7.0 is installed, this program was tried with")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "content", "says"),
    [
        ("CARECITE_TABLE", None, "there is no table here. Type: make table"),
        ("CARECITE_TABLE", b"garbage" * 99, "is no readable table"),
        ("CARECITE_CLINIC", b"phone: [", "cannot be read"),
    ],
)
def test_what_is_spoiled_at_start_is_told_in_a_line(
    tmp_path: Path, variable: str, content: bytes | None, says: str
) -> None:
    file = tmp_path / "spoiled"
    if content is not None:
        file.write_bytes(content)
    done = start("", **{variable: str(file)})
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {file}: ")
    assert says in done.stderr


def test_every_refusal_of_a_model_is_an_error_that_the_command_line_tells() -> None:
    assert issubclass(ModelAltered, BotError)
    assert archive_written() == sha256_of(MODEL), "the record beside the model is its own"
