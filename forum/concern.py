"""Which peer groups does a referral concern, and which of them are referred?"""

from collections.abc import Iterable, Mapping
from datetime import date

from graph.analysis import Network
from graph.analysis.index import indexed
from graph.analysis.shared_contexts import is_received, referrals_in
from graph.contexts import PeerGroup
from graph.records import RecordId

SUBJECT = "subject_contexts"
CONCERNS = "concerns_contexts"


def contexts_about(network: Network, referral: RecordId) -> tuple[RecordId, ...]:
    """The contexts a referral is about."""
    return _cited(network, referral, SUBJECT)


def groups_concerned(network: Network, referral: RecordId) -> frozenset[RecordId]:
    """The peer groups a referral is about or names as concerned. A group at the `from` end of a statement is not concern."""
    cited = (*_cited(network, referral, SUBJECT), *_cited(network, referral, CONCERNS))
    return frozenset(one for one in cited if network.nodes[one]["kind"] == PeerGroup.KIND)


def groups_referred(network: Network, on: date) -> frozenset[RecordId]:
    """The peer groups that are the subject of a referral this network holds, received by that day."""
    return frozenset(
        group
        for group, referrals in _by_group(network, SUBJECT).items()
        if any(is_received(network, referral, on) for referral in referrals)
    )


def is_referred(network: Network, group: RecordId, on: date) -> bool:
    """Whether a peer group is the subject of a referral this network holds, received by that day."""
    return any(is_received(network, referral, on) for referral in _by_group(network, SUBJECT).get(group, ()))


def who_concern(network: Network, group: RecordId, on: date) -> tuple[RecordId, ...]:
    """The referrals received by that day that concern a peer group, in order of id."""
    found = {referral for field in (SUBJECT, CONCERNS) for referral in _by_group(network, field).get(group, ())}
    return tuple(sorted(referral for referral in found if is_received(network, referral, on)))


def _cited(network: Network, referral: RecordId, field: str) -> tuple[RecordId, ...]:
    cited: Mapping[str, tuple[RecordId, ...]] = network.nodes[referral]["cited"]
    return cited.get(field, ())


def _by_group(network: Network, field: str) -> Mapping[RecordId, tuple[RecordId, ...]]:
    return indexed(network, ("by peer group", field), lambda: _referrals_by_group(network, field, referrals_in(network)))


def _referrals_by_group(network: Network, field: str, referrals: Iterable[RecordId]) -> Mapping[RecordId, tuple[RecordId, ...]]:
    found: dict[RecordId, list[RecordId]] = {}
    for referral in referrals:
        for cited in _cited(network, referral, field):
            if network.nodes[cited]["kind"] == PeerGroup.KIND:
                found.setdefault(cited, []).append(referral)
    return {group: tuple(those) for group, those in found.items()}
