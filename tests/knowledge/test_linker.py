"""Names are linked strictly: one edit is taken, two are asked, another medicine's never."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_documents import KIDNEY_CANCER

from knowledge.catalog import normalize_name, read_catalog
from knowledge.lexicon import read_outside_names
from knowledge.linker import Linker

TREATMENTS = read_catalog(KIDNEY_CANCER.catalog).treatments
OUR_NAMES = [(n.text, t.treatment_id) for t in TREATMENTS.values() for n in t.names]
OURS = {normalize_name(name) for name, _ in OUR_NAMES}
OTHER_MEDICINES = [o.phrase for o in read_outside_names() if o.kind == "medicine"]
SAMPLED = 400


def linked(linker: Linker, text: str) -> list[tuple[str, str]]:
    """(treatment, certainty) of each name of ours that is seen in the text."""
    ours = ("treatment", "subject")
    return [(m.value, m.certainty) for m in linker.link(text).mentions if m.kind in ours]


@pytest.mark.parametrize(("name", "treatment"), OUR_NAMES)
def test_every_name_of_the_catalog_leads_to_its_treatment(
    linker: Linker, name: str, treatment: str
) -> None:
    for text in (name, name.upper(), name.capitalize(), f"what about {name}?", f"“{name}”"):
        assert (treatment, "exact") in linked(linker, text), text


@pytest.mark.parametrize(
    ("text", "treatment"),
    [
        ("Opdivo's side effects", "nivolumab"),
        ("opdivo’s side effects", "nivolumab"),
        ("Opdivo-related rash", "nivolumab"),
        ("TKI's", "tyrosine kinase inhibitors"),
        ("il‑2", "interleukin-2"),
        ("anti angiogenesis therapy", "anti-angiogenesis therapy"),
        ("SUTENT", "sunitinib"),
        ("'avastin'", "bevacizumab"),
        ("avastin,please", "bevacizumab"),
    ],
)
def test_possessives_hyphens_capitals_and_quotes_do_not_hide_a_name(
    linker: Linker, text: str, treatment: str
) -> None:
    assert (treatment, "exact") in linked(linker, text)


@pytest.mark.parametrize(
    ("text", "treatment"),
    [("Sutents", "sunitinib"), ("opdvio", "nivolumab"), ("axitnib", "axitinib"),
     ("avastinn", "bevacizumab"), ("pazopinib", "pazopanib"), ("nivolumabs", "nivolumab")],
)  # fmt: skip
def test_one_edit_is_taken(linker: Linker, text: str, treatment: str) -> None:
    assert linked(linker, f"is {text} ok") == [(treatment, "typo")]


@pytest.mark.parametrize(
    ("text", "treatment"), [("sunitib", "sunitinib"), ("nivolamub", "nivolumab")]
)
def test_two_edits_are_asked_back(linker: Linker, text: str, treatment: str) -> None:
    assert linked(linker, text) == [(treatment, "ask")]


@pytest.mark.parametrize(
    "text",
    ["odvo", "interferes", "interference", "interfering", "avelumab", "tacrolimus", "vincristine",
     "interferon-beta", "interferon beta-1a", "interleukin-17", "interleukin 34", "IL-15",
     "opdivo qvantiq", "metformin", "pembrolizumab", "sirolimus", "the invite", "", "🙂", "\ud800"],
)  # fmt: skip
def test_further_away_is_unknown(linker: Linker, text: str) -> None:
    assert linked(linker, text) == []


@pytest.mark.parametrize(
    "text", ["zorbinatinib", "a new drug called vorlizumab", "interleukin 34", "interferon-beta"]
)
def test_a_name_built_like_a_medicine_is_seen_as_foreign(linker: Linker, text: str) -> None:
    assert [m.kind for m in linker.link(text).outside] == ["medicine"]


def test_offsets_are_those_of_the_message(linker: Linker) -> None:
    text = "I’m on Sutent – and avastn"
    found = [m for m in linker.link(text).mentions if m.kind == "treatment"]
    assert [text[m.start : m.end] for m in found] == ["Sutent", "avastn"]


def test_no_other_medicine_is_taken_for_one_of_ours(linker: Linker) -> None:
    assert len(OTHER_MEDICINES) > 2000
    assert [(m, f) for m in OTHER_MEDICINES if (f := _taken(linker, m))] == []


def test_no_single_typo_of_another_medicine_is_taken_for_one_of_ours(linker: Linker) -> None:
    """All deletions, swaps, substitutions and insertions over a to z of a sample of names."""
    sample = random.Random(2017).sample(OTHER_MEDICINES, SAMPLED)
    # "interleukin-12" without its 1 is our interleukin-2, and nobody could tell.
    typos = {t for name in sample for t in typos_of(name) if normalize_name(t) not in OURS}
    assert len(typos) > 100_000
    assert list(_taken_of_many(linker, sorted(typos))) == []


def _taken_of_many(linker: Linker, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Twenty texts a message: three times faster than one, and nothing joins over a full stop."""
    for number in range(0, len(texts), 20):
        yield from _taken(linker, " . ".join(texts[number : number + 20]))


def _taken(linker: Linker, text: str) -> list[tuple[str, str]]:
    return [found for found in linked(linker, text) if found[1] in ("exact", "typo")]


def typos_of(word: str) -> Iterator[str]:
    for i in range(len(word) + 1):
        yield from (word[:i] + c + word[i:] for c in string.ascii_lowercase)
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
        yield from (word[:i] + c + word[i + 1 :] for c in string.ascii_lowercase)
        yield word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_linking_never_raises_and_points_into_the_text(text: str) -> None:
    linker = Linker(
        [("sutent", "sunitinib")], [("rash", "rash")], [("IV", "IV")], [("x-1", "medicine")]
    )
    for mention in linker.link(text).mentions:
        assert 0 <= mention.start < mention.end <= len(text)
