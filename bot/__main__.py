"""python -m bot serve|shell|train: the server, a chat in the terminal, and training."""

from __future__ import annotations

import argparse
import sys

from bot.quiet import keep_quiet


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 2 an error told in one line."""
    options = _parser().parse_args(arguments)
    keep_quiet()
    from bot.errors import BotError
    from bot.nlu.embedding.errors import SentenceModelError
    from knowledge.errors import KnowledgeError

    try:
        if options.command == "train":
            from bot.training import train

            train()
        else:
            from bot.server import serve

            serve(options.port, shell=options.command == "shell")
    except (BotError, KnowledgeError, SentenceModelError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("command", choices=("serve", "shell", "train"))
    parser.add_argument("--port", type=int, default=5005)
    return parser


if __name__ == "__main__":
    sys.exit(main())
