"""Failures of the benchmark; each message says what is wrong and what to type."""


class BenchmarkError(Exception):
    """Its text is for the person at the keyboard."""


class EngineMissing(BenchmarkError):
    """A program that several servers need is not installed; says how to install it."""
