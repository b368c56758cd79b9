"""Every listed emergency alarms, and no look-alike does; the rule files are checked when read."""

import tracemalloc
from pathlib import Path

import pytest

from bot.safety import Alarm, RulesError, SafetyGate

HERE = Path(__file__).parent
PACKAGE = Path(__file__).parents[3] / "bot" / "safety"


def listed(name: str) -> list[tuple[str, str]]:
    """Pairs of (what the last heading above says, message)."""
    heading, pairs = "", []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.split(": ")[1]
        elif line.strip() and not line.startswith("#"):
            pairs.append((heading, line))
    return pairs


@pytest.fixture(scope="module")
def gate() -> SafetyGate:
    return SafetyGate.from_files()


@pytest.mark.parametrize(("kind", "message"), listed("emergencies.txt"))
def test_a_listed_emergency_or_crisis_alarms_with_its_kind(gate, kind, message):
    alarm = gate.check(message)
    assert alarm is not None
    assert alarm.kind == kind


@pytest.mark.parametrize(("_", "message"), listed("look_alikes.txt"))
def test_a_listed_look_alike_does_not_alarm(gate, _, message):
    assert gate.check(message) is None


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("my chest hurts", "chest_pain"),
        ("cant breath", "breathing_trouble"),
        ("my wife is having a siezure", "seizure"),
        ("I have a fever of 102", "fever"),
        ("my toddler ate one of my pills", "medicine_taken_by_another"),
        ("I want to kill myself", "suicide"),
    ],
)
def test_the_alarm_names_its_rule(gate, message, flag):
    assert gate.check(message).flag == flag


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "?", "\x00", "\ud800", "🩺🩸", "10 000 000", "لا أستطيع", "_", "a" * 300_000],
)
def test_any_string_is_answered_without_an_error(gate, text):
    assert gate.check(text) is None


@pytest.mark.parametrize("noise", ["\x00", "\ud800", "🩸", "\u200b", "\t"])
def test_noise_beside_the_words_hides_no_emergency(gate, noise):
    assert gate.check(f"{noise} my chest hurts {noise}") is not None


@pytest.mark.parametrize("place", ["begin", "end"])
def test_an_emergency_at_either_end_of_a_long_paste_is_seen(gate, place):
    paste = "My appetite is not what it was. " * 2000
    message = "I can't breathe. " + paste if place == "begin" else paste + " I can't breathe"
    assert gate.check(message) is not None


def test_a_word_without_end_takes_no_memory(gate):
    tracemalloc.start()
    gate.check("quokkabcdefghijklm" * 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000, "its deletions alone would be 20 MB, and 3 GB of five such words"


@pytest.mark.parametrize("message", ["I can’t breathe", "I CAN'T BREATHE!!!", "i cant breatheeee"])
def test_apostrophes_capitals_and_stretched_letters_do_not_matter(gate, message):
    assert gate.check(message) == Alarm("emergency", "breathing_trouble")


def test_a_crisis_goes_before_an_emergency(gate):
    assert gate.check("my chest hurts and I want to die").kind == "crisis"


def test_the_patients_words_are_not_in_what_a_log_shows(gate):
    assert "chest hurts" not in repr(gate.check("my chest hurts"))


def changed(tmp_path: Path, name: str, old: str, new: str) -> dict[str, Path]:
    """The rule files, with one place of one of them changed."""
    text = (PACKAGE / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return {name.removesuffix(".yml"): tmp_path / name}


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("kind: crisis", "kind: alarm", ["flag 'suicide'", "key 'kind'", "'alarm'"]),
        ("counts: present", "counts: often", ["flag 'fever'", "key 'counts'", "'often'"]),
        ("mild_too: true", "mild_to: true", ["flag 'fever'", "key 'mild_to'"]),
        (
            "      - angina\n",
            "      - <anginas>\n",
            ["flag 'chest_pain'", "key 'named'", "<anginas>"],
        ),
        ("      - angina\n", "      - ..3\n", ["flag 'chest_pain'", "key 'named'", "..3"]),
        ("      - angina\n", "      - pain & ache\n", ["flag 'chest_pain'", "key 'named'", "'&'"]),
        ("- id: seizure", "- id: chills", ["flag 'chills'", "key 'id'", "twice"]),
        ("    reason: A seizure", "    because: A seizure", ["flag 'seizure'", "key 'because'"]),
        ("step: 0.1", "step: little", ["words 'fever_reading'", "key 'step'", "'little'"]),
        ("\nflags:", "\nflags: [", ["line", "YAML"]),
    ],
)
def test_a_malformed_rule_is_refused_with_file_rule_and_key(tmp_path, old, new, parts):
    files = changed(tmp_path, "red_flags.yml", old, new)
    with pytest.raises(RulesError) as error:
        SafetyGate.from_files(**files)
    for part in ["red_flags.yml", *parts]:
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("  well:\n", "  good:\n", ["cues", "key 'good'"]),
        ("    - looks could kill\n", "    - <look> could kill\n", ["cue 'idiom'", "<look>"]),
    ],
)
def test_a_malformed_context_rule_is_refused_with_file_rule_and_key(tmp_path, old, new, parts):
    files = changed(tmp_path, "context.yml", old, new)
    with pytest.raises(RulesError) as error:
        SafetyGate.from_files(**files)
    for part in ["context.yml", *parts]:
        assert part in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RulesError, match="nothing.yml: no such file"):
        SafetyGate.from_files(red_flags=tmp_path / "nothing.yml")


@pytest.mark.parametrize(
    ("message", "is_denied"),
    [
        ("no chest pain, no fever, how does Votrient work", True),
        ("how does Votrient work", False),
        ("no fever but my chest hurts", False),
    ],
)
def test_danger_that_is_only_denied_is_told_apart(
    gate: SafetyGate, message: str, is_denied: bool
) -> None:
    look = gate.look(message)
    assert look.is_denied is is_denied
    assert look.alarm == gate.check(message)
