"""The gate that every message passes: strings only, cleaned, of bounded size."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incoming import LONGEST_MESSAGE, clean, is_too_long


@pytest.mark.parametrize("value", [None, 42, 4.2, True, ["hi"], {"text": "hi"}, b"hi"], ids=repr)
def test_what_is_no_string_is_empty(value: Any) -> None:
    assert clean(value) == ""


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("What is\x00Sutent?", "What is Sutent?"),
        ("a\ud800b", "a b"),
        ("\ud800\udfff", ""),
        ("\x1b[31mred", "[31mred"),
        ("a\u202eb", "a b"),
        ("a\ufeffb", "a b"),
        ("  spaces around \n", "spaces around"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("¿Qué es esto? 药 ما", "¿Qué es esto? 药 ما"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("", ""),
    ],
)
def test_control_and_surrogate_characters_become_spaces_and_others_stay(
    given: str, cleaned: str
) -> None:
    assert clean(given) == cleaned


def test_a_cleaned_text_can_always_be_written_as_utf_8() -> None:
    every = "".join(chr(code) for code in range(0x3000)) + "\ud800\udc00\udfff"
    assert clean(every).encode("utf-8")


def test_a_huge_text_is_cut_before_it_is_looked_at() -> None:
    assert len(clean("a" * 10_000_000)) <= LONGEST_MESSAGE * 20


@pytest.mark.parametrize(
    ("length", "too_long"), [(0, False), (LONGEST_MESSAGE, False), (LONGEST_MESSAGE + 1, True)]
)
def test_a_message_is_too_long_above_the_limit(length: int, too_long: bool) -> None:
    assert is_too_long("x" * length) is too_long
