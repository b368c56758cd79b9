"""One server, one clinic's site and one browser for all tests of this folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_window import ChatWindow
from pages import REPORTS, ClinicSite
from website_server import Chat, Server

from knowledge.places import ROOT

NODE_MODULES = ROOT / "build" / "browser_tests"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]  # fmt: skip


def missing(what: str) -> None:
    """Skips with the reason; where everything has to be tested, fails."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="package")
def site() -> Iterator[ClinicSite]:
    opened = ClinicSite()
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory, site: ClinicSite) -> Iterator[Server]:
    started = Server(
        tmp_path_factory.mktemp("website"),
        allowed_origins=[site.origin],
        chat_turns_per_minute=10_000,
        chat_requests_per_minute_and_address=1_000_000,
    )
    site.add_pages(started.origin)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def chat(server: Server) -> Chat:
    return Chat(server.base)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        missing("there is no Chromium here: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Callable[..., ChatWindow]]:
    """Opens a path of the bot, or an address, in a tab of a browser of its own."""
    contexts: list[Any] = []

    def visit_page(address: str = "/", **options: Any) -> ChatWindow:
        viewport = {"width": options.pop("width", 1280), "height": options.pop("height", 800)}
        context = browser.new_context(viewport=viewport, locale="en-US", **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        context.add_init_script(REPORTS)
        page = context.new_page()
        page.goto(server.origin + address if address.startswith("/") else address)
        return ChatWindow(page)

    yield visit_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The audits' own programs: from npm, exactly the locked ones, outside of the product."""
    npm = shutil.which("npm")
    if npm is None:
        missing("there is no npm here: apt-get install npm")
    wanted = Path(__file__).with_name("package-lock.json").read_text(encoding="utf-8")
    done = NODE_MODULES / "installed.json"
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        NODE_MODULES.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(Path(__file__).with_name(name), NODE_MODULES)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        ran = subprocess.run(command, cwd=NODE_MODULES, capture_output=True, text=True)
        if ran.returncode:
            missing(f"npm could not install the audits: {ran.stderr[-400:]}")
        done.write_text(wanted, encoding="utf-8")
    return NODE_MODULES / "node_modules"


@pytest.fixture
def audit(node_modules: Path) -> Callable[[ChatWindow], list[str]]:
    """Runs axe with the rules of WCAG 2.2 AA and best practice; gives what it finds."""
    axe = (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def run(window: ChatWindow) -> list[str]:
        window.page.evaluate(axe)
        options = json.dumps({"runOnly": {"type": "tag", "values": tags}})
        found = window.page.evaluate(f"async () => (await axe.run(document, {options})).violations")
        return [
            f"{v['id']}: {node['target']} {node['failureSummary']}"
            for v in found
            for node in v["nodes"]
        ]

    return run
