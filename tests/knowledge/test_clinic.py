"""The clinic's own facts are read, or refused with their key and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.clinic import Clinic, current_clinic, read_clinic
from knowledge.errors import ClinicInvalid
from knowledge.places import ROOT


def test_the_shipped_configuration_is_that_of_a_clinic_that_has_set_nothing() -> None:
    assert read_clinic(ROOT / "clinic.yml") == Clinic()


def test_a_missing_or_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_clinic(tmp_path / "none.yml") == Clinic()
    (tmp_path / "clinic.yml").write_text("# nothing yet")
    assert read_clinic(tmp_path / "clinic.yml") == Clinic()


@pytest.mark.parametrize(
    ("clinic", "contact"),
    [
        (Clinic(), "the care team at your clinic"),
        (Clinic("Elm", "555-0100"), "the care team at Elm, 555-0100"),
        (Clinic("Elm", "555-0100", "9 to 5"), "the care team at Elm, 555-0100 (9 to 5)"),
    ],
)
def test_the_contact_says_as_much_as_is_known(clinic: Clinic, contact: str) -> None:
    assert clinic.contact == contact


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fone: '555'", "'fone' is no setting"),
        ("phone: 5550100", "'phone' has value 5550100"),
        ("emergency_number: 911", "'emergency_number' has value 911. Not a text in quotes"),
        ("emergency_number: ''", "'emergency_number' has value ''"),
        ("crisis_line: ' '", "'crisis_line' has value ' '"),
        ("max_review_age_years: '3'", "'max_review_age_years' has value '3'. Not a whole number"),
        ("max_review_age_years: true", "'max_review_age_years' has value True"),
        ("max_review_age_years: 2.5", "'max_review_age_years' has value 2.5"),
        ("- 911", "holds ["),
        ("phone: [", "cannot be read"),
    ],
)
def test_a_bad_setting_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "clinic.yml").write_text(text)
    with pytest.raises(ClinicInvalid) as caught:
        read_clinic(tmp_path / "clinic.yml")
    assert str(tmp_path / "clinic.yml") in str(caught.value)
    assert says in str(caught.value)


def test_a_file_that_is_spoiled_or_lost_while_the_bot_runs_leaves_the_last_good_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "clinic.yml"
    monkeypatch.setenv("CARECITE_CLINIC", str(file))
    file.write_text("phone: '555-0100'")
    assert current_clinic().phone == "555-0100"
    file.write_text("phone: [ spoiled")
    assert current_clinic().phone == "555-0100"
    file.unlink()
    assert current_clinic().phone == "555-0100"
    file.write_text("phone: '555-0199'")
    assert current_clinic().phone == "555-0199"
