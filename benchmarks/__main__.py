"""python -m benchmarks [speed|scale|website|load|capacity]: measures, and says what bars are met.

Without a name all are measured but load, which takes 20 minutes by itself.
"""

from __future__ import annotations

import argparse
import sys

from bot.quiet import keep_quiet

BY_DEFAULT = ("speed", "scale", "website")
PARTS_OF_LOAD = ("one", "two", "memory", "long")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all bars met, 1 one is missed, 2 nothing could be measured."""
    options = _parser().parse_args(arguments)
    keep_quiet()
    from benchmarks.errors import BenchmarkError

    try:
        return 0 if _run(options) else 1
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> bool:
    if options.which == "capacity":
        from benchmarks import capacity_page

        return capacity_page.run(write=options.write)
    if options.which == "load":
        from benchmarks import load

        return load.run(tuple(options.part), quick=options.quick)
    from benchmarks import scale, speed, website

    met = True
    for name, measure in zip(BY_DEFAULT, (speed, scale, website), strict=True):
        if options.which in (None, name):
            met &= measure.run()
    if options.which is None:
        print("Load is measured apart, in 20 minutes: python -m benchmarks load")
    return met


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = (*BY_DEFAULT, "load", "capacity")
    parser.add_argument("which", nargs="?", choices=names, help="default: all but load")
    parser.add_argument("--part", action="append", default=[], choices=PARTS_OF_LOAD,
                        help="of load; may be given again; default: all")  # fmt: skip
    parser.add_argument("--quick", action="store_true",
                        help="load in few minutes; its figures mean little")  # fmt: skip
    parser.add_argument("--write", action="store_true",
                        help="capacity: put the figures into docs/capacity.md")  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main())
