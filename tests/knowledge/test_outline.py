"""Each sentence is given to the treatment that it speaks of, with headings or without."""

from __future__ import annotations

import pytest
from sample_documents import ARTICLE, CATALOG, SmallDocument

from knowledge.article import read_article
from knowledge.catalog import read_catalog
from knowledge.outline import Passage, passages_of
from knowledge.topics import topic_of_list, topics_of_sentence


def passages(document: SmallDocument) -> list[Passage]:
    return list(passages_of(read_article(document.article), read_catalog(document.catalog)))


def told(document: SmallDocument, treatment: str) -> list[tuple[str, str]]:
    return [(p.topic, p.lead.text) for p in passages(document) if p.treatment == treatment]


def test_a_sentence_belongs_to_the_heading_above_it(small: SmallDocument) -> None:
    assert ("schedule", "You get it twice a day.") in told(small, "icepack")


def test_a_missing_heading_is_made_up_for_by_the_sentence_itself(small: SmallDocument) -> None:
    small.write(ARTICLE.replace("Icepack\n\nIcepack (Coldy)", "Icepack (Coldy)"))
    assert ("schedule", "You get it twice a day.") in told(small, "icepack")


@pytest.mark.parametrize(
    "opening",
    ["Icepack (Coldy) helps.", "You can take Coldy.", "One of these drugs, Icepack, helps.",
     "If it hurts, icepack helps.", "The icepack helps."],
)  # fmt: skip
def test_many_openings_name_the_subject(small: SmallDocument, opening: str) -> None:
    small.write(ARTICLE.replace("Icepack\n\nIcepack (Coldy) works by cooling.", opening))
    assert opening in [lead for _, lead in told(small, "icepack")]
    assert ("schedule", "You get it twice a day.") in told(small, "icepack")


def test_a_name_in_the_middle_of_a_sentence_does_not_change_the_subject(
    small: SmallDocument,
) -> None:
    small.write(ARTICLE.replace("can make the pain go.", "goes with an icepack. It is a pill."))
    assert ("administration", "It is a pill.") in told(small, "rest")


def test_a_run_in_heading_stays_with_the_sentence_that_it_heads(small: SmallDocument) -> None:
    small.write(ARTICLE.replace("Icepack\n\nIcepack (Coldy) works", "Icepack. This works"))
    spans = [p.span.text for p in passages(small) if p.treatment == "icepack"]
    assert "Icepack. This works by cooling." in spans


def test_a_list_of_side_effects_goes_to_the_treatment_that_its_sentence_names(
    small: SmallDocument,
) -> None:
    small.write(ARTICLE.replace("Side effects of rest include", "Side effects of Coldy include"))
    found = [p for p in passages(small) if p.topic == "side_effects"]
    assert [(p.treatment, [i.span.text for i in p.items]) for p in found] == [
        ("icepack", ["Boredom"])
    ]


def test_a_list_of_members_knows_which_treatment_each_item_names(small: SmallDocument) -> None:
    members = [p for p in passages(small) if p.topic == "members"]
    assert [(p.treatment, [i.treatment for i in p.items]) for p in members] == [
        ("gout", ["rest", "icepack"])
    ]


def test_a_list_that_the_article_leaves_out_is_made_of_its_sections(small: SmallDocument) -> None:
    small.write(
        ARTICLE.replace("\n\n  • Rest\n  • Icepack", ""),
        CATALOG.replace("{kind: therapy}", "{kind: therapy, part_of: gout}").replace(
            "{kind: therapy, brands", "{kind: therapy, part_of: gout, brands"
        ),
    )
    members = next(p for p in passages(small) if p.topic == "members")
    assert [i.treatment for i in members.items] == ["rest", "icepack"]


def test_two_names_of_which_one_stands_in_brackets_are_a_fact_on_names(
    small: SmallDocument,
) -> None:
    assert ("names", "Icepack (Coldy) works by cooling.") in told(small, "icepack")


@pytest.mark.parametrize(
    ("sentence", "topics"),
    [
        ("You take it as a pill once a day.", {"administration", "schedule"}),
        ("It is dripped into a vein.", {"administration"}),
        ("Each infusion takes 30 to 90 minutes.", {"administration", "duration"}),
        ("It is given as a nose spray.", {"administration"}),
        ("It does not work very well.", {"effectiveness"}),
        ("It may be an option when you cannot have surgery.", {"when_used"}),
        ("It is usually taken with another drug.", {"combination"}),
        ("It blocks a protein.", {"how_it_works"}),
        ("It comes in cycles.", {"schedule"}),
        ("It has a second name: rest.", {"names"}),
        ("The sky is blue.", {"overview"}),
    ],
)
def test_the_wording_shows_what_a_sentence_is_about(sentence: str, topics: set[str]) -> None:
    assert topics_of_sentence(sentence, about_condition=False) == topics


@pytest.mark.parametrize(
    ("lead", "topic"),
    [
        ("Side effects include:", "side_effects"),
        ("It can cause:", "side_effects"),
        ("The surgeon takes out the:", "removes"),
        ("There are two ways to get it:", "administration"),
        ("The drugs in this group are:", "members"),
        ("Bring along:", None),
    ],
)
def test_the_lead_in_shows_what_a_list_holds(lead: str, topic: str | None) -> None:
    assert topic_of_list(lead) == topic
