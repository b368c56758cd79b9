"""What can be wrong with the sentence model on disk."""


class SentenceModelError(Exception):
    """The sentence model cannot be used; the message says which file and what to do."""


class SentenceModelMissing(SentenceModelError):
    """A file of the sentence model, or the package with its weights, is not there."""


class SentenceModelAltered(SentenceModelError):
    """A file of the sentence model is not the one that was expected."""
