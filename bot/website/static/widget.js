/* The chat of the clinic's website: one custom element, no framework, nothing fetched but the bot.
 *
 *   <script defer src="https://bot.example/webhooks/website/widget.js"></script>
 *
 * Attributes of the script tag: data-title, data-colour ("#0b5c8a"), data-side ("left").
 * Text from the bot or the patient only ever goes through textContent: no markup is interpreted,
 * and pages that demand Trusted Types are satisfied. State lives in this tab's sessionStorage.
 */
(() => {
"use strict";
if (customElements.get("carecite-chat")) return; // the script tag stands twice on the page

const SCRIPT = document.currentScript;
const BASE = SCRIPT.src.replace(/\/[^/]*$/, "");
const STORE = `carecite ${BASE}`;
const ANSWER_WITHIN = 35000; // ms, then the request is sent again
const LONGEST_WAIT = 30000; // ms between two tries
const KEPT = 100; // entries of the conversation
const PHONE = matchMedia("(max-width: 480px), (max-height: 420px)");
const REASONS = {
  not_my_question: "Not what I asked",
  hard_to_understand: "Hard to understand",
  seems_wrong: "Seems wrong",
};
const ICONS = {
  chat: "M4 4h16v12H9l-5 4z",
  close: "M5 5l14 14M19 5L5 19",
  menu: "M4 6h16M4 12h16M4 18h16",
  send: "M4 12h15M13 6l6 6-6 6",
  up: "M7 11v9H4v-9zM7 11l4-8c2 0 3 1 2 6h6l-2 11H7",
  down: "M7 13V4H4v9zM7 13l4 8c2 0 3-1 2-6h6L17 4H7",
};

const CSS = `
:host { all: initial !important; display: block !important; position: static !important; }
@media print { :host { display: block !important; } }
.root, .root * { box-sizing: border-box; }
.root { all: initial; display: block; direction: ltr; color-scheme: light dark; font-size: medium;
  --bg: #fff; --text: #1b1b1b; --soft: #f1f4f6; --line: #767f87; --warn: #7a3b00;
  --accent: var(--accent-light);
  font-family: system-ui, sans-serif; line-height: 1.5; color: var(--text);
  min-height: 5em; /* at the end of the page: the launcher covers no last line */ }
.root.larger { font-size: 1.375em; }
@media (prefers-color-scheme: dark) {
  .root { --bg: #16191c; --text: #f0f2f3; --soft: #262b30; --line: #929aa2; --warn: #ffc48a;
    --accent: var(--accent-dark); }
}
button, textarea, summary { font: inherit; color: inherit; letter-spacing: inherit; }
button { background: none; border: 1px solid var(--line); border-radius: .5em; cursor: pointer;
  min-height: 2.25em; min-width: 2.25em; padding: .25em .6em; text-align: start; }
button:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { width: 1.4em; height: 1.4em; display: block; fill: none; stroke: currentColor;
  stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
p, ul, ol, h2, h3, h4 { margin: 0 0 .5em; padding: 0; font-size: 1em; overflow-wrap: anywhere; }
h2, h3 { font-weight: bold; } ul { padding-inline-start: 1.3em; list-style: disc; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.primary { background: var(--brand); color: var(--on-brand); border-color: var(--on-brand); }
.launcher { position: fixed; inset: auto 1em 1em auto; z-index: 2147483000; display: flex;
  gap: .5em; align-items: center; min-height: 3em; border-radius: 2em; padding: .5em 1em;
  max-width: calc(100vw - 2em); }
.left .launcher, .left dialog { right: auto; left: 1em; }
.launcher .count { background: var(--on-brand); color: var(--brand); border-radius: 1em;
  padding: 0 .5em; font-weight: bold; }
dialog { position: fixed; inset: auto 1em 1em auto; z-index: 2147483001; margin: 0; padding: 0;
  width: min(28em, calc(100vw - 2em)); height: min(42em, calc(100vh - 2em)); max-width: none;
  max-height: none; border: 1px solid var(--line); border-radius: .75em; background: var(--bg);
  color: inherit; overflow: clip; box-shadow: 0 .2em 1.5em #0006; }
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: var(--bg); }
header { display: flex; gap: .4em; align-items: center; padding: .4em .4em .4em .8em;
  background: var(--brand); color: var(--on-brand); }
header h2 { flex: 1; margin: 0; } header button { border-color: transparent; }
header :focus-visible { outline-color: currentColor; outline-offset: -3px; }
.emergency { margin: 0; padding: .3em .8em; font-weight: bold; background: var(--soft);
  border-bottom: 1px solid var(--line); color: var(--warn); }
.menu { display: flex; flex-wrap: wrap; gap: .4em; padding: .5em .8em;
  border-bottom: 1px solid var(--line); }
.menu p { flex-basis: 100%; margin: 0; }
.log { position: relative; flex: 1 1 auto; overflow-y: auto; min-height: 0; padding: .8em; }
.log:focus-visible { outline-offset: -3px; }
ol { list-style: none; }
li.entry { margin-bottom: 1em; scroll-margin-top: .5em; }
.you .bubble { margin-inline-start: 2em; padding: .4em .8em; background: var(--soft);
  border: 1px solid var(--line); border-radius: .75em; white-space: pre-wrap; }
.card { border: 1px solid var(--line); border-inline-start: .3em solid var(--accent);
  border-radius: .5em; padding: .6em .8em; margin-bottom: .5em; }
.card.alarm { border: .2em solid var(--warn); font-weight: bold; }
p.note { color: var(--text); border-block: 1px solid var(--line); padding: .3em 0; }
.whose { font-style: italic; }
.table { overflow-x: auto; margin-bottom: .5em; }
table { border-collapse: collapse; font-size: .9em; }
th, td { border: 1px solid var(--line); padding: .3em .5em; text-align: start;
  vertical-align: top; min-width: 7em; }
.source + .row { margin-top: .6em; }
.source { border-top: 1px solid var(--line); padding-top: .4em; font-size: .9em; }
.source p:last-child, .card > :last-child { margin-bottom: 0; }
.old { border: 1px dashed var(--warn); border-inline-start: .3em solid var(--warn);
  padding: .2em .5em; color: var(--warn); }
summary { cursor: pointer; min-height: 1.7em; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: .4em; margin-bottom: .5em; align-items: center; }
.row ul { display: contents; list-style: none; }
.meta { font-size: .85em; justify-content: space-between; }
.you .meta { justify-content: flex-end; margin-top: .2em; }
.meta button { padding: .2em .4em; }
[aria-pressed=true] { background: var(--accent); color: var(--bg); }
.jump { position: absolute; inset-inline: 0; bottom: 100%; margin: 0 auto .4em; width: max-content; }
.foot { position: relative; border-top: 1px solid var(--line); padding: .5em .8em .8em; }
.status { border: 1px dashed var(--warn); padding: .3em .6em; margin-bottom: .5em; }
form { display: flex; gap: .5em; align-items: flex-end; margin: 0; }
.ask { flex: 1; min-width: 0; } label { font-size: .9em; }
textarea { display: block; width: 100%; min-height: 2.6em; max-height: 8em; resize: vertical;
  padding: .5em; border: 1px solid var(--line); border-radius: .5em; background: var(--bg); }
textarea:disabled { opacity: .6; }
.dots::after { content: "…"; animation: blink 1s steps(2) infinite; }
@keyframes blink { 50% { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .dots::after { animation: none; } }
@media (forced-colors: active) {
  .card { border-inline-start-width: .5em; } [aria-pressed=true] { border-width: 3px; }
}
@media (max-width: 480px), (max-height: 420px) {
  dialog, .left dialog { inset: 0; width: 100vw; height: 100vh; height: 100dvh; border: 0;
    border-radius: 0; }
}
@media (max-height: 420px) {
  dialog[open] { display: block; overflow-y: auto; scroll-padding: 4em 0 0; }
  .emergency { position: sticky; top: 0; z-index: 1; font-size: .9em; }
  .log { overflow: visible; } .jump { position: static; }
}
@media print {
  .launcher, header button, .menu, .foot, .row, .status { display: none !important; }
  dialog[open] { display: block; position: static; width: auto; height: auto; overflow: visible;
    border: 0; box-shadow: none; }
  .root { --bg: #fff; --text: #000; --soft: #fff; --warn: #000; min-height: 0; }
  .log { overflow: visible; } header { background: none; color: #000; }
  .card { break-inside: avoid; }
}`;

/** el("p", {class: "x", onclick: f}, "text", child): an element; text is never markup. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child || child === 0));
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/* Contrast (WCAG 2): whatever colour the clinic gives, text on it and lines of it can be seen. */
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const hex = (rgb) => "#" + rgb.map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
function luminance(colour) {
  const [r, g, b] = channels(colour).map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
function readable(colour, ground, towards) {
  let rgb = channels(colour);
  while (contrast(hex(rgb), ground) < 4.6) {
    rgb = rgb.map((value, i) => value + (channels(towards)[i] - value) * 0.1);
  }
  return hex(rgb);
}
function brandRules(colour) {
  const onBrand = contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#fff" : "#000";
  return `.root { --brand: ${colour}; --on-brand: ${onBrand};
    --accent-light: ${readable(colour, "#ffffff", "#000000")};
    --accent-dark: ${readable(colour, "#16191c", "#ffffff")}; }`;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
function newId() { // crypto.randomUUID is there on https only
  return Array.from(crypto.getRandomValues(new Uint8Array(16)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A refusal of the bot: `code` and words for people. Anything else that fails is the connection. */
class Refusal extends Error {
  constructor(status, error, retryAfter) {
    super(error.text);
    Object.assign(this, { status, code: error.code, retryAfter });
  }
}

async function call(method, path, token, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_WITHIN);
  try {
    const response = await fetch(BASE + path, {
      method, signal: stop.signal, credentials: "omit", referrerPolicy: "no-referrer",
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body && { "Content-Type": "application/json" }),
      },
      body: body && JSON.stringify(body),
    });
    const data = await response.json(); // a proxy's error page is no JSON: a lost connection
    if (response.ok) return data;
    throw new Refusal(response.status, data.error, Number(response.headers.get("Retry-After")));
  } finally {
    clearTimeout(timer);
  }
}

class CareciteChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" });
    this.load();
    this.start();
  }

  async start() {
    try {
      this.config = await call("GET", "/config");
    } catch {
      this.config = null; // asked for again when the chat is opened
    }
    this.draw();
    for (const entry of this.state.log) this.show(entry, true);
    this.guardTab();
    if (this.state.pending) this.deliver();
  }

  /* --- state: this tab's, and of no other --- */

  load() {
    this.state = { log: [], token: "", pending: null, draft: "", agreed: false, larger: false };
    try {
      Object.assign(this.state, JSON.parse(sessionStorage.getItem(STORE) || "{}"));
    } catch { /* storage is switched off: the conversation lives as long as the page */ }
    this.unread = 0;
  }

  save() {
    this.state.log = this.state.log.slice(-KEPT);
    try {
      sessionStorage.setItem(STORE, JSON.stringify(this.state));
    } catch { /* as above */ }
  }

  /** A duplicated tab starts with a copy of the storage: the one that was first keeps the chat. */
  guardTab() {
    if (!window.BroadcastChannel) return;
    const me = newId();
    this.tabs = new BroadcastChannel(STORE);
    this.tabs.onmessage = ({ data }) => {
      if (!data.token || data.token !== this.state.token || data.from === me) return;
      if (data.asks) this.tabs.postMessage({ token: data.token, from: me, to: data.from });
      else if (data.to === me) {
        this.begin();
        this.note("This chat is open in another tab. A new one was started here.");
      }
    };
    if (this.state.token) {
      this.tabs.postMessage({ token: this.state.token, from: me, asks: true });
    }
  }

  begin() {
    const { agreed, larger } = this.state;
    Object.assign(this.state, { log: [], token: "", pending: null, draft: "", agreed, larger });
    this.turn = null;
    this.list.replaceChildren();
    this.greet();
    this.working(false);
    this.lost("");
    this.save();
  }

  /* --- what is on the screen --- */

  draw() {
    const config = this.config || {};
    const given = SCRIPT.dataset;
    const title = given.title || config.title || "Questions about treatments";
    const colour = [given.colour, config.colour].find((c) => /^#[0-9a-f]{6}$/i.test(c || ""));
    this.style_(CSS, brandRules(colour || "#0b5c8a"));
    const button = (name, label, onclick, more) =>
      el("button", { type: "button", "aria-label": label, title: label, onclick, ...more },
        icon(name));
    const action = (label, onclick) => el("button", { type: "button", onclick }, label);

    this.count = el("span", { class: "count", hidden: true });
    this.launcher = el("button", {
      type: "button", class: "launcher primary", "aria-haspopup": "dialog",
      "aria-expanded": "false", onclick: () => this.open(),
    }, icon("chat"), el("span", {}, title), this.count);
    this.menuButton = button("menu", "Menu", () => this.toggleMenu(), { "aria-expanded": "false" });
    this.larger = action("Larger type", () => this.enlarge(!this.state.larger));
    this.menu = el("div", { class: "menu", hidden: true, role: "group", "aria-label": "Menu" },
      this.larger,
      action("Copy", () => this.copy()),
      action("Print", () => this.print()),
      action("Download", () => this.download()),
      action("Start again", () => this.confirm(
        "Start again? This conversation is deleted here and on the server.",
        "Yes, start again", () => this.remove(true))),
      action("Delete my conversation", () => this.confirm(
        "Delete this conversation here and on the server?", "Yes, delete it",
        () => this.remove(false))));
    this.question = el("div", { class: "menu", hidden: true, role: "group" });
    this.emergency = el("p", { class: "emergency" }, config.emergency ||
      "Not for emergencies. In an emergency call your emergency number.");
    this.list = el("ol", { role: "list" });
    this.log = el("div", { class: "log", tabindex: "0", role: "group", "aria-label": "Conversation" },
      this.list);
    this.busy = el("p", { class: "dots", hidden: true }, "Looking it up");
    this.log.append(this.busy);
    this.jump = el("button", {
      type: "button", class: "jump primary", hidden: true, onclick: () => this.jumpToNew(),
    }, "New answer ↓");
    this.status = el("div", { class: "status", hidden: true });
    this.text = el("textarea", { id: "text", rows: "2", dir: "auto", autocomplete: "off",
      "aria-describedby": "hint" });
    this.send = button("send", "Send", undefined, { type: "submit", class: "primary" });
    this.form = el("form", {},
      el("div", { class: "ask" }, el("label", { for: "text" }, "Your question"), this.text),
      this.send);
    this.hint = el("p", { id: "hint", hidden: true, class: "status" });
    this.agree = el("div", { hidden: true });
    this.foot = el("div", { class: "foot" }, this.jump, this.status, this.agree, this.hint,
      this.form);
    this.panel = el("dialog", { "aria-labelledby": "title" },
      el("header", {}, el("h2", { id: "title" }, title), this.menuButton,
        button("close", "Close", () => this.close())),
      this.emergency, this.menu, this.question, this.log, this.foot);
    this.live = el("div", { class: "unseen", "aria-live": "polite" });
    const left = given.side === "left" ||
      (!given.side && getComputedStyle(document.documentElement).direction === "rtl");
    this.root = el("section", {
      class: "root" + (left ? " left" : ""), lang: "en", dir: "ltr", "aria-label": "Chat",
    }, this.launcher, this.panel, this.live);
    this.shadowRoot.append(this.root);

    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
    this.text.addEventListener("input", () => {
      this.state.draft = this.text.value;
      this.complain("");
      this.save();
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      if (!this.menu.hidden || !this.question.hidden) this.toggleMenu(false);
      else this.close();
    });
    this.panel.addEventListener("cancel", (event) => event.preventDefault());
    this.panel.addEventListener("close", () => { // by the browser itself, against our will
      if (!this.panel.open && this.launcher.hidden) this.close();
    });
    this.panel.addEventListener("scroll", () => this.atEnd() && (this.jump.hidden = true));
    this.log.addEventListener("scroll", () => this.atEnd() && (this.jump.hidden = true));
    addEventListener("beforeprint", () => this.unfold(true));
    addEventListener("afterprint", () => this.unfold(false));
    addEventListener("online", () => this.hurry && this.hurry());
    PHONE.addEventListener("change", () => {
      if (this.panel.open) { this.panel.close(); this.reveal(); }
    });
    this.text.value = this.state.draft;
    this.enlarge(this.state.larger);
    this.greet();
  }

  /** The brand's colours and the rules as sheets, which no policy of the page forbids. */
  style_(...rules) {
    this.shadowRoot.adoptedStyleSheets = rules.map((rule) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rule);
      return sheet;
    });
  }

  greet() {
    const config = this.config || {};
    if (config.greeting) {
      this.list.prepend(el("li", { class: "entry" }, el("p", {}, config.greeting)));
    }
    const asks = Boolean(config.consent) && !this.state.agreed;
    this.agree.hidden = !asks;
    this.form.hidden = asks;
    if (asks) {
      this.agree.replaceChildren(el("p", {}, config.consent), el("button", {
        type: "button", class: "primary", onclick: () => {
          this.state.agreed = true;
          this.save();
          this.form.hidden = false;
          this.text.focus();
          this.agree.hidden = true;
        },
      }, "I agree"));
    }
  }

  async open() {
    this.reveal();
    if (!this.config) {
      try {
        this.config = await call("GET", "/config");
        this.emergency.textContent = this.config.emergency;
        this.greet();
        this.lost("");
      } catch {
        this.lost("No connection to the chat.", () => { this.lost(""); this.open(); });
      }
    }
  }

  reveal() {
    if (PHONE.matches) this.panel.showModal();
    else this.panel.show();
    this.launcher.setAttribute("aria-expanded", "true");
    this.launcher.hidden = true;
    if (this.unread) this.jumpToNew();
    else this.toEnd();
    (this.form.hidden ? this.agree.querySelector("button") || this.log : this.text).focus();
  }

  close() {
    this.launcher.hidden = false;
    this.panel.close();
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
    this.jump.hidden = true;
  }

  toggleMenu(show = this.menu.hidden && this.question.hidden) {
    this.menuButton.setAttribute("aria-expanded", String(show));
    if (!show) this.menuButton.focus();
    this.menu.hidden = !show;
    this.question.hidden = true;
  }

  confirm(text, label, yes) {
    const no = el("button", { type: "button", onclick: () => this.toggleMenu(false) }, "No, keep it");
    this.question.setAttribute("aria-label", text);
    this.question.replaceChildren(el("p", {}, text), el("button", {
      type: "button", class: "primary", onclick: () => { this.toggleMenu(false); yes(); },
    }, label), no);
    this.question.hidden = false;
    no.focus();
    this.menu.hidden = true;
    this.say(text);
  }

  enlarge(on) {
    this.state.larger = on;
    this.larger.setAttribute("aria-pressed", String(on));
    this.root.classList.toggle("larger", on);
    this.save();
  }

  atEnd() {
    // In a short window the whole panel scrolls, else the conversation in it.
    const box = getComputedStyle(this.log).overflowY === "visible" ? this.panel : this.log;
    const bottom = (one) => one.getBoundingClientRect().bottom;
    return bottom(this.list) - bottom(box) < 80;
  }

  toEnd() {
    const last = this.list.lastElementChild;
    if (last) last.scrollIntoView({ block: "nearest" });
  }

  jumpToNew() {
    const first = this.list.children[this.list.children.length - Math.max(1, this.unread)];
    if (first) first.scrollIntoView({ block: "start" });
    if (this.shadowRoot.activeElement === this.jump) this.log.focus({ preventScroll: true });
    this.jump.hidden = true;
    this.unread = 0;
    this.mark();
  }

  mark() {
    this.count.hidden = !this.unread;
    this.count.textContent = this.unread ? `${this.unread} new` : "";
  }

  /** The one live region: each text is put into it once. */
  say(text) {
    this.live.textContent = text;
  }

  lost(text, again) {
    const had = this.status.contains(this.shadowRoot.activeElement);
    const follow = this.atEnd();
    this.status.hidden = !text;
    this.status.replaceChildren(...(text ? [el("p", {}, text)] : []));
    if (again) {
      this.status.append(el("button", { type: "button", onclick: () => {
        this.text.focus();
        again();
      } }, "Try now"));
    }
    if (had) this.text.focus();
    if (follow) this.toEnd();
    if (text && this.panel.open) this.status.scrollIntoView({ block: "nearest" });
  }

  complain(text) {
    this.hint.hidden = !text;
    this.hint.textContent = text;
    if (text) this.say(text);
  }

  working(on) {
    this.busy.hidden = !on;
    this.send.setAttribute("aria-disabled", String(on));
    if (on && this.panel.open) this.busy.scrollIntoView({ block: "nearest" });
  }

  /* --- a turn --- */

  submit(text = this.text.value.trim(), payload) {
    if (this.state.pending) return; // the one before is still on its way
    if (!text) return this.complain("Please type a question first.");
    if (!payload) {
      this.text.value = this.state.draft = "";
      this.complain("");
    }
    this.state.pending = { id: newId(), text, payload };
    this.add({ who: "you", text: text.length > 2000 ? `${text.slice(0, 500)} …` : text, at: new Date().toISOString() });
    this.deliver();
  }

  /** Sends what is pending until it is answered: lost replies come again, turns never run twice. */
  async deliver() {
    const turn = (this.turn = {});
    for (let tries = 0; this.turn === turn; tries++) {
      const { id, text, payload } = this.state.pending;
      this.working(true);
      try {
        const token = await this.token();
        if (this.turn !== turn) return;
        const reply = await call("POST", "/messages", token, { id, text: short(text), payload });
        if (this.turn === turn) this.answered(reply, text);
        return;
      } catch (error) {
        if (this.turn !== turn) return;
        if (error instanceof Refusal && !this.canGoOn(error, text)) return;
        this.working(false);
        const seconds = error.retryAfter || Math.min(LONGEST_WAIT / 1000, 2 ** Math.min(tries, 5));
        await this.pause(error, seconds * (1 + Math.random() / 4));
      }
    }
  }

  async token() {
    if (!this.state.token) {
      this.state.token = (await call("POST", "/conversations")).token;
      this.save();
    }
    return this.state.token;
  }

  /** Whether a refused message is sent again; else says why not, and keeps the text. */
  canGoOn(refusal, text) {
    if (refusal.status === 401) { // expired: a new conversation, and the message goes there
      this.state.token = "";
      refusal.retryAfter = this.anew ? 10 : 0.1; // a server that takes none is not to be flooded
      if (!this.anew) this.note("Your earlier chat has expired. This is a new one.");
      this.anew = true;
      return true;
    }
    if (refusal.status === 429) return true;
    this.turn = this.state.pending = null;
    this.working(false);
    if (refusal.status >= 500) {
      this.add({ who: "bot", at: new Date().toISOString(), failed: text, text: refusal.message });
      this.say(refusal.message);
    } else {
      this.keepText(text);
      this.complain(refusal.message);
    }
    return false;
  }

  keepText(text) {
    if (this.text.value) return;
    this.text.value = this.state.draft = text;
    this.save();
  }

  async pause(error, seconds) {
    if (error.status === 401 && seconds < 1) return wait(100);
    const why = error instanceof Refusal ? error.message
      : "No connection. Your message is kept and will be sent again.";
    await new Promise((done) => {
      this.hurry = done;
      this.lost(why, done);
      if (this.said !== why) this.say(why);
      this.said = why;
      setTimeout(done, seconds * 1000);
    });
    this.hurry = null;
  }

  answered(reply, text) {
    this.turn = this.state.pending = null;
    this.said = "";
    this.anew = false;
    if (reply.token) this.state.token = reply.token;
    this.working(false);
    this.lost("");
    if (reply.items.some((item) => item.kind === "forgotten")) { // there; so it is here too
      this.begin();
      return this.note(reply.text);
    }
    if (reply.items.some((item) => item.kind === "too_long")) this.keepText(text);
    this.add({ who: "bot", at: reply.at, id: reply.message_id, text: reply.text,
      items: reply.items });
    const offered = reply.items.flatMap((item) => item.buttons.map((button) => button.title));
    this.say(reply.text + (offered.length ? `\nYou can also ask: ${offered.join("; ")}.` : ""));
  }

  note(text) {
    this.add({ who: "note", text, at: new Date().toISOString() });
    this.say(text);
  }

  add(entry) {
    const follow = this.atEnd() || entry.who === "you";
    this.state.log.push(entry);
    this.save();
    const shown = this.show(entry);
    if (entry.who === "you") return shown.scrollIntoView({ block: "nearest" });
    if (!this.panel.open || !follow) this.unread += 1;
    if (this.panel.open && follow) {
      shown.scrollIntoView({ block: shown.offsetHeight > 200 ? "start" : "nearest" });
    }
    this.jump.hidden = !this.panel.open || follow;
    this.mark();
  }

  /* --- one entry of the conversation --- */

  show(entry) {
    const time = el("time", { datetime: entry.at }, clock(entry.at));
    const rated = entry.id && entry.items.some((item) => item.citation);
    let parts;
    if (entry.who === "you") {
      parts = [el("div", { class: "bubble", dir: "auto" },
        el("span", { class: "unseen" }, "You: "), entry.text)];
    } else if (entry.items) {
      parts = entry.items.map((item) => this.card(item));
    } else {
      parts = [el("p", { class: entry.failed ? "card" : "note" }, entry.text)];
      if (entry.failed) {
        parts.push(el("button", { type: "button", onclick: () => this.submit(entry.failed) },
          "Try again"));
      }
    }
    const meta = el("div", { class: "row meta" }, time, rated && this.thumbs(entry));
    const shown = el("li", { class: `entry ${entry.who}` }, ...parts, meta);
    this.list.append(shown);
    return shown;
  }

  card(item) {
    const { answer, citation } = item;
    return el("div", { class: isAlarm(item) ? "alarm card" : "card" },
      item.urgent && el("p", { class: "old" }, item.urgent),
      answer ? this.answer(answer) : paragraphs(item.lines),
      citation && source(citation),
      item.buttons.length > 0 && el("div", { class: "row" },
        el("ul", { role: "list", "aria-label": "You can also ask" }, item.buttons.map((button) =>
          el("li", {}, el("button", {
            type: "button", onclick: () => this.submit(button.title, button.payload),
          }, button.title))))));
  }

  answer(answer) {
    return [
      el("h3", {}, answer.heading),
      answer.verdict && el("p", {}, el("strong", {}, answer.verdict)),
      ...answer.sections.flatMap((section) => [
        section.whose && el("p", { class: "whose" }, section.whose),
        section.sentences.length > 0 && el("p", {}, section.sentences.join(" ")),
        section.items.length > 0 && el("ul", {}, section.items.map((text) => el("li", {}, text))),
      ]),
      answer.comparison && table(answer.heading, answer.comparison),
      ...[answer.absence, ...answer.notes].map((text) => text && el("p", {}, text)),
    ];
  }

  thumbs(entry) {
    const row = el("div", { class: "row", role: "group", "aria-label": "Was this answer helpful?" });
    const press = async (rating, reason = "") => {
      entry.rating = rating;
      draw();
      this.save();
      try {
        await call("POST", "/feedback", this.state.token, { message_id: entry.id, rating, reason });
        if (rating === "up" || reason) this.say("Thank you for your feedback.");
        said.textContent = rating === "up" || reason ? "Thank you." : "";
      } catch {
        said.textContent = "That could not be sent.";
        this.say(said.textContent);
      }
    };
    const thumb = (rating, label) => el("button", {
      type: "button", "aria-label": label, title: label, onclick: () => press(rating),
    }, icon(rating));
    const [up, down] = [thumb("up", "Helpful"), thumb("down", "Not helpful")];
    const said = el("span", {});
    const reasons = el("div", { class: "row", role: "group", hidden: true,
      "aria-label": "What was wrong? You need not say." }, Object.entries(REASONS).map(
      ([reason, label]) => el("button", { type: "button", onclick: () => {
        down.focus();
        reasons.hidden = true;
        press("down", reason);
      } }, label)));
    const draw = () => {
      up.setAttribute("aria-pressed", String(entry.rating === "up"));
      down.setAttribute("aria-pressed", String(entry.rating === "down"));
    };
    up.addEventListener("click", () => { reasons.hidden = true; });
    down.addEventListener("click", () => {
      reasons.hidden = false;
      reasons.scrollIntoView({ block: "nearest" });
    });
    draw();
    row.append(said, up, down, reasons);
    return row;
  }

  /* --- the whole conversation --- */

  transcript() {
    return this.state.log.map((entry) =>
      `${entry.who === "you" ? "You" : "Chat"}, ${clock(entry.at)}:\n${entry.text}\n`).join("\n");
  }

  async copy() {
    const text = this.transcript();
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no https, or not permitted
      const area = el("textarea", { class: "unseen" });
      this.panel.append(area);
      const had = this.shadowRoot.activeElement;
      area.value = text;
      area.select();
      document.execCommand("copy");
      had.focus();
      area.remove();
    }
    this.complain("The conversation was copied.");
  }

  download() {
    const url = URL.createObjectURL(new Blob([this.transcript()], { type: "text/plain" }));
    el("a", { href: url, download: "conversation.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  print() {
    const sheet = new CSSStyleSheet(); // prints the conversation without the page around it
    sheet.replaceSync("@media print { body > :not(carecite-chat) { display: none !important } }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    addEventListener("afterprint", () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    }, { once: true });
    window.print();
  }

  /** On paper all references are open. */
  unfold(open) {
    for (const one of this.list.querySelectorAll("details")) {
      if (open) one.was = one.open;
      one.open = open || one.was;
    }
  }

  async remove(quietly) {
    const token = this.state.token;
    try {
      const done = token ? await call("DELETE", "/conversation", token) : { at: new Date() };
      this.begin();
      this.note(quietly ? "This is a new conversation."
        : `Your conversation was deleted here and on the server at ${clock(done.at)}.`
          + (done.receipt ? ` Receipt number: ${done.receipt}.` : ""));
    } catch (error) {
      if (error.status === 401) { // it has expired there
        this.begin();
        return this.note("Your conversation was deleted here; the server no longer had it.");
      }
      const why = error instanceof Refusal ? error.message
        : "No connection: your conversation is not deleted yet.";
      this.say(why);
      this.lost(why, () => { this.lost(""); this.remove(quietly); });
    }
  }
}

const isAlarm = (item) => item.kind === "emergency" || item.kind === "crisis";

/** Of a text far above the limit, its ends: enough for the bot to see an emergency in it. */
const short = (text) => (text.length > 2000 ? `${text.slice(0, 1000)} ${text.slice(-1000)}` : text);

function paragraphs(lines) {
  const parts = [];
  for (const line of lines) {
    if (!line.startsWith("• ")) parts.push(el("p", {}, line));
    else {
      if (parts.at(-1)?.tagName !== "UL") parts.push(el("ul"));
      parts.at(-1).append(el("li", {}, line.slice(2)));
    }
  }
  return parts;
}

function table(heading, { columns, rows }) {
  const head = el("tr", {}, el("td"), columns.map((name) => el("th", { scope: "col" }, name)));
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": heading },
    el("table", {}, el("thead", {}, head), el("tbody", {}, rows.map(({ topic, cells }) =>
      el("tr", {}, el("th", { scope: "row" }, topic), cells.map((cell) => el("td", {}, cell)))))));
}

function source(citation) {
  const day = new Date(`${citation.reviewed_on}T12:00:00`).toLocaleDateString("en-US", {
    year: "numeric", month: "long", day: "numeric",
  });
  const references = (title, list) => list.length > 0 && [
    el("p", {}, title), el("ul", {}, list.map((text) => el("li", {}, text)))];
  return el("div", { class: "source" },
    citation.age_notice && el("p", { class: "old" },
      el("strong", {}, `Reviewed over ${citation.age_years} years ago. `), citation.age_notice),
    el("details", {},
      el("summary", {}, `Source: ${citation.publisher}, reviewed ${day}`),
      el("p", {}, citation.source), el("p", {}, `${citation.review}.`),
      references("References on this topic:", citation.on_topic),
      references("References on the whole document:", citation.on_document)));
}

customElements.define("carecite-chat", CareciteChat);
function add() {
  if (!document.querySelector("carecite-chat")) document.body.append(el("carecite-chat"));
}
if (document.body) add();
else addEventListener("DOMContentLoaded", add); // a script tag without `defer`
})();
