"""A reply is cut between sentences and items; what must stay together does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messaging.pieces import Fits, Lines, pieces
from bot.channels.messaging.render import laid_out, numbered, words_only
from bot.channels.messaging.reply import Choice, Line, Style

CITED = (
    Line(Style.CITATION, "Source: a leaflet."),
    Line(Style.CITATION, "Reviewed by Dr. Ash on May 4, 2020."),
)


def within(limit: int) -> Fits:
    return lambda lines: len(shown(lines)) <= limit


def shown(lines: Lines) -> str:
    return laid_out(lines, words_only, gap="\n")


def texts(lines: Lines, limit: int) -> list[str]:
    return [shown(piece) for piece in pieces(lines, within(limit))]


def items(*words: str) -> Lines:
    return tuple(Line(Style.ITEM, word) for word in words)


def test_what_fits_is_one_message() -> None:
    assert texts((*items("Rash", "Fever"), *CITED), 200) == [
        "• Rash\n• Fever\nSource: a leaflet.\nReviewed by Dr. Ash on May 4, 2020."
    ]


def test_a_heading_goes_with_what_it_heads() -> None:
    lines = (*items("Rash"), Line(Style.LABEL, "For others:"), *items("Fever"))
    assert texts(lines, 22) == ["• Rash", "For others:\n• Fever"]


def test_a_list_that_would_be_cut_takes_its_label_into_the_next_message() -> None:
    lines = (*items("Rash"), Line(Style.LABEL, "Others:"), *items("Fever", "Cough"))
    assert texts(lines, 25) == ["• Rash", "Others:\n• Fever\n• Cough"]
    assert texts(lines, 22) == ["• Rash\nOthers:\n• Fever", "• Cough"]  # too long to be whole


def test_sentences_that_ran_on_start_their_message() -> None:
    lines = (Line(Style.TEXT, "One is here."), Line(Style.TEXT, "Two is there.", runs_on=True))
    assert texts(lines, 15) == ["One is here.", "Two is there."]
    assert texts(lines, 30) == ["One is here. Two is there."]


def test_the_citation_stays_with_the_last_item() -> None:
    assert texts((*items("Rash", "Fever"), *CITED), 65) == [
        "• Rash",
        "• Fever\nSource: a leaflet.\nReviewed by Dr. Ash on May 4, 2020.",
    ]


def test_a_long_last_sentence_gives_its_end_to_the_citation() -> None:
    lines = (Line(Style.TEXT, "It is given by a nurse through a needle in the arm."), *CITED)
    *_, last = texts(lines, 70)
    assert last.endswith("arm.\nSource: a leaflet.\nReviewed by Dr. Ash on May 4, 2020.")
    assert " ".join(texts(lines, 70)).startswith("It is given by a nurse")


def test_where_a_citation_fills_a_message_all_is_said_before_it() -> None:
    made = pieces((*items("Rash", "Fever"), *CITED), within(20), within(200))
    assert [shown(piece) for piece in made] == [
        "• Rash\n• Fever",
        "• Fever\nSource: a leaflet.\nReviewed by Dr. Ash on May 4, 2020.",
    ]


def test_urgent_words_are_whole_even_where_they_are_long() -> None:
    urgent = tuple(Line(Style.URGENT, text) for text in ("Call 911 now.", "Do not wait."))
    made = pieces((*urgent, *items("Rash")), within(20), within(200))
    assert [shown(piece) for piece in made] == ["Call 911 now.\nDo not wait.", "• Rash"]


def test_choices_come_last_and_together() -> None:
    choices = numbered([Choice("Side effects", "/a"), Choice("Its names", "/b")])
    assert texts((*items("Rash"), *CITED, *choices), 64) == [
        "• Rash\nSource: a leaflet.\nReviewed by Dr. Ash on May 4, 2020.",
        "Reply 1 for “Side effects”\n2 for “Its names”",
    ]


def test_a_reply_of_choices_alone_is_no_blank_message() -> None:
    assert texts(numbered([Choice("Its names", "/b")]), 64) == ["Reply 1 for “Its names”"]


WORDS = st.text("abc .,", min_size=1, max_size=60).filter(str.strip)
BODY = st.sampled_from([Style.HEADING, Style.LABEL, Style.TEXT, Style.ITEM])
LINES = st.lists(st.builds(Line, BODY, WORDS, st.booleans()), min_size=1, max_size=12)


@given(body=LINES, limit=st.integers(80, 200))
def test_whatever_the_lines_no_word_is_lost_no_limit_broken_no_message_blank(
    body: list[Line], limit: int
) -> None:
    lines = (*body, *CITED)
    made = pieces(lines, within(limit))
    said = [word for piece in made for line in piece for word in line.text.split()]
    assert said == [word for line in lines for word in line.text.split()]
    assert all(within(limit)(piece) and shown(piece).strip() for piece in made)
    assert made[-1][-2:] == CITED
    assert len(made[-1]) > 2, "the citation stands alone"
