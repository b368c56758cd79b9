"""Other languages, and messages that are no language at all."""

from __future__ import annotations

import pytest

from bot.nlu.language import is_gibberish, other_language
from knowledge.linker import common_english

NAMES = ("sutent", "opdivo", "cabometyx")


def is_english(word: str) -> bool:
    return word.lower() in common_english()


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("¿Cuáles son los efectos secundarios de este medicamento?", "es"),
        ("cuales son los efectos secundarios del sutent", "es"),
        ("Các tác dụng phụ của thuốc này là gì", "vi"),
        ("Ano ang mga masamang epekto ng gamot na ito", "fil"),
        ("Quels sont les effets secondaires de ce médicament ?", "fr"),
        ("Welche Nebenwirkungen hat dieses Medikament?", "de"),
        ("舒尼替尼有哪些副作用？", "zh"),
        ("ما هي الآثار الجانبية لهذا الدواء؟", "ar"),
        ("Какие побочные эффекты у этого лекарства?", "ru"),
        ("수텐의 부작용은 무엇입니까?", "ko"),
    ],
)
def test_another_language_is_told_by_its_words_or_its_script(message: str, language: str) -> None:
    assert other_language(message, NAMES) == language


@pytest.mark.parametrize(
    "message",
    [
        "What are the side effects of Sutent?",
        "sutent opdivo cabometyx",
        "wat r teh side efects of sutent",
        "si",
        "naïve café",
        "",
        "42",
    ],
)
def test_english_names_and_short_messages_are_no_other_language(message: str) -> None:
    assert other_language(message, NAMES) is None


@pytest.mark.parametrize("message", ["asdfkjh qwrtzpl xcvbnm", "?!?!...", "", "{}[]", "😀😀😀"])
def test_a_message_without_words_is_gibberish(message: str) -> None:
    assert is_gibberish(message, is_english)


@pytest.mark.parametrize("message", ["how often", "What is it?", "is lenvatinib a pill", "ok", "2"])
def test_a_message_with_words_is_none(message: str) -> None:
    assert not is_gibberish(message, is_english)
