"""The decision, on probabilities made by hand: in danger? sure enough? inside? about what?"""

from __future__ import annotations

import pytest

from bot.nlu import intents
from bot.nlu.decision import read_message
from bot.nlu.phrasing import strip_correction
from bot.nlu.reading import Clause, Reading, Signs, Thresholds
from bot.nlu.treatment_linker import current_linker
from knowledge.linker import Linker

THRESHOLDS = Thresholds()
OTHERS = {"ask_help": 0.0, "greet": 0.0, intents.EMERGENCY: 0.0, intents.CRISIS: 0.0}


@pytest.fixture(scope="module")
def linker() -> Linker:
    return current_linker()


def read(
    linker: Linker,
    text: str,
    *clauses: tuple[str, dict[str, float]],
    alarm: str = "",
    familiarity: float = 1.0,
    told: dict[str, dict[str, float]] | None = None,
    is_alarm_told: bool = False,
    is_danger_denied: bool = False,
    has_idiom: bool = False,
    **p: float,
) -> Reading:
    """Reads `text` with the probabilities `p`; `clauses` are its questions, each with its own.

    `told` are its sentences that ask nothing.
    """
    whole = Clause(text, linker.link(text), {**OTHERS, **p})
    parts = [Clause(t, linker.link(t), {**OTHERS, **of}) for t, of in clauses]
    around = [Clause(t, linker.link(t), {**OTHERS, **of}) for t, of in (told or {}).items()]
    known = {intent for clause in (whole, *parts, *around) for intent in clause.probabilities}
    full = [
        Clause(c.text, c.links, {intent: c.probabilities.get(intent, 0.0) for intent in known})
        for c in (whole, *parts, *around)
    ]
    asked, rest = full[1 : 1 + len(parts)], full[1 + len(parts) :]
    signs = Signs(alarm, is_alarm_told, is_danger_denied, has_idiom)
    return read_message(full[0], asked, signs, familiarity, THRESHOLDS, rest)


# --- sure enough? inside the document? ---------------------------------------------------------


def test_a_likely_inside_question_is_taken(linker: Linker) -> None:
    reading = read(linker, "how often is Torisel given", ask_schedule=0.9, outside_dose=0.1)
    assert reading.intent == "ask_schedule"
    assert reading.parts[0].treatments == ("temsirolimus",)
    assert reading.parts[0].confidence == 0.9


@pytest.mark.parametrize(
    ("familiarity", "likely", "other", "doubt"),
    [
        (0.6, 0.84, 0.01, intents.UNSURE),
        (0.6, 0.7, 0.2, "outside_product"),
        (0.6, 0.95, 0.01, intents.UNSURE),
        (0.6, 0.98, 0.01, ""),
        (0.7, 0.95, 0.01, ""),
        (0.9, 0.7, 0.2, ""),
    ],
)
def test_an_unsure_reading_of_an_unfamiliar_question_is_doubted(
    linker: Linker, familiarity: float, likely: float, other: float, doubt: str
) -> None:
    reading = read(
        linker, "vinblastine vesicant?", familiarity=familiarity, ask_overview=likely,
        outside_product=other,
    )  # fmt: skip
    assert (reading.intent, reading.parts[0].doubt) == ("ask_overview", doubt)


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        ("so Sutent doesn't cause rash, right?", True),
        ("it isn't a pill, is it", True),
        ("no rash with Inlyta then", True),
        ("is rash a side effect of Sutent?", False),
        ("does Avastin cause not feeling hungry?", False),
        ("so Avastin does not cause not feeling hungry, right?", True),
        ("why is Sutent not a drip", False),
    ],
)
def test_a_question_put_the_other_way_round_is_told_apart(
    linker: Linker, text: str, denies: bool
) -> None:
    assert read(linker, text, ask_side_effect_listed=0.9).parts[0].denies is denies


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is the best treatment for my wife", "seek_advice_decision"),
        ("what is the best known treatment", "ask_treatment_options"),
    ],
)
def test_the_best_for_one_person_is_for_the_care_team_to_say(
    linker: Linker, text: str, intent: str
) -> None:
    assert read(linker, text, ask_treatment_options=0.9).intent == intent


def test_a_message_that_asks_is_not_taken_for_one_that_only_tells(linker: Linker) -> None:
    telling = {intents.TELL: 0.7, "ask_schedule": 0.25}
    assert read(linker, "how often does my wife get Avastin", **telling).intent == "ask_schedule"
    assert read(linker, "we live far from the clinic", **telling).intent == intents.TELL


