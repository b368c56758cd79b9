"""A case file that is malformed is refused with its name, the line and the value."""

import json

import pytest

from evaluation.__main__ import main
from evaluation.cases import CaseInvalid, read_parts

GOOD = {
    "id": "a-1",
    "category": "answer",
    "turns": ["what is surgery"],
    "expect": {"kind": "answer", "treatment": "surgery; radiation", "must_match": ["kidney"]},
}


def write(folder, *cases, name="frozen_a.jsonl"):
    lines = [case if isinstance(case, str) else json.dumps(case) for case in cases]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


def changed(**values):
    return {**GOOD, **values}


def expecting(**values):
    return changed(expect={**GOOD["expect"], **values})


def test_both_parts_are_read_and_told_apart(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "", changed(id="a-2", origin="consumer"), name="fresh_a.jsonl")
    parts = read_parts(tmp_path)
    assert {part: len(cases) for part, cases in parts.items()} == {"frozen": 1, "fresh": 2}
    assert parts["fresh"][1].origin == "consumer"
    assert parts["frozen"][0].expect.treatments == ("surgery", "radiation")


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("{", "no JSON"),
        ("[]", r"holds \[\]"),
        ({"id": "a-2"}, "has no 'category'"),
        (changed(id="a-2", turns="hello"), "'turns' has value 'hello'"),
        (changed(id="a-2", turns=[]), "'turns' has value"),
        (changed(id="a-2", expect="answer"), "'expect' has value 'answer'"),
        (changed(id="a-2", expect={"kind": "guess"}), "'kind' has value 'guess'"),
        (GOOD, r"id 'a-1' stands at .*frozen_a.jsonl:1 too"),
        (expecting(must_match=["("]) | {"id": "a-2"}, r"'must_match' holds '\('"),
        (expecting(must_not_match="x") | {"id": "a-2"}, "'must_not_match' has value 'x'"),
        (expecting(must_match_any=["x"]) | {"id": "a-2"}, "'must_match_any' has value"),
    ],
)
def test_a_malformed_case_is_named_by_file_and_line(tmp_path, case, said):
    write(tmp_path, GOOD, case)
    with pytest.raises(CaseInvalid, match=rf"frozen_a\.jsonl:2: .*{said}"):
        read_parts(tmp_path)


def test_a_folder_without_cases_says_which_files_it_needs(tmp_path):
    with pytest.raises(CaseInvalid, match=r"frozen_\*\.jsonl, fresh_\*\.jsonl"):
        read_parts(tmp_path)


def test_the_command_tells_a_malformed_case_in_one_line(tmp_path, capsys):
    write(tmp_path, "{")
    assert main(["--cases", str(tmp_path)]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("error: ")
    assert shown.count("\n") == 1
