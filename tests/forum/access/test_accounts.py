"""Who may sign in: duties are kept apart where a role is given, and somebody always holds the roles that mend the others."""

from collections.abc import Callable
from itertools import combinations, product

import pytest

from forum.access.accounts import (
    NEVER_EMPTY,
    Account,
    account_in,
    accounts_in,
    disable_account,
    enable_account,
    give_role,
    make_account,
    roles_held,
    take_role,
    why_not,
)
from forum.access.actors import Role
from forum.access.policy import house_scope, may_be_one_person
from forum.errors import LastInRole, SeparateDuties, WrongState
from graph.errors import RecordNotFound
from graph.records import ActorId, RecordId
from graph.store.boundary import Store, Writer
from tests.builders import FORUM, NOW, a_write_key, an_account, an_audit_entry, keep

SAM, KIM = ActorId("sam"), ActorId("kim")
LEAD, ADMIN = Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR


def writing(store: Store, do: Callable[[Writer], Account]) -> Account:
    with store.write(house_scope(FORUM), key=a_write_key(), by=ActorId("operator"), now=NOW) as writer:
        done = do(writer)
        writer.append(an_audit_entry(action="change_account", resources=(done.id,)))
    return done


def held(store: Store, actor: ActorId) -> frozenset[Role]:
    with store.view(house_scope(FORUM)) as view:
        return roles_held(view, actor)


def stored(store: Store, actor: ActorId) -> Account | None:
    with store.view(house_scope(FORUM)) as view:
        return account_in(view, actor)


def test_an_account_stands_under_its_actors_id_and_says_which_roles_they_may_act_in(store: Store) -> None:
    assert stored(store, SAM) is None and held(store, SAM) == frozenset()
    made = writing(
        store, lambda w: make_account(w, actor=SAM, roles=[Role.CHAIR], name="Sam", agency="police", made_by=KIM, now=NOW)
    )
    assert (made.id, made.roles, made.name, made.agency, made.made_by) == ("sam", (Role.CHAIR,), "Sam", "police", "kim")
    assert held(store, SAM) == {Role.CHAIR}


# Written out from docs/access.md, separation of duties, and not asked of the policy, which would agree with itself.
WORKS_WITH_CASES = (Role.REFERRER, Role.PRACTITIONER, Role.PANEL_MEMBER, Role.GUEST, Role.COORDINATOR, Role.CHAIR)
APART = [*product(WORKS_WITH_CASES, (Role.ANALYST, Role.ADMINISTRATOR)), (Role.CHAIR, Role.INFORMATION_GOVERNANCE)]


def test_any_other_two_roles_may_be_one_persons() -> None:
    apart = {frozenset(pair) for pair in APART}
    for pair in combinations(Role, 2):
        assert may_be_one_person(pair) is (frozenset(pair) not in apart), pair


@pytest.mark.parametrize("pair", APART, ids=" and ".join)
def test_roles_that_are_kept_apart_are_given_to_one_person_in_no_order_and_not_at_once(
    sqlite_store: Store, pair: tuple[Role, Role]
) -> None:
    with pytest.raises(SeparateDuties):
        writing(sqlite_store, lambda w: make_account(w, actor=SAM, roles=pair, made_by=KIM, now=NOW))
    assert stored(sqlite_store, SAM) is None
    for actor, (first, second) in ((SAM, pair), (KIM, pair[::-1])):
        account = keep(sqlite_store, an_account(actor, first))
        with pytest.raises(SeparateDuties):
            writing(sqlite_store, lambda w, account=account, second=second: give_role(w, account, second))  # type: ignore[misc]
        assert held(sqlite_store, actor) == {first}


def test_a_role_is_given_and_taken_once(sqlite_store: Store) -> None:
    account = keep(sqlite_store, an_account(SAM, Role.REFERRER))
    account = writing(sqlite_store, lambda w: give_role(w, account, Role.PRACTITIONER))
    assert held(sqlite_store, SAM) == {Role.REFERRER, Role.PRACTITIONER}
    with pytest.raises(WrongState):
        writing(sqlite_store, lambda w: give_role(w, account, Role.PRACTITIONER))
    taken = writing(sqlite_store, lambda w: take_role(w, account, Role.REFERRER))
    assert why_not(taken, Role.REFERRER) == "role-taken-away" and why_not(taken, Role.PRACTITIONER) == ""
    with pytest.raises(WrongState):
        writing(sqlite_store, lambda w: take_role(w, taken, Role.REFERRER))


def test_a_disabled_account_holds_no_role_until_it_is_enabled_again(store: Store) -> None:
    account = keep(store, an_account(SAM, Role.CHAIR))
    off = writing(store, lambda w: disable_account(w, account, now=NOW))
    assert held(store, SAM) == frozenset() and why_not(stored(store, SAM), Role.CHAIR) == "account-disabled"
    with pytest.raises(WrongState):
        writing(store, lambda w: disable_account(w, off, now=NOW))
    on = writing(store, lambda w: enable_account(w, off))
    assert held(store, SAM) == {Role.CHAIR}
    with pytest.raises(WrongState):
        writing(store, lambda w: enable_account(w, on))


@pytest.mark.parametrize("role", sorted(NEVER_EMPTY))
def test_the_last_one_in_a_role_that_mends_the_others_is_not_removed(store: Store, role: Role) -> None:
    sam, kim = keep(store, an_account(SAM, role), an_account(KIM, role))
    kim = writing(store, lambda w: disable_account(w, kim, now=NOW))
    for removing in (lambda w: disable_account(w, sam, now=NOW), lambda w: take_role(w, sam, role)):
        with pytest.raises(LastInRole):
            writing(store, removing)
    assert held(store, SAM) == {role}
    writing(store, lambda w: enable_account(w, kim))
    writing(store, lambda w: take_role(w, sam, role))
    assert held(store, SAM) == frozenset() and held(store, KIM) == {role}


def test_any_other_role_may_be_left_empty(sqlite_store: Store) -> None:
    for role in sorted(set(Role) - NEVER_EMPTY):
        account = keep(sqlite_store, an_account(ActorId(f"the only {role}"), role))
        writing(sqlite_store, lambda w, account=account: disable_account(w, account, now=NOW))  # type: ignore[misc]


def test_accounts_are_in_nobodys_scope_but_the_houses(sqlite_store: Store) -> None:
    from forum.access.policy import scope_of

    keep(sqlite_store, an_account(SAM, Role.CHAIR), an_account(KIM, Role.REFERRER))
    with sqlite_store.view(house_scope(FORUM)) as house:
        assert [each.id for each in accounts_in(house)] == ["kim", "sam"]
    for role in Role:
        with sqlite_store.view(scope_of(role, forum=FORUM)) as view:
            assert not view.find(Account)
            with pytest.raises(RecordNotFound):
                view.get(Account, RecordId("sam"))