def test_a_treatment_that_is_told_is_taken_up(linker: Linker) -> None:
    reading = read(linker, "my wife gets Avastin since May", **{intents.TELL: 0.9})
    assert reading.intent == intents.INFORM_TREATMENT
    assert reading.parts[0].treatments == ("bevacizumab",)


def test_danger_is_judged_with_the_likelihood_that_something_is_only_told(linker: Linker) -> None:
    text = "she takes Sutent, is that all right"
    reading = read(linker, text, **{intents.TELL: 0.75, intents.EMERGENCY: 0.2})
    assert (reading.intent, reading.urgent) != (intents.EMERGENCY, "")


@pytest.mark.parametrize(
    ("text", "likeliest", "intent"),
    [
        ("and they're taken how", "ask_what_is_removed", "ask_administration"),
        ("what gets taken out", "ask_what_is_removed", "ask_what_is_removed"),
        ("which of them are any good", "ask_treatments_by_administration", "ask_administration"),
        ("which of them is a pill", "ask_treatments_by_administration",
         "ask_treatments_by_administration"),
        ("when is interferon given alone", "ask_when_used", "ask_combination"),
        ("which chemos are used for kidney cancer", "ask_when_used", "ask_group_members"),
        ("chemo drugs used for kidney cancer", "ask_when_used", "ask_group_members"),
        ("when are chemo drugs used", "ask_when_used", "ask_when_used"),
        ("I have a bet on: Lenvima, pill or drip?", "seek_advice_decision", "ask_administration"),
        ("should it be a pill or a drip for her", "seek_advice_decision", "seek_advice_decision"),
        ("what's the gap between two of those?", "ask_comparison", "ask_schedule"),
        ("What would you do in my place?", "ask_help", "seek_advice_decision"),
        ("what can you do", "ask_help", "ask_help"),
    ],
)  # fmt: skip
def test_an_intent_needs_the_words_for_it(
    linker: Linker, text: str, likeliest: str, intent: str
) -> None:
    assert read(linker, text, **{likeliest: 0.75, "ask_administration": 0.2}).intent == intent


def test_a_few_words_that_are_plain_are_not_off_topic(linker: Linker) -> None:
    assert read(linker, "how offen", familiarity=0.45, ask_schedule=0.98).intent == "ask_schedule"
    strange = read(linker, "how offen", familiarity=0.45, ask_schedule=0.7)
    assert strange.intent == "outside_off_topic"


def test_the_effect_on_a_part_of_the_body_asks_whether_it_is_listed(linker: Linker) -> None:
    reading = read(linker, "effects of Torisel on the remaining kidney", ask_side_effects=0.9)
    assert reading.intent == "ask_side_effect_listed"
    assert reading.parts[0].side_effects == ("kidney_problems",)


def test_a_clear_question_counts_for_more_than_the_story_before_it(linker: Linker) -> None:
    text, question = "At my age I forget things. One a day or more than one of them?", (
        "One a day or more than one of them?"
    )
    reading = read(linker, text, (question, {"ask_schedule": 0.99}), seek_advice_symptom=0.8)
    assert reading.intent == "ask_schedule"


def test_what_is_asked_of_a_list_is_about_the_side_effects_told_before(linker: Linker) -> None:
    question = "Were those on its list?"
    reading = read(
        linker, f"Interferon alpha gave me chills years ago. {question}",
        (question, {"ask_treatment_options": 0.7}), ask_treatment_options=0.6,
    )  # fmt: skip
    assert reading.intent == "ask_side_effect_listed"
    assert reading.parts[0].side_effects == ("chills",)


def test_the_summed_probability_of_all_outside_kinds_refuses(linker: Linker) -> None:
    """The single likeliest intent is inside, but all outside kinds together are likelier."""
    reading = read(
        linker, "how much Torisel is given", ask_schedule=0.4, outside_dose=0.3, outside_cost=0.2,
        outside_storage=0.1,
    )  # fmt: skip
    assert reading.intent == "outside_dose"


def test_a_plea_for_advice_counts_as_outside(linker: Linker) -> None:
    reading = read(
        linker, "should i go on with Torisel", ask_when_used=0.45, seek_advice_decision=0.35,
        outside_stopping=0.2,
    )  # fmt: skip
    assert reading.intent == "seek_advice_decision"


