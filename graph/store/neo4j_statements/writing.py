"""What a writer sends, in the order of a write: the journal's lock and the key, records, citations, the journal, the key."""

from typing import Final, LiteralString

from graph.store.neo4j_statements.scope import IN_SCOPE

# The first statement of every write. Raising the head takes its lock: one writer at a time.
BEGIN: Final[LiteralString] = """
MATCH (h:Head {name: 'journal'}) SET h.revision = h.revision + 1
WITH h
OPTIONAL MATCH (k:WriteKey {key: $given.key}) WHERE k.at >= $given.since
RETURN h.revision AS revision, k.digest AS digest, k.answer AS answer
"""

# A block that changed no record takes no revision, so that the journal stays free of gaps.
GIVE_BACK: Final[LiteralString] = """
MATCH (h:Head {name: 'journal'}) SET h.revision = h.revision - 1 RETURN h.revision AS revision
"""

CREATE: Final[LiteralString] = """
UNWIND $given.rows AS row
CREATE (r:Record:$(row.kind)) SET r = row.stored
RETURN count(r) AS written
"""

STORED: Final[LiteralString] = (
    """
MATCH (r:Record {id: $given.id})
WHERE r.kind = $given.kind AND r.erased_at IS NULL AND """
    + IN_SCOPE
    + """
RETURN properties(r) AS stored"""
)

PUT_NEXT: Final[LiteralString] = (
    """
MATCH (r:Record {id: $given.id})
WHERE r.kind = $given.kind AND r.version = $given.version AND r.erased_at IS NULL AND """
    + IN_SCOPE
    + """
SET r = $given.stored
RETURN count(r) AS written"""
)

CITE: Final[LiteralString] = """
UNWIND $given.citations AS citation
MATCH (r:Record {id: citation.record})
MATCH (cited:Record {id: citation.cited})
CREATE (r)-[:$(citation.type)]->(cited)
RETURN count(*) AS made
"""

UNCITE: Final[LiteralString] = """
UNWIND $given.citations AS citation
MATCH (r:Record {id: citation.record})-[how]->(:Record {id: citation.cited})
WHERE type(how) = citation.type
DELETE how
RETURN count(*) AS gone
"""

JOURNAL: Final[LiteralString] = """
UNWIND $given.changes AS change
CREATE (c:Change) SET c = change, c.revision = $given.revision, c.at = $given.at, c.by = $given.by
RETURN count(c) AS written
"""

MARK_LAST: Final[LiteralString] = """
MATCH (c:Change {revision: $given.revision, position: $given.position}) SET c.last = true RETURN count(c) AS marked
"""

KEYS_PAST: Final[LiteralString] = """
MATCH (k:WriteKey) WHERE k.at < $given.since DELETE k RETURN count(*) AS gone
"""

KEEP_KEY: Final[LiteralString] = """
CREATE (k:WriteKey {
  key: $given.key, digest: $given.digest, revision: $given.revision, answer: $given.answer, at: $given.at
})
RETURN count(k) AS written
"""

# Asked on the leader when the outcome of a commit is unknown.
KEY_IS_THERE: Final[LiteralString] = """
MATCH (k:WriteKey {key: $given.key, digest: $given.digest, revision: $given.revision, at: $given.at}) RETURN count(k) AS found
"""

TIED_TO: Final[LiteralString] = """
MATCH (:Record {id: $given.id})<-[:SOURCE|TARGET]-(r:Record) WHERE r.kind = 'Assertion'
WITH DISTINCT r ORDER BY r.id
RETURN collect(r.id) AS tied
"""

ERASE_CITATIONS: Final[LiteralString] = """
MATCH (r:Record)-[how]->(:Record) WHERE r.id IN $given.ids DELETE how RETURN count(*) AS gone
"""

ERASE: Final[LiteralString] = """
MATCH (r:Record) WHERE r.id IN $given.ids AND r.erased_at IS NULL
SET r = {id: r.id, forum: r.forum, kind: r.kind, version: r.version + 1, handling: r.handling, erased_at: $given.at}
WITH r ORDER BY r.id
RETURN collect({id: r.id, kind: r.kind, version: r.version}) AS erased
"""

ERASE_CHANGES: Final[LiteralString] = """
MATCH (c:Change) WHERE c.record IN $given.ids REMOVE c.body RETURN count(c) AS emptied
"""

ERASE_ABOUT: Final[LiteralString] = """
MATCH (n:AuditAbout) WHERE n.person IN $given.ids DELETE n RETURN count(*) AS gone
"""
