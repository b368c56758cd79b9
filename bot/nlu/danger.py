"""How urgent a message is, by rules and classifier together; a plain question softens both."""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu import intents
from bot.nlu.clauses import asks
from bot.nlu.phrasing import IN_FICTION, IN_GENERAL, IS_IT_FROM, PAST, PRESENT, SOMEBODY
from bot.nlu.reading import Clause, Signs, Thresholds

FEWEST_WORDS_OF_DANGER = 3
# Not danger itself, but an answer that starts with what to do if there is one.
URGENT = "urgent"
URGENT_CRISIS = "urgent_crisis"


def danger_of(
    whole: Clause,
    clauses: Sequence[Clause],
    told: Sequence[Clause],
    signs: Signs,
    thresholds: Thresholds,
    *,
    is_strange: bool,
) -> str:
    """The intent of an emergency or crisis; URGENT, or URGENT_CRISIS, for a line and an answer.

    Rules and classifier each miss what the other sees, so either raises the alarm. It is softened
    to urgent words before the answer only where the message plainly asks something general; who is
    in danger after all reads first what to do. A crisis of the rules is softened only where it is
    told beside a question, and the classifier sees no danger in any piece. Danger that the
    classifier alone sees is softened beside a question where it is not surely there, or where the
    rules found it denied. Despair that is told beyond doubt, and is no figure of speech, is a
    crisis whatever is asked beside it. `is_strange` tells that the classifier knows nothing like
    the message: it then has to be all but certain.
    """
    alarm = signs.alarm
    is_plain = _asks_in_general(whole, clauses, told, thresholds)
    told_danger = _danger_in_a_piece(clauses, told, thresholds)
    despair = max((c.crisis for c in told if _tells_of_now(c)), default=0.0)
    if despair >= thresholds.told_crisis_at and not signs.has_idiom:
        return intents.CRISIS  # "... not that it matters, I won't be here after Sunday"
    if alarm:
        is_calm = _sounds_calm(whole, thresholds) and not told_danger
        alarm = _kind_of_alarm(whole, alarm, thresholds)
        if alarm == intents.CRISIS:
            calm = is_calm and all(c.danger < thresholds.calm_below for c in (*clauses, *told))
            return URGENT_CRISIS if calm and signs.is_told else alarm
        return (told_danger or URGENT) if is_plain or is_calm else alarm
    if len(whole.text.split()) < FEWEST_WORDS_OF_DANGER:  # "restart", "belly ache?"
        if whole.danger < thresholds.short_danger_at:
            return ""
    elif is_strange and whole.danger < thresholds.strange_danger_at:
        return ""  # it has to choose something among what it knows
    if whole.crisis >= _crisis_at(clauses, thresholds):
        return intents.CRISIS
    if whole.danger >= thresholds.emergency_at:
        kind = intents.CRISIS if whole.crisis > whole.emergency else intents.EMERGENCY
        is_unsure = signs.is_denied or whole.danger < thresholds.sure_danger_at
        softened = is_plain or (is_unsure and bool(clauses or asks(whole.text)))
        return URGENT if softened else kind
    if told_danger or whole.danger >= thresholds.urgent_at:
        return told_danger or _line_for(whole)
    return _warning_of_telling(whole, thresholds)


def _danger_in_a_piece(
    clauses: Sequence[Clause], told: Sequence[Clause], thresholds: Thresholds
) -> str:
    """The line for danger that one sentence tells, beside a question that hides it in the whole.

    "Who do I tell where the will is before I take care of things myself. What is palliative?"
    """
    telling = (c for c in told if _tells_of_now(c))
    asking = clauses if len(clauses) > 1 else ()
    dangerous = [
        *(c for c in telling if c.danger >= thresholds.told_danger_at),
        *(c for c in asking if SOMEBODY.search(c.text) and c.danger >= thresholds.emergency_at),
    ]
    return _line_for(max(dangerous, key=lambda c: c.danger)) if dangerous else ""


def _tells_of_now(told: Clause) -> bool:
    """Whether a sentence tells of somebody, and not of what is long past."""
    return bool(SOMEBODY.search(told.text)) and not PAST.search(told.text)


def _line_for(clause: Clause) -> str:
    return URGENT_CRISIS if clause.crisis > clause.emergency else URGENT


def _kind_of_alarm(whole: Clause, alarm: str, thresholds: Thresholds) -> str:
    """The alarm of the rules, or the other kind where the classifier is sure that it is that one.

    "How many would it take to not wake up"; "102 and shivering, can I take one and sleep it off".
    """
    if whole.crisis >= thresholds.emergency_at:
        return intents.CRISIS
    if whole.emergency >= thresholds.sure_danger_at and whole.crisis < thresholds.calm_below:
        return intents.EMERGENCY
    return alarm


def _warning_of_telling(whole: Clause, thresholds: Thresholds) -> str:
    """Of a message that only tells something: a little danger is enough for a line of warning.

    "I have put my papers in order" is told calmly.
    """
    is_only_told = max(whole.probabilities, key=lambda i: whole.probabilities[i]) == intents.TELL
    if not is_only_told or whole.danger < thresholds.telling_danger_at:
        return ""
    return _line_for(whole)


def _crisis_at(clauses: Sequence[Clause], thresholds: Thresholds) -> float:
    """A question beside veiled despair softens it only where nothing is plainer than the question.

    "This car park will be the death of me. How often is Torisel given?"
    """
    last = clauses[-1] if clauses else None
    is_plain = last and last.likelihood(of_side_effects=False) >= thresholds.calm_question_at
    return thresholds.plain_crisis_at if is_plain else thresholds.crisis_at


def _sounds_calm(whole: Clause, thresholds: Thresholds) -> bool:
    """Whether the classifier sees a question that is far from any danger, and nothing else.

    A rule that rang all the same has read a word of danger: "a bet: is the beam outside of you?".
    """
    asked = whole.likelihood(of_side_effects=True) + whole.likelihood(of_side_effects=False)
    asked += sum(whole.probabilities.get(intent, 0.0) for intent in intents.FAR_FROM_DANGER)
    is_calm = whole.danger < thresholds.calm_below and asked >= thresholds.calm_question_at
    return is_calm and not PRESENT.search(whole.text)


def _asks_in_general(
    whole: Clause, clauses: Sequence[Clause], told: Sequence[Clause], thresholds: Thresholds
) -> bool:
    """Whether the message plainly asks something, and tells of nobody who is ill now."""
    asking = clauses[-1] if clauses else whole
    is_now = PRESENT.search(whole.text) and not IN_FICTION.search(whole.text)
    if is_now or IS_IT_FROM.search(asking.text):
        return False
    if asking.likelihood(of_side_effects=False) >= thresholds.plain_question_at:
        return asking is not whole or not SOMEBODY.search(whole.text)
    naming = asking if asking.links.values("side_effect") else whole
    if naming.likelihood(of_side_effects=True) < thresholds.plain_side_effect_at:
        return False
    judged = whole.text
    if asking is not whole and asking.links.values("side_effect"):
        around = whole.text.replace(asking.text, " ")  # who is ill in it may be long well again
        is_calm = bool(told) and all(c.danger < thresholds.calm_below for c in told)
        judged = asking.text if is_calm or PAST.search(around) else whole.text
    in_general = IN_GENERAL.search(whole.text) or IN_FICTION.search(whole.text)
    return not SOMEBODY.search(judged) or bool(in_general)