def test_nothing_likely_is_unsure_and_names_the_likeliest(linker: Linker) -> None:
    likely = {"ask_schedule": 0.15, "ask_place": 0.12, "ask_names": 0.11, "ask_help": 0.1}
    reading = read(linker, "what of the thing", **likely)
    assert reading.intent == intents.UNSURE
    assert reading.candidates == ("ask_schedule", "ask_place", "ask_names")


def test_a_statement_that_names_a_treatment_tells_it_where_nothing_is_likely(
    linker: Linker,
) -> None:
    likely = {"ask_schedule": 0.15, "ask_place": 0.12, "ask_names": 0.11, "ask_help": 0.1}
    assert read(linker, "i got given Torisel", **likely).intent == intents.INFORM_TREATMENT


def test_two_near_readings_that_are_sure_together_take_the_likelier(linker: Linker) -> None:
    reading = read(linker, "what is it with Torisel?", ask_overview=0.25, ask_names=0.2)
    assert reading.intent == "ask_overview"


def test_small_talk_has_to_be_likely(linker: Linker) -> None:
    assert read(linker, "hiya", greet=0.8, ask_schedule=0.1).intent == "greet"
    assert read(linker, "hm hiya there", greet=0.3, ask_schedule=0.1).intent == intents.UNSURE


@pytest.mark.parametrize(
    ("familiarity", "intent"), [(0.9, "ask_overview"), (0.2, "outside_off_topic")]
)
def test_what_is_like_nothing_learned_and_names_nothing_is_off_topic(
    linker: Linker, familiarity: float, intent: str
) -> None:
    reading = read(
        linker, "what is a carburetor", familiarity=familiarity, ask_overview=0.8, ask_help=0.2
    )
    assert reading.intent == intent


def test_an_unfamiliar_wording_that_names_a_treatment_is_still_read(linker: Linker) -> None:
    reading = read(linker, "torisel frequency wise", familiarity=0.2, ask_schedule=0.8)
    assert reading.intent == "ask_schedule"


# --- second topic, two questions ------------------------------------------------------------------


def test_a_second_topic_about_as_likely_is_answered_too(linker: Linker) -> None:
    reading = read(linker, "is Torisel a weekly drip", ask_schedule=0.5, ask_administration=0.45)
    assert [part.intent for part in reading.parts] == ["ask_schedule", "ask_administration"]
    assert {part.treatments for part in reading.parts} == {("temsirolimus",)}


def test_a_second_topic_that_is_unlikely_is_not(linker: Linker) -> None:
    reading = read(linker, "is Torisel weekly", ask_schedule=0.8, ask_administration=0.15)
    assert [part.intent for part in reading.parts] == ["ask_schedule"]


def test_a_second_topic_needs_a_treatment(linker: Linker) -> None:
    reading = read(linker, "is it a weekly drip", ask_schedule=0.5, ask_administration=0.45)
    assert len(reading.parts) == 1


def test_two_questions_share_the_treatment_that_one_names(linker: Linker) -> None:
    reading = read(
        linker, "What is Afinitor, and how often is it taken?",
        ("What is Afinitor", {"ask_overview": 0.9}),
        ("how often is it taken?", {"ask_schedule": 0.9}),
        ask_overview=0.5, ask_schedule=0.4,
    )  # fmt: skip
    assert [(part.intent, part.treatments) for part in reading.parts] == [
        ("ask_overview", ("everolimus",)),
        ("ask_schedule", ("everolimus",)),
    ]


def test_one_question_asked_twice_is_answered_once(linker: Linker) -> None:
    reading = read(
        linker, "How often is Afinitor? How many times a day is Afinitor?",
        ("How often is Afinitor?", {"ask_schedule": 0.9}),
        ("How many times a day is Afinitor?", {"ask_schedule": 0.9}),
        ask_schedule=0.9,
    )  # fmt: skip
    assert [part.intent for part in reading.parts] == ["ask_schedule"]


# --- foreign names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("side effects of metformin", "outside_other_treatment"),
        ("side effects of Sutent with ibuprofen", "outside_interaction"),
        ("side effects of turmeric", "outside_complementary"),
        ("side effects of breast cancer", "outside_other_disease"),
        ("side effects of Sutent", "ask_side_effects"),
    ],
)
def test_a_foreign_name_overrides_what_the_classifier_holds_likely(
    linker: Linker, text: str, intent: str
) -> None:
    assert read(linker, text, ask_side_effects=0.97).intent == intent


