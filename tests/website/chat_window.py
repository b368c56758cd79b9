"""The chat in a browser's tab, as a patient uses it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from knowledge.places import ROOT

PICTURES = ROOT / "build" / "screenshots"
expect.set_options(timeout=60_000)


class ChatWindow:
    """Playwright's selectors reach through the open shadow root."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("carecite-chat .launcher")
        self.panel = page.locator("carecite-chat dialog")
        self.text = page.locator("carecite-chat textarea")
        self.entries = page.locator("carecite-chat li.entry")
        self.answers = page.locator("carecite-chat li.bot")
        self.mine = page.locator("carecite-chat li.you")
        self.notes = page.locator("carecite-chat li.note")
        self.status = page.locator("carecite-chat .foot .status:visible")
        self.live = page.locator("carecite-chat [aria-live]")

    def open(self) -> ChatWindow:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def ask(self, text: str) -> Any:
        """Types and sends it; gives the answer once it is there."""
        number = self.answers.count()
        self.text.fill(text)
        self.text.press("Enter")
        expect(self.answers).to_have_count(number + 1)
        return self.answers.last

    def button(self, name: str) -> Any:
        return self.page.locator("carecite-chat").get_by_role("button", name=name, exact=True)

    def menu(self, name: str) -> None:
        if not self.button(name).is_visible():
            self.button("Menu").click()
        self.button(name).click()

    def focus(self) -> str:
        """The name or text of what has the focus, seen through shadow roots; "" for nothing."""
        return str(
            self.page.evaluate(
                """() => {
                  let at = document.activeElement
                  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
                  if (!at || at === document.body) return ""
                  return at.getAttribute("aria-label") || at.id || at.textContent.trim()
                }"""
            )
        )

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def violations(self) -> list[str]:
        """What the page's Content-Security-Policy and Trusted Types reported."""
        return list(self.page.evaluate("() => window.violations || []"))
