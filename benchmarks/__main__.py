"""python -m benchmarks [speed|scale|website]: measures, and says whether the bars are met."""

from __future__ import annotations

import argparse
import sys

from bot.quiet import keep_quiet

MEASURES = ("speed", "scale", "website")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all bars met, 1 one is missed, 2 nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="?", choices=MEASURES, help="default: all")
    which = parser.parse_args(arguments).which
    keep_quiet()
    from benchmarks import scale, speed, website
    from benchmarks.errors import BenchmarkError

    met = True
    try:
        for name, measure in zip(MEASURES, (speed, scale, website), strict=True):
            if which in (None, name):
                met &= measure.run()
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
