"""Who may sign in, and in which roles?

An account stands under the id of the actor whose it is. It gives no sight of anything: a role says what kind of thing may be
done, and grants say to which records. Every request looks at the account again, so that what is taken away ends at once.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from forum.access.actors import Role
from forum.access.policy import may_be_one_person
from forum.errors import LastInRole, SeparateDuties, WrongState
from graph.errors import RecordErased, RecordNotFound
from graph.periods import disposal_day
from graph.records import ActorId, FieldClass, Record, RecordId, record, shown_as
from graph.store.boundary import View, Writer

# Who may sign in is looked at again every year.
GOOD_FOR = timedelta(days=365)
PAGE = 500
# Of these somebody who may sign in is always left: nobody else could mend what they mend.
NEVER_EMPTY = frozenset({Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR})


@record
class Account(Record):
    """Somebody who may sign in, in these roles; its id is that of the actor. From `disabled_at` on they may not."""

    KIND: ClassVar[str] = "Account"
    roles: tuple[Role, ...] = shown_as(FieldClass.OPEN)
    name: str = shown_as(FieldClass.IDENTITY, default="")
    agency: str | None = shown_as(FieldClass.OPEN, default=None)
    made_by: ActorId = shown_as(FieldClass.OPEN)
    made_at: datetime = shown_as(FieldClass.OPEN)
    disabled_at: datetime | None = shown_as(FieldClass.OPEN, default=None)


def make_account(
    writer: Writer,
    *,
    actor: ActorId,
    roles: Collection[Role],
    made_by: ActorId,
    now: datetime,
    name: str = "",
    agency: str | None = None,
) -> Account:
    """Lets somebody sign in in these roles. Raises SeparateDuties when one person may not hold them together."""
    _must_go_together(roles)
    review_on = (now + GOOD_FOR).date()
    return writer.put(
        Account(
            id=RecordId(actor),
            forum=writer.scope.forum,
            review_on=review_on,
            dispose_on=disposal_day(review_on),
            roles=tuple(sorted(set(roles))),
            name=name,
            agency=agency,
            made_by=made_by,
            made_at=now,
        )
    )


def give_role(writer: Writer, account: Account, role: Role) -> Account:
    """One role more. Raises SeparateDuties, and WrongState when it is held already."""
    if role in account.roles:
        raise WrongState("This account holds that role already.")
    _must_go_together({*account.roles, role})
    return writer.put(replace(account, roles=tuple(sorted({*account.roles, role}))))


def take_role(writer: Writer, account: Account, role: Role) -> Account:
    """One role less; whoever acts in it is refused from the next request on. Raises LastInRole, and WrongState."""
    if role not in account.roles:
        raise WrongState("This account does not hold that role.")
    _must_not_be_last(writer, account, {role})
    return writer.put(replace(account, roles=tuple(each for each in account.roles if each is not role)))


def disable_account(writer: Writer, account: Account, *, now: datetime) -> Account:
    """Nobody signs in with it, and what is signed in is refused from the next request on. Raises LastInRole, and WrongState."""
    if account.disabled_at is not None:
        raise WrongState("This account is disabled already.")
    _must_not_be_last(writer, account, account.roles)
    return writer.put(replace(account, disabled_at=now))


def enable_account(writer: Writer, account: Account) -> Account:
    """Lets them sign in again; what had been signed in before holds again for as long as it would have."""
    if account.disabled_at is None:
        raise WrongState("This account is not disabled.")
    return writer.put(replace(account, disabled_at=None))


def why_not(account: Account | None, role: Role | None) -> str:
    """Why nobody may act with this account in this role, or in any for None, as a stable code; "" when they may."""
    if account is None:
        return "no-account"
    if account.disabled_at is not None:
        return "account-disabled"
    return "" if role is None or role in account.roles else "role-taken-away"


def account_in(view: View, actor: ActorId) -> Account | None:
    """The account of an actor; None where there is none. `view` must be the house's own."""
    try:
        return view.get(Account, RecordId(actor))
    except (RecordNotFound, RecordErased):
        return None


def roles_held(view: View, actor: ActorId) -> frozenset[Role]:
    """The roles in which somebody may sign in just now; none for nobody known, and for a disabled account."""
    account = account_in(view, actor)
    return frozenset() if account is None or account.disabled_at is not None else frozenset(account.roles)


def accounts_in(view: View) -> Iterator[Account]:
    """Every account, disabled ones included, in order of id."""
    after: RecordId | None = None
    while page := view.find(Account, after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def _must_go_together(roles: Collection[Role]) -> None:
    if not may_be_one_person(roles):
        raise SeparateDuties


def _must_not_be_last(view: View, account: Account, roles: Collection[Role]) -> None:
    """Raises LastInRole when nobody else who may sign in holds one of these that must always be held by somebody."""
    for role in sorted(NEVER_EMPTY.intersection(roles)):
        others = (each for each in accounts_in(view) if each.id != account.id)
        if not any(role in each.roles and each.disabled_at is None for each in others):
            raise LastInRole
