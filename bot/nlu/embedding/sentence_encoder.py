"""Embeds messages with the finished sentence model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.nlu.embedding.model_folder import DEFAULT_FOLDER, SentenceModel, read_model_folder

MAX_TOKENS = 128
LAYERS = 6
EMBEDDING_WIDTH = 384

ERRORS_ONLY = 3  # onnxruntime's severity; its warnings are about hardware that is not used


class SentenceEncoder:
    """Gives each message a vector; messages that mean alike have vectors that point alike."""

    def __init__(self, model: SentenceModel) -> None:
        self._digest = model.onnx_sha256
        self._tokenizer = Tokenizer.from_buffer(model.tokenizer)
        self._tokenizer.enable_truncation(MAX_TOKENS)
        # The published file pads every message to 128 tokens.
        self._tokenizer.no_padding()
        self._session = onnxruntime.InferenceSession(
            model.onnx, _session_options(), providers=["CPUExecutionProvider"]
        )

    @classmethod
    def load(cls, folder: Path = DEFAULT_FOLDER) -> SentenceEncoder:
        """Loads the model that `make setup` left in `folder`.

        Raises:
            SentenceModelMissing: a file is not there.
            SentenceModelAltered: a file is not what the manifest says.
        """
        return cls(read_model_folder(Path(folder)))

    @property
    def digest(self) -> str:
        """The sha256 of the ONNX file: equal digests embed alike."""
        return self._digest

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The published model's embedding of each text: float32 (len(texts), 384), of length 1."""
        return self.encode_layers(texts)[:, -1]

    def encode_layers(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """What each layer makes of each text, which is read on its own; the last is the embedding.

        int8 activations are scaled by the largest in the run, so a text in a batch would get
        another vector beside other texts (cosine .99 on average, .94 at worst), and the
        classifier would not see the vectors it was trained on. Batches save no time either.

        Returns:
            float32 (len(texts), 6, 384), rows of length 1; what is past 128 tokens is left out.
        """
        layers = np.empty((len(texts), LAYERS, EMBEDDING_WIDTH), np.float32)
        for row, text in enumerate(texts):
            tokens = np.array([self._tokenizer.encode(text).ids], np.int64)
            layers[row] = self._session.run(["layers"], {"input_ids": tokens})[0][0]
        return layers


def _session_options() -> onnxruntime.SessionOptions:
    # One message takes a millisecond or two: more threads only contend with the server's.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = ERRORS_ONLY
    return options
