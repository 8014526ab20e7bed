"""The journal as a follower reads it, and the audit: its lock, its entries and whom they are about."""

from typing import Final, LiteralString

REVISION: Final[LiteralString] = "MATCH (h:Head {name: 'journal'}) RETURN h.revision AS revision"

# Each record once, where it last changed: the change with the version that still stands.
CHANGES_UNTIL: Final[LiteralString] = """
MATCH (c:Change) WHERE c.revision > $given.after
MATCH (r:Record {id: c.record}) WHERE r.version = c.version
WITH c ORDER BY c.revision, c.position SKIP $given.others LIMIT 1
RETURN c.revision AS revision
"""

# With the version of the record beside each change, and which change is the last of its revision: without locks a reader may
# meet a commit half way, and must be able to tell.
CHANGES: Final[LiteralString] = """
MATCH (c:Change) WHERE c.revision > $given.after AND c.revision <= $given.until
OPTIONAL MATCH (r:Record {id: c.record})
WITH c, r.version AS stands ORDER BY c.revision, c.position
RETURN collect([
  c.revision, c.position, c.record, c.kind, c.version, c.at, c.by,
  CASE WHEN stands = c.version THEN c.body END, stands, coalesce(c.last, false)
]) AS found
"""

# Raising the head takes its lock; the last statements before the commit.
RAISE_AUDIT: Final[LiteralString] = """
MATCH (h:Head {name: 'audit'}) SET h.revision = h.revision + $given.more
WITH h.revision - $given.more AS seq
OPTIONAL MATCH (a:AuditEntry {seq: seq})
RETURN seq, a.hash AS hash
"""

AUDIT: Final[LiteralString] = """
UNWIND $given.rows AS row
CREATE (a:AuditEntry) SET a = row
RETURN count(a) AS written
"""

AUDIT_ABOUT: Final[LiteralString] = """
UNWIND $given.rows AS row
CREATE (n:AuditAbout) SET n = row
RETURN count(n) AS written
"""

READ_AUDIT: Final[LiteralString] = """
MATCH (a:AuditEntry) WHERE a.seq > $given.after
WITH a ORDER BY a.seq LIMIT $given.limit
RETURN collect([a.seq, a.entry, a.previous, a.hash]) AS found
"""

READ_AUDIT_BY: Final[LiteralString] = """
MATCH (a:AuditEntry) WHERE a.actor = $given.by AND a.seq > $given.after
WITH a ORDER BY a.seq LIMIT $given.limit
RETURN collect([a.seq, a.entry, a.previous, a.hash]) AS found
"""

READ_AUDIT_ABOUT: Final[LiteralString] = """
MATCH (n:AuditAbout) WHERE n.person = $given.about AND n.seq > $given.after
MATCH (a:AuditEntry {seq: n.seq}) WHERE $given.by IS NULL OR a.actor = $given.by
WITH a ORDER BY a.seq LIMIT $given.limit
RETURN collect([a.seq, a.entry, a.previous, a.hash]) AS found
"""

READ_AUDIT_NAMING: Final[LiteralString] = """
MATCH (a:AuditEntry) WHERE a.seq > $given.after AND any(named IN $given.naming WHERE a.entry CONTAINS named)
WITH a ORDER BY a.seq LIMIT $given.limit
RETURN collect([a.seq, a.entry, a.previous, a.hash]) AS found
"""

READ_ABOUT: Final[LiteralString] = """
MATCH (n:AuditAbout) WHERE n.seq IN $given.seqs
WITH n ORDER BY n.seq, n.person
RETURN collect([n.seq, n.person, n.salt]) AS found
"""
