"""A table is built whole and in one step, or not at all: then the old one is as it was."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sample_documents import ARTICLE, CATALOG, HAY_FEVER, KIDNEY_CANCER, SmallDocument

from knowledge.__main__ import main
from knowledge.article import read_article
from knowledge.catalog import read_catalog
from knowledge.errors import (
    ArticleNotReviewed,
    ArticleUnreadable,
    CatalogInvalid,
    KnowledgeError,
    NameTaken,
    ReferencesMissing,
    ReviewLineInvalid,
    TableNotWritten,
)
from knowledge.lookup import Table
from knowledge.places import ROOT
from knowledge.table import Source, build_table


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as db:
        names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f"SELECT * FROM [{name}]").fetchall() for name in sorted(names)}


DOCUMENTS = {"kidney_cancer": KIDNEY_CANCER, "hay_fever": HAY_FEVER}
PIECES = {
    "passages": "SELECT start, end, text FROM passages WHERE document = ?",
    "list items": "SELECT i.start, i.end, i.text FROM list_items i "
    "JOIN passages p ON p.id = i.passage WHERE p.document = ?",
    "sentences": "SELECT start, end, text FROM sentences WHERE document = ?",
    "glossary": "SELECT start, end, text FROM glossary WHERE document = ?",
}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("query", PIECES.values(), ids=PIECES.keys())
def test_every_piece_stands_in_the_article_byte_for_byte(
    both_table: Path, document: str, query: str
) -> None:
    raw = DOCUMENTS[document].article.read_bytes()
    with closing(sqlite3.connect(both_table)) as db:
        found = db.execute(query, (document,)).fetchall()
    assert found
    for start, end, text in found:
        assert raw[start:end].decode() == text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_sentence_of_the_article_is_in_some_passage(both_table: Path, document: str) -> None:
    with closing(sqlite3.connect(both_table)) as db:
        spans = db.execute(PIECES["passages"], (document,)).fetchall()
    for sentence in read_article(DOCUMENTS[document].article).sentences():
        assert any(start <= sentence.start and sentence.end <= end for start, end, _ in spans)


def test_building_twice_gives_equal_rows(both_table: Path, tmp_path: Path) -> None:
    build_table([KIDNEY_CANCER, HAY_FEVER], tmp_path / "second.db")
    assert rows(both_table) == rows(tmp_path / "second.db")


def test_two_documents_stand_in_one_table_side_by_side(both_table: Path, own_table: Path) -> None:
    with Table(both_table) as both, Table(own_table) as own:
        assert both.document_ids() == ["kidney_cancer", "hay_fever"]
        assert both.treatment_ids()[: len(own.treatment_ids())] == own.treatment_ids()
        assert both.treatment("cetirizine").document == "hay_fever"
        assert both.condition("hay_fever") == "seasonal hay fever"
    for name, first in rows(own_table).items():
        if name in ("treatments", "names", "passages", "references", "sentences", "glossary"):
            assert rows(both_table)[name][: len(first)] == first


def test_what_a_document_speaks_of_is_not_foreign(both_table: Path) -> None:
    with closing(sqlite3.connect(both_table)) as db:
        foreign = {row[0] for row in db.execute("SELECT phrase FROM outside_names")}
    assert not foreign & {"cetirizine", "zyrtec", "fluticasone", "flonase", "hay fever"}
    assert {"metformin", "loratadine"} <= foreign


def change(old: str, new: str, *, of: str = "article") -> Callable[[SmallDocument], Source]:
    def apply(document: SmallDocument) -> Source:
        text = ARTICLE if of == "article" else CATALOG
        assert old in text
        changed = text.replace(old, new)
        if of == "article":
            return document.write(article=changed)
        return document.write(catalog=changed)

    return apply


def unreviewed(document: SmallDocument) -> Source:
    document.article.write_text(ARTICLE.replace("twice a day", "thrice a day"))
    return document.source


REVIEW = "Gout Reference Reviewed by Ann Example, MD on March 1, 2024"
BAD_INPUT = [
    ("an empty article", lambda d: d.write(article=""), ArticleUnreadable, "empty"),
    ("not UTF-8", lambda d: d.write(article=b"\xff" + ARTICLE.encode()), ArticleUnreadable, "UTF"),
    ("no review line", change(REVIEW, ""), ReviewLineInvalid, "Reviewed by"),
    ("a review in the future", change("2024", "2999"), ReviewLineInvalid, "'March 1, 2999'"),
    ("an unreadable date", change("March 1, 2024", "1/3/24"), ReviewLineInvalid, "'1/3/24'"),
    ("no references", change('Gout Society: "Gout at Home."', ""), ReferencesMissing, "no refer"),
    ("a treatment that the article lacks",
     change("rest:", "sleep: {kind: drug}\n  rest:", of="catalog"), CatalogInvalid, "'sleep'"),
    ("one alias for two treatments", change("[Coldy]", "[Rest]", of="catalog"), NameTaken, "Rest"),
    ("a text that is not the reviewed one", unreviewed, ArticleNotReviewed, "sha256"),
    ("a missing key", change("publisher: Example", "", of="catalog"), CatalogInvalid, "publisher"),
    ("bad YAML", change("[Coldy]", "[Coldy", of="catalog"), CatalogInvalid, "YAML"),
    ("a reference that the catalog lacks",
     change("Gout at Home", "Gout Abroad"), ReferencesMissing, "'Gout Abroad'"),
    ("a reference that the article lacks",
     change("Gout at Home:", "Gout at Home: [document]\n  Gout at Sea:", of="catalog"),
     ReferencesMissing, "'Gout at Sea'"),
    ("a reference on an unknown subject",
     change("[document]", "[sleep]", of="catalog"), CatalogInvalid, "'sleep'"),
    ("a glossary word that the article lacks",
     change("joints: [joint]", "tophus: []", of="catalog"), CatalogInvalid, "'tophus'"),
    ("a glossary word twice",
     change("joints: [joint]", "joints: [pain]\n  pain: []", of="catalog"), CatalogInvalid, "pain"),
    ("a list that follows no sentence",
     change("Rest can make the pain go. Side effects of rest include:\n\n", ""),
     ArticleUnreadable, "'Boredom'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "error", "says"), [b[1:] for b in BAD_INPUT], ids=[b[0] for b in BAD_INPUT]
)
def test_bad_input_is_refused_and_the_old_table_left_as_it_was(
    small: SmallDocument,
    tmp_path: Path,
    spoil: Callable[[SmallDocument], Source],
    error: type[KnowledgeError],
    says: str,
) -> None:
    target = tmp_path / "table" / "knowledge.db"
    build_table([small.source], target)
    before = target.read_bytes()
    with pytest.raises(error) as caught:
        build_table([spoil(small)], target)
    assert says in str(caught.value)
    assert str(small.folder) in str(caught.value)
    assert target.read_bytes() == before
    assert [p.name for p in target.parent.iterdir()] == ["knowledge.db"]


def test_a_failed_build_is_told_in_one_line(
    small: SmallDocument, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.article.write_text("")
    target = ["--table", str(tmp_path / "t.db")]
    assert main(["build", "--document", str(small.folder), *target]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error: {small.article}: the file is empty.")
    assert told.count("\n") == 1


def second(small: SmallDocument, tmp_path: Path, catalog: str) -> Source:
    folder = tmp_path / "second"
    folder.mkdir()
    article = (
        ARTICLE.replace("Icepack", "Coldpack").replace("Rest", "Sleep").replace("rest", "sleep")
    )
    catalog = catalog.replace("icepack", "coldpack").replace("rest:", "sleep:")
    return SmallDocument(folder).write(article, catalog)


@pytest.mark.parametrize(
    ("catalog", "error", "says"),
    [
        (CATALOG, CatalogInvalid, "treatment 'gout'|'document' has value 'gout'"),
        (
            CATALOG.replace("document: gout", "document: two").replace("gout: {", "Gout: {"),
            NameTaken, "'Gout'",
        ),
        (
            CATALOG.replace("document: gout", "document: two")
            .replace("gout: {kind: condition}", "joints: {kind: condition}"),
            NameTaken, "'Coldy'",
        ),
    ],
    ids=["the same document", "the same condition", "the same brand"],
)  # fmt: skip
def test_documents_that_claim_the_same_are_refused(
    small: SmallDocument, tmp_path: Path, catalog: str, error: type[KnowledgeError], says: str
) -> None:
    with pytest.raises(error, match=says):
        build_table([small.source, second(small, tmp_path, catalog)], tmp_path / "t.db")


BUILD = "from knowledge.__main__ import main; import sys; sys.exit(main(sys.argv[1:]))"


def build_in_a_process(
    folder: Path, target: Path, limit: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, "build", "--document", str(folder), "--table", str(target)],
        cwd=ROOT, preexec_fn=limit, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def test_a_full_disk_is_told_and_leaves_the_old_table(small: SmallDocument, tmp_path: Path) -> None:
    target = tmp_path / "table" / "knowledge.db"
    build_table([small.source], target)
    before = target.read_bytes()

    def no_more_than_100_kb() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    process = build_in_a_process(small.folder, target, no_more_than_100_kb)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert told.startswith(f"error: {target}: the table could not be written (")
    assert "disk space" in told
    assert target.read_bytes() == before
    assert [p.name for p in target.parent.iterdir()] == ["knowledge.db"]


def test_a_really_full_file_system_is_told(small: SmallDocument, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a tiny file system")
    try:
        (disk / "knowledge.db").write_bytes(b"the old table")
        with pytest.raises(TableNotWritten, match="disk"):
            build_table([small.source], disk / "knowledge.db")
        assert (disk / "knowledge.db").read_bytes() == b"the old table"
        assert [p.name for p in disk.iterdir()] == ["knowledge.db"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_place_that_is_no_folder_is_told(small: SmallDocument, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TableNotWritten, match="knowledge.db"):
        build_table([small.source], tmp_path / "file" / "knowledge.db")


def many_treatments(document: SmallDocument, number: int) -> Source:
    """A document long enough that a build of it can be interrupted."""
    names = [f"remedy{i}x" for i in range(number)]
    text = "\n\n".join(f"{n.title()}\n\n{n.title()} is a pill. You take it daily." for n in names)
    article = ARTICLE.replace("Rest\n\nRest can", f"{text}\n\nRest\n\nRest can")
    entries = "".join(f"  {n}: {{kind: drug}}\n" for n in names)
    return document.write(article, CATALOG.replace("references:", f"{entries}references:"))


def test_a_build_killed_half_way_leaves_the_old_table_and_no_litter(
    small: SmallDocument, tmp_path: Path
) -> None:
    target = tmp_path / "table" / "knowledge.db"
    build_table([small.source], target)
    before = target.read_bytes()
    many_treatments(small, 800)
    process = build_in_a_process(small.folder, target)
    beside = target.with_name(f".knowledge.db.{process.pid}")
    while not (beside.exists() and beside.stat().st_size) and process.poll() is None:
        time.sleep(0.001)
    assert process.poll() is None, "the build was done before it could be killed"
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert target.read_bytes() == before
    assert beside.exists()

    small.write()
    build_table([small.source], target)
    assert [p.name for p in target.parent.iterdir()] == ["knowledge.db"]
    with Table(target) as table:
        assert table.treatment_ids() == ["gout", "rest", "icepack"]


def test_what_another_running_build_writes_is_left_alone(
    small: SmallDocument, tmp_path: Path
) -> None:
    running = tmp_path / f".knowledge.db.{os.getppid()}"
    running.write_text("being written")
    build_table([small.source], tmp_path / "knowledge.db")
    assert running.read_text() == "being written"


def test_a_reader_keeps_its_table_while_a_new_one_is_put_in_place(
    small: SmallDocument, tmp_path: Path
) -> None:
    target = tmp_path / "knowledge.db"
    build_table([small.source], target)
    with Table(target) as reader:
        small.write(ARTICLE, CATALOG.replace("[Coldy]", "[Coldy, Brr]"))
        build_table([small.source], target)
        assert reader.treatment("icepack").brands == ("Coldy",)
    with Table(target) as reader:
        assert reader.treatment("icepack").brands == ("Coldy", "Brr")


def test_the_shipped_catalog_reviewed_the_shipped_article() -> None:
    article = read_article(KIDNEY_CANCER.article)
    assert read_catalog(KIDNEY_CANCER.catalog).editions[article.sha256] is True
