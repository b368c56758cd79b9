"""What every messaging channel has to do, each through its vendor's own formats and limits."""

from __future__ import annotations

import re

import pytest
from app import CHANNELS, CITED, App, new_app, text_of
from bot_server import SECRETS, BotServer
from vendors.loopback import Shown
from vendors.patient import Patient

from actions.sources import current_answers
from knowledge import wording
from knowledge.answer import Answer

QUESTIONS = (
    "What are the side effects of Opdivo?",
    "How often is Torisel given?",
    "How does Sutent work?",
    "How is Avastin given?",
    "How well does interleukin-2 work?",
    "When is chemotherapy used?",
    "What are checkpoint inhibitors?",
    "Which treatments can cause mouth sores?",
    "Which medicines are tyrosine kinase inhibitors?",
    "How long does an Avastin infusion take?",
)
LONGEST = "Compare chemotherapy, Opdivo and Avastin"
EMERGENCY = "I have chest pain and I can't breathe"
# What a patient must never see: {slot}, /intent{"entity": ...}, 0[, names of intents, button keys.
NEVER_SHOWN = re.compile(
    r"[{}]|/\w*ask_|\b(?:ask|outside|utter|action|seek|report)_\w+|0\[|\b[0-9a-f]{20}\b|&amp;|&lt;|</"
)
TEXTING = ("sms",)
EDITED = ("telegram", "messenger", "slack")  # the others tell nothing of edits


def assert_readable(messages: list[Shown]) -> None:
    for message in messages:
        assert message.text.strip(), "a blank message"
        assert not NEVER_SHOWN.search(message.text), message.text
        for button in message.buttons:
            assert button.title.strip()
            assert not NEVER_SHOWN.search(button.title), button.title
            assert re.fullmatch(r"[0-9a-f]{20}", button.payload), "no payload leaves the server"


def assert_cited(messages: list[Shown]) -> None:
    """The citation is whole, and not parted from the end of the answer."""
    assert_readable(messages)
    assert any(CITED in message.text for message in messages), text_of(messages)
    text = next(message.text for message in reversed(messages) if CITED in message.text)
    assert "September 11, 2017" in text
    assert wording.age(current_answers().sources().citation) in text
    if "Source:" in text:
        before, _, _ = text.partition("Source:")
        assert before.strip(), f"the citation stands alone:\n{text}"


def all_of(app: App, question: str) -> str:
    """The whole answer in words, MORE asked for as often as it is offered."""
    before = len(app.seen)
    app.ask(question, "" if app.channel in TEXTING else CITED)  # a text message comes alone
    while app.seen[-1].text.rpartition("\n")[2].startswith("Reply MORE"):
        app.ask("MORE")
    messages = app.seen[before:]
    assert_cited(messages)
    return " ".join(text_of(messages).split())


def assert_tells(said: str, answer: Answer) -> None:
    """Every item and every sentence of the answer, in the words of the document."""
    wanted = [answer.absence, *answer.citation.on_topic]
    for section in answer.sections:
        wanted += [*section.sentences, *section.items]
    for _, cells in answer.comparison.rows if answer.comparison else ():
        wanted += cells
    missing = [text for text in wanted if text and " ".join(text.split()) not in said]
    assert not missing, f"{missing} are missing in:\n{said}"


@pytest.mark.feature("the ten commonest questions")
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_common_question_is_answered_with_its_source(app: App, question: str) -> None:
    said = all_of(app, question)
    assert "The document does not say" not in said


@pytest.mark.feature("all that the document says")
def test_an_answer_tells_all_that_the_document_says(app: App) -> None:
    answer = current_answers().on_topic("nivolumab", "side_effects")
    assert_tells(all_of(app, QUESTIONS[0]), answer)


@pytest.mark.feature("the longest comparison, whole")
def test_the_longest_comparison_arrives_whole_in_as_many_messages_as_it_takes(app: App) -> None:
    named = ("chemotherapy", "nivolumab", "bevacizumab")
    said = all_of(app, LONGEST)
    for treatment in named:
        items = [
            item
            for section in current_answers().on_topic(treatment, "side_effects").sections
            for item in section.items
        ]
        assert all(item in said for item in items), said


