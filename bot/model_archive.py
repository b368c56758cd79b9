"""Checks a model archive before Rasa unpacks it: it is what training wrote, and nothing else.

Rasa imports whatever classes an archive names, so an archive is a program. Imports no rasa.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from bot.errors import ModelAltered

LARGEST = 256 * 1024 * 1024  # bytes, unpacked; ours has 16 MB
MOST_MEMBERS = 100
# What the components write; none of it is executed when it is read (no pickle among it).
MEMBERS = re.compile(
    r"metadata\.json"
    r"|components/domain_provider/domain\.yml"
    r"|components/finetuning_validator/fingerprints-for-validation\.json"
    r"|components/train_RulePolicy\d+/(featurizer|rule_only_data|rule_policy)\.json"
    r"|components/train_bot\.nlu\.question_classifier\.QuestionClassifier\d+/question_model\.npz"
)
CLASSES = re.compile(
    r"rasa\.graph_components\.\w+(\.\w+)+"
    r"|rasa\.core\.policies\.(rule_policy\.RulePolicy|ensemble\.DefaultPolicyPredictionEnsemble)"
    r"|rasa\.nlu\.classifiers\.regex_message_handler\.RegexMessageHandler"
    r"|bot\.nlu\.\w+\.\w+"
)
PICKLED = b'"py/'  # how jsonpickle names what is to be executed


def sha256_of(archive: Path) -> str:
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while piece := file.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()


def check_archive(archive: Path, written: str) -> None:
    """Looks at all of it, and unpacks nothing.

    Args:
        archive: the .tar.gz that Rasa is to load.
        written: the sha256 that was kept when it was trained.

    Raises:
        ModelAltered: it is another one, damaged, or holds what training does not write.
    """
    found = sha256_of(archive)
    if found != written:
        raise _altered(archive, f"has sha256 {found}, but training wrote {written or 'none'}")
    check_members(archive)


def check_members(archive: Path) -> None:
    """Raises ModelAltered for what training does not write: names, kinds, sizes, classes."""
    size, seen = 0, set[str]()
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                size += member.size
                fault = _fault(member, seen)
                if fault or size > LARGEST or len(seen) > MOST_MEMBERS:
                    raise _altered(archive, fault or "unpacks to more than any model of ours")
                if member.name.endswith(".json"):
                    _check_json(archive, tar, member)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise _altered(archive, f"cannot be read ({error})") from error
    if "metadata.json" not in seen:
        raise _altered(archive, "has no metadata.json")


def unpacked_size(archive: Path) -> int:
    """Bytes of all that is in it."""
    with tarfile.open(archive, "r:gz") as tar:
        return sum(member.size for member in tar)


def _fault(member: tarfile.TarInfo, seen: set[str]) -> str:
    """What is wrong with a member's name or kind; "" where it is right."""
    name = member.name.strip("/")  # the folder itself is written as "/"
    if member.isdir() and ".." not in PurePosixPath(name).parts:
        return ""
    if not member.isreg() or member.name != name or not MEMBERS.fullmatch(name) or name in seen:
        return f"holds '{member.name}', which training does not write"
    seen.add(name)
    return ""


def _check_json(archive: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    file = tar.extractfile(member)
    content = file.read() if file else b""
    if PICKLED in content:
        raise _altered(archive, f"holds a pickled object in '{member.name}'")
    read = json.loads(content)
    if member.name == "metadata.json":
        for name in _classes(read):
            if not isinstance(name, str) or not CLASSES.fullmatch(name):
                raise _altered(archive, f"names the class '{name}', which is none of ours")


def _classes(metadata: Any) -> list[Any]:
    """All that Rasa would import."""
    if isinstance(metadata, list):
        return [name for one in metadata for name in _classes(one)]
    if not isinstance(metadata, dict):
        return []
    here = [metadata["uses"]] if "uses" in metadata else []
    return here + [name for one in metadata.values() for name in _classes(one)]


def _altered(archive: Path, why: str) -> ModelAltered:
    return ModelAltered(f"{archive}: {why}. It is not loaded. Type: make train")
