"""What a view reads. Every text holds the scope clause, and every list has a total order."""

from collections.abc import Mapping
from typing import Final, LiteralString

from graph.store.neo4j_statements.scope import IN_SCOPE

GET: Final[LiteralString] = (
    """
MATCH (r:Record {id: $given.id}) WHERE r.kind = $given.kind AND """
    + IN_SCOPE
    + """
RETURN properties(r) AS stored"""
)

SEEN: Final[LiteralString] = (
    """
MATCH (r:Record) WHERE r.id IN $given.ids AND """
    + IN_SCOPE
    + """
RETURN collect(r.id) AS seen"""
)

KINDS_OF: Final[LiteralString] = (
    """
MATCH (r:Record) WHERE r.id IN $given.ids AND r.erased_at IS NULL AND """
    + IN_SCOPE
    + """
RETURN collect([r.id, r.kind]) AS found"""
)

SEVERAL: Final[LiteralString] = (
    """
MATCH (r:Record) WHERE r.id IN $given.ids AND r.erased_at IS NULL AND """
    + IN_SCOPE
    + """
WITH r ORDER BY r.id
RETURN collect(properties(r)) AS found"""
)

FIND: Final[LiteralString] = (
    """
MATCH (r:Record) WHERE r.forum = $given.forum AND r.kind = $given.kind AND r.id > $given.after AND r.erased_at IS NULL AND """
    + IN_SCOPE
    + """
WITH r ORDER BY r.id LIMIT $given.limit
RETURN collect(properties(r)) AS found"""
)

_PAGE: Final[LiteralString] = (
    """
  AND r.forum = $given.forum AND r.kind = $given.kind AND r.id > $given.after AND r.erased_at IS NULL
  AND all(name IN keys($given.equal) WHERE r[name] = $given.equal[name]) AND """
    + IN_SCOPE
    + """
WITH r ORDER BY r.id LIMIT $given.limit
RETURN collect(properties(r)) AS found"""
)

# One text for each findable field, so that its index is used: by kind and field.
FIND_BY: Final[Mapping[tuple[str, str], LiteralString]] = {
    ("Conflict", "actor"): "MATCH (r:Conflict) WHERE r.actor = $given.value" + _PAGE,
    ("ContextSheet", "context"): "MATCH (r:ContextSheet) WHERE r.context = $given.value" + _PAGE,
    ("Grant", "actor"): "MATCH (r:Grant) WHERE r.actor = $given.value" + _PAGE,
    ("Location", "place_kind"): "MATCH (r:Location) WHERE r.place_kind = $given.value" + _PAGE,
    ("Referral", "agency_reference"): "MATCH (r:Referral) WHERE r.agency_reference = $given.value" + _PAGE,
    ("School", "urn"): "MATCH (r:School) WHERE r.urn = $given.value" + _PAGE,
    ("YoungPerson", "agency_number"): "MATCH (r:YoungPerson) WHERE r.agency_number = $given.value" + _PAGE,
}

CITING: Final[LiteralString] = (
    """
MATCH (cited:Record) WHERE cited.id IN $given.cited
MATCH (cited)<-[how]-(r:Record)
WHERE r.kind = $given.kind AND r.erased_at IS NULL AND ($given.type IS NULL OR type(how) = $given.type)
WITH DISTINCT r WHERE """
    + IN_SCOPE
    + """
WITH r ORDER BY r.id
RETURN collect(properties(r)) AS found"""
)

IS_IN_SCOPE: Final[LiteralString] = (
    """
MATCH (r:Record {id: $given.id}) WHERE """
    + IN_SCOPE
    + """
RETURN r.erased_at IS NOT NULL AS erased"""
)

HISTORY: Final[LiteralString] = """
MATCH (c:Change {record: $given.id})
WITH c ORDER BY c.revision, c.position
RETURN collect([c.revision, c.position, c.record, c.kind, c.version, c.at, c.by, c.body]) AS found
"""
