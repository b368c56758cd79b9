"""Keeps start-up free of other packages' warnings, so that ours are seen.

Import this before rasa: TensorFlow reads its variables once, and SQLAlchemy warns at import.
"""

from __future__ import annotations

import logging
import os
import warnings

SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow comes with rasa; nothing here uses it
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # rasa pins SQLAlchemy 1.4
    "RASA_TELEMETRY_ENABLED": "false",  # nothing about patients leaves this machine
    "OMP_NUM_THREADS": "1",  # a message is too small to share out: threads only wait for each other
    "OPENBLAS_NUM_THREADS": "1",
    "SANIC_WORKERS": "1",  # rasa ignores more without a Redis lock, and does not say so
}


def keep_quiet() -> None:
    """Sets the variables, imports what resets warnings, then filters them.

    LOG_LEVEL=DEBUG shows more; what patients write is in no level (bot/privacy/logs.py).
    """
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    level = getattr(logging, os.environ.setdefault("LOG_LEVEL", "WARNING").upper(), None)
    level = level if isinstance(level, int) else logging.WARNING
    warnings.simplefilter("ignore")
    import sanic  # noqa: F401  (sanic sets its own filter at import: ours has to come after)

    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(level)  # unset, structlog prints each patient's words to the terminal
    for name in ("matplotlib", "tensorflow", "absl", "sanic.root", "sanic.access", "rasa_sdk"):
        logging.getLogger(name).setLevel(logging.ERROR if level == logging.WARNING else level)