@pytest.mark.feature("a follow-up")
def test_a_follow_up_is_about_the_same_treatment(app: App) -> None:
    app.ask("How does Sutent work?", "Sutent")
    said = all_of(app, "how often is it given?")
    assert "Sutent" in said
    assert "once or twice a day" in said


@pytest.mark.feature("a clarification, by button or number")
def test_a_clarification_is_answered_with_a_button_or_a_number(app: App) -> None:
    asked = app.ask("how often is it given?", "Which treatment do you mean?")
    assert_readable(asked)
    if asked[-1].buttons:
        button = next(b for b in asked[-1].buttons if "immuno" in b.title.lower())
        answer = app.tap(button)
    else:
        number = re.search(r"(\d) for [“\"]immunotherapy", asked[-1].text)
        assert number, asked[-1].text
        answer = app.answer(number[1])
    assert_readable(answer)
    assert "immunotherapy" in text_of(answer).lower()


@pytest.mark.feature("an emergency first and whole")
def test_an_emergency_comes_first_whole_and_alone(app: App) -> None:
    app.ask("How does Sutent work?", "Sutent")
    (told, *more) = app.ask(EMERGENCY)
    assert more == []
    assert told.text.startswith("Call 911 now")
    assert "cannot help with this" in " ".join(told.text.split())
    assert_readable([told])


@pytest.mark.feature("STOP and START")
def test_stop_ends_the_conversation_and_start_resumes_it(app: App) -> None:
    app.ask("How does Sutent work?", "Sutent")
    if app.channel in TEXTING:  # Twilio itself says goodbye, and lets nothing through any more
        before = len(app.seen)
        assert app.patient.says("STOP").status_code == 200
    else:
        assert "START" in app.ask("stop")[-1].text
        before = len(app.seen)
    assert app.patient.says("How often is Torisel given?").status_code == 200
    resumed = app.ask("START")
    assert len(app.seen) == before + len(resumed), "something was sent after STOP"
    assert "Which treatment do you mean?" in text_of(app.ask("how often is it given?", "mean?"))


@pytest.mark.feature("forget me")
def test_a_patient_is_forgotten_at_their_word(app: App) -> None:
    app.ask("How does Sutent work?", "Sutent")
    assert "Your receipt number is" in text_of(app.ask("please delete all my messages"))
    assert "Nothing is stored of you here" in text_of(app.ask("what do you know about me"))
    assert "Which treatment do you mean?" in text_of(app.ask("how often is it given?", "mean?"))


@pytest.mark.feature("pictures, voice, places: text only")
def test_media_are_answered_with_text_only(app: App) -> None:
    for kind in app.patient.media:
        app.after(lambda kind=kind: app.patient.sends(kind), "I can read text only")


@pytest.mark.feature("an edited message")
def test_an_edited_message_is_answered_once_more_if_its_words_have_changed(app: App) -> None:
    if app.channel not in EDITED:
        pytest.skip("this vendor tells nothing of edits")
    patient = app.patient
    app.answer("How does Sutent work?")
    app.after(lambda: patient.edits("How often is Torisel given?"), CITED)
    assert "Torisel" in app.seen[-1].text or "Torisel" in app.seen[-2].text
    before = len(app.seen)
    assert patient.edits("How often is Torisel given?").status_code == 200  # as it was
    after = app.ask("thank you", "You are welcome")
    assert len(app.seen) == before + len(after)


@pytest.mark.feature("a duplicate delivery runs once")
def test_a_delivery_that_comes_twice_is_answered_once(app: App) -> None:
    app.answer("How often is Torisel given?")
    before = len(app.seen)
    assert app.patient.delivered_again().status_code == 200
    after = app.ask("thank you", "You are welcome")
    assert len(app.seen) == before + len(after)


