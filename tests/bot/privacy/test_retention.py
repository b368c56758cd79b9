"""What is older than the clinic wants it kept is deleted; no session knows the one before."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from patient import Patient

from bot.privacy.retention import DAY, expire, start_expiring
from bot.storage.conversation_store import ConversationStore
from bot.storage.sql import SqlStore
from bot.storage.stored_events import StoredEvent
from knowledge.places import ROOT

MakePatient = Callable[[ConversationStore], Patient]


def said(days_ago: float) -> StoredEvent:
    return {"event": "user", "timestamp": time.time() - days_ago * DAY, "text": f"{days_ago}"}


async def texts(store: ConversationStore, sender: str) -> list[str]:
    return [event["text"] for event in await store.events_of(sender)]


async def test_what_is_older_than_thirty_days_is_deleted(store: ConversationStore) -> None:
    await store._append("idle", [said(31), said(30.5)])
    await store._append("active", [said(45), said(29.5), said(0)])
    assert await expire(store) == 3
    assert not await store.exists("idle")
    assert await texts(store, "active") == ["29.5", "0"]


async def test_the_clinic_sets_the_time(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clinic.yml").write_text("keep_conversations_days: 7\n", encoding="utf-8")
    monkeypatch.setenv("CARECITE_CLINIC", str(tmp_path / "clinic.yml"))
    await store._append("patient", [said(8), said(6)])
    await expire(store)
    assert await texts(store, "patient") == ["6"]


async def test_the_server_deletes_by_itself_what_has_expired(store: ConversationStore) -> None:
    await store._append("patient", [said(31)])
    started: list[asyncio.Task[None]] = []
    app = SimpleNamespace(
        ctx=SimpleNamespace(agent=SimpleNamespace(tracker_store=store)),
        add_task=lambda work: started.append(asyncio.ensure_future(work)),
    )
    await start_expiring(app, None)  # type: ignore[arg-type]
    while await store.exists("patient"):  # noqa: ASYNC110  (the job tells nobody)
        await asyncio.sleep(0.01)
    started[0].cancel()


def run_expire(address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "expire"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "CARECITE_DATABASE_URL": address},
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_the_clinic_deletes_by_a_command_what_has_expired(
    kind: str, request: pytest.FixtureRequest
) -> None:
    name = {"sqlite": "sqlite_store", "postgresql": "postgres_store"}[kind]
    store: SqlStore = request.getfixturevalue(name)
    await store._append("patient", [said(31), said(1)])
    ran = run_expire(store.engine.url.render_as_string(hide_password=False))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "Deleted events older than 30 days: 1.\n"
    assert await texts(store, "patient") == ["1"]


# --- sessions -------------------------------------------------------------------------------------


def test_slots_do_not_carry_over_to_a_new_session(patient: Patient) -> None:
    config = patient.agent.domain.session_config
    assert config.session_expiration_time == 60
    assert not config.carry_over_slots


async def test_what_was_said_in_a_session_before_does_not_answer_a_question_of_today(
    store: ConversationStore, patient_of: MakePatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = patient_of(store)
    await patient.say("side effects of sutent")
    assert "Sutent (sunitinib)" in await patient.say("how often is it given?")
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 61 * 60)
    assert "Which treatment do you mean?" in await patient.say("how often is it given?")
