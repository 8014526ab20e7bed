"""kith link and kith account: who may sign in to a store, and a new one-time link for whoever runs it."""

import argparse
from collections.abc import Callable
from datetime import datetime

from api.cli.commands import DONE, WRONG_INPUT, Command, Stopped, add_store
from api.cli.filling import COMMAND_LINE
from api.cli.real_world import real_chance, real_clock
from api.cli.stores import evaluation_only, opened, served_or_named, store_named
from api.cli.tokens import operator_of
from api.onward_clock import latest_of
from api.settings import Settings
from api.sign_in.one_time_link import CODE_BYTES, SERVED_AT, keep_link, link_address
from forum.access.accounts import (
    Account,
    account_in,
    accounts_in,
    disable_account,
    enable_account,
    give_role,
    take_role,
)
from forum.access.actors import Role
from forum.access.policy import house_scope
from forum.audit import denial_entry, record_change, sign_in_entry
from forum.errors import ForumError
from graph.errors import NotKept
from graph.records import ActorId, new_id
from graph.store import is_held
from graph.store.boundary import Store, WriteKey, Writer


def link(args: argparse.Namespace, settings: Settings) -> int:
    """Prints a new one-time link for the store that is being served, and nothing else."""
    chosen = served_or_named(args.store, settings)
    with opened(chosen) as store:
        evaluation_only(store.about(), "Links are made")
        now = latest_of(store, real_clock())
        base = _where_served(store, chosen.store_url(), now)
        store.append([sign_in_entry(operator_of(store, now), "make_sign_in_link", now=now)])
        code = real_chance(CODE_BYTES).hex()
        keep_link(store.shelf, code, now=now)
    print(link_address(base, code))
    return DONE


def _where_served(store: Store, url: str, now: datetime) -> str:
    """The address of the service that serves this store. An embedded store says for certain that none does."""
    try:
        base = store.shelf.kept(SERVED_AT, now=now)
    except NotKept:
        base = ""
    if not base or (url.startswith("sqlite:") and not is_held(url)):
        raise Stopped("This store is not being served. Start kith serve for it: it prints a link itself.")
    return base


Change = Callable[[Writer, Account, argparse.Namespace, datetime], Account]
CHANGES: dict[str, Change] = {
    "disable": lambda writer, account, _, now: disable_account(writer, account, now=now),
    "enable": lambda writer, account, *_: enable_account(writer, account),
    "give-role": lambda writer, account, args, _: give_role(writer, account, Role(args.role)),
    "take-role": lambda writer, account, args, _: take_role(writer, account, Role(args.role)),
}


def account(args: argparse.Namespace, settings: Settings) -> int:
    """Lists the accounts, or changes one; what is taken away ends with the next request."""
    if args.do != "list" and args.id is None:
        raise Stopped(f"Say whose account: kith account {args.do} ID. kith account list shows the ids.", WRONG_INPUT)
    if args.do.endswith("role") and args.role is None:
        raise Stopped(f"Say which role: kith account {args.do} ID --role ROLE.", WRONG_INPUT)
    with opened(store_named(args.store, settings)) as store:
        if args.do == "list":
            _list(store)
        else:
            _change(store, args, latest_of(store, real_clock()))
    return DONE


def _list(store: Store) -> None:
    with store.view(house_scope(store.about().forum)) as view:
        for each in accounts_in(view):
            state = "enabled" if each.disabled_at is None else "disabled"
            print("\t".join((each.id, state, ",".join(each.roles), each.agency or "-", each.name or "-")))


def _change(store: Store, args: argparse.Namespace, now: datetime) -> None:
    """One change in one transaction, recorded; a refusal is recorded too."""
    scope, action = house_scope(store.about().forum), f"{args.do.replace('-', '_')}_account"
    with store.view(scope) as view:
        there = account_in(view, ActorId(args.id))
    if there is None:
        raise Stopped("There is no account with this id. kith account list shows the ids.", WRONG_INPUT)
    try:
        with store.write(scope, key=WriteKey(f"account:{new_id()}", args.do), by=COMMAND_LINE, now=now) as writer:
            CHANGES[args.do](writer, writer.get(Account, there.id), args, now)
            record_change(writer, operator_of(store, now), action, resources=[there.id], now=now)
    except ForumError as refused:
        store.append([denial_entry(operator_of(store, now), action, reason=refused.code, now=now)])
        raise
    print("Done. It holds from the next request on.")


def _account_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("do", choices=["list", *CHANGES], help="what to do")
    parser.add_argument("id", nargs="?", metavar="ID", help="whose account, as the list shows it")
    add_store(parser)
    parser.add_argument("--role", choices=[role.value for role in Role], help="the role to give or to take")


COMMANDS = (
    Command(
        "link",
        "Prints a new one-time sign-in link for a store that is being served, on evaluation stores.",
        "kith link",
        add_store,
        link,
    ),
    Command(
        "account",
        "Lists who may sign in; disables or enables an account, gives it a role or takes one.",
        "kith account take-role 5f0c… --role chair --store sqlite:///calderwick.db",
        _account_arguments,
        account,
    ),
)
