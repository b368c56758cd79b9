"""Refusals of a request: a status for programs and words for people."""

from __future__ import annotations


class Refused(Exception):
    """Sent as `{"error": {"code": ..., "text": ...}}`."""

    status = 400
    code = "bad_request"
    text = "I could not read that request."

    def __init__(self, text: str = "", retry_after: float = 0.0) -> None:
        super().__init__(text or self.text)
        self.retry_after = retry_after


class BadRequest(Refused):
    """A field is missing or has the wrong type."""


class TokenInvalid(Refused):
    """Forged, altered, foreign, expired or forgotten: the caller learns no more than this."""

    status, code = 401, "token_invalid"
    text = "This chat has ended. Please start a new one."


class OriginNotAllowed(Refused):
    status, code = 403, "origin_not_allowed"
    text = "This page may not hold the chat. Its webmaster can allow it in clinic.yml."


class MessageUnknown(Refused):
    status, code = 404, "message_unknown"
    text = "I do not have that answer any more."


class TooSlow(Refused):
    status, code = 408, "too_slow"
    text = "That took too long to arrive. Please try again."


class IdTaken(Refused):
    status, code = 409, "id_taken"
    text = "That message id was used for other words before."


class TooLarge(Refused):
    status, code = 413, "too_large"
    text = "I am sorry, that message is too long for me. Please ask in a sentence or two."


class TooMany(Refused):
    status, code = 429, "too_many"
    text = "That is more than I can answer at a time. Please wait a moment."


class CannotForget(Refused):
    status, code = 501, "cannot_forget"
    text = "This conversation is kept where I cannot delete it. Please ask the clinic to do it."


class EraseFailed(Refused):
    status, code = 503, "erase_failed"
    text = "I could not delete this conversation just now. Please try again in a moment."


class TurnFailed(Refused):
    status, code = 503, "turn_failed"
    text = "I am sorry, something went wrong on my side and I could not answer."
