"""Where things stand on disk; the folders can be moved by environment variables."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "knowledge" / "documents"


def table_path() -> Path:
    """The table that the bot answers from (CARECITE_TABLE)."""
    return Path(os.environ.get("CARECITE_TABLE", ROOT / "build" / "knowledge.db"))


def clinic_path() -> Path:
    """The clinic's configuration (CARECITE_CLINIC)."""
    return Path(os.environ.get("CARECITE_CLINIC", ROOT / "clinic.yml"))
