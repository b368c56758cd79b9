"""A clinic's own web server, on another origin than the bot's, with pages kind and unkind."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en" {attributes}>
<head><meta charset="utf-8"><title>Clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}<script defer src="{bot}/webhooks/website/widget.js" {data}></script>{more}</head>
<body><main><h1>A clinic</h1><p>Its <a href="#there">page</a>.</p></main></body></html>"""
HOSTILE = "<style>* { all: unset !important } html { font-size: 62.5% } svg { width: 0 }</style>"
REPORTS = """document.addEventListener("securitypolicyviolation", (event) => {
  (window.violations ||= []).push(`${event.violatedDirective} ${event.blockedURI}`) })"""


class ClinicSite:
    """Serves the pages until it is closed."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = site.pages.get(self.path)
                text, headers = found or ("", {})
                self.send_response(200 if found else 404)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *arguments: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add_pages(self, bot: str) -> None:
        """The pages that hold the chat of the bot at this origin."""
        policy = (
            f"default-src 'none'; script-src {bot}; connect-src {bot}; "
            "require-trusted-types-for 'script'"
        )
        script = f'<script defer src="{bot}/webhooks/website/widget.js"></script>'
        for path, parts in {
            "/strict": {},
            "/hostile": {"head": HOSTILE},
            "/right-to-left": {"attributes": 'dir="rtl"'},
            "/twice": {"more": script},
            "/undeferred": {"head": script.replace("defer ", "")},
            "/yellow": {"data": 'data-colour="#ffee00" data-title="Elm Clinic" data-side="left"'},
        }.items():
            blank = {"attributes": "", "head": "", "data": "", "more": ""}
            headers = {"Content-Security-Policy": policy} if path == "/strict" else {}
            self.pages[path] = (PAGE.format(bot=bot, **{**blank, **parts}), headers)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
