"""From the first visit to a cited answer, in a real browser, against the real bot."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chat_window import ChatWindow, expect
from pages import ClinicSite

Visit = Callable[..., ChatWindow]
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1280, 800)}
QUESTION = "What are the side effects of Opdivo?"


@pytest.mark.parametrize("device", SIZES)
def test_the_first_visit_leads_to_a_cited_answer(visit: Visit, device: str) -> None:
    width, height = SIZES[device]
    window = visit(width=width, height=height)
    expect(window.launcher).to_be_visible()
    window.picture(f"{device}_closed")
    window.open()
    expect(window.panel).to_contain_text("I am a computer program, not a doctor")
    expect(window.panel).to_contain_text("In an emergency call 911")
    answer = window.ask(QUESTION)
    expect(answer).to_contain_text("Side effects: Opdivo (nivolumab)")
    expect(answer.locator("summary")).to_have_text("Source: WebMD, reviewed September 11, 2017")
    expect(answer).to_contain_text("Reviewed over")
    assert answer.locator("ul li").count() > 5
    window.picture(f"{device}_answer")
    answer.locator("summary").click()
    expect(answer).to_contain_text("Reviewed by Laura J. Martin, MD")
    expect(answer).to_contain_text("References on this topic:")
    window.picture(f"{device}_references")
    assert window.violations() == []


@pytest.mark.parametrize("device", ["phone", "desktop", "magnified"])
def test_the_emergency_line_stays_in_sight(visit: Visit, device: str) -> None:
    width, height = {**SIZES, "magnified": (320, 256)}[device]
    window = visit(width=width, height=height).open()
    for question in (QUESTION, "Compare Sutent and Opdivo.", "I can't breathe"):
        window.ask(question)
        expect(window.page.locator("carecite-chat .emergency")).to_be_in_viewport(ratio=1)
    window.picture(f"{device}_emergency")


def test_a_comparison_is_a_table_with_heads(visit: Visit) -> None:
    answer = visit().open().ask("What is the difference between Sutent and Opdivo?")
    expect(answer.locator("th[scope=col]")).to_have_count(2)
    assert answer.locator("th[scope=row]").count() > 1


def test_a_follow_up_is_one_tap(visit: Visit) -> None:
    window = visit().open()
    window.ask("What is Sutent?").get_by_role("button", name="Side effects of Sutent").click()
    expect(window.answers).to_have_count(2)
    expect(window.answers.last).to_contain_text("Side effects: Sutent")


def test_markup_is_shown_as_text(visit: Visit) -> None:
    window = visit().open()
    markup = "<img src=x onerror=alert(1)><b>Sutent</b> &amp; <script>alert(2)</script>"
    window.page.on("dialog", lambda _: pytest.fail("markup of a patient was run"))
    window.ask(markup)
    expect(window.mine.locator(".bubble")).to_contain_text(markup)
    assert window.mine.locator("img, b, script").count() == 0


def test_a_message_of_ten_thousand_characters_gets_friendly_words_and_is_kept(visit: Visit) -> None:
    window = visit().open()
    text = "abcd " * 2000
    expect(window.ask(text)).to_contain_text("too long for me")
    expect(window.text).to_have_value(text.strip())
    expect(window.ask("How often is Torisel given?")).to_contain_text("Torisel")


def test_an_emergency_at_the_end_of_a_very_long_message_is_seen(visit: Visit) -> None:
    answer = visit().open().ask("word " * 2000 + "I have chest pain and I can't breathe")
    expect(answer).to_contain_text("Call 911 now")


def test_a_slow_answer_is_waited_for_and_found_when_it_comes_out_of_sight(visit: Visit) -> None:
    window = visit().open()
    window.ask(QUESTION)
    window.ask("What are the side effects of Sutent?")

    def slowly(route: Any) -> None:
        expect(window.panel).to_contain_text("Looking it up")
        expect(window.page.locator("carecite-chat .dots")).to_be_visible()
        window.page.locator("carecite-chat .log").evaluate("log => { log.scrollTop = 0 }")
        route.continue_()

    window.page.route("**/messages", slowly)
    answer = window.ask("How often is Torisel given?")
    expect(answer).not_to_be_in_viewport()
    window.picture("new_answer")
    window.button("New answer ↓").click()
    expect(answer.locator("h3")).to_be_in_viewport()
    expect(window.button("New answer ↓")).to_be_hidden()
    assert window.focus() == "Conversation"


def test_a_double_click_sends_once(visit: Visit) -> None:
    window = visit().open()
    window.text.fill(QUESTION)
    window.button("Send").dblclick()
    expect(window.answers).to_have_count(1)
    expect(window.text).to_have_value("")
    expect(window.mine).to_have_count(1)


def test_an_empty_question_is_not_sent(visit: Visit) -> None:
    window = visit().open()
    window.text.press("Enter")
    expect(window.status).to_have_text("Please type a question first.")
    expect(window.mine).to_have_count(0)


def test_a_page_with_the_strictest_policy_may_hold_it(visit: Visit, site: ClinicSite) -> None:
    window = visit(f"{site.origin}/strict").open()
    answer = window.ask("How often is Sutent given?")
    answer.get_by_role("button", name="Not helpful").click()
    window.button("Seems wrong").click()
    expect(answer).to_contain_text("Thank you.")
    window.menu("Larger type")
    window.menu("Delete my conversation")
    window.button("Yes, delete it").click()
    expect(window.notes).to_contain_text("was deleted here and on the server")
    window.picture("strict_policy")
    assert window.violations() == []


def test_forget_me_empties_the_window_and_its_storage(visit: Visit) -> None:
    window = visit().open()
    window.ask(QUESTION)
    window.text.fill("forget me")
    window.text.press("Enter")
    expect(window.notes).to_contain_text("Your receipt number is")
    expect(window.mine).to_have_count(0)
    assert QUESTION not in window.page.evaluate("() => JSON.stringify({...sessionStorage})")


@pytest.mark.parametrize("page", ["/hostile", "/right-to-left", "/twice", "/yellow", "/undeferred"])
def test_an_unkind_page_does_not_spoil_it(visit: Visit, site: ClinicSite, page: str) -> None:
    window = visit(f"{site.origin}{page}").open()
    expect(window.page.locator("carecite-chat")).to_have_count(1)
    window.ask(QUESTION)
    style = window.text.evaluate(
        "e => [getComputedStyle(e).fontSize, getComputedStyle(e).direction,"
        " getComputedStyle(e).borderTopStyle]"
    )
    assert style == ["16px", "ltr", "solid"]
    box = window.panel.bounding_box()
    assert box is not None
    assert box["width"] > 380
    assert box["height"] > 500
    on_the_left = page in ("/right-to-left", "/yellow")
    assert (box["x"] < 100) == on_the_left
    window.picture(f"page{page.replace('/', '_')}")


@pytest.mark.parametrize("colour", ["#ffee00", "#ffffff", "#000000", "#808080", "#ff0000"])
def test_whatever_the_colour_its_text_can_be_read(visit: Visit, colour: str) -> None:
    window = visit()
    seen = window.launcher.evaluate(
        """(button, colour) => {
          const script = document.querySelector("script")
          script.dataset.colour = colour
          const chat = document.createElement("carecite-chat")
          document.body.append(chat)
          return new Promise((done) => setTimeout(function look() {
            const made = chat.shadowRoot.querySelector(".launcher")
            if (!made) return setTimeout(look, 50)
            const style = getComputedStyle(made)
            done([style.color, style.backgroundColor])
          }))
        }""",
        colour,
    )
    text, ground = (_luminance(value) for value in seen)
    assert (max(text, ground) + 0.05) / (min(text, ground) + 0.05) >= 4.5


def _luminance(rgb: str) -> float:
    parts = [int(value) / 255 for value in rgb.removeprefix("rgb(").removesuffix(")").split(",")]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_nothing_is_fetched_but_from_the_bot_and_nothing_stored_but_in_the_tab(
    visit: Visit, site: ClinicSite
) -> None:
    window = visit(f"{site.origin}/strict")
    fetched: list[str] = []
    window.page.on("request", lambda request: fetched.append(request.url))
    window.page.reload()
    window.open().ask(QUESTION)
    assert {url for url in fetched if "/webhooks/website/" not in url} <= {
        f"{site.origin}/strict", f"{site.origin}/favicon.ico",
    }  # fmt: skip
    assert window.page.context.cookies() == []
    stored = window.page.evaluate("() => [localStorage.length, Object.keys(sessionStorage)]")
    assert stored[0] == 0
    assert len(stored[1]) == 1


def test_the_conversation_can_be_copied_and_downloaded_with_its_citation(visit: Visit) -> None:
    window = visit(permissions=["clipboard-read", "clipboard-write"]).open()
    window.ask(QUESTION)
    with window.page.expect_download() as caught:
        window.menu("Download")
    text = caught.value.path().read_text(encoding="utf-8")
    window.button("Copy").click()
    expect(window.status).to_have_text("The conversation was copied.")
    assert window.page.evaluate("() => navigator.clipboard.readText()") == text
    assert QUESTION in text
    assert "Reviewed by Laura J. Martin, MD on September 11, 2017" in text
    assert "American Cancer Society" in text


@pytest.mark.parametrize("how", ["from the menu", "by the browser"])
def test_printing_keeps_the_citation(visit: Visit, how: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    window = visit().open()
    window.ask(QUESTION)
    if how == "from the menu":
        window.page.evaluate("() => { window.print = () => {} }")
        window.menu("Print")
    path = window.page.pdf()
    import io

    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(path)).pages)
    text = " ".join(text.split()).replace("\ufb00", "ff").replace("\ufb01", "fi")
    assert "Side effects: Opdivo" in text
    assert "Reviewed by Laura J. Martin, MD on September 11, 2017" in text
    assert "References on this topic: American Cancer Society" in text
    assert "Your question" not in text
    assert ("Elm Street Cancer Clinic" in text) == (how == "by the browser")


def test_feedback_says_thanks_and_remembers(visit: Visit) -> None:
    window = visit().open()
    answer = window.ask(QUESTION)
    down = answer.get_by_role("button", name="Not helpful")
    down.click()
    window.button("Hard to understand").click()
    expect(answer).to_contain_text("Thank you.")
    expect(down).to_have_attribute("aria-pressed", "true")
    stored = window.page.evaluate("() => Object.values(sessionStorage)[0]")
    assert [entry.get("rating") for entry in json.loads(stored)["log"]] == [None, "down"]
