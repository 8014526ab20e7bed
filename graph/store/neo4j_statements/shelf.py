"""The shelf: each step one statement on a constrained key, except for taking, which locks first and reads under the lock."""

from typing import Final, LiteralString

KEEP: Final[LiteralString] = """
MERGE (s:Shelf {key: $key}) SET s.owner = $owner, s.value = $value, s.until = $until RETURN count(s) AS kept
"""

KEPT: Final[LiteralString] = "MATCH (s:Shelf {key: $key}) WHERE s.until > $now RETURN s.value AS value"

LOCK: Final[LiteralString] = "MATCH (s:Shelf {key: $key}) SET s.taking = true RETURN count(s) AS locked"

VALUE: Final[LiteralString] = "MATCH (s:Shelf {key: $key}) RETURN s.value AS value, s.until > $now AS current"

DROP: Final[LiteralString] = "MATCH (s:Shelf {key: $key}) DELETE s RETURN count(*) AS gone"

KEPT_BY: Final[LiteralString] = """
MATCH (s:Shelf) WHERE s.owner = $owner AND s.until > $now
WITH s ORDER BY s.key
RETURN collect(s.key) AS keys
"""

# The first SET takes the lock of the node, so that what is read after it cannot be out of date.
COUNT: Final[LiteralString] = """
MERGE (s:Shelf {key: $key}) ON CREATE SET s.owner = '', s.value = '0'
SET s.until = $until
WITH s SET s.value = toString(toInteger(s.value) + 1)
RETURN s.value AS value
"""

PAST: Final[LiteralString] = "MATCH (s:Shelf) WHERE s.until <= $now DELETE s RETURN count(*) AS gone"
