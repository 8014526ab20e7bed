"""Everything out in collected chunks and back in by batches, whether it is whole, and how it goes."""

from typing import Final, LiteralString

# Nothing is written while it is read: the head's lock is taken, and given back with the transaction.
LOCK: Final[LiteralString] = "MATCH (h:Head {name: 'journal'}) SET h.revision = h.revision + 1 RETURN h.revision AS revision"

HEADS: Final[LiteralString] = "MATCH (h:Head) WITH h ORDER BY h.name RETURN collect([h.name, h.revision]) AS found"

RECORDS: Final[LiteralString] = """
MATCH (r:Record) WHERE r.id > $given.after
WITH r ORDER BY r.id LIMIT $given.limit
RETURN collect(properties(r)) AS found
"""

CITATIONS: Final[LiteralString] = """
MATCH (r:Record) WHERE r.id > $given.after
WITH r ORDER BY r.id LIMIT $given.limit
RETURN collect([r.id, r.kind, [(r)-[how]->(cited:Record) | [type(how), cited.id]]]) AS found
"""

CHANGES: Final[LiteralString] = """
MATCH (c:Change) WHERE c.revision >= $given.revision AND (c.revision > $given.revision OR c.position > $given.position)
WITH c ORDER BY c.revision, c.position LIMIT $given.limit
RETURN collect([c.revision, c.position, c.record, c.kind, c.version, c.at, c.by, c.body]) AS found
"""

KEYS: Final[LiteralString] = """
MATCH (k:WriteKey) WHERE k.key > $given.after
WITH k ORDER BY k.key LIMIT $given.limit
RETURN collect([k.key, k.digest, k.revision, k.answer, k.at]) AS found
"""

AUDIT: Final[LiteralString] = """
MATCH (a:AuditEntry) WHERE a.seq > $given.after AND a.seq <= $given.until
WITH a ORDER BY a.seq LIMIT $given.limit
RETURN collect([a.seq, a.entry, a.previous, a.hash]) AS found
"""

ABOUT: Final[LiteralString] = """
MATCH (n:AuditAbout) WHERE n.seq > $given.after AND n.seq <= $given.until
WITH n ORDER BY n.seq, n.person
RETURN collect([n.person, n.seq, n.salt]) AS found
"""

KEEP_CHANGES: Final[LiteralString] = """
UNWIND $given.rows AS row
CREATE (c:Change) SET c = row
RETURN count(c) AS written
"""

KEEP_KEYS: Final[LiteralString] = """
UNWIND $given.rows AS row
CREATE (k:WriteKey) SET k = row
RETURN count(k) AS written
"""

KEPT_SO_FAR: Final[LiteralString] = """
MATCH (n:Record|Change|AuditEntry|WriteKey) WITH n LIMIT 1 RETURN count(n) AS found
"""

JOURNAL_SIZE: Final[LiteralString] = """
MATCH (c:Change) RETURN count(DISTINCT c.revision) AS revisions, coalesce(max(c.revision), 0) AS last
"""

AUDIT_SIZE: Final[LiteralString] = "MATCH (a:AuditEntry) RETURN coalesce(max(a.seq), 0) AS last"

SET_HEAD: Final[LiteralString] = "MATCH (h:Head {name: $given.name}) SET h.revision = $given.revision RETURN count(h) AS kept"

# Everything but the heads goes, so many at a time; the heads go last, by a statement of their own.
DISCARD: Final[LiteralString] = """
MATCH (n:Record|Change|AuditEntry|AuditAbout|WriteKey) WITH n LIMIT $given.limit DETACH DELETE n RETURN count(*) AS gone
"""

DISCARD_SHELF: Final[LiteralString] = "MATCH (s:Shelf) WITH s LIMIT $given.limit DELETE s RETURN count(*) AS gone"

DISCARD_HEADS: Final[LiteralString] = "MATCH (h:Head) DELETE h RETURN count(*) AS gone"
