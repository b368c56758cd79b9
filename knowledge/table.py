"""Writes a document, its catalog and the vocabulary into one SQLite file, in one step.

Tables (all text unless said): documents, references, reference_topics, treatments, names,
passages (spans in bytes of the article), list_items, sentences, glossary, side_effects,
side_effect_words, item_side_effects, outside_names, FTS5 over the passages, and the seal.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.db import Table

from knowledge.article import Article, read_article
from knowledge.catalog import WHOLE_DOCUMENT, Catalog, normalize_name, read_catalog
from knowledge.errors import (
    ArticleNotReviewed,
    CatalogInvalid,
    NameTaken,
    ReferencesMissing,
    SentenceWithoutPlace,
    TableNotWritten,
)
from knowledge.glossary import glossary_of
from knowledge.lexicon import OutsideName, SideEffect, read_outside_names, read_side_effects
from knowledge.names import NameMatcher
from knowledge.outline import Passage, passages_of
from knowledge.seal import write_seal
from knowledge.topics import TOPICS

SCHEMA_VERSION = 2  # raise it when a column changes: an older table is then refused, not misread


@dataclass(frozen=True)
class Source:
    """A document to build from: the article and the catalog beside it."""

    article: Path
    catalog: Path


def build_table(sources: Sequence[Source], target: Path) -> None:
    """Builds the table beside `target` and puts it in place in one step.

    A failure at any point, a full disk or a kill included, leaves an older table as it was.

    Raises:
        KnowledgeError: what is wrong with the article, the catalog or the disk.
    """
    documents = [_read(source) for source in sources]
    side_effects, outside = read_side_effects(), read_outside_names()
    _check_names_across(documents)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        _write(beside, documents, side_effects, outside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise TableNotWritten(
            f"{target}: the table could not be written ({error}). "
            "Free some disk space or pick another place; the old table is as it was."
        ) from error
    finally:
        with suppress(OSError):
            for left in (beside, beside.with_name(f"{beside.name}-journal")):
                left.unlink(missing_ok=True)


def _remove_leftovers(target: Path) -> None:
    """Removes what builds left beside the table that were killed half-way."""
    for left in target.parent.glob(f".{target.name}.*"):
        process = left.name[len(f".{target.name}.") :].partition("-")[0]
        if process.isdecimal() and not _is_running(int(process)):
            left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    """Whether another process of this number runs; one's own number is of an earlier life."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs, under another user
        return True
    return True


@dataclass(frozen=True)
class _Document:
    article: Article
    catalog: Catalog
    passages: list[Passage]


def _read(source: Source) -> _Document:
    catalog = read_catalog(source.catalog)
    article = read_article(source.article)
    if article.sha256 not in catalog.editions:
        raise ArticleNotReviewed(source.article, article.sha256, source.catalog)
    passages = list(passages_of(article, catalog))
    _check_sentences(article, passages)
    _check_treatments(article, catalog)
    _check_references(article, catalog)
    return _Document(article, catalog, passages)


def _check_sentences(article: Article, passages: Iterable[Passage]) -> None:
    covered: set[int] = set()
    for passage in passages:
        covered.add(passage.lead.start)
        covered.update(item.span.start for item in passage.items)
        covered.add(passage.span.start)
    for sentence in article.sentences():
        if sentence.start not in covered:
            raise SentenceWithoutPlace(
                f"{article.path}: the sentence '{sentence.text}' (byte {sentence.start}) belongs "
                "to no passage. Give its section a heading that names its treatment."
            )


def _check_treatments(article: Article, catalog: Catalog) -> None:
    named = {t for s in article.sentences() for _, t in catalog.named_in(s.text)}
    for treatment_id in catalog.treatments:
        if treatment_id not in named:
            raise CatalogInvalid(
                f"{catalog.path}: treatment '{treatment_id}' is named nowhere in {article.path}. "
                "Remove it, or add the name under which the article speaks of it."
            )


def _check_references(article: Article, catalog: Catalog) -> None:
    titles = {reference.title for reference in article.references}
    for title in sorted(titles ^ set(catalog.references)):
        where, lacks = (catalog.path, article.path), "is not in"
        first, second = where[::-1] if title in titles else where
        raise ReferencesMissing(f"{first}: the reference '{title}' {lacks} {second}. Add it there.")
    known = {WHOLE_DOCUMENT, *TOPICS, *catalog.treatments}
    for title, about in catalog.references.items():
        for subject in about:
            if subject not in known:
                raise CatalogInvalid(
                    f"{catalog.path}: reference '{title}' is about '{subject}', which is no "
                    f"treatment, no topic and not '{WHOLE_DOCUMENT}'."
                )


def _check_names_across(documents: list[_Document]) -> None:
    owners: dict[str, tuple[str, str]] = {}
    for document in documents:
        for treatment_id in document.catalog.treatments:
            owner = owners.setdefault(treatment_id, (treatment_id, document.catalog.document_id))
            if owner[1] != document.catalog.document_id:
                raise CatalogInvalid(
                    f"{document.catalog.path}: treatment '{treatment_id}' is already in document "
                    f"'{owner[1]}'. One table holds a treatment once: leave one of the two out."
                )
    _check_once_across(documents)


