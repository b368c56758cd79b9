"""An article is read into blocks whose spans find it again byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sample_documents import ARTICLE, SmallDocument

from knowledge.article import Heading, Paragraph, read_article
from knowledge.errors import ArticleUnreadable, KnowledgeError, ReferencesMissing, ReviewLineInvalid


def test_the_first_line_is_the_title_and_the_review_line_is_taken_apart(
    small: SmallDocument,
) -> None:
    article = read_article(small.article)
    assert article.title == "Treatments for Gout"
    assert article.series == "Gout Reference"
    assert article.reviewed_by == "Ann Example, MD"
    assert article.reviewed_on == date(2024, 3, 1)


def test_short_lines_are_headings_and_bullets_belong_to_the_sentence_above(
    small: SmallDocument,
) -> None:
    blocks = read_article(small.article).blocks
    headings = [b.span.text for b in blocks if isinstance(b, Heading)]
    assert headings == ["Rest", "Icepack"]
    first = next(b for b in blocks if isinstance(b, Paragraph))
    assert [s.text for s in first.sentences] == [
        "Gout is a kind of pain in the joints.",
        "The treatments for it include:",
    ]
    assert [b.text for b in first.bullets] == ["Rest", "Icepack"]


@pytest.mark.parametrize("sign", ["•", "*", "-", "–"])
def test_lists_may_use_any_common_bullet(small: SmallDocument, sign: str) -> None:
    small.write(ARTICLE.replace("•", sign))
    assert "Boredom" in [s.text for s in read_article(small.article).sentences()]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda raw: raw, id="as it is"),
        pytest.param(lambda raw: raw.replace(b"\n", b"\r\n"), id="Windows line ends"),
        pytest.param(lambda raw: b"\xef\xbb\xbf" + raw, id="byte-order mark"),
        pytest.param(lambda raw: raw.replace(b"kind of", "“sort” of é".encode()), id="not ASCII"),
        pytest.param(lambda raw: raw.replace(b"Boredom", b"Boredom\n    at home"), id="long item"),
    ],
)
def test_every_span_finds_its_text_again_in_the_bytes(
    small: SmallDocument, change: Callable[[bytes], bytes]
) -> None:
    small.article.write_bytes(change(small.article.read_bytes()))
    article = read_article(small.article)
    spans = list(article.sentences())
    assert article.title == "Treatments for Gout"
    assert len(spans) == 9
    for span in spans:
        assert article.raw[span.start : span.end].decode() == span.text == span.text.strip()


def test_one_line_may_hold_several_reference_titles(small: SmallDocument) -> None:
    small.write(ARTICLE.replace('"Gout at Home."', '"Gout, at Home," “What Is Gout?”'))
    references = read_article(small.article).references
    assert [(r.organisation, r.title) for r in references] == [
        ("Gout Society", "Gout, at Home"),
        ("Gout Society", "What Is Gout?"),
    ]


REVIEW = "Gout Reference Reviewed by Ann Example, MD on March 1, 2024"
BAD_ARTICLES = [
    pytest.param(b"", ArticleUnreadable, ["is empty"], id="empty"),
    pytest.param(b" \n\n ", ArticleUnreadable, ["is empty"], id="only blanks"),
    pytest.param(
        ARTICLE.encode().replace(b"cooling", b"c\xf6oling"),
        ArticleUnreadable, ["line 16", "0xf6", "UTF-8"], id="not UTF-8",
    ),
    pytest.param(
        ARTICLE.replace(REVIEW, "").encode(), ReviewLineInvalid, ["Reviewed by"], id="no review",
    ),
    pytest.param(
        ARTICLE.replace("March 1, 2024", "March 1, 2999").encode(),
        ReviewLineInvalid, ["line 18", "'March 1, 2999'", "future"], id="reviewed in the future",
    ),
    pytest.param(
        ARTICLE.replace("March 1, 2024", "the first of March").encode(),
        ReviewLineInvalid, ["line 18", "'the first of March'"], id="unreadable date",
    ),
    pytest.param(
        ARTICLE.replace("March 1, 2024", "February 30, 2024").encode(),
        ReviewLineInvalid, ["line 18", "'February 30, 2024'"], id="no such day",
    ),
    pytest.param(
        ARTICLE.replace('Gout Society: "Gout at Home."', "").encode(),
        ReferencesMissing, ["no references"], id="no references",
    ),
    pytest.param(
        ARTICLE.replace("Rest can make the pain go. Side effects of rest include:", "").encode(),
        ArticleUnreadable, ["'Boredom'", "follows no sentence"], id="list under a heading",
    ),
    pytest.param(REVIEW.encode(), ArticleUnreadable, ["no text"], id="nothing before the review"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "error", "says"), BAD_ARTICLES)
def test_a_bad_article_is_refused_with_its_place_and_value(
    small: SmallDocument, raw: bytes, error: type[KnowledgeError], says: list[str]
) -> None:
    small.article.write_bytes(raw)
    with pytest.raises(error) as caught:
        read_article(small.article)
    for part in (str(small.article), *says):
        assert part in str(caught.value)


def test_a_missing_article_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleUnreadable, match="nowhere.txt"):
        read_article(tmp_path / "nowhere.txt")


def test_a_review_of_today_is_taken_and_one_of_tomorrow_is_not(small: SmallDocument) -> None:
    assert read_article(small.article, today=date(2024, 3, 1)).reviewed_on == date(2024, 3, 1)
    with pytest.raises(ReviewLineInvalid, match="future"):
        read_article(small.article, today=date(2024, 2, 29))
