"""Our bot beside the bot of `rasa init`: same machine, same questions, in turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from benchmarks.asking import Load
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Bar, as_table
from benchmarks.running import RunningBot, our_commands, stock_commands
from benchmarks.stock_bot import make_stock_bot
from bot.readiness import check_ready

STARTS = 3
ROUNDS = 5
TURNS_ALONE = 60
TURNS_AT = {10: 200, 50: 300}  # turns of a round by the number of senders at once
WARM_UP = 20
FEWEST_ANSWERED = 0.9  # share of the turns that end with side effects from the table
START, MEMORY, TURN = "start to first answer (s)", "memory after the load (MB)", "median turn (ms)"
BARS = {
    MEMORY: Bar(0.8),
    TURN: Bar(0.5),
    **{f"{n} senders (turns/s)": Bar(3, is_floor=True) for n in TURNS_AT},
}


@dataclass
class Pairs:
    """Figures taken in turns: (ours, stock) of each round."""

    values: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def take(self, name: str, ours: float, stock: float) -> None:
        self.values.setdefault(name, []).append((ours, stock))

    def ratio(self, name: str) -> float:
        """The median of the rounds' ratios: noise that hits one round hits both of its bots."""
        return median(ours / stock for ours, stock in self.values[name])


def run() -> bool:
    """Prints the table; whether all bars are met."""
    check_ready()
    make_stock_bot()
    pairs = Pairs()
    for number in range(STARTS - 1):
        print(f"Starting both, {number + 1} of {STARTS} ...", flush=True)
        _take_start(pairs)
    ours, stock = RunningBot("our bot", our_commands), RunningBot("stock bot", stock_commands)
    with ours:
        our_load = Load(ours)
        our_start = our_load.first_answer()
        with stock:
            stock_load = Load(stock)
            pairs.take(START, our_start, stock_load.first_answer())
            _take_load(pairs, our_load, stock_load)
            pairs.take(MEMORY, ours.memory(), stock.memory())
    for load in (our_load, stock_load):
        _check_answered(load)
    return _print(pairs)


def _take_start(pairs: Pairs) -> None:
    seconds = []
    for name, commands in (("our bot", our_commands), ("stock bot", stock_commands)):
        with RunningBot(name, commands) as bot:
            seconds.append(Load(bot).first_answer())
    pairs.take(START, *seconds)


def _take_load(pairs: Pairs, ours: Load, stock: Load) -> None:
    for load in (ours, stock):
        load.turn_times(WARM_UP)
    for number in range(ROUNDS):
        print(f"Asking both in turns, round {number + 1} of {ROUNDS} ...", flush=True)
        swapped = bool(number % 2)
        _take(pairs, TURN, ours, stock, _median_turn, swapped=swapped)
        for senders, turns in TURNS_AT.items():
            name = f"{senders} senders (turns/s)"
            _take(
                pairs, name, ours, stock,
                lambda load, n=senders, t=turns: load.throughput(n, t), swapped=swapped,
            )  # fmt: skip


def _median_turn(load: Load) -> float:
    return median(load.turn_times(TURNS_ALONE)) * 1000


def _take(
    pairs: Pairs,
    name: str,
    ours: Load,
    stock: Load,
    measure: Callable[[Load], float],
    *,
    swapped: bool,
) -> None:
    if swapped:
        second, first = measure(stock), measure(ours)
    else:
        first, second = measure(ours), measure(stock)
    pairs.take(name, first, second)


def _check_answered(load: Load) -> None:
    """A bot that answers something else, or nothing, is fast for the wrong reason."""
    share = load.answered / load.turns
    print(f"{load.bot.name}: {load.turns} turns, {share:.0%} answered from the table")
    if share < FEWEST_ANSWERED:
        raise BenchmarkError(
            f"{load.bot.name}: only {share:.0%} of its turns ended with side effects from the "
            f"table; {FEWEST_ANSWERED:.0%} are needed for the figures to mean anything."
        )


def _print(pairs: Pairs) -> bool:
    rows, met = [("", "our bot", "rasa init", "ratio", "to reach")], True
    for name, values in pairs.values.items():
        ratio = pairs.ratio(name)
        bar = BARS.get(name)
        ours, stock = (median(column) for column in zip(*values, strict=True))
        told = bar.told(ratio) if bar else ""
        rows.append((name, f"{ours:.1f}", f"{stock:.1f}", f"{ratio:.2f}", told))
        met &= bar.is_met(ratio) if bar else True
    print(as_table(rows))
    return met