def _check_once_across(documents: list[_Document]) -> None:
    """A document's id, a name and a glossary word each mean one thing in the whole table."""
    ids, names, words = dict[str, Path](), dict[str, str](), dict[str, tuple[str, Path]]()
    for catalog in (document.catalog for document in documents):
        if ids.setdefault(catalog.document_id, catalog.path) is not catalog.path:
            raise CatalogInvalid(
                f"{catalog.path}: 'document' has value '{catalog.document_id}', which is also that "
                f"of {ids[catalog.document_id]}. Give each document its own."
            )
        for treatment in catalog.treatments.values():
            for name in treatment.names:
                owner = names.setdefault(normalize_name(name.text), treatment.treatment_id)
                if owner != treatment.treatment_id:
                    raise NameTaken(
                        f"{catalog.path}: the name '{name.text}' of '{treatment.treatment_id}' "
                        f"stands for '{owner}' in another document. Remove it from one of them."
                    )
        for term, forms in catalog.glossary.items():
            for form in {normalize_name(f) for f in (term, *forms)}:
                first = words.setdefault(form, (term, catalog.path))
                if first == (term, catalog.path):
                    continue
                if first[1] == catalog.path:
                    raise CatalogInvalid(
                        f"{catalog.path}: the glossary word '{form}' stands for '{first[0]}' and "
                        f"for '{term}'. Remove one of them."
                    )


def _write(
    path: Path,
    documents: list[_Document],
    side_effects: list[SideEffect],
    outside: list[OutsideName],
) -> None:
    db = sqlite_utils.Database(path)
    try:
        # Nobody reads the file before it is whole and on the disk: one wait for the disk is enough.
        db.execute("PRAGMA synchronous = OFF")
        with db.atomic():
            _write_vocabulary(db, side_effects, _really_outside(outside, documents))
            matcher = NameMatcher(
                (word, effect.side_effect_id)
                for effect in side_effects
                if effect.listed
                for word in effect.words
            )
            for document in documents:
                _write_document(db, document, matcher)
        passages = _table(db, "passages")
        passages.enable_fts(["text"], fts_version="FTS5", tokenize="porter")
        for table, columns in (
            ("passages", ["treatment", "topic"]),
            ("list_items", ["passage"]),
            ("names", ["treatment"]),
            ("treatments", ["part_of"]),
            ("item_side_effects", ["side_effect"]),
            ("item_side_effects", ["list_item"]),
            ("side_effect_words", ["side_effect"]),
        ):
            _table(db, table).create_index(columns, if_not_exists=True)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("PRAGMA optimize")
        with db.atomic():
            write_seal(db.conn)
    finally:
        db.close()


def _really_outside(
    outside: list[OutsideName], documents: list[_Document]
) -> list[OutsideName]:
    """The names that none of the documents speaks of: another clinic's document may well do so."""
    inside = {
        normalize_name(name.text)
        for document in documents
        for treatment in document.catalog.treatments.values()
        for name in treatment.names
    }
    return [o for o in outside if normalize_name(o.phrase) not in inside]


def _table(db: sqlite_utils.Database, name: str) -> Table:
    table = db[name]
    assert isinstance(table, Table)  # noqa: S101  (for mypy: there are no views here)
    return table


def _insert(
    db: sqlite_utils.Database,
    name: str,
    columns: dict[str, Any],
    rows: Iterable[dict[str, Any]],
    *,
    pk: Any = "id",
    foreign_keys: Sequence[tuple[str, str, str]] = (),
) -> None:
    table = _table(db, name)
    if not table.exists():
        table.create(columns, pk=pk, foreign_keys=foreign_keys)
    table.insert_all(rows, batch_size=500)


def _write_vocabulary(
    db: sqlite_utils.Database, side_effects: list[SideEffect], outside: list[OutsideName]
) -> None:
    _insert(
        db, "side_effects", {"id": str, "name": str, "listed": int, "is_body_part": int},
        (
            {"id": e.side_effect_id, "name": e.name, "listed": int(e.listed),
             "is_body_part": int(e.is_body_part)}
            for e in side_effects
        ),
    )  # fmt: skip
    _insert(
        db, "side_effect_words", {"side_effect": str, "word": str},
        (
            {"side_effect": e.side_effect_id, "word": word}
            for e in side_effects
            for word in dict.fromkeys(normalize_name(w) for w in e.words)
        ),
        pk=("side_effect", "word"), foreign_keys=[("side_effect", "side_effects", "id")],
    )  # fmt: skip
    _insert(
        db, "related_side_effects", {"side_effect": str, "related": str},
        ({"side_effect": e.side_effect_id, "related": r} for e in side_effects for r in e.related),
        pk=("side_effect", "related"),
    )  # fmt: skip
    phrases = {normalize_name(o.phrase): o.kind for o in reversed(outside)}
    _insert(
        db, "outside_names", {"phrase": str, "kind": str},
        ({"phrase": phrase, "kind": kind} for phrase, kind in phrases.items()), pk="phrase",
    )  # fmt: skip


