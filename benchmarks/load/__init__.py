"""What a service bears, and what it costs: turns a second, memory over time, long conversations."""

from benchmarks.load.run import run

__all__ = ["run"]
