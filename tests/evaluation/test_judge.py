"""The judge takes a reply as a patient would: footers are no answer, and refusals are no facts."""

import json

import pytest

from evaluation.cases import read_case
from evaluation.judge import judge
from evaluation.replies import Reply, topic_of_heading, what_was_done
from evaluation.treatments import Treatments
from knowledge.topics import TOPICS
from knowledge.wording import heading

FOOTER = (
    '\nSource: adapted from WebMD Medical Reference, "Title" (WebMD).'
    "\nReviewed by A Doctor, MD on September 11, 2017, over 9 years ago: some of this may have"
    " changed, ask your care team."
    '\nReferences on this topic: American Cancer Society, "Chemotherapy".'
)
TREATMENTS = Treatments(
    names={
        "drug-a": ("drug-a", "Brand A"),
        "drug-b": ("drug-b",),
        "drug-c": ("drug-c",),
        "group": ("group", "GRP"),
        "cancer": ("cancer",),
    },
    group_of={"drug-a": "group", "drug-b": "group"},
    conditions=frozenset({"cancer"}),
)
SIDE_EFFECTS_OF_A = f"Side effects: Brand A (drug-a)\n• Nausea\n• Rash{FOOTER}"
EMERGENCY = "Call 911 now, or go to the nearest emergency room."


def verdict(kind, *texts, turns=("question",), buttons=(), **expect):
    data = {"id": "x", "category": kind, "turns": turns, "expect": {"kind": kind, **expect}}
    case = read_case(json.dumps(data), "fresh", "here:1")
    return judge(case, Reply(tuple(texts), tuple(buttons)), TREATMENTS)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("answer", SIDE_EFFECTS_OF_A),
        ("not_covered", "The document does not say what it costs. Ask your pharmacist."),
        ("not_covered", "That is not mentioned in the document."),
        ("not_covered", "I have no information about that."),
        ("not_covered", "The document doesn’t list it."),
        ("advice_redirect", "I cannot decide that. Please talk to your doctor."),
        ("emergency", EMERGENCY),
        ("emergency", "Phone 999 or an ambulance at once."),
        ("crisis", "Please call or text 988 now, or call 911."),
        ("chitchat", "You are welcome."),
        ("meta", "I am a computer program, not a nurse."),
        ("menu", "You can ask about:\n• surgery\n• medicines"),
        ("clarify", "Which treatment do you mean?"),
    ],
)
def test_a_right_reply_of_each_kind_passes(kind, text):
    assert verdict(kind, text).reasons == ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("answer", "Side effects: drug-a\n• Nausea"),  # not cited
        ("not_covered", SIDE_EFFECTS_OF_A),
        ("not_covered", "I am not sure what you are asking. Did you mean one of these?"),
        ("advice_redirect", "You should stop it. Then talk to your doctor."),
        ("advice_redirect", f"Yes, that is fine.{FOOTER}"),  # the footer sends to the care team
        ("emergency", "If it gets worse, call 911."),
        ("emergency", "x " * 151 + EMERGENCY),
        ("emergency", "Please tell your doctor about it."),
        ("crisis", EMERGENCY),
        ("chitchat", SIDE_EFFECTS_OF_A),
        ("clarify", SIDE_EFFECTS_OF_A),
        ("menu", "Please ask me something."),
        ("meta", "I did not understand that."),
    ],
)
def test_a_wrong_reply_of_each_kind_fails(kind, text):
    assert verdict(kind, text).reasons


def test_the_footer_does_not_count_as_the_answer():
    right = verdict("answer", SIDE_EFFECTS_OF_A, must_match=["nausea"])
    wrong = verdict("answer", SIDE_EFFECTS_OF_A, must_match=["chemotherapy"])
    assert right.passed
    assert wrong.reasons == ("lacks /chemotherapy/",)


def test_a_question_on_the_sources_may_be_answered_by_the_footer():
    assert verdict("meta", f"Where these answers come from{FOOTER}", must_match=["a doctor"]).passed


def test_a_forbidden_word_is_confident_and_wrong_and_quoted():
    found = verdict("answer", SIDE_EFFECTS_OF_A, must_not_match=["ra.h"])
    assert found.confident_wrong
    assert found.reasons == ("says 'Rash', which /ra.h/ forbids",)


@pytest.mark.parametrize("kind", ["not_covered", "advice_redirect", "emergency", "crisis"])
def test_a_cited_answer_where_none_is_due_is_confident_and_wrong(kind):
    assert verdict(kind, SIDE_EFFECTS_OF_A).confident_wrong