def _write_document(
    db: sqlite_utils.Database, document: _Document, side_effects: NameMatcher
) -> None:
    article, catalog = document.article, document.catalog
    version = hashlib.sha256(article.raw + catalog.path.read_bytes()).hexdigest()
    key = catalog.document_id
    _insert(
        db, "documents",
        {"id": str, "title": str, "publisher": str, "series": str, "adapted": int,
         "reviewed_by": str, "reviewed_on": str, "copyright": str, "sha256": str,
         "content_version": str},
        [{"id": key, "title": article.title, "publisher": catalog.publisher,
          "series": article.series, "adapted": int(catalog.editions[article.sha256]),
          "reviewed_by": article.reviewed_by, "reviewed_on": article.reviewed_on.isoformat(),
          "copyright": article.copyright, "sha256": article.sha256,
          "content_version": version[:12]}],
    )  # fmt: skip
    _write_treatments(db, catalog)
    _write_references(db, article, catalog)
    _write_passages(db, document, side_effects)
    _insert(
        db, "sentences", {"document": str, "start": int, "end": int, "text": str},
        ({"document": key, "start": s.start, "end": s.end, "text": s.text}
         for s in article.sentences()),
        pk=("document", "start"),
    )  # fmt: skip
    _insert(
        db, "glossary", {"document": str, "term": str, "form": str, "start": int, "end": int,
                         "text": str},
        ({"document": key, "term": term, "form": form, "start": span.start,
          "end": span.end, "text": span.text}
         for term, forms, span in glossary_of(article, catalog)
         for form in dict.fromkeys(normalize_name(f) for f in (term, *forms))),
        pk=("document", "form"),
    )  # fmt: skip


def _write_treatments(db: sqlite_utils.Database, catalog: Catalog) -> None:
    treatments = list(catalog.treatments.values())
    _insert(
        db, "treatments",
        {"id": str, "document": str, "kind": str, "part_of": str, "position": int},
        ({"id": t.treatment_id, "document": catalog.document_id, "kind": t.kind,
          "part_of": t.part_of, "position": n} for n, t in enumerate(treatments)),
        foreign_keys=[("document", "documents", "id")],
    )  # fmt: skip
    _insert(
        db, "names",
        {"treatment": str, "position": int, "name": str, "kind": str, "normalized": str},
        ({"treatment": t.treatment_id, "position": n, "name": name.text, "kind": name.kind,
          "normalized": normalize_name(name.text)}
         for t in treatments for n, name in enumerate(t.names)),
        pk=("treatment", "position"), foreign_keys=[("treatment", "treatments", "id")],
    )  # fmt: skip


def _write_references(db: sqlite_utils.Database, article: Article, catalog: Catalog) -> None:
    key = catalog.document_id
    _insert(
        db, "references",
        {"document": str, "position": int, "organisation": str, "title": str},
        ({"document": key, "position": n, "organisation": r.organisation, "title": r.title}
         for n, r in enumerate(article.references)),
        pk=("document", "position"), foreign_keys=[("document", "documents", "id")],
    )  # fmt: skip
    _insert(
        db, "reference_topics", {"document": str, "position": int, "about": str},
        ({"document": key, "position": n, "about": about}
         for n, r in enumerate(article.references) for about in catalog.references[r.title]),
        pk=("document", "position", "about"),
    )  # fmt: skip


def _write_passages(
    db: sqlite_utils.Database, document: _Document, side_effects: NameMatcher
) -> None:
    key, first = document.catalog.document_id, _table(db, "passages")
    offset = first.count if first.exists() else 0
    numbered = list(enumerate(document.passages, start=offset + 1))
    _insert(
        db, "passages",
        {"id": int, "document": str, "treatment": str, "topic": str, "start": int, "end": int,
         "lead": str, "text": str},
        ({"id": n, "document": key, "treatment": p.treatment, "topic": p.topic,
          "start": p.span.start, "end": p.span.end, "lead": p.lead.text, "text": p.span.text}
         for n, p in numbered),
        foreign_keys=[("treatment", "treatments", "id"), ("document", "documents", "id")],
    )  # fmt: skip
    items = [(f"{n}.{i}", n, i, item) for n, p in numbered for i, item in enumerate(p.items)]
    _insert(
        db, "list_items",
        {"id": str, "passage": int, "position": int, "start": int, "end": int, "text": str,
         "treatment": str},
        ({"id": item_id, "passage": n, "position": i, "start": item.span.start,
          "end": item.span.end, "text": item.span.text, "treatment": item.treatment}
         for item_id, n, i, item in items),
        foreign_keys=[("passage", "passages", "id")],
    )  # fmt: skip
    side_effect_lists = {n for n, p in numbered if p.topic == "side_effects"}
    _insert(
        db, "item_side_effects", {"list_item": str, "side_effect": str},
        ({"list_item": item_id, "side_effect": effect}
         for item_id, n, _, item in items if n in side_effect_lists
         for effect in dict.fromkeys(m.value for m in side_effects.find(item.span.text))),
        pk=("list_item", "side_effect"), foreign_keys=[("list_item", "list_items", "id")],
    )  # fmt: skip
