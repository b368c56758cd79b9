"""Every answer of the document, drawn for every channel: no limit broken, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, combinations

import pytest
from vendors.telegram_api import _as_shown
from vendors.twilio_api import segments

from actions.buttons import next_questions, treatments_to_pick
from actions.conversation import Question
from actions.replies import as_json, citation_as_json
from bot.channels.messaging.render import Part, Rendered, Renderer
from bot.channels.messaging.reply import Choice, Reply, Style
from bot.channels.messenger.renderer import MessengerRenderer
from bot.channels.slack.renderer import SlackRenderer, blocks
from bot.channels.telegram.renderer import TelegramRenderer
from bot.channels.twilio.renderer import SmsRenderer, WhatsAppRenderer
from bot.channels.twilio.segments import plain
from knowledge import wording
from knowledge.answer import Answer
from knowledge.answers import Answers
from knowledge.lookup import Table
from knowledge.places import table_path

PAYLOAD = re.compile(r"/[a-z_]+(\{|$)|[{}]|\b(?:ask|utter|action|outside)_\w+")
LOOK_ALIKES = str.maketrans("∗ˍˋ∼", "*_`~")  # what Slack is sent for its marks, by their looks
TAG = re.compile(r"</?b>")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def telegram_shows(part: Part) -> str:
    text = _as_shown(part.text, "HTML")  # as Telegram's server would, or it refuses
    assert utf16(text) <= 4096
    assert all(len(choice.key.encode()) <= 64 for choice in part.choices)
    assert len(part.choices) <= 100
    return text


def sms_shows(part: Part) -> str:
    assert len(part.text) <= 1600
    assert not part.choices, "a text message has no buttons"
    return part.text


def whatsapp_shows(part: Part) -> str:
    assert utf16(part.text) <= 1600
    assert not part.choices
    return part.text.replace("*", "").replace("\u200b", "")


def messenger_shows(part: Part) -> str:
    assert utf16(part.text) <= 2000
    assert len(part.choices) <= 13
    assert all(0 < len(choice.title) <= 20 for choice in part.choices)
    return part.text


def slack_shows(part: Part) -> str:
    section, *rows = blocks(part)
    assert len(section["text"]["text"]) <= 3000
    assert all(1 <= len(row["elements"]) <= 5 for row in rows)
    assert len(rows) < 50
    assert all(len(button["text"]["text"]) <= 75 for row in rows for button in row["elements"])
    text: str = section["text"]["text"]
    for sign, escape in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        assert sign == "&" or sign not in text
        text = text.replace(escape, sign)
    return text.replace("*", "").translate(LOOK_ALIKES)


CHANNELS: dict[str, tuple[Renderer, Callable[[Part], str]]] = {
    "telegram": (TelegramRenderer(), telegram_shows),
    "sms": (SmsRenderer(), sms_shows),
    "whatsapp": (WhatsAppRenderer(), whatsapp_shows),
    "messenger": (MessengerRenderer(), messenger_shows),
    "slack": (SlackRenderer(), slack_shows),
}


@pytest.fixture(scope="module")
def answers() -> Iterator[Answers]:
    with Table(table_path()) as table:
        yield Answers(table)


def all_answers(answers: Answers) -> Iterator[tuple[Answer, list[dict[str, str]]]]:
    """Each treatment by each topic, and what belongs to none or to several."""
    treatments = answers.table.treatment_ids()
    for treatment in treatments:
        for topic in wording.TOPIC_HEADINGS:
            answer = answers.on_topic(treatment, topic)
            yield answer, next_questions(answers, treatment, f"ask_{topic}")
        yield answers.overview(treatment), next_questions(answers, treatment, "ask_overview")
    yield answers.sources(), []
    yield answers.options(), treatments_to_pick(answers, Question("ask_overview"), treatments)
    pairs = list(combinations(treatments, 2))
    for pair in [*pairs[:: len(pairs) // 20], tuple(treatments[:5])]:
        yield answers.compare(pair), []


def replies(answers: Answers) -> list[Reply]:
    found = [
        Reply.of({"answer": as_json(answer), "buttons": buttons})
        for answer, buttons in all_answers(answers)
    ]
    citation = citation_as_json(answers.sources().citation)
    question = {"text": "Which one?", "kind": "clarify", "citation": citation}
    to_pick = treatments_to_pick(
        answers, Question("ask_side_effects"), answers.table.treatment_ids()
    )
    return [*found, Reply.of({**question, "buttons": to_pick})]


def shown(rendered: Rendered, show: Callable[[Part], str]) -> list[str]:
    return [show(part) for part in (*rendered.parts, *rendered.rest)]


def squeezed(text: str) -> str:
    """Without what layout adds or takes: spaces, line breaks, bullets."""
    return re.sub(r"[\s•-]+", "", plain(text))


@pytest.mark.feature("every answer of the document within the limits, nothing lost")
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_answer_fits_and_nothing_of_it_is_lost(channel: str, answers: Answers) -> None:
    renderer, show = CHANNELS[channel]
    made = replies(answers)
    assert len(made) > 400
    for reply in made:
        texts = shown(renderer.render(reply), show)
        assert all(text.strip() for text in texts), "a blank part"
        together = squeezed("".join(texts))
        for line in reply.lines:
            assert squeezed(line.text) in together, f"'{line.text}' is lost in {texts}"


@pytest.mark.feature("the citation whole, with the last words of the answer")
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_citation_is_whole_and_with_the_last_words(channel: str, answers: Answers) -> None:
    renderer, show = CHANNELS[channel]
    for reply in replies(answers):
        cited = squeezed("".join(line.text for line in reply.citation))
        body = [x for x in reply.lines if x.style not in (Style.CITATION, Style.CHOICE)]
        texts = [squeezed(text) for text in shown(renderer.render(reply), show)]
        last = squeezed(body[-1].text[-40:])
        assert any(cited in text and last in text for text in texts), texts


@pytest.mark.feature("no payload syntax shown, no choice lost")
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_payload_is_shown_and_no_choice_is_lost(channel: str, answers: Answers) -> None:
    renderer, show = CHANNELS[channel]
    for reply in replies(answers):
        rendered = renderer.render(reply)
        parts = (*rendered.parts, *rendered.rest)
        titles = [choice.title for part in parts for choice in part.choices]
        text = "\n".join(shown(rendered, show))
        assert not PAYLOAD.search(TAG.sub("", text)), text
        assert not any(PAYLOAD.search(title) for title in titles)
        keys = {choice.key for choice in chain(rendered.numbers, *(p.choices for p in parts))}
        assert keys == {choice.key for choice in reply.choices}
        for choice in reply.choices:
            assert choice.title in titles or plain(choice.title) in plain(text), choice.title


@pytest.mark.channel("sms")
@pytest.mark.feature("at most 3 segments before MORE is offered")
def test_a_text_message_has_three_segments_until_more_is_asked_for(answers: Answers) -> None:
    for reply in replies(answers):
        rendered = SmsRenderer().render(reply)
        first, *rest = (*rendered.parts, *rendered.rest)
        assert len(rendered.parts) == 1
        assert segments(first.text) <= 3
        assert all("Reply MORE" in part.text for part in (first, *rest)[:-1])
        assert "MORE" not in (first, *rest)[-1].text
        for part in rest:  # a citation that is longer stays whole
            assert segments(part.text) <= 3 or "References on" in part.text


@pytest.mark.feature("an emergency first and whole")
@pytest.mark.parametrize("channel", CHANNELS)
def test_urgent_words_come_first_and_whole_before_every_answer(
    channel: str, answers: Answers
) -> None:
    renderer, show = CHANNELS[channel]
    urgent = "If this is happening now, call 911. Do not wait for an answer here. " * 3
    for answer, buttons in all_answers(answers):
        message = {"urgent": urgent.strip(), "answer": as_json(answer), "buttons": buttons}
        first, *_ = shown(renderer.render(Reply.of(message)), show)
        assert squeezed(first).startswith(squeezed(urgent))


@pytest.mark.parametrize("channel", CHANNELS)
def test_signs_that_a_vendor_reads_as_markup_arrive_as_they_are(channel: str) -> None:
    renderer, show = CHANNELS[channel]
    said = "Is 3 < 5 & 7 > 6? *Yes* _it_ is `so` ~now~ <b>bold</b> &amp; [a](b)"
    texts = shown(renderer.render(Reply.words(said)), show)
    assert texts in ([said], [said.replace("*", "")])


def test_no_two_choices_share_a_key() -> None:
    keys = {Choice("", f'/ask_side_effects{{"treatment": ["{n}"]}}').key for n in range(10_000)}
    assert len(keys) == 10_000
