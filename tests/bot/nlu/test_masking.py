"""What a message names is replaced by its kind, so that a new drug needs no training data."""

from __future__ import annotations

import pytest

from bot.nlu.masking import MASKS, mask
from bot.nlu.treatment_linker import current_linker
from knowledge.linker import Linker, Links, Mention


@pytest.fixture(scope="module")
def linker() -> Linker:
    return current_linker()


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("How often is Torisel given?", "How often is medicine given?"),
        ("Does Sutent cause nausea?", "Does medicine cause symptom?"),
        ("Can I take ibuprofen with Sutent?", "Can I take otherdrug with medicine?"),
        ("the mRCC is back", "the kidney cancer is back"),
        ("how long does it take", "how long does it take"),
    ],
)
def test_names_are_replaced_by_their_kind(linker: Linker, message: str, masked: str) -> None:
    assert mask(message, linker.link(message)) == masked


@pytest.mark.parametrize("name", ["Opdivo", "nivolumab", "opdvio", "IL-2", "TKIs"])
def test_each_name_of_a_treatment_masks_alike(linker: Linker, name: str) -> None:
    message = f"how does {name} work"
    assert mask(message, linker.link(message)) == "how does medicine work"


def test_of_overlapping_names_the_longest_is_masked() -> None:
    links = Links(
        (
            Mention("treatment", "interferon alpha", 0, 10, "interferon"),
            Mention("treatment", "interferon alpha", 0, 16, "interferon alpha"),
        )
    )
    assert mask("interferon alpha side effects", links) == "medicine side effects"


def test_a_word_of_the_glossary_stays_since_it_tells_what_is_asked() -> None:
    links = Links((Mention("term", "cytokines", 9, 18, "cytokines"),))
    assert MASKS["term"] == ""
    assert mask("what are cytokines", links) == "what are cytokines"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("which AEs for the class", "which side effects for the class"),
        ("any ses", "any side effects"),
        ("aesthetic", "aesthetic"),
    ],
)
def test_short_forms_of_nurses_are_written_out(text: str, masked: str) -> None:
    assert mask(text, Links(())) == masked