def test_a_foreign_name_is_told_to_the_actions(linker: Linker) -> None:
    reading = read(linker, "how often is Keytruda given", ask_schedule=0.97)
    assert reading.parts[0].outside_kind == "medicine"
    assert reading.parts[0].treatments == ()


def test_an_unlikely_message_with_a_foreign_name_is_outside_and_not_unsure(linker: Linker) -> None:
    reading = read(linker, "keytruda hm what", ask_schedule=0.1, ask_place=0.1, ask_help=0.1)
    assert reading.intent == "outside_other_treatment"


# --- names alone, doubtful names ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Torisel", "and what about Torisel, please?", "for torisel then"])
def test_a_bare_name_is_no_question_of_its_own(linker: Linker, text: str) -> None:
    assert read(linker, text, ask_overview=0.9).intent == intents.INFORM_TREATMENT


def test_a_bare_side_effect_is_told_apart(linker: Linker) -> None:
    assert read(linker, "and nausea?", ask_side_effects=0.9).intent == intents.INFORM_SIDE_EFFECT


def test_a_name_two_letters_off_is_asked_back(linker: Linker) -> None:
    reading = read(linker, "how often is Lenwimma taken", ask_schedule=0.95)
    assert reading.intent == intents.CONFIRM_TREATMENT
    assert reading.confirm == "lenvatinib"


def test_a_doubtful_name_beside_a_sure_one_is_not_asked_back(linker: Linker) -> None:
    reading = read(linker, "how often is Sutent or Lenwimma taken", ask_schedule=0.95)
    assert reading.intent == "ask_schedule"


# --- corrections by what is named -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "likely", "intent"),
    [
        ("does Sutent cause nausea", "ask_side_effects", "ask_side_effect_listed"),
        ("which of them cause nausea", "ask_side_effect_listed", "ask_treatments_by_side_effect"),
        ("is Sutent giving nausea", "ask_treatments_by_side_effect", "ask_side_effect_listed"),
        ("what is Sutent", "ask_condition", "ask_overview"),
        ("Sutent or Votrient for me", "ask_comparison", "seek_advice_decision"),
    ],
)
def test_what_is_named_corrects_the_intent(
    linker: Linker, text: str, likely: str, intent: str
) -> None:
    assert read(linker, text, **{likely: 0.95}).intent == intent


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no, I meant the side effects", "the side effects"),
        ("sorry, my question was about cost", "cost"),
        ("I meant", "I meant"),
        ("how often is it", "how often is it"),
    ],
)
def test_the_words_of_a_correction_are_left_out(text: str, rest: str) -> None:
    assert strip_correction(text) == rest


# --- danger ---------------------------------------------------------------------------------------


def test_an_alarm_of_the_rules_is_an_emergency(linker: Linker) -> None:
    reading = read(linker, "my chest hurts badly", alarm=intents.EMERGENCY, ask_side_effects=0.5)
    assert reading.intent == intents.EMERGENCY
    assert reading.parts == ()


def test_a_likely_emergency_needs_no_rule(linker: Linker) -> None:
    reading = read(linker, "he went grey and limp", report_emergency=0.7, ask_side_effects=0.2)
    assert reading.intent == intents.EMERGENCY


def test_emergency_and_crisis_are_summed_and_the_likelier_is_told(linker: Linker) -> None:
    reading = read(linker, "i took them all", report_crisis=0.4, report_emergency=0.3)
    assert reading.intent == intents.CRISIS


def test_a_plain_question_under_an_alarm_is_answered_with_the_urgent_words(linker: Linker) -> None:
    question = ("is chest pain on the Opdivo list?", {"ask_side_effect_listed": 0.95})
    reading = read(
        linker, question[0], question, alarm=intents.EMERGENCY, ask_side_effect_listed=0.95
    )
    assert reading.intent == "ask_side_effect_listed"
    assert reading.urgent


def test_the_same_question_of_somebody_who_has_it_is_an_emergency(linker: Linker) -> None:
    text = "is my chest pain right now on the Opdivo list?"
    question = (text, {"ask_side_effect_listed": 0.95})
    reading = read(linker, text, question, alarm=intents.EMERGENCY, ask_side_effect_listed=0.95)
    assert reading.intent == intents.EMERGENCY


