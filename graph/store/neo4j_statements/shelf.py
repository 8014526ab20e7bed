"""The shelf: each step one statement on a constrained key, except for taking, which locks first and reads under the lock."""

from typing import Final, LiteralString

KEEP: Final[LiteralString] = """
MERGE (s:Shelf {key: $given.key})
SET s.owner = $given.owner, s.value = $given.value, s.until = $given.until
RETURN count(s) AS kept
"""

KEPT: Final[LiteralString] = "MATCH (s:Shelf {key: $given.key}) WHERE s.until > $given.now RETURN s.value AS value"

LOCK: Final[LiteralString] = "MATCH (s:Shelf {key: $given.key}) SET s.taking = true RETURN count(s) AS locked"

VALUE: Final[LiteralString] = "MATCH (s:Shelf {key: $given.key}) RETURN s.value AS value, s.until > $given.now AS current"

DROP: Final[LiteralString] = "MATCH (s:Shelf {key: $given.key}) DELETE s RETURN count(*) AS gone"

KEPT_BY: Final[LiteralString] = """
MATCH (s:Shelf) WHERE s.owner = $given.owner AND s.until > $given.now
WITH s ORDER BY s.key
RETURN collect(s.key) AS keys
"""

# The first SET takes the lock of the node, so that what is read after it cannot be out of date.
COUNT: Final[LiteralString] = """
MERGE (s:Shelf {key: $given.key}) ON CREATE SET s.owner = '', s.value = '0'
SET s.until = $given.until
WITH s SET s.value = toString(toInteger(s.value) + 1)
RETURN s.value AS value
"""

PAST: Final[LiteralString] = "MATCH (s:Shelf) WHERE s.until <= $given.now DELETE s RETURN count(*) AS gone"
