"""The files of deploy/ are well formed, and hold to what they promise."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from engines import missing

from knowledge.places import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
MANIFESTS: list[dict[str, Any]] = [
    one
    for path in sorted((DEPLOY / "kubernetes").glob("*.yml"))
    for one in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]


KUBERNETES = "1.28"  # the kinds used here have been stable since 1.23


def hadolint(dockerfile: Path) -> str:
    """What it says of the file; nothing of a good one."""
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        missing("there is no hadolint here: make test installs it")
    ran = subprocess.run([str(program), str(dockerfile)], capture_output=True, text=True)
    return ran.stdout + ran.stderr


def fault_of(manifest: dict[str, Any]) -> str:
    """What Kubernetes' own schema of its kind says of it; nothing of a good one."""
    if importlib.util.find_spec("kubernetes_validate") is None:
        missing("there is no kubernetes-validate here: make test installs it")
    from kubernetes_validate import SchemaNotFoundError, ValidationError, validate

    try:
        validate(manifest, KUBERNETES, strict=True)
    except (SchemaNotFoundError, ValidationError) as error:
        return str(error.message)
    return ""


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    assert hadolint(DEPLOY / "Dockerfile") == ""


def test_hadolint_is_asked_for_real(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian:latest\nRUN cd /tmp && sudo ls\n")
    assert "DL3007" in hadolint(bad)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: one["kind"])
def test_each_manifest_holds_to_the_schema_of_its_kind(manifest: dict[str, Any]) -> None:
    assert fault_of(manifest) == ""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("replicas: 2", "replicas: two"),
        ("readinessProbe", "readyProbe"),
        ("apps/v1", "apps/v9"),
        ("  selector:\n    matchLabels: {app: carecite}\n  strategy", "  strategy"),
    ],
)
def test_a_manifest_with_a_mistake_is_found(good: str, bad: str) -> None:
    text = (DEPLOY / "kubernetes" / "bot.yml").read_text(encoding="utf-8")
    assert good in text
    assert fault_of(next(yaml.safe_load_all(text.replace(good, bad)))) != ""


def test_what_the_image_copies_is_made_by_the_project() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        word
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert "actions" in copied
    made_later = {"models", "build/knowledge.db", "build/sentence_model"}
    assert [one for one in copied if one not in made_later and not (ROOT / one).exists()] == []


def test_no_container_runs_as_root_or_may_become_it() -> None:
    assert "USER 10001" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for name in ("bot1", "bot2", "proxy"):
        assert COMPOSE["services"][name]["cap_drop"] == ["ALL"]
        assert COMPOSE["services"][name]["read_only"] is True


def test_only_the_proxy_is_reached_from_outside() -> None:
    services = COMPOSE["services"]
    assert [name for name, one in services.items() if one.get("ports")] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.yml")), ids=lambda path: path.name)
def test_no_secret_stands_in_a_file(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        if "PASSWORD" in line or "SECRET" in line:
            assert any(sign in line for sign in ("${", '""', ":PASSWORD@", "#", "secretRef")), line


def test_the_pods_are_asked_whether_they_live_and_are_ready() -> None:
    (deployment,) = (one for one in MANIFESTS if one["kind"] == "Deployment")
    (bot,) = deployment["spec"]["template"]["spec"]["containers"]
    assert bot["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert bot["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert bot["securityContext"]["readOnlyRootFilesystem"] is True
    kinds = {one["kind"] for one in MANIFESTS}
    assert kinds >= {"Service", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Secret"}