def test_a_crisis_of_the_rules_in_the_question_is_never_softened(linker: Linker) -> None:
    text = "how many Sutent would end it all?"
    reading = read(
        linker, text, (text, {"ask_schedule": 0.99}), alarm=intents.CRISIS, ask_schedule=0.99
    )
    assert reading.intent == intents.CRISIS


@pytest.mark.parametrize(
    ("danger", "is_danger_denied", "intent"),
    [(0.9, False, intents.EMERGENCY), (0.9, True, "ask_overview"), (0.7, False, "ask_overview")],
)  # fmt: skip
def test_danger_that_only_the_classifier_sees_needs_to_be_sure_beside_a_question(
    linker: Linker, danger: float, is_danger_denied: bool, intent: str
) -> None:
    question = "could that be the Votrient?"
    reading = read(
        linker, f"He is a bit slow today. {question}", (question, {"ask_overview": 0.9}),
        is_danger_denied=is_danger_denied, report_emergency=danger, ask_overview=1 - danger,
    )  # fmt: skip
    assert reading.intent == intent
    assert bool(reading.urgent) is (intent != intents.EMERGENCY)


@pytest.mark.parametrize(
    ("danger", "line"),
    [({intents.CRISIS: 0.8}, intents.CRISIS), ({intents.EMERGENCY: 0.8}, intents.EMERGENCY),
     ({intents.CRISIS: 0.3}, "")],
)  # fmt: skip
def test_danger_in_one_of_two_questions_puts_its_own_line_first(
    linker: Linker, danger: dict[str, float], line: str
) -> None:
    will, asked = "who do I tell where the will is.", "what does palliative mean"
    reading = read(
        linker, f"{will} {asked}", (will, danger), (asked, {"ask_definition": 0.99}),
        ask_definition=0.9,
    )  # fmt: skip
    assert reading.urgent == line


@pytest.mark.parametrize(
    ("despair", "has_idiom", "expected"),
    [
        (0.99, False, (intents.CRISIS, "")),
        (0.99, True, ("ask_side_effects", intents.CRISIS)),
        (0.9, False, ("ask_side_effects", intents.CRISIS)),
    ],
)
def test_despair_told_beyond_doubt_is_a_crisis_whatever_is_asked(
    linker: Linker, despair: float, has_idiom: bool, expected: tuple[str, str]
) -> None:
    question, story = "what are Sutent's side effects?", "I won't be here after Sunday."
    likely = {"ask_side_effects": 0.99}
    reading = read(
        linker, f"{question} {story}", (question, likely), told={story: {intents.CRISIS: despair}},
        has_idiom=has_idiom, **likely,
    )  # fmt: skip
    assert (reading.intent, reading.urgent) == expected


def test_what_happens_in_a_film_is_no_alarm_but_a_line(linker: Linker) -> None:
    story, question = "In a film last night a man had a seizure.", "are seizures on the chemo list?"
    reading = read(
        linker, f"{story} {question}", (question, {"ask_side_effect_listed": 0.97}),
        told={story: {intents.EMERGENCY: 0.7}}, alarm=intents.EMERGENCY,
        ask_side_effect_listed=0.5, report_emergency=0.5,
    )  # fmt: skip
    assert (reading.intent, reading.urgent) == ("ask_side_effect_listed", intents.EMERGENCY)


def test_a_word_of_despair_in_an_emergency_gets_the_emergency(linker: Linker) -> None:
    text = "102 and shivering, can I take a Tylenol and sleep"
    reading = read(linker, text, alarm=intents.CRISIS, report_emergency=0.95)
    assert reading.intent == intents.EMERGENCY


def test_a_drug_looked_for_by_its_side_effect_is_no_bare_side_effect(linker: Linker) -> None:
    likely = {"ask_treatments_by_side_effect": 0.9}
    assert read(linker, "fainting drug", **likely).intent == "ask_treatments_by_side_effect"
    assert read(linker, "and fainting", **likely).intent == intents.INFORM_SIDE_EFFECT


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("is votrient the same thing as pazopanib", False),
        ("and the same for Inlyta", True),
    ],
)
def test_one_that_is_the_same_as_another_asks_nothing_again(
    linker: Linker, text: str, repeats: bool
) -> None:
    assert read(linker, text, ask_names=0.9).parts[0].repeats is repeats


