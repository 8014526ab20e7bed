"""Promise 1 as clauses: what a scope sees. Every statement that reads records for a view holds `IN_SCOPE` for its record `r`.

Parameters: forum, open_kinds, granted, withheld, handling, admitted (texts "id mark") and created (what this writer made).
"""

from typing import Final, LiteralString

# One end of a statement, or what it was stated in: the rule for records that are not statements, and for markers.
_END_IN_SCOPE: Final[LiteralString] = """(
  e.forum = $forum AND (
    e.id IN $created OR (
      NOT e.id IN $withheld AND e.handling IN $handling AND (e.kind IN $open_kinds OR e.id IN $granted)
      AND (e.kind <> 'Assertion' OR e.erased_at IS NOT NULL)
    )
  )
)"""

IN_SCOPE: Final[LiteralString] = (
    """(
  r.forum = $forum AND (
    r.id IN $created OR (
      NOT r.id IN $withheld AND (
        (
          (r.kind <> 'Assertion' OR r.erased_at IS NOT NULL)
          AND r.handling IN $handling AND (r.kind IN $open_kinds OR r.id IN $granted)
        ) OR (
          r.kind = 'Assertion' AND r.erased_at IS NULL
          AND EXISTS { MATCH (r)-[:SOURCE]->(e:Record) WHERE """
    + _END_IN_SCOPE
    + """ }
          AND EXISTS { MATCH (r)-[:TARGET]->(e:Record) WHERE """
    + _END_IN_SCOPE
    + """ }
          AND NOT EXISTS { MATCH (r)-[:STATED_IN]->(e:Record) WHERE NOT """
    + _END_IN_SCOPE
    + """ }
          AND (
            r.handling IN $handling
            OR EXISTS { MATCH (r)-[:STATED_IN]->(e:Record) WHERE e.id + ' ' + r.handling IN $admitted }
          )
        )
      )
    )
  )
)"""
)
