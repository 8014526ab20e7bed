"""What has been proved so far: kept after every piece, so that a run that is stopped goes on, and told as a table."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.attacks.proofs import PROOFS, Figures, Proof, together

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "build" / "prove.json"
PAGE = ROOT / "docs" / "assurance.md"
BEGIN, END = "<!-- written by make prove: begin -->", "<!-- written by make prove: end -->"
PACKAGES = ("api", "forum", "graph", "ingest", "visualise")
# What a proof tries is of a state too: pieces of a weaker one do not count beside those of a stronger.
TRYING = ("tests/attacks/*.py", "tests/promises/*.py", "tests/api/shown*.py")


@dataclass
class Row:
    """One proof: which pieces of it were tried, what they gave together, and what went wrong."""

    pieces: list[int] = field(default_factory=list)
    tried: int = 0
    figures: Figures = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    began: str = ""
    ended: str = ""
    left_out: str = ""


@dataclass
class Proved:
    """All rows, of one state of the code: what was tried of other code says nothing about this one."""

    place: Path
    code: str
    rows: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def read(cls, place: Path, *, code: str) -> "Proved":
        """What the file holds for this code (for any, where none is named); nothing where there is none."""
        if not place.is_file():
            return cls(place, code)
        held: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        if code and held["code"] != code:
            print("The code is another than that of the last run: every proof begins anew.")
            return cls(place, code)
        return cls(place, held["code"], {name: Row(**row) for name, row in held["rows"].items()})

    def row(self, proof: Proof) -> Row:
        """This proof's row."""
        return self.rows.setdefault(proof.name, Row())

    def keep(self, proof: Proof, first: int, count: int, figures: Figures, wrong: str, seconds: float, *, at: datetime) -> None:
        """Adds what one piece gave, and keeps all of it: the file is the old one or the new one, whenever the run is killed."""
        row = self.row(proof)
        row.left_out = ""
        row.pieces = sorted({*row.pieces, first})
        row.tried += count
        row.figures = together(row.figures, figures)
        row.seconds += seconds
        row.began, row.ended = row.began or at.isoformat(timespec="minutes"), at.isoformat(timespec="minutes")
        if wrong:
            row.wrong.append(f"{proof.unit} {first} to {first + count - 1}: {wrong}")
        self._save()

    def leave_out(self, proof: Proof, why: str) -> None:
        """Keeps that a proof was asked for and could not be tried, where it is not done already."""
        if self.row(proof).tried < proof.size:
            self.row(proof).left_out = why
        self._save()

    def _save(self) -> None:
        self.place.parent.mkdir(parents=True, exist_ok=True)
        new = self.place.with_suffix(".new")
        new.write_text(json.dumps({"code": self.code, "rows": {name: asdict(one) for name, one in self.rows.items()}}), "utf-8")
        os.replace(new, self.place)

    def wrong(self) -> list[str]:
        """What went wrong anywhere, and what a proof that is done has left out."""
        found = [f"{name}, {said}" for name, row in self.rows.items() for said in row.wrong]
        found += [f"{name}: not tried: {row.left_out}" for name, row in self.rows.items() if row.left_out]
        for proof in PROOFS:
            row = self.rows.get(proof.name)
            if row is not None and row.tried >= proof.size and row.figures:
                found += [f"{proof.name}: {what}" for what in proof.lacks(row.figures)]
        return found


def code_digest() -> str:
    """Which code this is: a digest of every file of the five packages, and of those that try them."""
    digest = hashlib.sha256()
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*")]
    for file in sorted([*files, *(file for pattern in TRYING for file in ROOT.glob(pattern))]):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(ROOT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def lines_of_table(proved: Proved) -> Iterator[str]:
    """A row for each proof of which something was tried."""
    yield "| Proof | Tried of what is asked for | In numbers | Went wrong | Processor time | Until (UTC) |"
    yield "|---|---|---|---|---|---|"
    for proof in PROOFS:
        row = proved.rows.get(proof.name)
        if row is None or not (row.tried or row.left_out):
            continue
        numbers = proof.tells(row.figures) if row.figures else "–"
        if row.left_out:
            numbers = f"**not tried: {row.left_out}**{'; ' + numbers if row.figures else ''}"
        yield (
            f"| {proof.name} | {row.tried:,} of {proof.size:,} {proof.unit} | {numbers} | "
            f"{len(row.wrong) or ('nothing' if row.tried else '–')} | {_duration(row.seconds)} | "
            f"{row.ended[:16].replace('T', ' ') or '–'} |"
        )


def write_table(proved: Proved) -> list[str]:
    """Puts the table between its marks in docs/assurance.md, and gives its lines."""
    lines = [*lines_of_table(proved)]
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    told = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\nCode {proved.code}.\n\n{told}\n{END}{after}", encoding="utf-8")
    return lines