@pytest.mark.parametrize("story", ["My friend Walter took a heart attack and died in '99.",
                                   "I used to faint in church as a girl."])  # fmt: skip
def test_what_is_long_past_leaves_a_general_question(linker: Linker, story: str) -> None:
    question = "can any of these give one a heart attack?"
    reading = read(
        linker, f"{story} {question}", (question, {"ask_treatments_by_side_effect": 0.97}),
        told={story: {intents.EMERGENCY: 0.9}}, alarm=intents.EMERGENCY, report_emergency=0.6,
        ask_treatments_by_side_effect=0.4,
    )  # fmt: skip
    assert (reading.intent, reading.urgent) == (
        "ask_treatments_by_side_effect", intents.EMERGENCY
    )  # fmt: skip


def test_would_it_do_that_is_no_bare_name(linker: Linker) -> None:
    question = "Would this Votrient do that to me?"
    reading = read(
        linker, f"Chemo took her hair. {question}", (question, {"ask_side_effect_listed": 0.9}),
        ask_side_effect_listed=0.9,
    )  # fmt: skip
    assert reading.intent == "ask_side_effect_listed"
    assert reading.parts[0].treatments == ("pazopanib",)


def test_a_procedure_beside_a_treatment_is_not_in_the_document(linker: Linker) -> None:
    reading = read(linker, "avastin and tooth extraction wait how long", ask_session_duration=0.99)
    assert reading.parts[0].doubt == "outside_other_treatment"


@pytest.mark.parametrize(
    ("danger_told", "is_alarm_told", "expected"),
    [
        (0.01, True, ("ask_clinical_trials", intents.CRISIS)),
        (0.2, True, (intents.CRISIS, "")),
        (0.01, False, (intents.CRISIS, "")),
    ],
)
def test_a_crisis_of_the_rules_beside_a_calm_question_puts_the_crisis_line_first(
    linker: Linker, danger_told: float, is_alarm_told: bool, expected: tuple[str, str]
) -> None:
    story, question = "I have made my peace with his death.", "what do clinical trials test?"
    calm = {"ask_clinical_trials": 0.99}
    reading = read(
        linker, f"{story} {question}", (question, calm), alarm=intents.CRISIS,
        told={story: {intents.CRISIS: danger_told}}, is_alarm_told=is_alarm_told, **calm,
    )  # fmt: skip
    assert (reading.intent, reading.urgent) == expected


@pytest.mark.parametrize(
    ("story", "danger", "expected"),
    [
        ("I haven't begun and feel fine.", 0.01, ("ask_side_effect_listed", intents.EMERGENCY)),
        ("He is grey and sweating.", 0.8, (intents.EMERGENCY, "")),
    ],
)
def test_a_listed_danger_asked_about_after_a_calm_story_only_warns(
    linker: Linker, story: str, danger: float, expected: tuple[str, str]
) -> None:
    question = "is chest pain listed for Opdivo?"
    reading = read(
        linker, f"{story} {question}", (question, {"ask_side_effect_listed": 0.99}),
        told={story: {intents.EMERGENCY: danger}}, report_emergency=0.8, ask_side_effect_listed=0.2,
    )  # fmt: skip
    assert (reading.intent, reading.urgent) == expected


@pytest.mark.parametrize(("above", "urgent"), [(0.05, intents.EMERGENCY), (-0.05, "")])
def test_some_danger_puts_the_urgent_words_before_the_answer(
    linker: Linker, above: float, urgent: str
) -> None:
    danger = THRESHOLDS.urgent_at + above
    text = "how often is Torisel given"
    reading = read(linker, text, ask_schedule=1 - danger, report_emergency=danger)
    assert reading.intent == "ask_schedule"
    assert reading.urgent == urgent


def test_veiled_despair_is_a_crisis_though_a_question_stands_beside_it(linker: Linker) -> None:
    text = "there is nothing left to stay for. how often is Opdivo given"
    reading = read(linker, text, ask_schedule=0.6, **{intents.CRISIS: 0.35})
    assert reading.intent == intents.CRISIS


def test_a_plain_question_beside_an_idiom_is_no_crisis(linker: Linker) -> None:
    text = "this car park will be the death of me. how often is Opdivo given"
    question = ("how often is Opdivo given", {"ask_schedule": 0.98})
    idiom = read(linker, text, question, ask_schedule=0.5, **{intents.CRISIS: 0.5})
    assert (idiom.intent, idiom.urgent) == ("ask_schedule", intents.CRISIS)
    despair = read(linker, text, question, ask_schedule=0.2, **{intents.CRISIS: 0.6})
    assert despair.intent == intents.CRISIS


