"""What a load showed, as numbers: by kind of request and by bar, with what the service and the caller used meanwhile."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import fmean
from typing import Any

from bench.load.costs import Cost, mean_of
from bench.load.kinds_of_work import WORK, Sort
from bench.load.running import REFUSED, Seen

BARS = {Sort.READ: 0.3, Sort.WRITE: 0.5, Sort.MAP: 1.5}
MOST_DRIFT = 0.05
MEMORY = "memory drift < 5 %"
OPEN, OVERLOAD, AFTER = "Open loop", "Ten times as much", "The minute after"
OVERLOADED = frozenset({OVERLOAD, AFTER})
WHOLE_RUN = 600
SHORTEST_FOR_MEMORY = 180


@dataclass(frozen=True, slots=True)
class Line:
    """The times of one kind of request, in milliseconds, and how many went wrong."""

    name: str
    sort: str
    asked: int
    p50: float
    p95: float
    p99: float
    longest: float
    errors: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The service at one moment of the run: seconds into it, private memory in MB, processor seconds used so far."""

    at: float
    memory: float
    cpu: float


@dataclass(slots=True)
class Phase:
    """One stretch of load. `cpu` are processor seconds of the service, of the caller, and of all else on the machine.

    `afresh`: what a service holds that was begun on the same store after this phase, under the same load. `skipped`: how many
    that were meant to be sent would have come from somebody who had not been answered about the same thing yet.
    """

    name: str
    seconds: float
    rate: float | None
    clients: int | None
    seen: list[Seen] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    afresh: list[Sample] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    not_sent: int = 0
    skipped: int = 0

    @property
    def errors(self) -> int:
        return sum(not one.good for one in self.seen) + self.not_sent

    def lines(self) -> list[Line]:
        """By kind of request, in the order of the shares' table."""
        return [_line(work.name, work.sort, [one for one in self.seen if one.work is work]) for work in WORK]

    def by_sort(self) -> list[Line]:
        return [_line(f"all: {sort}", sort, [one for one in self.seen if one.work.sort is sort]) for sort in Sort]

    def refused(self) -> Line | None:
        """How long those waited who were told to come back; None where nobody was."""
        found = [one for one in self.seen if one.status in REFUSED]
        return _line("told to come back (429, 503)", "refused", found) if found else None

    def normal_after(self) -> float:
        """Seconds into this phase until every second after it kept to the bars: its median of each sort, and no error."""
        late = [one.at for one in self.seen if not one.good]
        for second in range(round(self.seconds)):
            for sort, bar in BARS.items():
                times = sorted(one.seconds for one in self.seen if one.work.sort is sort and second <= one.at < second + 1)
                if quantile(times, 0.5) > bar:
                    late.append(second + 1.0)
        return max(late, default=0.0)

    def memory_growth(self) -> float | None:
        """How much more memory the last minute holds than the second, as a share: with what was written in between.

        None where it was not measured.
        """
        return _more(self._last_minute(), _second_minute(self.samples))

    def memory_drift(self) -> float | None:
        """How much more memory the last minute holds than a service begun afresh on the same store, in its second minute.

        What was written has to be held; what age alone adds is what drifts. None where it was not measured.
        """
        return _more(self._last_minute(), _second_minute(self.afresh))

    def _last_minute(self) -> list[float]:
        return [one.memory for one in self.samples if one.at >= self.seconds - 60] if self.seconds >= SHORTEST_FOR_MEMORY else []

    def met(self) -> dict[str, bool]:
        """Each bar that was measured, and whether it is met. What nobody asked for meets none."""
        met = {
            f"p95 {line.sort} ≤ {BARS[Sort(line.sort)] * 1000:.0f} ms": line.asked > 0
            and line.p95 <= BARS[Sort(line.sort)] * 1000
            for line in self.by_sort()
        }
        drift = self.memory_drift()
        return met | {"no errors": self.errors == 0} | ({} if drift is None else {MEMORY: drift < MOST_DRIFT})

    def as_json(self) -> dict[str, Any]:
        refused = self.refused()
        wrong = Counter(f"{one.work.name}: {one.status} {one.why}" for one in self.seen if not one.good)
        return {
            "name": self.name, "seconds": self.seconds, "rate": self.rate, "clients": self.clients, "asked": len(self.seen),
            "a_second": round(len(self.seen) / self.seconds, 1), "errors": self.errors, "not_sent": self.not_sent,
            "skipped": self.skipped,
            "statuses": {str(status): count for status, count in sorted(Counter(one.status for one in self.seen).items())},
            "lines": [asdict(line) for line in (*self.by_sort(), *self.lines())], "met": self.met(),
            "refused": asdict(refused) if refused else None, "normal_after_seconds": round(self.normal_after(), 1),
            "memory_mb": [asdict(sample) for sample in self.samples], "memory_growth": self.memory_growth(),
            "memory_mb_afresh": [asdict(sample) for sample in self.afresh], "memory_drift": self.memory_drift(),
            "cpu_seconds": self.cpu, "wrong": wrong,
        }  # fmt: skip


def _second_minute(samples: Sequence[Sample]) -> list[float]:
    return [one.memory for one in samples if 60 <= one.at < 120]


def _more(last: Sequence[float], first: Sequence[float]) -> float | None:
    return round(fmean(last) / fmean(first) - 1, 4) if last and first else None


