"""The page of a made-up clinic at the root address, with the chat in it."""

from __future__ import annotations

from sanic import Sanic

from bot.website.files import STATIC, served

# As strict as a page can be: what the widget needs is all that is allowed.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def add_demo_page(app: Sanic) -> None:
    """Stands where Rasa puts "Hello from Rasa: 3.6.21", which tells an attacker what to try."""
    for path, name, kind in (
        ("/", "demo.html", "text/html; charset=utf-8"),
        ("/demo.css", "demo.css", "text/css; charset=utf-8"),
    ):
        app.add_route(served(STATIC / name, kind, HEADERS), path, name=name.replace(".", "_"))
