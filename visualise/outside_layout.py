"""Graphviz sfdp, where it is installed, for maps of more than 100 things. It is given n0, n1 and box sizes, and nothing else."""

import shutil
import subprocess
from collections.abc import Sequence

LONGEST = 10
UNITS_PER_INCH = 72.0


def find_sfdp() -> str | None:
    """The path of sfdp; None where Graphviz is not installed."""
    return shutil.which("sfdp")


def place_with_sfdp(
    program: str, keys: Sequence[str], ties: Sequence[tuple[str, str]], rooms: Sequence[tuple[float, float]]
) -> dict[str, tuple[float, float]] | None:
    """A rough place for each key, y downwards; None when sfdp fails or takes longer than ten seconds."""
    text = describe(keys, ties, rooms)
    try:
        done = subprocess.run(
            [program, "-Tplain"], input=text, capture_output=True, text=True, env={}, timeout=LONGEST, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found: dict[str, tuple[float, float]] = {}
    for line in done.stdout.splitlines():
        parts = line.split()
        if (
            len(parts) > 3
            and parts[0] == "node"
            and parts[1][:1] == "n"
            and parts[1][1:].isdigit()
            and int(parts[1][1:]) < len(keys)
        ):
            found[keys[int(parts[1][1:])]] = (float(parts[2]), -float(parts[3]))
    return found if len(found) == len(keys) else None


def describe(keys: Sequence[str], ties: Sequence[tuple[str, str]], rooms: Sequence[tuple[float, float]]) -> str:
    """What is sent to sfdp: numbered boxes and lines, in order; no key, label or id."""
    number = {key: place for place, key in enumerate(keys)}
    lines = ["graph g { start=7; overlap=prism; node [shape=box, fixedsize=true]"]
    for place, (across, down) in enumerate(rooms):
        lines.append(f'n{place} [width="{2 * across / UNITS_PER_INCH:.3f}", height="{2 * down / UNITS_PER_INCH:.3f}"]')
    lines.extend(f"n{number[a]} -- n{number[b]}" for a, b in ties)
    return "\n".join([*lines, "}"]) + "\n"
