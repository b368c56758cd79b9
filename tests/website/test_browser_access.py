"""Keyboard, screen reader and the audits of axe and Lighthouse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chat_window import ChatWindow, expect
from pages import ClinicSite
from website_server import Server

Visit = Callable[..., ChatWindow]
Audit = Callable[[ChatWindow], list[str]]
QUESTION = "What are the side effects of Opdivo?"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone": {"width": 390, "height": 844},
    "400 percent": {"width": 320, "height": 256},
}
SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`)
  const root = document.querySelector("carecite-chat").shadowRoot
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}"""


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_state(visit: Visit, audit: Audit, look: str) -> None:
    window = visit(**LOOKS[look])
    expect(window.launcher).to_be_visible()
    found = {"closed": audit(window)}
    window.open()
    found["open"] = audit(window)
    answer = window.ask(QUESTION)
    found["answer"] = audit(window)
    answer.locator("summary").click()
    found["references"] = audit(window)
    answer.get_by_role("button", name="Not helpful").click()
    found["feedback"] = audit(window)
    window.ask("Compare Sutent and Opdivo.")
    found["table"] = audit(window)
    window.ask("how often is it given in general?")
    found["buttons"] = audit(window)
    window.ask("I can't breathe")
    found["emergency"] = audit(window)
    window.button("Menu").click()
    found["menu"] = audit(window)
    window.button("Larger type").click()
    found["larger type"] = audit(window)
    window.button("Delete my conversation").click()
    found["question back"] = audit(window)
    window.button("No, keep it").click()
    window.page.context.set_offline(True)
    window.text.fill("How does Torisel work?")
    window.text.press("Enter")
    expect(window.status).to_contain_text("No connection")
    expect(window.status).to_be_in_viewport()
    found["error"] = audit(window)
    window.picture(f"axe_{look.replace(' ', '_')}")
    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.mark.parametrize("page", ["/hostile", "/right-to-left", "/yellow"])
def test_axe_finds_nothing_of_the_chat_on_an_unkind_page(
    visit: Visit, audit: Audit, site: ClinicSite, page: str
) -> None:
    window = visit(f"{site.origin}{page}").open()
    window.ask(QUESTION)
    assert [fault for fault in audit(window) if "carecite-chat" in fault] == []