def test_danger_told_before_a_question_puts_the_urgent_words_first(linker: Linker) -> None:
    text = "he keeled over. how often is Avastin given"
    question = ("how often is Avastin given", {"ask_schedule": 0.99})
    told = {"he keeled over.": {intents.EMERGENCY: 0.95}}
    reading = read(linker, text, question, told=told, ask_schedule=0.9)
    assert (reading.intent, reading.urgent) == ("ask_schedule", intents.EMERGENCY)


def test_what_is_told_keeps_an_alarm_from_being_softened(linker: Linker) -> None:
    text = "my husband swallowed the whole box of Inlyta. what are its side effects"
    question = ("what are its side effects", {"ask_side_effects": 0.99})
    told = {"my husband swallowed the whole box of Inlyta.": {intents.EMERGENCY: 0.99}}
    alarmed = {"alarm": intents.EMERGENCY, "ask_side_effects": 0.9}
    assert read(linker, text, question, told=told, **alarmed).intent == intents.EMERGENCY
    assert read(linker, text, question, **alarmed).urgent


def test_how_many_to_die_of_is_a_crisis_though_a_rule_read_an_overdose(linker: Linker) -> None:
    text = "how many would it take not to wake up"
    reading = read(linker, text, alarm=intents.EMERGENCY, report_crisis=0.7)
    assert reading.intent == intents.CRISIS


def test_a_rule_that_rang_for_a_word_in_a_calm_question_only_warns(linker: Linker) -> None:
    text = "my sister has a bet on it: is chest pain on the Opdivo list?"
    calm = read(linker, text, alarm=intents.EMERGENCY, ask_side_effect_listed=0.95)
    assert (calm.intent, calm.urgent) == ("ask_side_effect_listed", intents.EMERGENCY)
    doubtful = read(
        linker, text, alarm=intents.EMERGENCY, ask_side_effect_listed=0.8, report_emergency=0.15
    )
    assert doubtful.intent == intents.EMERGENCY


def test_a_bill_that_gave_a_heart_attack_is_about_the_bill(linker: Linker) -> None:
    text = "nearly had a heart attack at the price of Inlyta. what does it cost"
    reading = read(linker, text, alarm=intents.EMERGENCY, outside_cost=0.97)
    assert (reading.intent, reading.urgent) == ("outside_cost", intents.EMERGENCY)
    taken = read(linker, "took too many Inlyta", alarm=intents.EMERGENCY, outside_missed_dose=0.97)
    assert taken.intent == intents.EMERGENCY


@pytest.mark.parametrize("text", ["belly ache?", "restart"])
def test_a_word_or_two_are_no_emergency_unless_all_but_certain(linker: Linker, text: str) -> None:
    assert read(linker, text, report_emergency=0.85).intent != intents.EMERGENCY
    assert read(linker, text, report_emergency=0.95).intent == intents.EMERGENCY


# --- the border of the document -----------------------------------------------------------------


def test_an_outside_question_keeps_the_answerable_one_that_it_may_be(linker: Linker) -> None:
    part = read(linker, "how much Sutent a day", outside_dose=0.7, ask_schedule=0.25).parts[0]
    assert (part.intent, part.near) == ("outside_dose", "ask_schedule")
    sure = read(linker, "how much Sutent a day", outside_dose=0.95, ask_schedule=0.03).parts[0]
    assert sure.near == ""


def test_an_answered_question_keeps_the_outside_one_that_it_may_be(linker: Linker) -> None:
    part = read(linker, "Sutent a day", ask_schedule=0.6, outside_dose=0.35).parts[0]
    assert (part.intent, part.doubt) == ("ask_schedule", "outside_dose")
    assert read(linker, "Sutent a day", ask_schedule=0.8, outside_dose=0.2).parts[0].doubt == ""


def test_advice_is_never_a_doubt_about_an_answer(linker: Linker) -> None:
    text = "how often is Sutent taken"
    part = read(linker, text, ask_schedule=0.6, seek_advice_decision=0.4).parts[0]
    assert part.doubt == ""