@pytest.mark.feature("a forged call is refused")
def test_a_forged_call_is_refused_and_nothing_is_done(app: App, bot: BotServer) -> None:
    app.answer("How often is Torisel given?")
    before = len(app.seen)
    for wrong in ("wrong", "", "sha256=", "v0=", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"):
        forged = forge(app.patient, "How does Sutent work?", wrong)
        assert forged == 403, wrong
    after = app.ask("thank you", "You are welcome")
    assert len(app.seen) == before + len(after)


def forge(patient: Patient, text: str, signature: str) -> int:
    """Says it with another signature; the status of the answer."""
    real = patient.signed

    def signed(body: bytes) -> dict[str, str]:
        names = ("X-Telegram-Bot-Api-Secret-Token", "X-Twilio-Signature",
                 "X-Hub-Signature-256", "X-Slack-Signature")  # fmt: skip
        return {**real(body), **{name: signature for name in real(body) if name in names}}

    patient.signed = signed  # type: ignore[method-assign]
    try:
        return patient.says(text).status_code
    finally:
        patient.signed = real  # type: ignore[method-assign]


@pytest.mark.feature("a slow vendor holds nobody up")
def test_a_vendor_that_is_slow_keeps_nobody_waiting(app: App, bot: BotServer) -> None:
    other = new_app("messenger" if app.channel != "messenger" else "slack", bot)
    app.vendor.hold()
    assert app.patient.says("How often is Torisel given?").status_code == 200  # at once
    other.answer("How does Sutent work?")
    assert app.seen == []
    app.vendor.release()
    app.wait(0, CITED)
    assert_cited(app.seen)


@pytest.fixture(scope="module")
def seen_after_an_outage(bot: BotServer) -> dict[str, list[Shown]]:
    """Each channel's answer to a question that was asked while its vendor was down."""
    apps = [new_app(channel, bot) for channel in CHANNELS]
    log_before = len(bot.log)
    for app in apps:
        app.vendor.down()
        assert app.patient.says("How often is Torisel given?").status_code == 200
    bot.wait_for_log(*(f"{app.channel} does not take messages" for app in apps), since=log_before)
    for app in apps:
        app.vendor.up()
    for app in apps:
        app.wait(0)
    seen = {app.channel: app.seen for app in apps}
    for app in apps:
        app.vendor.calm()
    return seen


@pytest.mark.feature("a vendor that is down gets it later")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_vendor_that_was_down_gets_the_answer_when_it_is_back(
    channel: str, seen_after_an_outage: dict[str, list[Shown]]
) -> None:
    seen = seen_after_an_outage[channel]
    assert len(seen) == 1
    assert_cited(seen)


@pytest.mark.feature("a rate limit, a failure: tried again")
@pytest.mark.parametrize("trouble", ["limit", "stumble"])
def test_a_vendor_in_trouble_is_asked_again(app: App, trouble: str) -> None:
    getattr(app.vendor, trouble)(times=1)
    app.answer("How often is Torisel given?")
    assert_cited(app.seen)


@pytest.mark.feature("a refusal is not tried again")
def test_a_vendor_that_refuses_is_not_asked_again(app: App) -> None:
    app.vendor.refuse(times=1)
    assert app.patient.says("How often is Torisel given?").status_code == 200
    app.vendor.wait_for(lambda: app.vendor.calls)
    thanks = app.ask("thank you", "You are welcome")
    assert app.seen == thanks


@pytest.mark.feature("nothing private in the log")
def test_the_log_holds_no_words_addresses_or_secrets(app: App, bot: BotServer) -> None:
    app.ask("A very private question about my bladder?")
    app.vendor.refuse(times=1)
    app.patient.says("Another private question about my bladder?")
    app.ask("thank you", "You are welcome")
    forge(app.patient, "private bladder forged", "wrong")
    hidden = ["bladder", app.patient.address, app.patient.address.removeprefix("whatsapp:")]
    hidden += [*SECRETS.values(), bot.telegram.token, bot.twilio.auth_token]
    hidden += [bot.messenger.page_access_token, bot.slack.token]
    found = [text for text in hidden if text in bot.log]
    assert not found
