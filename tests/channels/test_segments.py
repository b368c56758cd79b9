"""How many segments a text message has: the numbers of 3GPP TS 23.038 and 23.040."""

from __future__ import annotations

import pytest

from bot.channels.twilio.segments import plain, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("抱" * 70, 1),
        ("抱" * 71, 2),
        ("抱" * 201, 3),
        ("抱" * 202, 4),
        ("\N{PILL}" * 35, 1),
        ("\N{PILL}" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_network_does(text: str, count: int) -> None:
    assert segments(text) == count


def test_typography_does_not_make_a_message_twice_as_dear() -> None:
    said = "• “It’s” – 5\u00a0mg … α"
    assert plain(said) == '- "It\'s" - 5 mg ... alpha'
    assert segments(plain(said) * 10) == 2
