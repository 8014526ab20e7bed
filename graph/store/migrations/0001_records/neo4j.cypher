// Uniqueness constraints and range indexes only, which every edition of Neo4j has. Each statement is safe to repeat.
CREATE CONSTRAINT record_id    IF NOT EXISTS FOR (r:Record)     REQUIRE r.id IS UNIQUE;
CREATE CONSTRAINT head_name    IF NOT EXISTS FOR (h:Head)       REQUIRE h.name IS UNIQUE;
CREATE CONSTRAINT change_place IF NOT EXISTS FOR (c:Change)     REQUIRE (c.revision, c.position) IS UNIQUE;
CREATE CONSTRAINT write_key    IF NOT EXISTS FOR (k:WriteKey)   REQUIRE k.key IS UNIQUE;
CREATE CONSTRAINT shelf_key    IF NOT EXISTS FOR (s:Shelf)      REQUIRE s.key IS UNIQUE;
CREATE CONSTRAINT audit_seq    IF NOT EXISTS FOR (a:AuditEntry) REQUIRE a.seq IS UNIQUE;
CREATE CONSTRAINT audit_about  IF NOT EXISTS FOR (n:AuditAbout) REQUIRE (n.person, n.seq) IS UNIQUE;

CREATE INDEX record_page   IF NOT EXISTS FOR (r:Record)     ON (r.forum, r.kind, r.id);
CREATE INDEX record_review IF NOT EXISTS FOR (r:Record)     ON (r.forum, r.review_on);
CREATE INDEX change_record IF NOT EXISTS FOR (c:Change)     ON (c.record, c.revision);
CREATE INDEX write_key_at  IF NOT EXISTS FOR (k:WriteKey)   ON (k.at);
CREATE INDEX shelf_owner   IF NOT EXISTS FOR (s:Shelf)      ON (s.owner, s.key);
CREATE INDEX audit_actor   IF NOT EXISTS FOR (a:AuditEntry) ON (a.actor, a.seq);
CREATE INDEX about_seq     IF NOT EXISTS FOR (n:AuditAbout) ON (n.seq);

// One index for each field that is declared findable.
CREATE INDEX young_person_agency_number IF NOT EXISTS FOR (r:YoungPerson) ON (r.agency_number);
CREATE INDEX school_urn                 IF NOT EXISTS FOR (r:School)      ON (r.urn);
CREATE INDEX location_place_kind        IF NOT EXISTS FOR (r:Location)    ON (r.place_kind);
CREATE INDEX referral_agency_reference  IF NOT EXISTS FOR (r:Referral)    ON (r.agency_reference);
CREATE INDEX conflict_actor             IF NOT EXISTS FOR (r:Conflict)    ON (r.actor);
CREATE INDEX context_sheet_context      IF NOT EXISTS FOR (r:ContextSheet) ON (r.context);
CREATE INDEX grant_actor                IF NOT EXISTS FOR (r:Grant)       ON (r.actor);

UNWIND ['journal', 'audit'] AS name MERGE (h:Head {name: name}) ON CREATE SET h.revision = 0;    // data: in a transaction of its own
