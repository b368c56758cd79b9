"""Failures of the benchmark; each message says what is wrong and what to type."""


class BenchmarkError(Exception):
    """Its text is for the person at the keyboard."""
