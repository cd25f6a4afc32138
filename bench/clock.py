"""CPU time of processes, to the nanosecond where the kernel keeps it so."""

import os
import statistics
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

ROUNDS, FEW_ROUNDS = 5, 3
ROUND_SECONDS = 0.2
"""How much CPU a round takes at least, as far as ``MOST`` calls reach."""
MOST = 40
SLOW_MS = 2_000
"""What takes longer is measured fewer times."""


def cpu_of(pid: int) -> float:
    """Seconds of CPU that the threads of a process have used, those that ended included.

    Linux numbers the clock of a process so; `clock_getcpuclockid` would say the same.
    """
    return time.clock_gettime((~pid << 3) | 2)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def cpu_below(pid: int) -> float:
    """Seconds of CPU of a server and its children; of those that have ended, to 10 ms."""
    ticks = int(_stat(pid)[13]) + int(_stat(pid)[14])
    total = cpu_of(pid) + ticks / os.sysconf("SC_CLK_TCK")
    for child in children(pid):
        try:
            total += cpu_of(child)
        except OSError:  # it has ended since
            continue
    return total


def _stat(pid: int) -> list[str]:
    """The columns of /proc/PID/stat behind the name, which may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def peak_memory(pid: int) -> int:
    """The most bytes that a process has held since it began, or since ``forget_peak``."""
    return _status(pid, "VmHWM")


def memory(pid: int) -> int:
    """The bytes that a process holds now."""
    return _status(pid, "VmRSS")


def forget_peak(pid: int) -> None:
    """Begin anew to watch how much memory a process holds at most."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


@dataclass(frozen=True)
class Spent:
    """Milliseconds that one call took: of CPU, and by the clock on the wall."""

    cpu: float
    wall: float


Cpu = Callable[[], float]
"""The seconds of CPU that all who take part have used so far."""


@dataclass(frozen=True)
class Call:
    """One thing to measure, with the clock of those who do the work. ``prepare`` comes before each run, and is
    not measured."""

    run: Callable[[], object]
    cpu: Cpu
    prepare: Callable[[], object] | None = None


def sum_of(clocks: Iterable[Cpu]) -> Cpu:
    """One clock that adds up ``clocks``."""
    every = list(clocks)
    return lambda: sum(clock() for clock in every)


def measure(calls: Collection[Call]) -> list[Spent]:
    """The median of several rounds for each of ``calls``, in turns, so that a slow minute slows all of them.

    Each runs twice before, unless that takes seconds; then there are fewer rounds too.
    """
    warm = [_warm(call) for call in calls]
    repeats = [max(1, min(MOST, int(ROUND_SECONDS * 1_000 / max(spent.cpu, 0.001)))) for spent in warm]
    number = FEW_ROUNDS if any(spent.cpu > SLOW_MS for spent in warm) else ROUNDS
    rounds = [[_round(call, times) for call, times in zip(calls, repeats, strict=True)] for _ in range(number)]
    return [
        Spent(statistics.median(each.cpu for each in spent), statistics.median(each.wall for each in spent))
        for spent in zip(*rounds, strict=True)
    ]


def _warm(call: Call) -> Spent:
    cold = _round(call, 1)
    return _round(call, 1) if cold.cpu < SLOW_MS else cold


def _round(call: Call, times: int) -> Spent:
    """What one of ``times`` runs took on average."""
    if call.prepare is None:
        return _timed(call, times)
    spent = []
    for _ in range(times):
        call.prepare()
        spent.append(_timed(call, 1))
    return Spent(statistics.fmean(each.cpu for each in spent), statistics.fmean(each.wall for each in spent))


def _timed(call: Call, times: int) -> Spent:
    begun, at = call.cpu(), time.perf_counter()
    for _ in range(times):
        call.run()
    return Spent((call.cpu() - begun) * 1_000 / times, (time.perf_counter() - at) * 1_000 / times)