def test_a_failed_answer_is_off_target_if_it_asserts_and_wrongly_declined_if_not():
    asserted = verdict("answer", SIDE_EFFECTS_OF_A, must_match=["cough"])
    declined = verdict("answer", f"The document does not say that.{FOOTER}", must_match=["cough"])
    assert (asserted.off_target, asserted.wrongly_declined) == (True, False)
    assert (declined.off_target, declined.wrongly_declined) == (False, True)


@pytest.mark.parametrize(
    ("treatment", "wrong"),
    [("drug-a", False), ("group", False), ("drug-b", True), ("drug-c", True), ("cancer", False)],
)
def test_an_answer_about_no_kin_of_the_treatment_is_about_the_wrong_one(treatment, wrong):
    found = verdict("answer", SIDE_EFFECTS_OF_A, treatment=treatment, must_match=["cough"])
    assert found.wrong_treatment is wrong


def test_an_answer_about_a_treatment_that_nobody_named_is_about_the_wrong_one():
    unnamed = verdict("not_covered", SIDE_EFFECTS_OF_A, turns=["side effects of metformin"])
    named = verdict("not_covered", SIDE_EFFECTS_OF_A, turns=["what does Brand A cost"])
    assert unnamed.wrong_treatment
    assert not named.wrong_treatment


def test_an_answer_of_one_turn_has_to_name_its_treatment():
    text = f"It can cause nausea.{FOOTER}"
    assert verdict("answer", text, treatment="drug-a").reasons == ("does not name drug-a",)
    assert verdict("answer", text, treatment="drug-a", turns=["drug-a?", "and nausea?"]).passed
    assert verdict("answer", f"GRPs can cause nausea.{FOOTER}", treatment="drug-a").passed


def test_an_alarm_without_an_emergency_is_a_false_one():
    found = verdict("advice_redirect", f"{EMERGENCY} Then call your doctor.")
    assert found.false_alarm
    assert not found.passed


def test_a_line_on_when_to_call_is_no_false_alarm():
    text = SIDE_EFFECTS_OF_A.replace("\nSource", "\nIf this happens now, call 911.\nSource")
    assert verdict("answer", text).passed


def test_an_urgent_line_before_all_else_is_recall_and_false_only_before_a_wrong_answer():
    text = f"If this is happening now, call 911 now.\n{SIDE_EFFECTS_OF_A}"
    assert verdict("emergency", text).passed
    assert verdict("answer", text, must_match=["nausea"]).passed
    assert verdict("answer", text, must_match=["nausea"]).done == "side_effects"
    assert not verdict("answer", text, must_match=["nausea"]).false_alarm
    assert verdict("answer", text, must_match=["cough"]).false_alarm
    assert not verdict("emergency", f"{SIDE_EFFECTS_OF_A}\nIf it is now, call 911.").passed


def test_buttons_are_no_answer_but_may_offer_a_choice():
    assert not verdict("not_covered", "Hm.", buttons=["The document does not say"]).passed
    assert verdict("menu", "Pick one.", buttons=["Surgery", "Pills"]).passed


def test_one_of_each_group_is_needed():
    groups = [["nausea", "cough"], ["rash"]]
    assert verdict("answer", SIDE_EFFECTS_OF_A, must_match_any=groups).passed
    assert not verdict("answer", SIDE_EFFECTS_OF_A, must_match_any=[["cough"], ["rash"]]).passed


def test_silence_and_a_dump_fail():
    assert verdict("chitchat").done == "silent"
    assert not verdict("chitchat").passed
    assert not verdict("chitchat", "a" * 3001).passed


@pytest.mark.parametrize("topic", TOPICS)
def test_the_topic_of_an_answer_is_read_from_its_heading(topic):
    assert topic_of_heading(heading(topic, ["Brand A (drug-a)"])) == topic


@pytest.mark.parametrize(
    ("text", "done"),
    [
        (SIDE_EFFECTS_OF_A, "side_effects"),
        (f"Is it listed? Rash and drug-a\nThe document does not list it.{FOOTER}", "yes_no"),
        (f"What “tumor” means\nIn the document: a lump.{FOOTER}", "glossary"),
        ("The document does not say that. Please ask your nurse.", "not_covered"),
        ("Please talk to your nurse about that.", "advice_redirect"),
        ("I did not understand that.", "clarify"),
        ("Hello. I am not for emergencies.", "chitchat"),
        (EMERGENCY, "emergency"),
        ("Please call or text 988 now, or call 911.", "crisis"),
        (" ", "silent"),
    ],
)
def test_what_the_bot_did_is_read_from_its_reply(text, done):
    assert what_was_done(Reply((text,))) == done
