"""A sheet for tests, and Calderwick's network with labels as a forum would choose them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from forum.maps import MapSheet
from forum.referrals import Referral
from graph.records import RecordId
from tests.builders import FORUM
from tests.worlds import AS_OF, Calderwick
from visualise.document import MapDocument
from visualise.map_ids import pseudonym_codes
from visualise.peer_map import compose_peer_map

SEED = "5eed" * 8
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def a_sheet(around: RecordId | None, **changed: Any) -> MapSheet:
    given: dict[str, Any] = dict(
        id=RecordId("f" * 32),
        forum=FORUM,
        review_on=date(2027, 2, 13),
        dispose_on=date(2033, 2, 13),
        map_kind="peer",
        around=around,
        steps=2,
        mode="coordination",
        purpose="Agree who stays alongside these young people",
        owner="Social worker, Calderwick",
        drawn_by="Social worker, Calderwick",
        drawn_by_actor="worker",
        drawn_on=AS_OF,
        drawn_at=LATER,
        expires_on=date(2027, 2, 13),
        label_seed=SEED,
    )
    return MapSheet(**{**given, **changed})


def label_in(borough: Calderwick) -> Callable[[RecordId], str]:
    codes = pseudonym_codes(SEED, [one.id for one in borough.records if one.KIND == "YoungPerson"])
    return lambda record_id: codes[record_id] if record_id in codes else borough.label_of(record_id)


def referrals_in(borough: Calderwick) -> list[Referral]:
    return [one for one in borough.records if isinstance(one, Referral)]


def peer_map_in(borough: Calderwick, name: str, *, today: date = AS_OF, **changed: Any) -> MapDocument:
    """The map around one thing of Calderwick, seen by someone who may read everything."""
    return compose_peer_map(
        borough.network(),
        a_sheet(borough.ids[name], **changed),
        label=label_in(borough),
        told={},
        today=today,
        reference="REF-01",
        referrals=referrals_in(borough),
        bands={borough.ids[one]: band for one, band in (("REF-03-U1", "4-6"), ("REF-05-U1", "6-8"), ("REF-06-U1", "1"))},
    )