def _line(name: str, sort: str, seen: Sequence[Seen]) -> Line:
    times = sorted(one.seconds * 1000 for one in seen)
    at = (round(quantile(times, share), 1) for share in (0.5, 0.95, 0.99, 1.0))
    return Line(name, str(sort), len(times), *at, sum(not one.good for one in seen))


def quantile(times: Sequence[float], share: float) -> float:
    """The time that this share of all did not exceed: one of the times themselves; 0 where there is none."""
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


@dataclass(slots=True)
class Told:
    """One whole run: when and where, its phases, what each kind cost, the first look at the full map, what was lost.

    `aside`: what went wrong while nothing of the tables was measured, in the warm-up and under the service begun afresh.
    """

    at: str
    machine: dict[str, Any]
    phases: list[Phase] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    first_look: dict[str, float] = field(default_factory=dict)
    looked_for: int = 0
    lost: int = 0
    aside: int = 0

    def as_json(self) -> str:
        answer = {
            "at": self.at, "machine": self.machine, "phases": [phase.as_json() for phase in self.phases],
            "cpu_milliseconds": [cost.as_json() for cost in self.costs], "cpu_milliseconds_mean": round(mean_of(self.costs), 2),
            "first_look_at_the_full_map_seconds": self.first_look, "writes_looked_for": self.looked_for, "writes_lost": self.lost,
            "errors_aside": self.aside,
        }  # fmt: skip
        return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"

    def as_markdown(self) -> list[str]:
        """The part of docs/assurance.md."""
        lines = [f"Run on {self.at}: {', '.join(f'{name} {value}' for name, value in self.machine.items())}.", ""]
        for phase in self.phases:
            lines += [*_phase_in_words(phase), ""]
        lines += _costs_in_words(self.costs, self.first_look)
        held = "held" if self.held() else "not held"
        return [
            *lines,
            "",
            f"**Load {held}; {self.looked_for} acknowledged writes looked for afterwards, lost: {self.lost}; errors in the "
            f"warm-up and under the service begun afresh: {self.aside}**",
        ]

    def held(self) -> bool:
        """Whether every bar was met in the open loop, nothing went wrong aside, and nothing acknowledged is lost."""
        bars = [met for phase in self.phases if phase.name == OPEN for met in phase.met().values()]
        return bool(bars) and all(bars) and self.lost == 0 and self.aside == 0


def _phase_in_words(phase: Phase) -> list[str]:
    arrival = f"{phase.rate:g} a second, whatever becomes of them" if phase.rate else f"{phase.clients} clients, back to back"
    asked = len(phase.seen)
    used = ", ".join(f"{name} {seconds / phase.seconds * 100:.0f} %" for name, seconds in phase.cpu.items())
    lines = [
        f"### {phase.name}: {arrival}, {phase.seconds:.0f} s",
        "",
        f"{asked:,} requests ({asked / phase.seconds:.1f} a second), {phase.errors} errors{_skipped(phase)}. "
        f"Of one processor: {used}. Memory of the service, MB: {_memory_in_words(phase.samples)}.{_drift_in_words(phase)}",
        "",
        "| What | Asked | p50 ms | p95 ms | p99 ms | Longest ms | Errors |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(line) for line in (*phase.by_sort(), *phase.lines())]
    refused = phase.refused()
    if refused:
        lines.append(_row(replace(refused, errors=0)))
    if phase.name == AFTER:
        lines += ["", f"As usual again {phase.normal_after():.0f} s after the overload had ended."]
    if phase.name in OVERLOADED:
        return lines
    said = [f"{bar}: {'yes' if met else '**no**'}" for bar, met in phase.met().items()]
    return [*lines, "", "; ".join(said if phase.memory_drift() is not None else [*said, f"{MEMORY}: not measured"]) + "."]


def _skipped(phase: Phase) -> str:
    return f", {phase.skipped} not sent as the same person was not answered yet" if phase.skipped else ""


def _row(line: Line) -> str:
    times = " | ".join(f"{time:.0f}" for time in (line.p50, line.p95, line.p99, line.longest))
    return f"| {line.name} | {line.asked} | {times} | {line.errors} |"


def _memory_in_words(samples: Sequence[Sample]) -> str:
    """At the start, each minute and at the end."""
    minutes = {int(sample.at // 60): sample.memory for sample in reversed(samples)}
    held = [minutes[minute] for minute in sorted(minutes)] + [sample.memory for sample in samples[-1:]]
    return ", ".join(f"{memory:.0f}" for memory in held)


def _drift_in_words(phase: Phase) -> str:
    growth, drift = phase.memory_growth(), phase.memory_drift()
    if growth is None or drift is None:
        return ""
    return (
        f" Last minute to second: {growth:+.1%}, with all that was written meanwhile. A service begun afresh on"
        f" the same store after it, under the same load: {_memory_in_words(phase.afresh)}; drift against its second minute:"
        f" {drift:+.1%}."
    )


def _costs_in_words(costs: Iterable[Cost], first_look: dict[str, float]) -> list[str]:
    costs = list(costs)
    first = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in first_look.items())
    return [
        "### What a request costs the service, in processor time",
        "",
        f"Mean of the mix: {mean_of(costs):.1f} ms. The first look at the map of 150 things after the start: {first}.",
        "",
        "| What | Who asks | Share of the mix | Processor ms |",
        "|---|---|---|---|",
        *(f"| {cost.name} | {cost.who} | {cost.share:.1f} % | {cost.milliseconds:.1f} |" for cost in costs),
    ]
