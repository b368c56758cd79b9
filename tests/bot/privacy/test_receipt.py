"""A receipt can be checked, cannot be made up, and tells nothing of the person."""

from __future__ import annotations

from datetime import date

import pytest

from bot.__main__ import main
from bot.privacy.receipt import day_of_receipt, new_receipt

TODAY = date(2026, 11, 23)


def test_a_receipt_tells_its_day() -> None:
    assert day_of_receipt(new_receipt(TODAY)) == TODAY


def test_it_may_be_typed_in_small_letters_and_without_hyphens() -> None:
    assert day_of_receipt(f" {new_receipt(TODAY).lower().replace('-', ' ')} ") == TODAY


def test_no_two_receipts_of_a_day_are_the_same() -> None:
    assert len({new_receipt(TODAY) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("text", ["", "AAAA-AAAA-AAAA-AAAA", "x" * 16, "ABCD", "ÄÄÄÄ" * 4])
def test_what_was_made_up_is_no_receipt(text: str) -> None:
    assert day_of_receipt(text) is None


def test_an_altered_receipt_is_none() -> None:
    receipt = new_receipt(TODAY)
    for at, letter in enumerate(receipt):
        other = "A" if letter != "A" else "B"
        if letter != "-":
            assert day_of_receipt(receipt[:at] + other + receipt[at + 1 :]) is None


def test_a_receipt_of_another_bot_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = new_receipt(TODAY)
    monkeypatch.setenv("CARECITE_SECRET", "another secret of thirty-two letters")
    assert day_of_receipt(receipt) is None


def test_the_clinic_checks_a_receipt_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receipt", new_receipt(TODAY)]) == 0
    assert "on November 23, 2026" in capsys.readouterr().out
    assert main(["receipt", "AAAA-AAAA-AAAA-AAAA"]) == 2
    assert "is no receipt of this bot" in capsys.readouterr().err
