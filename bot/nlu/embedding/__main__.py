"""Set-up step: `python -m bot.nlu.embedding` makes the sentence model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.nlu.embedding.errors import SentenceModelError
from bot.nlu.embedding.model_folder import DEFAULT_FOLDER
from bot.nlu.embedding.set_up import set_up


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.embedding", description=__doc__)
    parser.add_argument(
        "--folder",
        type=Path,
        default=DEFAULT_FOLDER,
        help="where the model is put (default: %(default)s)",
    )
    try:
        set_up(parser.parse_args().folder)
    except SentenceModelError as error:
        print(f"Sentence model: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
