"""Writes a made-up document of any size: an article and its catalog, built like real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random

from benchmarks.made_up_names import brand_names, generic_names
from knowledge.lexicon import read_side_effects
from knowledge.table import Source

CONDITION = "inventitis"
MEMBERS = 25  # drugs in a group
ITEMS = (5, 8)  # side effects in a list
HEAD = """Treatments for Inventitis

Inventitis is a disease that nobody has. Ask your doctor which treatment suits you best.
"""
TAIL = """
Made-Up Reference Reviewed by A. N. Author, MD on January 2, 2024

Made-Up Society: "Inventitis: Treatment Options."

Made-Up Institute: {titles}
"""
HOW_GIVEN = (
    "You take {name} as a pill, {often}.",
    "{name} is given by IV through a vein, {often}. Each IV takes {minutes} minutes.",
    "You get {name} as a shot under the skin, {often}. You can give it to yourself at home.",
)
HOW_OFTEN = ("once a day", "twice a day", "every 2 weeks", "every 3 weeks", "once a week")


@dataclass(frozen=True)
class Drug:
    generic: str
    brand: str


@dataclass(frozen=True)
class Group:
    name: str
    drugs: tuple[Drug, ...]


@dataclass(frozen=True)
class MadeUpDocument:
    """`drugs` and `groups` as they were invented; the condition is one more treatment."""

    source: Source
    groups: tuple[Group, ...]

    @property
    def drugs(self) -> list[Drug]:
        return [drug for group in self.groups for drug in group.drugs]


def write_document(folder: Path, treatments: int, seed: int = 1) -> MadeUpDocument:
    """Writes article.txt and catalog.yml with so many treatments (condition and groups included).

    The same number and seed give the same document.
    """
    random = Random(seed)
    groups = tuple(_groups(random, treatments - 1))
    source = Source(folder / "article.txt", folder / "catalog.yml")
    folder.mkdir(parents=True, exist_ok=True)
    source.article.write_text("\n".join(_article(random, groups)), encoding="utf-8")
    digest = hashlib.sha256(source.article.read_bytes()).hexdigest()
    source.catalog.write_text("\n".join(_catalog(groups, digest)) + "\n", encoding="utf-8")
    return MadeUpDocument(source, groups)


def _groups(random: Random, count: int) -> Iterator[Group]:
    names = generic_names(random)
    group_count = -(-count // (MEMBERS + 1))
    stems = list(islice(names, group_count))
    generics = list(islice(names, count - group_count))
    brands = brand_names(random, {*stems, *generics})
    drugs = [Drug(generic, brand) for generic, brand in zip(generics, brands, strict=False)]
    for number, stem in enumerate(stems):
        yield Group(f"{stem} blockers", tuple(drugs[number::group_count]))


def _article(random: Random, groups: Sequence[Group]) -> Iterator[str]:
    effects = [effect.name for effect in read_side_effects() if effect.listed]
    drugs = [drug.generic for group in groups for drug in group.drugs]
    others = cycle(drugs[1:] + drugs[:1])
    yield HEAD
    for group in groups:
        name = group.name.capitalize()
        yield f"{name.title()}\n\n{name} aim at the {group.name.split()[0]} protein."
        yield "The drugs in this group are:\n"
        yield from (f"  • {drug.generic.capitalize()} ({drug.brand})" for drug in group.drugs)
        yield from _side_effects(random, group.name, effects)
        for drug in group.drugs:
            yield from _section(random, drug, next(others), effects)
    titles = " ".join(f'"About {group.name}."' for group in groups)
    yield TAIL.format(titles=titles)


def _section(random: Random, drug: Drug, other: str, effects: Sequence[str]) -> Iterator[str]:
    given = random.choice(HOW_GIVEN).format(
        name=drug.brand, often=random.choice(HOW_OFTEN), minutes=random.randint(2, 9) * 10
    )
    generic = drug.generic.capitalize()
    yield f"\n{generic}\n"
    yield f"{generic} ({drug.brand}) is one of these drugs. It blocks a protein of the disease."
    yield f"It can make tumors shrink. It is often taken together with {other}.\n"
    yield given
    yield from _side_effects(random, drug.brand, effects)


def _side_effects(random: Random, name: str, effects: Sequence[str]) -> Iterator[str]:
    yield f"\nSide effects of {name} include:\n"
    for effect in random.sample(list(effects), random.randint(*ITEMS)):
        yield f"  • {effect.capitalize()}"
    yield ""


def _catalog(groups: Sequence[Group], digest: str) -> Iterator[str]:
    yield "document: made_up\npublisher: Made-Up Society\nlanguage: en"
    yield f"editions:\n  - {{name: made up, adapted: false, sha256: '{digest}'}}"
    yield f"treatments:\n  {CONDITION}: {{kind: condition}}"
    for group in groups:
        yield f"  {group.name}: {{kind: group}}"
        for drug in group.drugs:
            yield (
                f"  {drug.generic}: {{kind: drug, part_of: {group.name}, brands: [{drug.brand}]}}"
            )
    yield 'references:\n  "Inventitis: Treatment Options": [document]'
    yield from (f"  About {group.name}: [{group.name}]" for group in groups)
