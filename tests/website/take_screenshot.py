"""python tests/website/take_screenshot.py: makes docs/chat.png, the README's picture."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "docs" / "chat.png"


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from chat_window import ChatWindow
    from website_server import Server

    server = Server(Path(tempfile.mkdtemp()))
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1120, "height": 760}, locale="en-US")
            page.goto(f"{server.origin}/")
            window = ChatWindow(page).open()
            window.ask("how often do i take sutent").locator("summary").click()
            window.answers.last.evaluate("answer => answer.scrollIntoView()")
            page.screenshot(path=PICTURE)
            browser.close()
    finally:
        server.stop()
    print(PICTURE)


if __name__ == "__main__":
    main()
