"""The texts of the embedded store, literal. Who may see what is said in one place: the view `seen`, made on every connection.

`seen` holds the records in scope, markers included; the scope stands in temporary tables that the connection fills when a
view begins. Every text that answers a reader reads `seen` and nothing else. The plus sign before the forum keeps SQLite from
going through the whole forum by an index where ids are asked for; a text that pages through a forum names it once more.
"""

SETTINGS: tuple[tuple[str, str, object], ...] = (
    ("PRAGMA busy_timeout=5000", "PRAGMA busy_timeout", 5000),
    ("PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal"),
    ("PRAGMA synchronous=FULL", "PRAGMA synchronous", 2),
    ("PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", 1),
    ("PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", 0),
    ("PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", 1),
    ("PRAGMA mmap_size=0", "PRAGMA mmap_size", 0),
    ("PRAGMA temp_store=MEMORY", "PRAGMA temp_store", 2),
    ("PRAGMA secure_delete=ON", "PRAGMA secure_delete", 1),
    ("PRAGMA fullfsync=ON", "PRAGMA fullfsync", 1),
    ("PRAGMA checkpoint_fullfsync=ON", "PRAGMA checkpoint_fullfsync", 1),
)

SCOPE_TABLES = """
CREATE TEMP TABLE scope_forum (forum TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE scope_kind (kind TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE scope_granted (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE scope_withheld (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE scope_handling (handling TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE scope_admitted (record TEXT, handling TEXT, PRIMARY KEY (record, handling)) WITHOUT ROWID;
CREATE TEMP TABLE scope_created (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP VIEW seen_alone AS
SELECT r.id FROM main.record AS r
WHERE +r.forum = (SELECT forum FROM scope_forum)
  AND (r.id IN (SELECT id FROM scope_created)
       OR r.id NOT IN (SELECT id FROM scope_withheld)
          AND r.handling IN (SELECT handling FROM scope_handling)
          AND (r.kind IN (SELECT kind FROM scope_kind) OR r.id IN (SELECT id FROM scope_granted))
          AND (r.kind <> 'Assertion' OR r.erased_at IS NOT NULL));
CREATE TEMP VIEW seen AS
SELECT r.* FROM main.record AS r
WHERE +r.forum = (SELECT forum FROM scope_forum)
  AND (r.id IN (SELECT id FROM scope_created)
       OR r.id NOT IN (SELECT id FROM scope_withheld) AND CASE
          WHEN r.kind = 'Assertion' AND r.erased_at IS NULL THEN
            EXISTS (SELECT 1 FROM seen_alone AS s WHERE s.id = r.source)
            AND EXISTS (SELECT 1 FROM seen_alone AS t WHERE t.id = r.target)
            AND (r.stated_in IS NULL OR EXISTS (SELECT 1 FROM seen_alone AS i WHERE i.id = r.stated_in))
            AND (r.handling IN (SELECT handling FROM scope_handling)
                 OR (r.stated_in, r.handling) IN (SELECT record, handling FROM scope_admitted))
          ELSE
            r.handling IN (SELECT handling FROM scope_handling)
            AND (r.kind IN (SELECT kind FROM scope_kind) OR r.id IN (SELECT id FROM scope_granted))
          END);
"""

SCOPE_CLEAR = """
DELETE FROM scope_forum; DELETE FROM scope_kind; DELETE FROM scope_granted; DELETE FROM scope_withheld;
DELETE FROM scope_handling; DELETE FROM scope_admitted; DELETE FROM scope_created;
"""
SCOPE_FORUM = "INSERT INTO scope_forum VALUES (?)"
SCOPE_KIND = "INSERT INTO scope_kind SELECT value FROM json_each(?)"
SCOPE_GRANTED = "INSERT INTO scope_granted SELECT value FROM json_each(?)"
SCOPE_WITHHELD = "INSERT INTO scope_withheld SELECT value FROM json_each(?)"
SCOPE_HANDLING = "INSERT INTO scope_handling SELECT value FROM json_each(?)"
SCOPE_ADMITTED = "INSERT INTO scope_admitted SELECT value ->> 0, value ->> 1 FROM json_each(?)"
SCOPE_CREATED = "INSERT OR IGNORE INTO scope_created VALUES (?)"
SCOPE_CREATED_CLEAR = "DELETE FROM scope_created"

