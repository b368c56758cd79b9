"""The tables give every fact of the inventory, item by item: no more and no less.

The inventory and the licensed article are not in the repository. They are read from
`../shared/source` beside it, or from the folder in CARECITE_SOURCE; without them these tests are
skipped. The inventory is in note form, so a table's own wording is recognized by SAID and LISTED.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_documents import KIDNEY_CANCER, TODAY

from knowledge.answers import Answers
from knowledge.lookup import Table
from knowledge.places import ROOT
from knowledge.seal import write_seal
from knowledge.table import Source, build_table

SOURCE = Path(os.environ.get("CARECITE_SOURCE", ROOT.parent / "shared" / "source"))
pytestmark = pytest.mark.skipif(
    not (SOURCE / "facts.yml").exists(), reason=f"there is no inventory of facts in {SOURCE}"
)

# Each fact of `says`, and how a document may say it.
SAID = {
    "kidney cancer that has spread to other parts of the body": r"kidney.* spread to other parts",
    "also called stage IV renal cell cancer": r"(also called|second name).* stage IV renal cell",
    "harder to treat once it has spread but not impossible": r"harder to treat.* not impossible",
    "many options remain": r"many options",
    "talk about all the options with the doctor; learn how each can help and which side effects it "
    "can have": r"options with (your|the) doctor.* how each .*help you and (what|which) side eff",
    "the doctor helps decide on the best treatment or combination":
        r"doctor will help you .*best.*(combination|mix)|doctor will help.*mix.*best",
    "if a few treatments have been tried and do not work, ask the doctor about a clinical trial":
        r"tr(y|ied) a few and they (don't|do not) work, ask your doctor about .*clinical trial",
    "trials test new therapies for kidney cancer to see whether they are safe and work":
        r"trials test new therapies for kidney cancer,? to see .*safe.* work",
    "the doctor can tell whether one is a good fit": r"doctor can tell you if .*trial.* good fit",
    "main treatment for cancer that has not grown outside the kidneys":
        r"main treatment .*cancer .*(hasn.t|has not) grown outside (of )?the kidneys",
    "can still be an option when it has spread": r"still be an option (if|when) .*has spread",
    "may be a cure if the cancer has not spread far":
        r"(?=.*surgery may be a cure)(?=.*(n.t|not) spread far)",
    "if it has gone to other parts": r"if it has gone to other parts",
    "other treatments such as targeted therapy and immunotherapy are needed too":
        r"gone to other parts .*need other treatments .*targeted therapy and immunotherapy",
    "they kill cancer cells left behind after surgery": r"kill .*cells .*left behind after surgery",
    "the main operation for this cancer": r"main operation for this",
    "substances made in a lab or by the body help the immune system fight kidney cancer":
        r"(?=.*substances .*made in a lab or by your (own )?body)"
        r"(?=.*help(s)? your immune system fight kidney cancer)",
    "man-made version of cytokines": r"man-made (version|form) of .*cytokines",
    "proteins that the immune system makes": r"proteins that your immune system makes",
    "activates the immune system to attack the cancer":
        r"(activates|wakes up) your immune system .*attack(s)? the cancer",
    "cytokines help destroy tumor cells": r"cytokines.* help destroy tumor cells",
    "two ways: through a thin tube into a vein (IV), in a hospital; or a shot under the skin, in a "
    "doctor's office or by oneself at home":
        r"(?=.*two ways)(?=.*thin tube that goes into a vein \(IV\))(?=.*in a hospital)"
        r"(?=.*shot under (your|the) skin\. .*doctor's office,? or give it to yourself at home)",
    "in large doses it can shrink tumors": r"(large|high) doses.* shrink",
    "it helps only a small group of people with advanced renal cell cancer":
        r"(only helps|helps only) a small group of people with advanced renal cell cancer",
    "slows a tumor's growth": r"slows a tumor.s growth|tumor grow more slowly",
    "a shot under the skin": r"a shot under (your|the) skin",
    "does not work very well by itself": r"(?=.*not|.*n't)(?=.*work very well)(?=.*by itself)",
    "usually taken with another drug such as bevacizumab (Avastin)":
        r"usually .*take.* with another drug, (like|such as) bevacizumab \(Avastin\)",
    "the immune system uses checkpoints on cells' surfaces to tell normal from harmful cells":
        r"(?=.*checkpoints.*(surface|outside) of your cells)"
        r"(?=.*to tell which (ones|cells) are normal and which are harmful)",
    "cancer cells can use them to pass as healthy and hide":
        r"cancer cells .*use checkpoints to pass as healthy cells.* hide",
    "the drugs turn checkpoints off so that the immune system finds the cancer":
        r"turn (off checkpoints|checkpoints off).* immune system .*find .*cancer",
    "a new type of drug": r"new type of drug",
    "through a vein (IV)": r"through a vein \(IV\)",
    "every 2 weeks": r"every 2 weeks",
    "can shrink tumors or slow their growth": r"shrink.* slow .*growth",
    "can treat metastatic renal cell cancer": r"can treat metastatic renal cell cancer",
    "targets parts of cancer cells that help them grow and survive":
        r"(target|aims at) parts of cancer cells that help them grow and (survive|stay alive)",
    "designed to kill cancer without harming healthy cells":
        r"(designed|meant) to kill .*cancer .*(without harming healthy|healthy cells unharmed)",
    "tumors need a blood supply to grow": r"tumors? needs? a (blood |supply of ).* to grow",
    "angiogenesis is how tumors make new blood vessels":
        r"angiogenesis is .*tumor.* make.* new blood vessels",
    "the therapy cuts off blood vessel growth to starve tumors":
        r"anti-angiogenesis therapy (cuts off|stops) .*growth.*\Wstarve",
    "blocks VEGF, a protein that helps tumors grow new blood vessels":
        r"blocks .*VEGF, .*helps tumors (grow|make) new blood vessels",
    "IV through a vein": r"IV through a vein",
    "once every 2 weeks": r"once every 2 weeks",
    "each IV takes between 30 and 90 minutes": r"each IV takes (between )?30 (and|to) 90 minutes",
    "often taken with the immunotherapy drug interferon alpha":
        r"often take.*(?=.*interferon alpha)(?=.*immunotherapy drug)",
    "target tyrosine kinases": r"(target|aim at) proteins called tyrosine kinases",
    "proteins that help cancer cells and their blood vessels grow":
        r"proteins .*help cancer cells and their blood vessels grow",
    "a pill": r"\bpills?\b",
    "once or twice a day": r"once or twice a day",
    "target the mTOR protein, which helps cancer cells grow":
        r"(target|aim at) the mTOR protein, which helps cancer cells grow",
    "once a day": r"once a day",
    "an IV": r"an IV",
    "once a week": r"once a week",
    "uses high-energy X-rays to kill cancer cells": r"(high-energy|strong) X-rays to kill cancer",
    "does not work very well on kidney cancer": r"(n.t|not) work very well on kidney cancer",
    "an option when surgery is not possible":
        r"be an option (if|when) you (can't|cannot) have surgery",
    "can relieve symptoms such as pain or swelling":
        r"(relieve|ease) symptoms (like|such as) pain or swelling",
    "usually from a machine outside the body, called external-beam radiation":
        r"(?=.*usually.* from a machine outside)(?=.*called external-beam radiation)",
    "medicine kills cancer cells all over the body": r"medicine to kill cancer cells all over",
    "can treat cancers that have spread": r"can treat cancers that have spread",
    "usually does not work very well for renal cell cancer":
        r"usually does(n.t| not) work very well for renal cell cancer",
    "some drugs help a small number of people with advanced kidney cancer":
        r"some chemotherapy drugs.* help a small number of people with advanced kidney cancer",
    "an option after immunotherapy, targeted drugs, or both have been tried":
        r"be an option .*already tried immunotherapy, targeted drugs, or both",
    "as a pill or through an IV into a vein": r"as a pill, or .*IV into a vein",
    "usually in cycles: a few weeks on, followed by a break": r"usually.* cycles.* weeks.* break",
    "helps a small number of people with advanced kidney cancer":
        r"help a small number of people with advanced kidney cancer",
}  # fmt: skip

# List items that a document may word in its own way; the others are found by their own words.
LISTED = {
    "the kidney that has the tumor": r"kidney .*tumor",
    "the adrenal gland on top of that kidney": r"adrenal gland.* on top of that kidney",
    "nearby lymph nodes": r"lymph nodes (nearby|close by)",
    "fat around the organ": r"fat around the (organ|kidney)",
    "fatigue": r"fatigue",
    "flu-like symptoms such as fever and chills": r"flu.* such as fever and chills",
    "red patches or a rash on the skin": r"(?=.*red patches)(?=.*a rash).* on (the|your) skin",
    "trouble breathing, cough, or chest pain": r"trouble breathing, (a )?cough, or chest pain",
    "sore or dry mouth": r"sore or dry mouth",
    "change in the way food tastes": r"change in (the way|how) food tastes",
    "fluid buildup in the face or legs": r"fluid .*in the face or legs",
    "high blood sugar and cholesterol": r"high blood sugar and (high )?cholesterol",
    "skin redness": r"skin redness|redness of the skin",
    "a higher chance of infections": r"higher (chance|risk) of infections",
}

# Words of the glossary, and what the explanation has to say.
EXPLAINED = {
    "metastatic": r"spread to other parts",
    "radical nephrectomy": r"main operation",
    "adrenal gland": r"on top of that kidney",
    "cytokines": r"(?=.*proteins that your immune system makes)(?=.*help destroy tumor cells)",
    "IV": r"thin tube that goes into a vein \(IV\)",
    "checkpoints": r"immune system uses .*to tell which (ones|cells) are normal",
    "angiogenesis": r"tumors?( use to)? makes? new blood vessels",
    "VEGF": r"protein .*helps tumors (grow|make) new blood vessels",
    "tyrosine kinases": r"help cancer cells and their blood vessels grow",
    "mTOR": r"mTOR protein, which helps cancer cells grow",
    "external-beam radiation": r"from a machine outside",
    "palliative therapies": r"feel better (without killing|but do not kill) the cancer",
    "clinical trial": r"test new therapies.* safe",
    "cycles": r"few weeks.* break",
}
# Topics that the inventory does not tell apart: what a thing is follows from its other facts.
ALSO_TOLD = {"overview", "names", "place", "members", "choosing", "trials"}
GENERIC_ITEM = r"(?:a |the )?{}(?: \(.*\))?\.?"


def inventory() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((SOURCE / "facts.yml").read_text(encoding="utf-8"))
    return data


def subjects() -> dict[str, dict[str, Any]]:
    facts = inventory()
    return {**facts["condition"], **facts["treatments"]}


def build_edition(edition: str, path: Path) -> Path:
    article = SOURCE / "article.txt" if edition == "licensed" else KIDNEY_CANCER.article
    build_table([Source(article, KIDNEY_CANCER.catalog)], path)
    return path


INVENTORY = subjects() if (SOURCE / "facts.yml").exists() else {}


@pytest.fixture(scope="module", params=["own edition", "licensed"])
def table_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_edition(request.param, tmp_path_factory.mktemp("facts") / "knowledge.db")


@pytest.fixture(scope="module")
def edition(table_path: Path) -> Iterator[Answers]:
    with Table(table_path) as table:
        yield Answers(table, today=lambda: TODAY)


def said(answers: Answers, treatment: str, topic: str) -> str:
    """All that the answer on the topic says as fact, on one line."""
    shown = answers.on_topic(treatment, topic)
    parts = [t for s in shown.sections for t in (*s.sentences, *s.items)]
    return " ".join(" ".join(parts).split())


def items(answers: Answers, treatment: str, topic: str) -> list[str]:
    """The list on the topic: its items, or the treatments that it names."""
    found = [i for p in answers.table.passages(treatment, topic) for i in p.items]
    if topic in ("members", "treatments"):
        return [str(i.treatment) for i in found]
    return [i.text for i in found]


def missing_facts(answers: Answers, only: str = "") -> list[str]:
    """Every disagreement between the inventory and the table; empty where there is none."""
    found: list[str] = []
    for treatment, facts in INVENTORY.items():
        if only not in ("", treatment):
            continue
        for topic, fact in facts.items():
            if isinstance(fact, dict):
                if "says" in fact:
                    found += _missing_statements(answers, treatment, topic, fact["says"])
                if "items" in fact:
                    found += _wrong_list(answers, treatment, topic, fact["items"])
                if "of" in fact:
                    found += _not_of_group(answers, treatment, topic, fact["of"])
            elif fact == "absent":
                found += _not_absent(answers, treatment, topic)
        found += _wrong_names(answers, treatment, facts)
        found += _unknown_topics(answers, treatment, facts)
    return found


def _missing_statements(
    answers: Answers, treatment: str, topic: str, says: list[str]
) -> Iterator[str]:
    text = said(answers, treatment, topic)
    owners = {f.owner for f in answers.find(treatment, topic)} or {treatment}
    for fact in says:
        if not re.search(SAID[fact], text, re.IGNORECASE):
            yield f"{treatment} / {topic}: '{fact}' is not said in '{text}'"
    if owners != {treatment}:
        yield f"{treatment} / {topic}: said of {owners}, not of {treatment} itself"


def _wrong_list(answers: Answers, treatment: str, topic: str, listed: list[str]) -> Iterator[str]:
    topic = "members" if topic == "treatments" else topic
    shown = items(answers, treatment, topic)
    for wanted in listed:
        pattern = LISTED.get(wanted, GENERIC_ITEM.format(re.escape(wanted)))
        matches = [item for item in shown if re.match(rf".*?{pattern}", item, re.IGNORECASE)]
        exact = [item for item in matches if re.fullmatch(pattern, item, re.IGNORECASE)] or matches
        if len(exact) != 1:
            yield f"{treatment} / {topic}: '{wanted}' is listed {len(exact)} times in {shown}"
    if len(shown) != len(listed):
        yield f"{treatment} / {topic}: {len(shown)} items, the inventory has {len(listed)}: {shown}"


def _not_of_group(answers: Answers, treatment: str, topic: str, of: str) -> Iterator[str]:
    owner = str(answers.table.treatment(treatment).part_of) if of == "group" else of
    found = answers.find(treatment, topic)
    if [f.owner for f in found] != [owner]:
        yield f"{treatment} / {topic}: comes from {[f.owner for f in found]}, not from {owner}"
        return
    whose = answers.on_topic(treatment, topic).sections[0].whose
    told = " as a group, to which " if of == "group" else ", which belongs to "
    if told not in whose or answers.full_name(owner) not in whose:
        yield f"{treatment} / {topic}: is not said to be of {owner}: '{whose}'"


def _not_absent(answers: Answers, treatment: str, topic: str) -> Iterator[str]:
    shown = answers.on_topic(treatment, topic)
    if shown.has_facts or "does not say" not in shown.absence:
        yield f"{treatment} / {topic}: should be absent, but is {shown}"


def _wrong_names(answers: Answers, treatment: str, facts: dict[str, Any]) -> Iterator[str]:
    if treatment not in answers.table.treatment_ids():
        yield f"{treatment}: is no treatment"
        return
    row = answers.table.treatment(treatment)
    if row.part_of != facts.get("part_of"):
        yield f"{treatment}: is part of {row.part_of}, not of {facts.get('part_of')}"
    if list(row.brands) != facts.get("brand", []):
        yield f"{treatment}: has the brands {row.brands}, not {facts.get('brand', [])}"
    known = {n.lower() for n in (*row.abbreviations, *row.other_names)}
    for name in facts.get("also", []):
        if name.lower() not in known:
            yield f"{treatment}: the name '{name}' is unknown"


def _unknown_topics(answers: Answers, treatment: str, facts: dict[str, Any]) -> Iterator[str]:
    told = {p for p, fact in facts.items() if isinstance(fact, dict)}
    for topic in ("how_it_works", "side_effects", "administration", "schedule", "duration",
                  "effectiveness", "when_used", "combination", "removes"):  # fmt: skip
        if topic not in told and answers.table.passages(treatment, topic):
            yield f"{treatment} / {topic}: is told, but stands nowhere in the inventory"


def test_every_statement_of_the_inventory_has_its_rule() -> None:
    facts = [
        statement
        for subject in subjects().values()
        for fact in subject.values()
        if isinstance(fact, dict)
        for statement in fact.get("says", [])
    ]
    assert sorted(set(facts) - set(SAID)) == []
    assert sorted(set(SAID) - set(facts)) == []


def test_the_table_agrees_with_the_inventory_item_by_item(edition: Answers) -> None:
    assert missing_facts(edition) == []


def test_the_treatments_are_those_of_the_inventory_and_no_other(edition: Answers) -> None:
    assert sorted(edition.table.treatment_ids()) == sorted(subjects())


def test_the_document_says_who_published_and_reviewed_it(edition: Answers) -> None:
    wanted = inventory()["document"]
    row = edition.table.document("kidney_cancer")
    assert row.title == wanted["title"]
    assert row.publisher == wanted["publisher"]
    assert row.series == wanted["series"]
    assert row.reviewed_by == wanted["reviewed_by"]
    assert row.reviewed_on == wanted["reviewed_on"]


def test_the_copyright_line_is_kept(table_path: Path) -> None:
    with closing(sqlite3.connect(table_path)) as db:
        line = db.execute("SELECT copyright FROM documents").fetchone()[0]
    assert line == inventory()["document"]["copyright"]


def test_all_references_are_there_in_order_with_what_they_are_about(edition: Answers) -> None:
    wanted = inventory()["document"]["references"]
    found = edition.table.references("kidney_cancer")
    assert [(r.organisation, r.title, sorted(r.about)) for r in found] == [
        (r["organisation"], r["title"], sorted(r["about"])) for r in wanted
    ]
    assert len(found) == 11


@pytest.mark.parametrize("term", sorted(EXPLAINED))
def test_every_word_of_the_glossary_is_explained(edition: Answers, term: str) -> None:
    assert sorted(inventory()["glossary"]) == sorted(EXPLAINED)
    shown = edition.definition(term)
    assert shown is not None
    text = " ".join(" ".join(s.sentences) for s in shown.sections)
    assert re.search(EXPLAINED[term], text, re.IGNORECASE), text


def after(table_path: Path, change: str, target: Path, only: str = "") -> list[str]:
    """The disagreements of a copy of the table after a change."""
    target.write_bytes(table_path.read_bytes())
    with closing(sqlite3.connect(target)) as copy, copy:
        assert copy.execute(change).rowcount > 0
        write_seal(copy)
    with Table(target) as table:
        return missing_facts(Answers(table, today=lambda: TODAY), only)


CHANGES = {
    "a list item is deleted": "DELETE FROM list_items WHERE text LIKE '%heartburn%'",
    "a list item is emptied": "UPDATE list_items SET text = '' WHERE text LIKE '%heart attack%'",
    "a list item is added": "INSERT INTO list_items SELECT id || 'x', passage, 99, start, end, "
    "'Hiccups', treatment FROM list_items WHERE text LIKE '%heartburn%'",
    "a passage is deleted": "DELETE FROM passages WHERE treatment = 'nivolumab' "
    "AND topic = 'schedule'",
    "a passage is emptied": "UPDATE passages SET text = '', lead = '' "
    "WHERE treatment = 'bevacizumab' AND topic = 'duration'",
    "a number is changed": "UPDATE passages SET text = replace(text, '2 weeks', '3 weeks') "
    "WHERE treatment = 'nivolumab'",
    "a group fact becomes a drug's own": "UPDATE passages SET treatment = 'sunitinib' "
    "WHERE treatment = 'tyrosine kinase inhibitors' AND topic = 'side_effects'",
    "a drug changes its group": "UPDATE treatments SET part_of = 'chemotherapy' "
    "WHERE id = 'sorafenib'",
    "an absent fact appears": "INSERT INTO passages SELECT 9999, document, 'surgery', topic, "
    "start, end, lead, text FROM passages "
    "WHERE treatment = 'chemotherapy' AND topic = 'side_effects'",
    "a brand is lost": "DELETE FROM names WHERE name = 'Inlyta'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_table_that_lost_or_gained_a_fact_is_noticed(
    table_path: Path, tmp_path: Path, change: str
) -> None:
    assert after(table_path, change, tmp_path / "changed.db") != []


def test_no_item_can_be_lost_unnoticed(table_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(table_path)) as db:
        rows = db.execute(
            "SELECT i.id, p.treatment FROM list_items i JOIN passages p ON p.id = i.passage "
            "WHERE p.topic IN ('side_effects', 'removes', 'administration', 'members')"
        ).fetchall()
    copy = tmp_path / "copy.db"
    unnoticed = [
        item
        for item, treatment in rows
        if not after(table_path, f"DELETE FROM list_items WHERE id = '{item}'", copy, treatment)
    ]
    assert len(rows) > 70
    assert unnoticed == []


def test_no_statement_can_be_lost_unnoticed(table_path: Path, tmp_path: Path) -> None:
    """The passages of each treatment and topic emptied, one pair at a time."""
    copy = tmp_path / "copy.db"
    unnoticed = [
        (treatment, topic)
        for treatment, facts in INVENTORY.items()
        for topic, fact in facts.items()
        if isinstance(fact, dict) and "says" in fact
        if not after(
            table_path,
            "UPDATE passages SET text = '', lead = '' "
            f"WHERE treatment = '{treatment}' AND topic = '{topic}'",
            copy,
            treatment,
        )
    ]
    assert unnoticed == []
