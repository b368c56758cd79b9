"""How the intents of domain.yml divide, by their names."""

from __future__ import annotations

OUTSIDE = "outside_"
ADVICE = "seek_"
INSIDE = "ask_"
EMERGENCY = "report_emergency"
CRISIS = "report_crisis"
TELL = "tell_situation"  # asks nothing: "my wife gets Avastin since May"
# Intents that no training phrase has: the decision gives them.
UNSURE = "unsure"
INFORM_TREATMENT = "inform_treatment"
INFORM_SIDE_EFFECT = "inform_side_effect"
CONFIRM_TREATMENT = "confirm_treatment"
OTHER_LANGUAGE = "other_language"
GIBBERISH = "gibberish"
KEEP_MY_DATA = "keep_my_data"  # the payload of a button only

# About the bot itself: neither inside nor outside the document.
META = frozenset({"ask_help", "ask_identity", "ask_privacy"})
# What a patient asks about their own data: a treatment named in it ("forget that I take Sutent")
# is not what it is about.
ABOUT_OWN_DATA = frozenset({"ask_privacy", "forget_me", "show_my_data"})
ABOUT_SIDE_EFFECTS = frozenset(
    {"ask_side_effect_listed", "ask_side_effects", "ask_treatments_by_side_effect"}
)
# Outside the document, but hardly asked by who is in danger; a missed dose or a symptom may be.
FAR_FROM_DANGER = frozenset(
    {
        "outside_appearance", "outside_cost", "outside_daily_life", "outside_how_to_take",
        "outside_off_topic", "outside_other_disease", "outside_product", "outside_storage",
        "outside_survival", "seek_advice_decision",
    }
)  # fmt: skip
# Answered for one treatment at a time.
ABOUT_ONE_TREATMENT = frozenset(
    {
        "ask_overview",
        "ask_how_it_works",
        "ask_side_effects",
        "ask_administration",
        "ask_place",
        "ask_schedule",
        "ask_session_duration",
        "ask_effectiveness",
        "ask_when_used",
        "ask_combination",
        "ask_group_members",
        "ask_names",
        "ask_what_is_removed",
    }
)


def is_outside(intent: str) -> bool:
    """Whether the document never answers it: facts it lacks, and personal advice."""
    return intent.startswith((OUTSIDE, ADVICE))


def is_inside(intent: str) -> bool:
    return intent.startswith(INSIDE) and intent not in META
