"""python -m bot serve|shell|train|expire|receipt: the server, a chat, training, and privacy."""

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
        elif options.command == "expire":
            from bot.privacy.commands import expire

            print(expire())
        elif options.command == "receipt":
            from bot.privacy.commands import check_receipt

            print(check_receipt(options.number or ""))
        else:
            _start(options.port, options.credentials, shell=options.command == "shell")
    except (BotError, KnowledgeError, SentenceModelError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _start(port: int | None, credentials: str | None, *, shell: bool) -> None:
    from bot.credentials import check_credentials, credentials_path
    from bot.readiness import DEFAULT_PORT, check_port, check_ready, free_port

    port = port or (free_port() if shell else DEFAULT_PORT)
    model = check_ready()
    check_port(port)
    channels = check_credentials(credentials_path(credentials))
    print("Starting (some seconds)", flush=True)
    from bot.server import chat, serve  # rasa takes these seconds to import

    if shell:
        chat(model, port)
    else:
        serve(model, port, channels)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("command", choices=("serve", "shell", "train", "expire", "receipt"))
    parser.add_argument("number", nargs="?", help="of the receipt of a deletion, to be checked")
    parser.add_argument("--port", type=_port, help="default: 5005; for shell, any that is free")
    parser.add_argument("--credentials", help="the file that names the channels to serve")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: a number from 1 to 65535 is")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