GET = "SELECT kind, body FROM seen WHERE id = ?"
FIND = """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = ? AND id > ? AND erased_at IS NULL ORDER BY id LIMIT ?
"""
# By a findable field; what else must be equal follows as a JSON object. Each has its index (migrations).
FIND_BY = {
    ("Conflict", "actor"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'Conflict' AND json_extract(body, '$.actor') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
    ("ContextSheet", "context"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'ContextSheet' AND json_extract(body, '$.context') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
    ("Grant", "actor"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'Grant' AND json_extract(body, '$.actor') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
    ("Location", "place_kind"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'Location' AND json_extract(body, '$.place_kind') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
    ("Referral", "agency_reference"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'Referral' AND json_extract(body, '$.agency_reference') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
    ("School", "urn"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'School' AND json_extract(body, '$.urn') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
    ("YoungPerson", "agency_number"): """
SELECT kind, body FROM seen
WHERE forum = (SELECT forum FROM scope_forum) AND kind = 'YoungPerson' AND json_extract(body, '$.agency_number') = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS e WHERE json_extract(body, '$.' || e.key) IS NOT e.value)
  AND erased_at IS NULL ORDER BY id LIMIT ?
""",
}
SEVERAL = """
SELECT kind, body FROM seen WHERE id IN (SELECT value FROM json_each(?)) AND erased_at IS NULL ORDER BY id
"""
KINDS_OF = """
SELECT id, kind FROM seen WHERE id IN (SELECT value FROM json_each(?)) AND erased_at IS NULL ORDER BY id
"""
SEEN_OF = "SELECT id FROM seen WHERE id IN (SELECT value FROM json_each(?))"
# What cites any of these that is itself in scope, by any field or by one.
CITING = """
SELECT s.kind, s.body FROM (
  SELECT DISTINCT c.record AS id FROM json_each(?1) AS asked CROSS JOIN citation AS c ON c.cited = asked.value
  WHERE ?2 IS NULL OR c.field = ?2) AS w
CROSS JOIN seen AS s ON s.id = w.id
WHERE +s.kind = ?3 AND s.erased_at IS NULL ORDER BY w.id
"""
HISTORY = (
    "SELECT revision, position, record, kind, version, at, by, body FROM change WHERE record = ? ORDER BY revision, position"
)

HEADS = "SELECT name, revision FROM head"
REVISION = "SELECT revision FROM head WHERE name = 'journal'"
KEY = "SELECT digest, answer FROM write_key WHERE key = ? AND at >= ?"
KEYS_PAST = "DELETE FROM write_key WHERE at < ?"
KEEP_KEY = "INSERT INTO write_key (key, digest, revision, answer, at) VALUES (?, ?, ?, ?, ?)"
PUT_NEW = """
INSERT INTO record (id, forum, kind, version, handling, review_on, source, target, stated_in, body)
VALUES (:id, :forum, :kind, 1, :handling, :review_on, :source, :target, :stated_in, :body) ON CONFLICT (id) DO NOTHING
"""
STORED_IN_SCOPE = "SELECT body FROM seen WHERE id = ? AND kind = ? AND erased_at IS NULL"
PUT_NEXT = """
UPDATE record SET version = version + 1, handling = :handling, review_on = :review_on,
  source = :source, target = :target, stated_in = :stated_in, body = :body
WHERE id = :id AND kind = :kind AND forum = :forum AND version = :version AND erased_at IS NULL
  AND id IN (SELECT id FROM seen WHERE id = :id)
"""
UNCITE = "DELETE FROM citation WHERE record = ?"
CITE = """
INSERT INTO citation (record, field, cited)
SELECT ?1, e.value ->> 0, r.id FROM json_each(?2) AS e JOIN record AS r ON r.id = e.value ->> 1
"""
JOURNAL = "INSERT INTO change (revision, position, record, kind, version, at, by, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
RAISE_JOURNAL = "UPDATE head SET revision = ? WHERE name = 'journal'"

MARKER_OR_RECORD = "SELECT kind, erased_at IS NOT NULL FROM seen WHERE id = ?"
TIED_TO = """
SELECT id FROM record WHERE source = ?1 AND kind = 'Assertion'
UNION SELECT id FROM record WHERE target = ?1 AND kind = 'Assertion' ORDER BY 1
"""
ERASE = """
UPDATE record SET version = version + 1, review_on = NULL, source = NULL, target = NULL, stated_in = NULL, body = NULL,
  erased_at = ?2 WHERE id = ?1 AND erased_at IS NULL RETURNING kind, version
"""
ERASE_CHANGES = "UPDATE change SET body = NULL WHERE record = ?"
ERASE_ABOUT = "DELETE FROM audit_about WHERE person = ?"
TRUNCATE_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"

AUDIT_LAST = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
RAISE_AUDIT = "UPDATE head SET revision = ?2 WHERE name = 'audit' AND revision = ?1"
AUDIT = "INSERT INTO audit (seq, entry, previous, hash) VALUES (?, ?, ?, ?)"
AUDIT_ABOUT = "INSERT INTO audit_about (person, seq, salt) VALUES (?, ?, ?)"
READ_AUDIT = "SELECT seq, entry, previous, hash FROM audit WHERE seq > :after ORDER BY seq LIMIT :limit"
READ_AUDIT_BY = """
SELECT seq, entry, previous, hash FROM audit
WHERE json_extract(entry, '$.actor') = :by AND seq > :after ORDER BY seq LIMIT :limit
"""
READ_AUDIT_ABOUT = """
SELECT a.seq, a.entry, a.previous, a.hash FROM audit_about AS p JOIN audit AS a ON a.seq = p.seq
WHERE p.person = :about AND a.seq > :after AND (:by IS NULL OR json_extract(a.entry, '$.actor') = :by)
ORDER BY a.seq LIMIT :limit
"""
READ_AUDIT_NAMING = """
SELECT seq, entry, previous, hash FROM audit
WHERE seq > :after AND EXISTS (SELECT 1 FROM json_each(:naming) AS n WHERE instr(entry, n.value) > 0) ORDER BY seq LIMIT :limit
"""
READ_ABOUT = "SELECT seq, person, salt FROM audit_about WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, person"

# Each record once, where it last changed: the change with the version that still stands.
CHANGES_UNTIL = """
SELECT c.revision FROM change AS c CROSS JOIN record AS r ON r.id = c.record AND r.version = c.version
WHERE c.revision > ? ORDER BY c.revision, c.position LIMIT 1 OFFSET ?
"""
CHANGES = """
SELECT c.revision, c.position, c.record, c.kind, c.version, c.at, c.by, r.body
FROM change AS c CROSS JOIN record AS r ON r.id = c.record AND r.version = c.version
WHERE c.revision > ? AND c.revision <= ? ORDER BY c.revision, c.position
"""

FACTS = "SELECT name, value FROM store_fact ORDER BY name"
KEEP_FACT = "INSERT INTO store_fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

EXPORT_RECORDS = "SELECT id, forum, kind, version, handling, erased_at, body FROM record ORDER BY id"
EXPORT_CITATIONS = "SELECT record, field, cited FROM citation ORDER BY record, field, cited"
EXPORT_CHANGES = "SELECT revision, position, record, kind, version, at, by, body FROM change ORDER BY revision, position"
EXPORT_KEYS = "SELECT key, digest, revision, answer, at FROM write_key ORDER BY key"
EXPORT_AUDIT = "SELECT seq, entry, previous, hash FROM audit ORDER BY seq"
EXPORT_ABOUT = "SELECT person, seq, salt FROM audit_about ORDER BY seq, person"
IS_EMPTY = """
SELECT NOT EXISTS (SELECT 1 FROM record) AND NOT EXISTS (SELECT 1 FROM change) AND NOT EXISTS (SELECT 1 FROM audit)
  AND NOT EXISTS (SELECT 1 FROM write_key)
"""
RESTORE_RECORD = """
INSERT INTO record (id, forum, kind, version, handling, erased_at, review_on, source, target, stated_in, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
RESTORE_CITATION = "INSERT INTO citation (record, field, cited) VALUES (?, ?, ?)"
RESTORE_HEADS = """
UPDATE head SET revision = CASE name
  WHEN 'journal' THEN (SELECT coalesce(max(revision), 0) FROM change)
  WHEN 'audit' THEN (SELECT coalesce(max(seq), 0) FROM audit) ELSE revision END
"""
EMPTY_ALL = """
DELETE FROM citation; DELETE FROM record; DELETE FROM change; DELETE FROM write_key; DELETE FROM audit_about; DELETE FROM audit;
UPDATE head SET revision = 0 WHERE name IN ('journal', 'audit');
"""

CHECK_FILE = "PRAGMA integrity_check"
CHECK_CITATIONS = "PRAGMA foreign_key_check"
CHECK_JOURNAL = """
SELECT (SELECT revision FROM head WHERE name = 'journal') = (SELECT coalesce(max(revision), 0) FROM change)
  AND (SELECT count(DISTINCT revision) FROM change) = (SELECT coalesce(max(revision), 0) FROM change)
"""

SHELF_TABLE = """
CREATE TABLE IF NOT EXISTS shelf (key TEXT PRIMARY KEY, owner TEXT NOT NULL, value TEXT NOT NULL, until TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS shelf_owner ON shelf (owner);
CREATE INDEX IF NOT EXISTS shelf_until ON shelf (until);
"""
SHELF_KEEP = """
INSERT INTO shelf (key, owner, value, until) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, value = excluded.value, until = excluded.until
"""
SHELF_KEPT = "SELECT value FROM shelf WHERE key = ? AND until > ?"
SHELF_TAKE = "DELETE FROM shelf WHERE key = ? RETURNING value, until"
SHELF_KEPT_BY = "SELECT key FROM shelf WHERE owner = ? AND until > ? ORDER BY key"
SHELF_COUNT = """
INSERT INTO shelf (key, owner, value, until) VALUES (?, '', '1', ?)
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT), until = excluded.until RETURNING value
"""
SHELF_DROP = "DELETE FROM shelf WHERE key = ?"
SHELF_PAST = "DELETE FROM shelf WHERE until <= ?"
