"""R5: a POST is done exactly once, however often it is sent: fifty or two hundred times at once, and again after a crash."""

import random
import signal
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import httpx

from tests.api.test_acknowledged_writes import a_referral, all_referrals, serving
from tests.promises.outcomes import Outcome, Size
from tests.promises.served import a_place, all_at_once, let_in, post

ROUNDS = {"small": 2, "large": 25}
AT_ONCE, MANY_AT_ONCE = 50, 200
KEY_OF_ALL = 0


class Repeats:
    """Everything sent and answered so far, by the key it was sent under."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.told: dict[int, str] = {}
        self.keys: set[int] = set()
        self.wrong: list[str] = []
        self.sent = self.kills = self.other_bodies = 0

    def send(self, base: str, number: int, times: int, *, unanswered: bool = False) -> None:
        """The same referral under the same key so many times at once. `unanswered`: the service may be gone before it answers."""
        self.keys.add(number)
        self.sent += times
        asks = [post(self.token, "/referrals", a_referral(number), key=f"key-{number}")] * times
        answers = all_at_once(base, asks)
        whole = [answer for answer in answers if isinstance(answer, httpx.Response)]
        if len(whole) < times and not unanswered:
            self.wrong.append(f"{times - len(whole)} of key {number} got no answer")
        self._compare(number, whole)

    def _compare(self, number: int, answers: Iterable[httpx.Response]) -> None:
        for answer in answers:
            if answer.status_code != 201:
                self.wrong.append(f"key {number} answered {answer.status_code} {answer.json().get('code', '')}")
                continue
            first = self.told.setdefault(number, answer.json()["id"])
            if answer.json()["id"] != first or not answer.headers["Location"].endswith(first):
                self.wrong.append(f"key {number} has two ids")

    def begin(self, base: str, number: int) -> None:
        """One alone until it is answered: the first write of a database server that has just started may take too long."""
        self.keys.add(number)
        for _ in range(20):
            self.sent += 1
            (answer,) = all_at_once(base, [post(self.token, "/referrals", a_referral(number), key=f"key-{number}")])
            if isinstance(answer, httpx.Response) and answer.status_code != 503:
                self._compare(number, [answer])
                return
        self.wrong.append("the first write was never answered")

    def send_other_body(self, base: str, number: int) -> None:
        """The same key for something else."""
        self.other_bodies += 1
        (answer,) = all_at_once(base, [post(self.token, "/referrals", a_referral(10_000 + number), key=f"key-{number}")])
        if not isinstance(answer, httpx.Response) or (answer.status_code, answer.json()["code"]) != (422, "key-reused"):
            self.wrong.append(f"another body under key {number} was not refused")


def measure_repeats(kind: str, folder: Path, size: Size) -> Outcome:
    """Rounds of equal requests, each round ended by a kill in the middle of one; then every key once more."""
    chance = random.Random(20261121)
    place = a_place(kind, folder)
    store = place.open()
    repeats = Repeats(let_in(store, 1)[0])
    for number in range(ROUNDS[size]):
        with serving(place) as (process, base):
            if number == KEY_OF_ALL:
                repeats.begin(base, 2_000)
                repeats.send(base, 1_000, MANY_AT_ONCE)
            repeats.send(base, 2 * number, AT_ONCE)
            repeats.send_other_body(base, 2 * number)
            posting = threading.Thread(target=lambda at=2 * number + 1, to=base: repeats.send(to, at, AT_ONCE, unanswered=True))
            posting.start()
            time.sleep(chance.uniform(0.05, 0.6))
            process.send_signal(signal.SIGKILL)
            repeats.kills += 1
            posting.join()
    with serving(place) as (_, base):
        for number in sorted(repeats.keys):
            repeats.send(base, number, 3)
            repeats.send_other_body(base, number)
        headers = {"Authorization": f"Bearer {repeats.token}"}
        with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
            kept = [referral["id"] for referral in all_referrals(client)]
    repeats.wrong += [f"key {number} left nothing" for number, one in repeats.told.items() if one not in kept]
    repeats.wrong += ["more was kept than was sent"] * (len(kept) - len(repeats.keys))
    place.opened.close()
    return Outcome(
        held=f"{len(repeats.keys)} keys, {AT_ONCE} and {MANY_AT_ONCE} at once, gave {len(kept)} referrals",
        load=repeats.sent,
        faults=repeats.kills,
        bad_inputs=repeats.other_bodies,
        wrong=tuple(repeats.wrong),
    )
