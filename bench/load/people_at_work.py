"""Who asks: a hundred people of the forum with tokens, roles and grants, so that nobody alone asks more than people do."""

import random
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from api.cli import main
from forum.access.actors import Role

SEATS: Mapping[Role, int] = {
    Role.COORDINATOR: 10,
    Role.CHAIR: 6,
    Role.PRACTITIONER: 50,
    Role.PANEL_MEMBER: 20,
    Role.REFERRER: 14,
}
# How many referrals each may read by a grant.
REFERRALS_EACH: Mapping[Role, int] = {Role.PRACTITIONER: 6, Role.PANEL_MEMBER: 12}
HOURS = 12


@dataclass(slots=True)
class Person:
    """Somebody at work. `referrals` are theirs by a grant, by the number they have in the case.

    `own` and `tag`: the one referral that they alone change, and the tag of what they last read of it; `note` is what they last
    wrote there, `kept_note` what was last acknowledged. `written`: where everything stands that they made.
    """

    role: Role
    token: str
    referrals: tuple[int, ...] = ()
    written: list[str] = field(default_factory=list)
    own: str = ""
    tag: str = ""
    note: str = ""
    kept_note: str = ""
    changing: bool = False
    next_page: str = ""


def give_everyone_a_seat(path: Path, ids: Mapping[str, str], *, referrals: int, seed: int = 1) -> list[Person]:
    """Makes tokens and grants by `kith token`, in the store of a service that is not running yet; as the seed says, the same."""
    chance = random.Random(f"seats {seed}")
    people = []
    for role, seats in SEATS.items():
        for _ in range(seats):
            theirs = tuple(chance.sample(range(referrals), REFERRALS_EACH.get(role, 0)))
            people.append(Person(role, _token(path, role, [ids[f"R{number}"] for number in theirs]), theirs))
    return people


def _token(path: Path, role: Role, reads: list[str]) -> str:
    said = StringIO()
    named = ["--read", *reads] if reads else []
    with redirect_stdout(said):
        status = main(["token", "--store", f"sqlite:///{path}", "--role", role.value, "--hours", str(HOURS), *named])
    assert status == 0, "kith token has made no token"
    return said.getvalue().strip()
