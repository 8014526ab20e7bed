"""kith token: a bearer token for programs, on evaluation stores."""

import argparse
from datetime import date, datetime, timedelta

from api.cli.commands import DONE, WRONG_INPUT, Command, Stopped, add_store, hours
from api.cli.filling import COMMAND_LINE
from api.cli.real_world import real_chance, real_clock
from api.cli.stores import evaluation_only, opened, store_named
from api.main import KINDS
from api.onward_clock import latest_of
from api.settings import Settings
from api.sign_in.tokens import TOKEN_BYTES, USUAL_HOURS, keep_token
from forum.access.accounts import make_account
from forum.access.actors import Actor, Role, SignedInBy
from forum.access.grants import Reason, give_grant
from forum.access.policy import READS_SHEETS, house_scope, may_hold_grants
from forum.access.standing import chairs_scope
from forum.audit import denial_entry, record_change
from forum.code_lists import is_code
from forum.context_sheets import HAS_A_NAME, invite
from forum.errors import RefusedAccess, SeparateDuties
from forum.kinds import CASE_KINDS
from graph.assertions import PEOPLE
from graph.projection import Projection
from graph.records import ActorId, RecordId, new_id
from graph.store.boundary import Store, WriteKey


def token(args: argparse.Namespace, settings: Settings) -> int:
    """Prints a new token and nothing else."""
    if args.agency is not None and not is_code("AGENCY", args.agency):
        raise Stopped("--agency takes a code of the list AGENCY, such as childrens_social_care.", WRONG_INPUT)
    chosen = store_named(args.store, settings)
    with opened(chosen) as store:
        evaluation_only(store.about(), "Tokens are made")
        now = latest_of(store, real_clock())
        actor = ActorId(new_id())
        role, named = Role(args.role), tuple(RecordId(each) for each in args.read)
        if named and not may_hold_grants([role]):
            _refuse(store, now=now)
        until = now + timedelta(hours=args.hours)
        if named and role in READS_SHEETS:
            _invite(store, actor, named, until=until, now=now, today=settings.on or now.date())
        elif named:
            _grant(store, actor, named, until=until, now=now)
        _make_account(store, actor, role, name=args.name, agency=args.agency, now=now)
        made = real_chance(TOKEN_BYTES).hex()
        keep_token(store.shelf, made, actor=actor, role=role, name=args.name, agency=args.agency, hours=args.hours, now=now)
    print(made)
    return DONE


def _make_account(store: Store, actor: ActorId, role: Role, *, name: str, agency: str | None, now: datetime) -> None:
    scope, key = house_scope(store.about().forum), WriteKey(f"token:{actor}", "account")
    with store.write(scope, key=key, by=COMMAND_LINE, now=now) as writer:
        made = make_account(writer, actor=actor, roles=[role], name=name, agency=agency, made_by=COMMAND_LINE, now=now)
        record_change(writer, operator_of(store, now), "make_account", resources=[made.id], now=now)


def _refuse(store: Store, *, now: datetime) -> None:
    """A role that works with no case holds no record: refused, and recorded."""
    store.append([denial_entry(operator_of(store, now), "make_token", reason=SeparateDuties.code, now=now)])
    raise Stopped("--read is for roles that work with cases. Leave it out for this role: it holds no record.", WRONG_INPUT)


def operator_of(store: Store, now: datetime) -> Actor:
    """Whoever runs the service, at its terminal, as the audit knows them."""
    return Actor(id=COMMAND_LINE, role=Role.ADMINISTRATOR, forum=store.about().forum, signed_in_at=now, how=SignedInBy.COMMAND)


def _grant(store: Store, to: ActorId, named: tuple[RecordId, ...], *, until: datetime, now: datetime) -> None:
    forum = store.about().forum
    scope = house_scope(forum)
    with store.view(scope) as view:
        kinds = view.kinds_of(named)
        if len(kinds) != len(set(named)):
            raise Stopped("--read names a record that is not in this store. Take the ids from kith load --ids.", WRONG_INPUT)
    operator = operator_of(store, now)
    with store.write(scope, key=WriteKey(f"token:{to}:grant", "grant"), by=COMMAND_LINE, now=now) as writer:
        grant = give_grant(
            writer, to=to, covers=named, because=Reason.NAMED_AT_TOKEN, until=until, given_by=COMMAND_LINE, now=now
        )
        about = {each for each in named if kinds[each] in PEOPLE}
        record_change(writer, operator, "make_token", resources={grant.id, *named} - about, about=about, now=now)


def _invite(store: Store, to: ActorId, named: tuple[RecordId, ...], *, until: datetime, now: datetime, today: date) -> None:
    """Makes the context-only sheets of somebody from outside, with the chair's sight."""
    forum, operator = store.about().forum, operator_of(store, now)
    chairs = chairs_scope(store, forum=forum, now=now, case=CASE_KINDS)
    projection = Projection(KINDS)
    projection.catch_up(store)
    try:
        with (
            store.view(chairs) as sight,
            store.write(house_scope(forum), key=WriteKey(f"token:{to}:invite", "invite"), by=COMMAND_LINE, now=now) as writer,
        ):
            grant = invite(
                writer, sight, projection.within(chairs), to=to, contexts=named, because=Reason.NAMED_AT_TOKEN, until=until,
                given_by=COMMAND_LINE, now=now, today=today,
            )  # fmt: skip
            record_change(writer, operator, "make_token", resources=(grant.id, *grant.covers, *named), now=now)
    except RefusedAccess as refused:
        store.append([denial_entry(operator, "make_token", reason=refused.code, now=now)])
        if any(mistake.code == "name-on-sheet" for mistake in refused.mistakes):
            raise Stopped(f"{HAS_A_NAME}. Look at it with the chair, who may invite them over REST.", WRONG_INPUT) from None
        raise Stopped("--read for a guest names places, schools, areas or online spaces of this store.", WRONG_INPUT) from None


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_store(parser)
    parser.add_argument("--role", required=True, choices=[role.value for role in Role], help="the role it acts in")
    parser.add_argument("--name", default="", metavar="TEXT", help="whom it is for, as pages and the audit call them")
    parser.add_argument("--agency", metavar="CODE", help="a code of the list AGENCY")
    parser.add_argument(
        "--read", nargs="+", action="extend", default=[], metavar="RECORD_ID", help="records that it may read, for every purpose"
    )
    parser.add_argument("--hours", type=hours, default=USUAL_HOURS, metavar="N", help=f"how long it lasts ({USUAL_HOURS})")


COMMANDS = (
    Command(
        "token",
        "Prints a bearer token for REST, on evaluation stores.",
        "kith token --store sqlite:///calderwick.db --role practitioner --read 5f0c… --hours 4",
        _arguments,
        token,
    ),
)
