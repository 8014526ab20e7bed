"""Who saw or did what, for whom, and why? Composes audit entries; the store writes them, in the order of its chain."""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime

from forum.access.actors import Actor
from forum.access.disclosure import Disclosure
from graph.records import ActorId, RecordId
from graph.store.boundary import AuditEntry, Writer

# Who stands in an entry that is nobody's: not signed in, and the service of itself.
NOBODY, SERVICE = ActorId("nobody"), ActorId("service")


def record_change(
    writer: Writer,
    actor: Actor,
    action: str,
    *,
    resources: Collection[RecordId] = (),
    about: Collection[RecordId] = (),
    now: datetime,
    grants: Collection[RecordId] = (),
    under: Mapping[RecordId, Collection[RecordId]] | None = None,
) -> None:
    """Says in the writer's own transaction what was changed: `about` everyone it concerns, `resources` the other records.

    `action` is the name of what was done, such as create_referral; `now` is the real moment. `under`, where it is known: for
    everyone of `about` the grants among `grants` that cover them.
    """
    writer.append(_entry(actor, action, resources=resources, about=about, now=now, grants=grants, under=under))


def viewing_entry(
    actor: Actor,
    action: str,
    disclosure: Disclosure,
    *,
    now: datetime,
    grants: Collection[RecordId] = (),
    under: Mapping[RecordId, Collection[RecordId]] | None = None,
    response_digest: str = "",
    rows: int = 0,
    request: str = "",
) -> AuditEntry:
    """Says who was shown in one answer. `disclosure` must be settled; `response_digest` is keyed; `under` as in a change."""
    return _entry(
        actor,
        action,
        resources=disclosure.resources,
        about=disclosure.shown,
        now=now,
        grants=grants,
        under=under,
        field_classes=tuple(sorted(field_class.value for field_class in disclosure.classes)),
        label_mode=disclosure.mode,
        response_digest=response_digest,
        rows=rows,
        request=request,
    )


def denial_entry(
    actor: Actor, action: str, *, reason: str, now: datetime, asked: Collection[str] = (), key: bytes = b"", request: str = ""
) -> AuditEntry:
    """Says that somebody was refused, with the stable code of the reason.

    What they `asked` for by id stands there under one hash made with `key`, whether it exists or not: whoever holds the key and
    an id can find out who tried it, and nobody can read an id from the entry.
    """
    resources = [refused_id(each, key) for each in asked]
    return _entry(actor, action, now=now, decision="refused", reason=reason, resources=resources, request=request)


def sign_in_entry(actor: Actor, action: str, *, now: datetime, request: str = "", whose: ActorId | None = None) -> AuditEntry:
    """Says that somebody signed in, signed in again or out, or ended a session; `actor` is whoever really did.

    `whose`: whose session it was, when it was somebody else's.
    """
    return _entry(actor, action, now=now, request=request, resources=[RecordId(whose)] if whose else [])


def refused_sign_in_entry(
    action: str, *, reason: str, credential: str, actor: ActorId | None, key: bytes, now: datetime, request: str = ""
) -> AuditEntry:
    """Says that something was shown that lets nobody in, and for what reason; whose it was, where that is known.

    The hash of what was shown stands there under a keyed hash, so that repeated tries are known for one.
    """
    return AuditEntry(
        at=now,
        actor=actor or NOBODY,
        action=action,
        decision="refused",
        reason=reason,
        resources=(refused_id(credential, key),),
        request=request,
    )


def clock_entry(*, now: datetime) -> AuditEntry:
    """Says that the machine's clock was moved back; `now` is the moment from which the service goes on."""
    return AuditEntry(at=now, actor=SERVICE, action="find_clock_moved_back", clock_state="moved_back")


def changed_eyes_entry(actor: Actor, to: str, *, now: datetime, request: str = "") -> AuditEntry:
    """Says that `actor`, who really signed in, goes on through the eyes of `to`, the code of somebody invented."""
    return _entry(actor, f"look_as_{to}", now=now, request=request)


def refused_id(asked: str, key: bytes) -> RecordId:
    """What stands in the audit for an id that was refused."""
    return RecordId(hmac.new(key, f"refused {asked}".encode(), "sha256").hexdigest())


def _entry(
    actor: Actor,
    action: str,
    *,
    now: datetime,
    resources: Collection[RecordId] = (),
    about: Collection[RecordId] = (),
    decision: str = "allowed",
    reason: str = "",
    grants: Collection[RecordId] = (),
    under: Mapping[RecordId, Collection[RecordId]] | None = None,
    field_classes: tuple[str, ...] = (),
    label_mode: str = "",
    response_digest: str = "",
    rows: int = 0,
    request: str = "",
) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor=actor.id,
        action=action,
        role=actor.role.value,
        agency=actor.agency or "",
        purpose=actor.purpose.value,
        decision=decision,
        reason=reason,
        grants=tuple(sorted(grants)),
        resources=tuple(sorted(set(resources))),
        about=tuple(sorted(set(about))),
        under=() if under is None else tuple((each, tuple(sorted(under.get(each, ())))) for each in sorted(set(about))),
        field_classes=field_classes,
        label_mode=label_mode,
        response_digest=response_digest,
        rows=rows,
        web_session=actor.session,
        signed_in_seconds=max(0, int((now - actor.signed_in_at).total_seconds())),
        request=request,
        client=actor.how.value,
    )
