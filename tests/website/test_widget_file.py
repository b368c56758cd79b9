"""The widget is small, is served as it is, and its documentation is true."""

from __future__ import annotations

import gzip
import re
from dataclasses import fields
from pathlib import Path

import pytest
import requests
from website_server import Server

from bot.website.files import STATIC
from knowledge.clinic import Clinic, read_clinic
from knowledge.errors import ClinicInvalid
from knowledge.places import ROOT

WIDGET = STATIC / "widget.js"
LARGEST = 12_000  # bytes, gzipped
DOCUMENTATION = (ROOT / "docs" / "website.md").read_text(encoding="utf-8")
ROUTES = (
    "GET /config", "POST /conversations", "POST /messages", "GET /transcript", "POST /feedback",
    "DELETE /conversation", "GET /schema.json", "GET /health/live", "GET /health/ready",
)  # fmt: skip


def test_it_is_small() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), 9, mtime=0)) <= LARGEST


def test_it_interprets_no_markup_and_runs_no_text() -> None:
    source = WIDGET.read_text(encoding="utf-8")
    found = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage"
        r"|document\.cookie|DOMParser|srcdoc",
        source,
    )
    assert found == []


def test_it_fetches_nothing_from_others() -> None:
    addresses = re.findall(r"https?://[^\s\"'<>]+", WIDGET.read_text(encoding="utf-8"))
    assert set(addresses) <= {
        "https://bot.example/webhooks/website/widget.js", "http://www.w3.org/2000/svg",
    }  # fmt: skip


@pytest.mark.parametrize("accepted", ["identity", "gzip, br"])
def test_it_is_served_as_it_is(server: Server, accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    served = requests.get(f"{server.base}/widget.js", headers=headers, timeout=60)
    assert served.content == WIDGET.read_bytes()
    assert served.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = requests.get(
        f"{server.base}/widget.js", headers={"If-None-Match": served.headers["ETag"]}, timeout=60
    )
    assert again.status_code == 304


def test_the_root_address_is_the_demo_page(server: Server) -> None:
    page = requests.get(f"{server.origin}/", timeout=60)
    assert '<script defer src="/webhooks/website/widget.js"></script>' in page.text
    assert "require-trusted-types-for 'script'" in page.headers["Content-Security-Policy"]
    assert "Rasa" not in page.text


@pytest.mark.parametrize("route", ROUTES)
def test_each_route_is_documented_and_there(server: Server, route: str) -> None:
    method, path = route.split()
    assert f"`{route}`" in DOCUMENTATION
    assert requests.request(method, server.base + path, timeout=60).status_code != 404


@pytest.mark.parametrize("attribute", re.findall(r"data-\w+", WIDGET.read_text()[:900]))
def test_each_attribute_is_documented(attribute: str) -> None:
    assert f"`{attribute}`" in DOCUMENTATION


@pytest.mark.parametrize(
    "setting", [f.name for f in fields(Clinic) if f.name.startswith(("chat_", "allowed_"))]
)
def test_each_setting_is_documented_and_in_the_shipped_file(setting: str) -> None:
    assert f"`{setting}`" in DOCUMENTATION
    assert f"\n{setting}: " in (ROOT / "clinic.yml").read_text(encoding="utf-8")


def test_the_policy_of_the_documentation_is_the_one_that_is_tested() -> None:
    tested = (
        "default-src 'none'; script-src https://bot.example; connect-src https://bot.example; "
        "require-trusted-types-for 'script'"
    )
    assert tested in " ".join(DOCUMENTATION.split())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("allowed_origins: 'https://a.example'", "Not a list of origins"),
        ("allowed_origins: ['https://a.example/']", "Not a list of origins"),
        ("allowed_origins: ['*']", "Not a list of origins"),
        ("allowed_origins: [1]", "Not a list of origins"),
        ("chat_colour: blue", 'Not a colour such as "#0b5c8a"'),
        ("chat_title: ' '", "Not a text in quotes"),
        ("chat_turns_per_minute: 0", "Not a whole number above 0"),
        ("chat_turns_per_minute: many", "Not a whole number"),
    ],
)
def test_a_bad_setting_is_refused_with_its_value(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClinicInvalid, match="has value") as caught:
        read_clinic(path)
    assert says in str(caught.value)
