"""Who saw or did what, for whom, and why? Composes audit entries; the store writes them, in the order of its chain."""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime

from forum.access.actors import Actor
from forum.access.disclosure import Disclosure
from graph.records import RecordId
from graph.store.boundary import AuditEntry, Writer


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
