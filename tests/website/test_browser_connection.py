"""Lost connections, reloads, tabs and sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from chat_window import ChatWindow, expect
from website_server import Server

Visit = Callable[..., ChatWindow]
QUESTION = "How often is Torisel given?"


def test_a_server_that_is_killed_and_started_again_loses_no_message(
    visit: Visit, server: Server
) -> None:
    window = visit().open()
    window.ask("What is Sutent?")
    server.kill()
    try:
        window.text.fill(QUESTION)
        window.text.press("Enter")
        expect(window.status).to_contain_text("No connection. Your message is kept")
        window.picture("connection_lost")
    finally:
        server.start()
    if window.answers.count() < 2:  # its own next try may have come first
        window.page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(window.answers).to_have_count(2)
    expect(window.answers.last).to_contain_text("Torisel")
    expect(window.mine).to_have_count(2)
    expect(window.status).to_have_count(0)


def test_a_lost_reply_comes_again_and_the_turn_runs_once(visit: Visit) -> None:
    window = visit().open()
    cut: list[str] = []

    def cut_first(route: Any) -> None:
        if cut:
            route.continue_()
            return
        cut.append(route.request.post_data)
        route.fetch()  # the server answers, and nobody hears it
        route.abort()

    window.page.route("**/messages", cut_first)
    expect(window.ask(QUESTION)).to_contain_text("Torisel")
    transcript = window.page.evaluate(
        """async () => {
          const { token } = JSON.parse(Object.values(sessionStorage)[0])
          const headers = { Authorization: `Bearer ${token}` }
          return (await fetch("/webhooks/website/transcript", { headers })).json()
        }"""
    )
    assert [turn["said"] for turn in transcript["turns"]] == [QUESTION]


def test_what_is_typed_while_there_is_no_connection_is_sent_when_it_is_back(visit: Visit) -> None:
    window = visit().open()
    window.ask("What is Sutent?")
    window.page.context.set_offline(True)
    window.text.fill(QUESTION)
    window.text.press("Enter")
    expect(window.status).to_contain_text("No connection")
    window.page.context.set_offline(False)
    expect(window.answers).to_have_count(2)


def test_a_proxy_that_answers_with_a_page_counts_as_no_connection(visit: Visit) -> None:
    window = visit().open()
    window.page.route("**/messages", lambda r: r.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    window.text.fill(QUESTION)
    window.text.press("Enter")
    expect(window.status).to_contain_text("No connection")
    window.page.unroute("**/messages")
    expect(window.answers).to_have_count(1)


def test_the_patient_can_try_again_without_waiting(visit: Visit) -> None:
    window = visit("/demo.css")
    window.page.clock.install()
    window.page.goto(window.page.url.replace("demo.css", ""))
    window.open()
    window.page.route("**/messages", lambda route: route.abort())
    window.text.fill(QUESTION)
    window.text.press("Enter")
    expect(window.status).to_contain_text("No connection")
    window.page.clock.pause_at(datetime.now(timezone.utc) + timedelta(minutes=5))
    expect(window.status).to_contain_text("No connection")
    window.page.unroute("**/messages")
    window.button("Try now").click()  # the time of the next try by itself never comes
    expect(window.answers).to_have_count(1)


def test_a_turn_that_fails_says_so_and_is_tried_again_by_hand(visit: Visit) -> None:
    window = visit().open()
    error = {"error": {"code": "turn_failed", "text": "I am sorry, something went wrong."}}
    window.page.route("**/messages", lambda r: r.fulfill(status=503, json=error))
    answer = window.ask(QUESTION)
    expect(answer).to_contain_text("something went wrong")
    window.picture("turn_failed")
    window.page.unroute("**/messages")
    answer.get_by_role("button", name="Try again").click()
    expect(window.answers.last).to_contain_text("Torisel")


def test_too_fast_is_said_and_sent_later(visit: Visit) -> None:
    window = visit().open()
    seen: list[str] = []

    def refuse_once(route: Any) -> None:
        if seen:
            route.continue_()
            return
        seen.append("refused")
        error = {"error": {"code": "too_many", "text": "Please wait a moment."}}
        route.fulfill(status=429, json=error, headers={"Retry-After": "1"})

    window.page.route("**/messages", refuse_once)
    expect(window.ask(QUESTION)).to_contain_text("Torisel")
    assert seen == ["refused"]


def test_a_reload_keeps_the_conversation_and_what_is_typed(visit: Visit) -> None:
    window = visit().open()
    window.ask("What is Sutent?")
    window.text.fill("and how oft")
    window.page.reload()
    window.open()
    expect(window.answers).to_have_count(1)
    expect(window.text).to_have_value("and how oft")
    expect(window.ask("how often is it taken?")).to_contain_text("Sutent")


def test_a_reload_in_the_middle_of_a_turn_gets_its_answer(visit: Visit) -> None:
    window = visit().open()
    reloaded: list[object] = []

    def cut_until_reloaded(route: Any) -> None:
        if reloaded:
            route.continue_()
        else:
            route.abort()

    window.page.route("**/messages", cut_until_reloaded)
    window.text.fill(QUESTION)
    window.text.press("Enter")
    expect(window.status).to_contain_text("No connection")
    window.page.on("framenavigated", lambda frame: reloaded.append(frame))  # noqa: PLW0108
    window.page.reload()
    expect(window.launcher).to_contain_text("1 new")
    window.picture("unread")
    window.open()
    expect(window.answers).to_have_count(1)
    expect(window.mine).to_have_count(1)


def test_two_tabs_hold_two_conversations(visit: Visit) -> None:
    first = visit().open()
    first.ask("What is Sutent?")
    page = first.page.context.new_page()
    page.goto(first.page.url)
    second = ChatWindow(page).open()
    expect(second.answers).to_have_count(0)
    expect(second.ask("how often is it given?")).to_contain_text("Which treatment do you mean?")
    expect(first.answers).to_have_count(1)


def test_a_duplicated_tab_starts_its_own_conversation(visit: Visit) -> None:
    first = visit().open()
    first.ask("What is Sutent?")
    with first.page.context.expect_page() as caught:  # opened so, a tab gets a copy of the storage
        first.page.evaluate("() => { window.open(location.href) }")
    second = ChatWindow(caught.value)
    second.open()
    expect(second.notes).to_contain_text("open in another tab")
    expect(second.answers).to_have_count(0)
    expect(first.answers).to_have_count(1)


def test_an_expired_session_starts_anew_and_says_so(visit: Visit) -> None:
    window = visit().open()
    window.ask("What is Sutent?")
    window.page.evaluate(
        """() => {
          const [key] = Object.keys(sessionStorage)
          const state = { ...JSON.parse(sessionStorage[key]), token: "x".repeat(96) }
          sessionStorage[key] = JSON.stringify(state)
        }"""
    )
    window.page.reload()
    window.open()
    expect(window.ask(QUESTION)).to_contain_text("Torisel")
    expect(window.notes).to_contain_text("has expired")


def test_deleting_is_confirmed_by_the_server(visit: Visit) -> None:
    window = visit().open()
    window.ask("What is Sutent?")
    window.page.route("**/conversation", lambda route: route.abort())
    window.menu("Delete my conversation")
    window.button("Yes, delete it").click()
    expect(window.status).to_contain_text("not deleted yet")
    expect(window.answers).to_have_count(1)
    window.page.unroute("**/conversation")
    window.button("Try now").click()
    expect(window.notes).to_contain_text("was deleted here and on the server")
    expect(window.answers).to_have_count(0)
    assert "Sutent" not in window.page.evaluate("() => Object.values(sessionStorage)[0]")
    window.picture("deleted")


def test_an_answer_to_a_closed_chat_is_marked_as_new(visit: Visit) -> None:
    window = visit().open()

    def close_first(route: Any) -> None:
        window.button("Close").click()
        route.continue_()

    window.page.route("**/messages", close_first)
    window.text.fill(QUESTION)
    window.text.press("Enter")
    expect(window.launcher).to_contain_text("1 new")
    window.open()
    expect(window.answers).to_have_count(1)
    window.button("Close").click()
    expect(window.launcher).not_to_contain_text("new")


def test_consent_comes_before_the_first_message(visit: Visit) -> None:
    window = visit("about:blank")
    text = "I agree that my questions are answered by a program."

    def with_consent(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "consent": text})

    window.page.route("**/config", with_consent)
    window.page.goto(visit().page.url)
    window.open()
    expect(window.panel).to_contain_text(text)
    expect(window.text).to_be_hidden()
    assert window.focus() == "I agree"
    window.picture("consent")
    window.button("I agree").click()
    assert window.focus() == "text"
    window.ask(QUESTION)
    window.page.reload()
    window.open()
    expect(window.text).to_be_visible()