@pytest.mark.parametrize("spaced", [False, True])
def test_at_400_percent_nothing_is_cut_off(visit: Visit, spaced: bool) -> None:
    window = visit(width=320, height=256).open()
    if spaced:
        window.page.evaluate(SPACED)
    answer = window.ask(QUESTION)
    wide = window.page.evaluate(
        """() => [...document.querySelector("carecite-chat").shadowRoot.querySelectorAll(
          "dialog *:not(.unseen, .unseen *)")].filter((e) => e.getBoundingClientRect().right > 321)
          .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    for part in (answer.locator("summary"), window.text, window.button("Send")):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=0.99)


def test_everything_is_done_with_the_keyboard(visit: Visit) -> None:
    window = visit()
    expect(window.launcher).to_be_visible()
    press = window.page.keyboard.press
    for _ in range(12):
        press("Tab")
        if window.focus() == "Questions about treatments":
            break
    press("Enter")
    expect(window.panel).to_be_visible()
    assert window.focus() == "text"
    window.page.keyboard.type("What is Sutent?")
    press("Enter")
    expect(window.answers).to_have_count(1)
    assert window.focus() == "text"
    seen: list[str] = []
    for _ in range(14):
        press("Shift+Tab")
        seen.append(window.focus())
        if seen[-1] == "Menu":
            break
    assert seen[:3] == ["Not helpful", "Helpful", "How often Sutent is given"]
    assert "Source: WebMD, reviewed September 11, 2017" in seen
    assert "Conversation" in seen
    assert "" not in seen
    press("Enter")
    expect(window.button("Print")).to_be_visible()
    press("Escape")
    expect(window.button("Print")).to_be_hidden()
    assert window.focus() == "Menu"
    press("Escape")
    expect(window.panel).to_be_hidden()
    assert window.focus() == "Questions about treatments"


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_focus_is_never_lost(visit: Visit, size: tuple[int, int]) -> None:
    window = visit(width=size[0], height=size[1])
    window.launcher.focus()
    window.page.evaluate(
        """() => {
          window.lost = []
          setInterval(() => {
            let at = document.activeElement
            while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
            if (!at || at === document.body || at.localName === "carecite-chat") {
              window.lost.push(performance.now())
            }
          }, 2)
        }"""
    )
    press = window.page.keyboard.press
    press("Enter")
    expect(window.panel).to_be_visible()
    window.text.fill("What is Sutent?")
    window.text.press("Enter")
    expect(window.answers).to_have_count(1)
    for name in ("Side effects of Sutent", "How Sutent is given"):
        window.button(name).first.focus()
        press("Enter")
    expect(window.answers).to_have_count(2)
    window.button("Not helpful").first.focus()
    press("Enter")
    window.button("Seems wrong").focus()
    press("Enter")
    expect(window.answers.first).to_contain_text("Thank you.")
    window.button("Menu").focus()
    press("Enter")
    window.button("Delete my conversation").focus()
    press("Enter")
    assert window.focus() == "No, keep it"
    window.button("Yes, delete it").focus()
    press("Enter")
    expect(window.notes).to_have_count(1)
    press("Escape")
    expect(window.panel).to_be_hidden()
    assert window.page.evaluate("() => window.lost") == []


def test_each_answer_is_announced_once_and_none_on_restore(visit: Visit) -> None:
    window = visit()
    watch = """() => {
      window.announced = []
      const live = document.querySelector("carecite-chat").shadowRoot.querySelector("[aria-live]")
      new MutationObserver(() => live.textContent && window.announced.push(live.textContent))
        .observe(live, { childList: true, characterData: true, subtree: true })
    }"""
    expect(window.launcher).to_be_visible()
    window.page.evaluate(watch)
    window.open()
    window.ask("What is Sutent?")
    window.ask("How often is Torisel given?")
    announced = window.page.evaluate("() => window.announced")
    assert len(announced) == 2
    assert announced[0].startswith("What it is: Sutent")
    assert "You can also ask: Side effects of Sutent" in announced[0]
    assert "Torisel" in announced[1]
    live = window.page.locator("carecite-chat").locator("[aria-live], [role=status], [role=alert]")
    expect(live).to_have_count(1)
    window.page.reload()
    expect(window.launcher).to_be_visible()
    window.page.evaluate(watch)
    window.open()
    expect(window.answers).to_have_count(2)
    assert window.page.evaluate("() => window.announced") == []
    expect(window.live).to_have_text("")


def test_controls_are_named_and_the_language_is_set(visit: Visit) -> None:
    window = visit().open()
    window.ask(QUESTION)
    assert window.page.locator("carecite-chat [lang=en]").count() == 1
    nameless = window.page.locator("carecite-chat button:visible").evaluate_all(
        "all => all.filter((b) => !(b.ariaLabel || b.textContent.trim())).length"
    )
    assert nameless == 0


def test_lighthouse_finds_it_accessible_and_well_made(
    node_modules: Path, server: Server, tmp_path: Path
) -> None:
    """Performance is measured by the benchmark: on a busy machine it would say little here."""
    node, chrome = shutil.which("node"), shutil.which("chromium")
    if node is None or chrome is None:
        pytest.skip("Lighthouse needs node and chromium")
    report = tmp_path / "report.json"
    ran = subprocess.run(
        [
            node, str(node_modules / "lighthouse" / "cli" / "index.js"), f"{server.origin}/",
            "--quiet", "--output=json", f"--output-path={report}",
            "--only-categories=accessibility,best-practices",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ],
        env={**os.environ, "CHROME_PATH": chrome}, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert report.exists(), ran.stderr[-800:]
    found = json.loads(report.read_text(encoding="utf-8"))
    scores = {name: category["score"] for name, category in found["categories"].items()}
    failed = [name for name, audit in found["audits"].items() if audit["score"] == 0]
    assert scores["accessibility"] == 1, failed
    assert scores["best-practices"] >= 0.95, failed
