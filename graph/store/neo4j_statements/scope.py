"""Promise 1 as a clause: what a scope sees. Every statement that reads records for a view holds `IN_SCOPE` for its record `r`.

Given: forum, open_kinds, granted, withheld, handling, admitted (texts "id mark") and created (what this writer made).
A CASE, and not one long AND and OR: the planner takes it as it stands and plans it in a third of the time.
"""

from typing import Final, LiteralString

# A statement is seen with both its ends and what it was stated in; each of them follows the rule of other records.
IN_SCOPE: Final[LiteralString] = """CASE
  WHEN r.forum <> $given.forum THEN false
  WHEN r.id IN $given.created THEN true
  WHEN r.id IN $given.withheld THEN false
  WHEN r.kind = 'Assertion' AND r.erased_at IS NULL THEN
    all(is_seen IN [
      (r)-[:SOURCE|TARGET|STATED_IN]->(e:Record) | CASE
        WHEN e.forum <> $given.forum THEN false
        WHEN e.id IN $given.created THEN true
        WHEN e.id IN $given.withheld OR (e.kind = 'Assertion' AND e.erased_at IS NULL) THEN false
        ELSE e.handling IN $given.handling AND (e.kind IN $given.open_kinds OR e.id IN $given.granted)
      END
    ] WHERE is_seen)
    AND (
      r.handling IN $given.handling
      OR any(told IN [(r)-[:STATED_IN]->(e:Record) | e.id + ' ' + r.handling] WHERE told IN $given.admitted)
    )
  ELSE r.handling IN $given.handling AND (r.kind IN $given.open_kinds OR r.id IN $given.granted)
END"""
