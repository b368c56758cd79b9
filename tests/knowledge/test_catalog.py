"""A catalog is read whole, or refused with its file, its key and its value."""

from __future__ import annotations

import pytest
from sample_documents import CATALOG, SmallDocument

from knowledge.catalog import normalize_name, read_catalog
from knowledge.errors import CatalogInvalid, NameTaken


def test_names_keep_their_kind(small: SmallDocument) -> None:
    small.write(catalog=CATALOG.replace("brands: [Coldy]", "brands: [Coldy], abbreviations: [IP]"))
    (small.folder / "lay_names.yml").write_text("icepack: [cold thing]")
    names = read_catalog(small.catalog).treatments["icepack"].names
    assert [(n.text, n.kind) for n in names] == [
        ("icepack", "generic"),
        ("Coldy", "brand"),
        ("IP", "abbreviation"),
        ("cold thing", "lay"),
    ]


def test_the_condition_is_the_one_entry_of_that_kind(small: SmallDocument) -> None:
    assert read_catalog(small.catalog).condition == "gout"


def test_articles_are_not_read_with_lay_names(small: SmallDocument) -> None:
    (small.folder / "lay_names.yml").write_text("icepack: [pack]")
    catalog = read_catalog(small.catalog)
    assert catalog.named_in("A pack, an ICEPACK and rest") == [(11, "icepack"), (23, "rest")]


@pytest.mark.parametrize(
    ("text", "normal"), [("Opdivo", "opdivo"), ("  Liver\n Cancer ", "liver cancer")]
)
def test_names_are_compared_without_case_and_spacing(text: str, normal: str) -> None:
    assert normalize_name(text) == normal


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("document: gout\n", "", "'document' has value None"),
        ("document: gout", "document: 7", "'document' has value 7"),
        ("publisher: Example\n", "", "'publisher' has value None"),
        ("  - {sha256: SHA256, adapted: false}", "  []", "'editions' has value"),
        ("adapted: false", "adapted: maybe", "'adapted: true' or 'adapted: false'"),
        ("sha256: SHA256", "sha256: abc", "64 hexadecimal digits"),
        ("references:\n  Gout at Home: [document]\n", "", "'references' has value None"),
        ("{kind: condition}", "{kind: therapy}", "0 treatments have 'kind: condition'"),
        ("rest: {kind: therapy}", "rest: {kind: condition}", "2 treatments have 'kind: condition'"),
        ("rest: {kind: therapy}", "rest: {kind: potion}", "'rest' has value {'kind': 'potion'}"),
        ("rest: {kind: therapy}", "rest:", "'rest' has value None"),
        ("rest: {kind: therapy}", "7: {kind: therapy}", "treatment 7 is no text"),
        ("rest: {kind: therapy}", "rest: {kind: drug, part_of: sleep}", "'sleep', which is not in"),
        ("rest: {kind: therapy}", "rest: {kind: drug, part_of: rest}", "part of itself"),
        ("brands: [Coldy]", "brands: Coldy", "'brands' of treatment 'icepack' has value 'Coldy'"),
        ("brands: [Coldy]", "brands: [7]", "has value [7]"),
        ("Gout at Home: [document]", "Gout at Home: document", "'Gout at Home' has value 'docu"),
        ("joints: [joint]", "joints: joint", "'joints' has value 'joint'"),
        ("glossary:\n  joints: [joint]", "glossary: [joints]", "'glossary' has value ['joints']"),
        ("treatments:", "treatments: [", "is not valid YAML"),
        (CATALOG, "just words", "holds str"),
        (CATALOG, "", "holds NoneType"),
    ],
)  # fmt: skip
def test_a_bad_catalog_is_refused_with_its_key_and_value(
    small: SmallDocument, old: str, new: str, says: str
) -> None:
    assert old in CATALOG
    small.write(catalog=CATALOG.replace(old, new))
    with pytest.raises(CatalogInvalid) as caught:
        read_catalog(small.catalog)
    assert str(small.catalog) in str(caught.value)
    assert says in str(caught.value)


def test_a_yaml_error_names_its_line(small: SmallDocument) -> None:
    small.write(catalog=CATALOG.replace("publisher: Example", "publisher: [Example"))
    with pytest.raises(CatalogInvalid, match=r"line \d+"):
        read_catalog(small.catalog)


@pytest.mark.parametrize("alias", ["rest", "Rest", " rest "])
def test_one_alias_for_two_treatments_is_refused(small: SmallDocument, alias: str) -> None:
    small.write(catalog=CATALOG.replace("[Coldy]", f"['{alias}']"))
    with pytest.raises(NameTaken, match="stands for 'rest' and for 'icepack'"):
        read_catalog(small.catalog)


def test_a_lay_name_for_two_treatments_is_refused(small: SmallDocument) -> None:
    (small.folder / "lay_names.yml").write_text("rest: [bed]\nicepack: [Bed]")
    with pytest.raises(NameTaken, match="'Bed' stands for 'rest' and for 'icepack'"):
        read_catalog(small.catalog)


def test_a_lay_name_for_an_unknown_treatment_is_refused(small: SmallDocument) -> None:
    (small.folder / "lay_names.yml").write_text("sleep: [nap]")
    with pytest.raises(CatalogInvalid, match="'sleep' is no treatment"):
        read_catalog(small.catalog)
