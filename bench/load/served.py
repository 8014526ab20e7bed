"""The real service of a load: `kith load`, then `kith serve` on loopback, as processes; and what the kernel says of them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KITH = (sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())")
READY_SECONDS, ENDS_SECONDS = 120, 40
_TICKS = os.sysconf("SC_CLK_TCK")


def kith(*arguments: str) -> None:
    """One command, to its end; its faults are shown."""
    subprocess.run([*KITH, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is running, and the port it listens on."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Processor seconds it has used so far, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> float:
        """What it holds in memory: its own pages, without those that it shares with others."""
        found = re.findall(r"^Private_\w+:\s+(\d+) kB", Path(f"/proc/{self.pid}/smaps_rollup").read_text(), re.M)
        return sum(map(int, found)) / 1024


def machine_cpu_seconds() -> float:
    """Processor seconds that everything on this machine has used since it started."""
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + irq + soft + steal) / _TICKS


@contextmanager
def serving(store: Path, *, on: str) -> Iterator[Service]:
    """A service on this store while the block lasts; told to stop then, and killed if it does not."""
    command = [*KITH, "serve", "--store", f"sqlite:///{store}", "--port", "0", "--on", on]
    with (store.parent / "service.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        yield Service(running.pid, _port_of(running))
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(ENDS_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _port_of(running: "subprocess.Popen[str]") -> int:
    assert running.stdout is not None
    for line in running.stdout:
        if found := re.search(r"ready at \S+:(\d+)$", line.rstrip()):
            return int(found[1])
    raise RuntimeError(f"the service ended before it was ready, with status {running.wait(READY_SECONDS)}")
