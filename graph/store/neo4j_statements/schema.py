"""What a store says of itself, and the steps of its schema."""

from typing import Final, LiteralString

FACTS: Final[LiteralString] = "MATCH (h:Head {name: 'schema'}) RETURN properties(h) AS facts"

HOLDS_SOMETHING_ELSE: Final[LiteralString] = """
MATCH (n) WHERE NOT n:Head WITH n LIMIT 1 RETURN count(n) AS found
"""

MAKE_SCHEMA: Final[LiteralString] = """
MERGE (h:Head {name: 'schema'}) ON CREATE SET h += $given.facts RETURN count(h) AS made
"""

KEEP_FACTS: Final[LiteralString] = "MATCH (h:Head {name: 'schema'}) SET h += $given.facts RETURN count(h) AS kept"

# An upgrade of bodies goes page by page; how far it came is kept with each page, so that no body is upgraded twice.
REACHED: Final[LiteralString] = "MATCH (h:Head {name: 'schema'}) SET h.reached = $given.reached RETURN count(h) AS kept"

NEXT_SCHEMA: Final[LiteralString] = """
MATCH (h:Head {name: 'schema'}) SET h.revision = $given.number REMOVE h.reached RETURN count(h) AS kept
"""

UPGRADE_RECORDS: Final[LiteralString] = """
UNWIND $given.rows AS row MATCH (r:Record {id: row.id}) SET r = row.stored RETURN count(r) AS written
"""

UPGRADE_CHANGES: Final[LiteralString] = """
UNWIND $given.rows AS row
MATCH (c:Change {revision: row.revision, position: row.position}) SET c.body = row.body
RETURN count(c) AS written
"""
