-- Records and what they cite. The three columns source, target and stated_in repeat an assertion's own fields, so that the
-- rule of who may see it is one look-up each; a marker of something erased keeps only what says that it was there.
CREATE TABLE record (
  id TEXT PRIMARY KEY, forum TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0),
  handling TEXT NOT NULL, review_on TEXT, source TEXT, target TEXT, stated_in TEXT,
  erased_at TEXT, body TEXT CHECK (body IS NULL OR json_valid(body)),
  CHECK ((erased_at IS NULL) = (body IS NOT NULL)), CHECK ((erased_at IS NULL) = (review_on IS NOT NULL))
) STRICT;
CREATE TABLE citation (
  record TEXT NOT NULL REFERENCES record (id) DEFERRABLE INITIALLY DEFERRED, field TEXT NOT NULL,
  cited TEXT NOT NULL REFERENCES record (id) DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (record, field, cited)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT;
CREATE TABLE change (
  revision INTEGER NOT NULL, position INTEGER NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
  at TEXT NOT NULL, by TEXT NOT NULL, body TEXT, PRIMARY KEY (revision, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE write_key (
  key TEXT PRIMARY KEY, digest TEXT NOT NULL, revision INTEGER NOT NULL, answer TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE audit (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
-- Who was shown where. Erasable: the entry itself holds only sha256(salt, person).
CREATE TABLE audit_about (
  person TEXT NOT NULL, seq INTEGER NOT NULL, salt TEXT NOT NULL, PRIMARY KEY (person, seq)
) STRICT, WITHOUT ROWID;
-- What the store says of itself: forum, evaluation, made_at, lives_until, and whether it is whole or half restored.
CREATE TABLE store_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE INDEX record_page ON record (forum, kind, id);
CREATE INDEX record_review ON record (forum, review_on);
CREATE INDEX record_source ON record (source) WHERE source IS NOT NULL;
CREATE INDEX record_target ON record (target) WHERE target IS NOT NULL;
CREATE INDEX citation_cited ON citation (cited, field, record);
CREATE INDEX change_record ON change (record, revision);
CREATE INDEX write_key_at ON write_key (at);
CREATE INDEX audit_actor ON audit (json_extract(entry, '$.actor'), seq);
CREATE INDEX audit_about_seq ON audit_about (seq);
-- One for each field that records can be found by.
CREATE INDEX find_conflict_actor ON record (forum, json_extract(body, '$.actor'), id) WHERE kind = 'Conflict';
CREATE INDEX find_contextsheet_context ON record (forum, json_extract(body, '$.context'), id) WHERE kind = 'ContextSheet';
CREATE INDEX find_grant_actor ON record (forum, json_extract(body, '$.actor'), id) WHERE kind = 'Grant';
CREATE INDEX find_location_place_kind ON record (forum, json_extract(body, '$.place_kind'), id) WHERE kind = 'Location';
CREATE INDEX find_referral_agency_reference ON record (forum, json_extract(body, '$.agency_reference'), id) WHERE kind = 'Referral';
CREATE INDEX find_school_urn ON record (forum, json_extract(body, '$.urn'), id) WHERE kind = 'School';
CREATE INDEX find_youngperson_agency_number ON record (forum, json_extract(body, '$.agency_number'), id) WHERE kind = 'YoungPerson';

INSERT INTO head VALUES ('journal', 0), ('audit', 0);
