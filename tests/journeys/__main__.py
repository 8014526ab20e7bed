"""`make prove-in-a-browser`: every hostile text that may be kept, opened in a browser; writes its part of docs/assurance.md."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from multiprocessing import get_context

from playwright.sync_api import sync_playwright
from tqdm import tqdm

from tests.attacks.hostile_texts import may_be_kept, texts
from tests.attacks.proofs import end_with_the_run
from tests.attacks.proved import PAGE, code_digest
from tests.journeys.conftest import launched
from tests.journeys.hostile_pages import InABrowser, try_some

BEGIN, END = "<!-- written by make prove-in-a-browser: begin -->", "<!-- written by make prove-in-a-browser: end -->"
PIECE = 5
NO_BROWSER = "No Chromium was found. Install it from the system's packages, then run this again."


def write_row(found: InABrowser, wrong: int, asked: int, *, code: str, at: datetime) -> str:
    """Puts what was tried between its marks in docs/assurance.md, and gives it."""
    told = (
        f"Code {code}, {at:%Y-%m-%d %H:%M} UTC, {asked:,} texts asked for: {found.sentence()}; went wrong: {wrong or 'nothing'}."
    )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")
    return told


def main() -> int:
    """0 when every text that was asked for was opened and did nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys", description=__doc__)
    parser.add_argument("--texts", type=int, default=0, help="how many of the texts that may be kept (all)")
    asked = parser.parse_args()
    kept = [text for text in texts() if may_be_kept(text)]
    # What is tried is the code as it is now, whatever becomes of it meanwhile.
    chosen, code = kept[: asked.texts or None], code_digest()
    with sync_playwright() as playwright:
        if launched(playwright) is None:
            print(NO_BROWSER, file=sys.stderr)
            return 1
    pieces = [chosen[first : first + PIECE] for first in range(0, len(chosen), PIECE)]
    found, wrong = InABrowser(), []
    with (
        ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=end_with_the_run) as pool,
        tqdm(total=len(chosen), unit=" texts", desc="hostile text in a browser") as bar,
    ):
        for ended in as_completed([pool.submit(try_some, piece) for piece in pieces]):
            some, faults = ended.result()
            found.add(some)
            wrong += faults
            bar.update(some.texts + len(faults))
            for fault in faults:
                bar.write(fault, file=sys.stderr)
    print(write_row(found, len(wrong), len(chosen), code=code, at=datetime.now(UTC)))
    return 1 if wrong or found.texts < len(chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