def test_where_nothing_is_sure_advice_is_the_safe_reading(linker: Linker) -> None:
    reading = read(
        linker, "who is right about Sutent", ask_overview=0.2, ask_names=0.15, ask_privacy=0.1,
        seek_advice_decision=0.3,
    )  # fmt: skip
    assert reading.intent == "seek_advice_decision"


def test_a_message_plainer_than_its_question_is_read_as_a_whole(linker: Linker) -> None:
    text = "the surgeon says surgery, the oncologist says Sutent. who is right?"
    question = ("who is right?", {"ask_privacy": 0.5, "seek_advice_decision": 0.1})
    reading = read(linker, text, question, seek_advice_decision=0.95)
    assert reading.intent == "seek_advice_decision"


def test_one_question_in_two_parts_is_not_answered_twice(linker: Linker) -> None:
    text = "if the kidney is out already then what are the other drugs for"
    parts = (
        ("if the kidney is out already then", {"ask_when_used": 0.5}),
        ("what are the other drugs for", {"ask_treatment_options": 0.8}),
    )
    reading = read(linker, text, *parts, ask_combination=0.92)
    assert [part.intent for part in reading.parts] == ["ask_combination"]


def test_which_of_them_without_a_way_is_not_about_how_they_are_given(linker: Linker) -> None:
    likely = {"ask_treatments_by_administration": 0.5, "ask_effectiveness": 0.45}
    assert read(linker, "which of them do not work", **likely).intent == "ask_effectiveness"
    way = read(linker, "which of them are pills", **likely)
    assert way.intent == "ask_treatments_by_administration"


def test_two_names_of_one_medicine_are_asked_about_as_names(linker: Linker) -> None:
    one, two = "is Votrient the same as pazopanib", "is Votrient the same as Sutent"
    assert read(linker, one, ask_comparison=0.9).intent == "ask_names"
    assert read(linker, two, ask_comparison=0.9).intent == "ask_comparison"


# --- one of several, and what is ruled out ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("what can the first one do to my hair", "first"),
        ("and the latter?", "second"),
        ("hmm the other one, is it a pill", "other"),
        ("are both of them pills", "all"),
        ("when is the first infusion", ""),
        ("is it the last dose", ""),
    ],
)
def test_a_place_among_several_treatments_is_read(linker: Linker, text: str, place: str) -> None:
    assert read(linker, text, ask_administration=0.9).parts[0].place == place


def test_a_place_alone_takes_up_the_last_question(linker: Linker) -> None:
    assert read(linker, "and the other one?", ask_help=0.9).intent == intents.INFORM_TREATMENT


def test_a_treatment_that_is_ruled_out_is_not_meant(linker: Linker) -> None:
    part = read(linker, "not Sutent, how often is Inlyta taken", ask_schedule=0.9).parts[0]
    assert (part.treatments, part.ruled_out) == (("axitinib",), ("sunitinib",))


def test_who_asks_why_not_means_it(linker: Linker) -> None:
    part = read(linker, "why not Sutent", ask_when_used=0.9).parts[0]
    assert part.treatments == ("sunitinib",)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("which of these doesn't cause diarrhea", True),
        ("is there any treatment without hair loss", True),
        ("anything that won't make me bald", True),
        ("which ones cause diarrhea, I'm not sure I want that", False),
        ("what makes your hair fall out", False),
    ],
)
def test_which_do_not_is_told_from_which_do(linker: Linker, text: str, negated: bool) -> None:
    reading = read(linker, text, ask_treatments_by_side_effect=0.9)
    assert reading.parts[0].negated is negated


def test_keywords_before_a_question_are_a_question_too(linker: Linker) -> None:
    reading = read(
        linker, "Sutent side effects and how often is it taken",
        ("Sutent side effects", {"ask_side_effects": 0.9}),
        ("how often is it taken", {"ask_schedule": 0.9}), ask_side_effects=0.5, ask_schedule=0.4,
    )  # fmt: skip
    assert [part.intent for part in reading.parts] == ["ask_side_effects", "ask_schedule"]
    assert all(part.treatments == ("sunitinib",) for part in reading.parts)


def test_a_reading_is_written_without_what_is_empty(linker: Linker) -> None:
    written = read(linker, "how often is Torisel given", ask_schedule=0.9).as_json()
    assert written["parts"] == [
        {"intent": "ask_schedule", "confidence": 0.9, "treatments": ("temsirolimus",), "words": 5}
    ]
