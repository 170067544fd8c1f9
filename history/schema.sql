-- The public schema: users write SQL against it. Add columns freely; rename none without a migration and a note.
-- Times are UTC, ISO 8601 with offset, except meetings.starts_at (local, with its offset). Foreign columns hold `id`s.

CREATE TABLE settings_of_record (              -- what the database must remember of itself
  name TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT;

CREATE TABLE hosts (                            -- one network host, shared by all sources on it
  host TEXT PRIMARY KEY, robots_body TEXT,      -- JSON: its robots.txt as read, for each origin
  spent_on TEXT, spent INTEGER NOT NULL DEFAULT 0, left_until TEXT, failures INTEGER NOT NULL DEFAULT 0,
  stated INTEGER NOT NULL DEFAULT 0             -- 1: the host itself named left_until
) STRICT;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY, base_url TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'ok' CHECK (state IN ('ok','suspect','failing','blocked','disallowed')),
  since TEXT, last_ok TEXT, last_error TEXT, transport TEXT,
  calendar_committee INTEGER,                   -- which number means "all committees" to GetAllMeetingsByDate: 0, -1, or NULL
  troubled_polls INTEGER NOT NULL DEFAULT 0, troubled_since TEXT, told_state TEXT,
  retry_at TEXT, next_look_at TEXT, committees_read_at TEXT, notices_read_at TEXT, transport_found_at TEXT,
  first_html_at TEXT, first_webservice_at TEXT, -- when a meeting was first read so: what only the new one tells is not news
  baseline_at TEXT, listed_at TEXT,             -- of lists of the whole site, as in committees
  covered_from TEXT, covered_to TEXT
) STRICT;

CREATE TABLE councils (
  id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, base_url TEXT NOT NULL,
  nation TEXT, source INTEGER REFERENCES sources(id)
) STRICT;

CREATE TABLE committees (
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources(id), council INTEGER NOT NULL REFERENCES councils(id),
  committee_id INTEGER NOT NULL, name TEXT NOT NULL, category TEXT, expired INTEGER NOT NULL DEFAULT 0,
  baseline_at TEXT,                             -- when its first complete list of meetings was read
  covered_from TEXT, covered_to TEXT,           -- the local days that its lists have covered so far; NULL: open-ended
  listed_at TEXT, next_look_at TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
  UNIQUE (source, committee_id)
) STRICT;
CREATE INDEX committees_council ON committees(council);

CREATE TABLE captures (                         -- a page as served, once for each content, zlib-compressed
  id INTEGER PRIMARY KEY, council INTEGER REFERENCES councils(id), url TEXT NOT NULL, fetched_at TEXT NOT NULL,
  sha256 TEXT NOT NULL, body BLOB, content_type TEXT, forgotten_at TEXT,
  UNIQUE (url, sha256)
) STRICT;

CREATE TABLE meetings (
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources(id), council INTEGER NOT NULL REFERENCES councils(id),
  committee INTEGER NOT NULL REFERENCES committees(id), committee_id INTEGER NOT NULL, meeting_id INTEGER NOT NULL,
  agenda_id INTEGER, starts_at TEXT, starts_at_utc TEXT, venue TEXT,
  status TEXT NOT NULL DEFAULT 'scheduled' CHECK (status IN ('scheduled','cancelled','withdrawn')), status_note TEXT,
  agenda_state TEXT NOT NULL DEFAULT 'none' CHECK (agenda_state IN ('none','published')),
  minutes_state TEXT NOT NULL DEFAULT 'none' CHECK (minutes_state IN ('none','draft','published','approved')),
  contact TEXT, url TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, last_changed TEXT NOT NULL,
  baseline INTEGER NOT NULL DEFAULT 0,          -- 1: stood in its committee's first list
  read_at TEXT,                                 -- when its own page was last read; NULL: never
  agenda_seen_at TEXT, minutes_seen_at TEXT, settled_at TEXT, next_look_at TEXT,
  minutes_approved_at TEXT,
  transport TEXT, missing_since TEXT, missing_polls INTEGER NOT NULL DEFAULT 0, withdrawn_at TEXT,
  spoken TEXT,                                  -- JSON list: the fields that its readings could speak of so far
  attendance TEXT,                              -- JSON list
  listed TEXT,                                  -- what its row in the list last said; NULL: never listed
  differs INTEGER NOT NULL DEFAULT 0,           -- 1: the list says something new and its page is still to be read
  version INTEGER REFERENCES versions(id),      -- the version that shows it as it stands
  UNIQUE (source, meeting_id)
) STRICT;
CREATE INDEX meetings_starts ON meetings(starts_at_utc);
CREATE INDEX meetings_committee ON meetings(committee, starts_at_utc);
CREATE INDEX meetings_council ON meetings(council, starts_at_utc);
CREATE INDEX meetings_due ON meetings(source, next_look_at);

CREATE TABLE items (
  id INTEGER PRIMARY KEY, meeting INTEGER NOT NULL REFERENCES meetings(id), item_id INTEGER, position INTEGER NOT NULL,
  number TEXT NOT NULL, title TEXT NOT NULL, text TEXT, decision TEXT, minutes TEXT,
  restricted INTEGER NOT NULL DEFAULT 0, restricted_by TEXT, restriction TEXT, issue_id INTEGER, url TEXT NOT NULL,
  cut TEXT,                                     -- JSON list of the texts that are cut off as yet
  doubt TEXT,                                   -- why its identity is not certain, in words
  votes TEXT,                                   -- JSON list of the recorded votes
  decision_seen_at TEXT, minutes_seen_at TEXT,  -- when each was first seen
  texts_missing_since TEXT, texts_missing_polls INTEGER NOT NULL DEFAULT 0,  -- the item stands, but a text of it is gone
  first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, missing_since TEXT, missing_polls INTEGER NOT NULL DEFAULT 0,
  withdrawn_at TEXT, forgotten_at TEXT,
  version INTEGER REFERENCES versions(id)
) STRICT;
CREATE INDEX items_meeting ON items(meeting, position);
CREATE INDEX items_item_id ON items(item_id);
CREATE INDEX items_issue ON items(issue_id) WHERE issue_id IS NOT NULL;

CREATE TABLE notices (                          -- decisions outside meetings, forward plan entries, consultations
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources(id), council INTEGER NOT NULL REFERENCES councils(id),
  kind TEXT NOT NULL CHECK (kind IN ('decision','plan','consultation')), notice_id INTEGER NOT NULL, title TEXT NOT NULL,
  text TEXT, decision_maker TEXT, status TEXT, published TEXT, decided TEXT, opens TEXT, due TEXT, key INTEGER, wards TEXT,
  meeting_id INTEGER, issue_id INTEGER, url TEXT NOT NULL, baseline INTEGER NOT NULL DEFAULT 0, read_at TEXT,
  first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, missing_since TEXT, missing_polls INTEGER NOT NULL DEFAULT 0,
  withdrawn_at TEXT, closed_at TEXT, forgotten_at TEXT, version INTEGER REFERENCES versions(id),
  UNIQUE (source, kind, notice_id)
) STRICT;
CREATE INDEX notices_council ON notices(council, kind);
CREATE TABLE notice_lists (                     -- when the first complete list of each kind was read, and the days covered since
  source INTEGER NOT NULL REFERENCES sources(id), kind TEXT NOT NULL, baseline_at TEXT NOT NULL, covered_from TEXT, covered_to TEXT,
  PRIMARY KEY (source, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
  id INTEGER PRIMARY KEY, meeting INTEGER REFERENCES meetings(id), item INTEGER REFERENCES items(id),
  notice INTEGER REFERENCES notices(id), document_id TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL,
  size_shown TEXT, size INTEGER, sha256 TEXT, pages INTEGER, text TEXT,
  text_state TEXT,                              -- NULL: not fetched yet; else 'text','no text','unreadable','unsupported','too large'
  fetched_at TEXT, next_look_at TEXT, restricted INTEGER NOT NULL DEFAULT 0,
  wanted INTEGER NOT NULL DEFAULT 1,            -- 1: its bytes are to be fetched: never were, or its title, size or address changed
  first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, missing_since TEXT, missing_polls INTEGER NOT NULL DEFAULT 0,
  withdrawn_at TEXT, forgotten_at TEXT, version INTEGER REFERENCES versions(id)
) STRICT;
CREATE INDEX documents_meeting ON documents(meeting);
CREATE INDEX documents_item ON documents(item);
CREATE INDEX documents_notice ON documents(notice) WHERE notice IS NOT NULL;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY, entity TEXT NOT NULL CHECK (entity IN ('meeting','item','document','notice')),
  entity_id INTEGER NOT NULL, seen_at TEXT NOT NULL, transport TEXT NOT NULL, parser TEXT NOT NULL,
  capture INTEGER REFERENCES captures(id),
  content TEXT NOT NULL                         -- JSON: the whole of the thing as it stood from then on
) STRICT;
CREATE INDEX versions_entity ON versions(entity, entity_id, seen_at);
CREATE INDEX versions_capture ON versions(capture);

CREATE TABLE changes (
  id INTEGER PRIMARY KEY, seen_at TEXT NOT NULL, council INTEGER NOT NULL REFERENCES councils(id),
  meeting INTEGER REFERENCES meetings(id), item INTEGER REFERENCES items(id), document INTEGER REFERENCES documents(id),
  notice INTEGER REFERENCES notices(id), kind TEXT NOT NULL, field TEXT, before TEXT, after TEXT,
  version INTEGER NOT NULL REFERENCES versions(id)
) STRICT;
CREATE INDEX changes_seen ON changes(seen_at);
CREATE INDEX changes_kind ON changes(kind, seen_at);
CREATE INDEX changes_meeting ON changes(meeting, seen_at);
CREATE INDEX changes_item ON changes(item, seen_at);
CREATE INDEX changes_document ON changes(document);
CREATE INDEX changes_council ON changes(council, seen_at);
CREATE INDEX changes_version ON changes(version);
CREATE INDEX changes_notice ON changes(notice) WHERE notice IS NOT NULL;

CREATE TABLE milestones (                       -- stages and key dates, as told; never guessed
  id INTEGER PRIMARY KEY, council INTEGER NOT NULL REFERENCES councils(id), topic TEXT NOT NULL,
  meeting INTEGER REFERENCES meetings(id), item INTEGER REFERENCES items(id), document INTEGER REFERENCES documents(id),
  notice INTEGER REFERENCES notices(id),
  kind TEXT NOT NULL,                           -- 'stage', or 'opens','closes','expires','comes into force','decision due'
  stage TEXT,                                   -- where kind is 'stage'
  date TEXT, precision TEXT, sentence TEXT, as_of TEXT NOT NULL, seen_at TEXT NOT NULL, field TEXT
) STRICT;
CREATE INDEX milestones_topic ON milestones(topic, council, date);
CREATE INDEX milestones_item ON milestones(item);
CREATE INDEX milestones_document ON milestones(document);

CREATE TABLE subscribers (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, deliver TEXT NOT NULL, timezone TEXT NOT NULL, quiet TEXT,
  since TEXT NOT NULL, removed_at TEXT, last_digest_at TEXT, last_heard_at TEXT
) STRICT;
CREATE TABLE watches (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, topic TEXT, definition TEXT NOT NULL, fingerprint TEXT NOT NULL,
  since TEXT NOT NULL, removed_at TEXT
) STRICT;
CREATE TABLE subscriptions (                    -- which subscriber has which watch, and since when
  subscriber INTEGER NOT NULL REFERENCES subscribers(id), watch INTEGER NOT NULL REFERENCES watches(id), since TEXT NOT NULL,
  PRIMARY KEY (subscriber, watch)
) STRICT;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY, change INTEGER REFERENCES changes(id),  -- NULL: told in a summary of what stood there already
  watch INTEGER NOT NULL REFERENCES watches(id), subscriber INTEGER NOT NULL REFERENCES subscribers(id),
  council INTEGER NOT NULL REFERENCES councils(id), meeting INTEGER REFERENCES meetings(id), item INTEGER REFERENCES items(id),
  document INTEGER REFERENCES documents(id), notice INTEGER REFERENCES notices(id),
  reason TEXT NOT NULL,                         -- JSON: words, fields, sentences, stage, dates
  created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX alerts_once ON alerts(change, watch, subscriber) WHERE change IS NOT NULL;
CREATE UNIQUE INDEX alerts_summary_once ON alerts(watch, subscriber, coalesce(meeting, 0), coalesce(item, 0), coalesce(document, 0),
  coalesce(notice, 0)) WHERE change IS NULL;
CREATE INDEX alerts_subscriber ON alerts(subscriber, created_at);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY, subscriber INTEGER REFERENCES subscribers(id),  -- NULL: to the operator
  kind TEXT NOT NULL CHECK (kind IN ('alert','digest','summary','reminder','proof of life','trouble','recovery','dead','test')),
  subject TEXT NOT NULL, message_id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
  council INTEGER REFERENCES councils(id), meeting INTEGER REFERENCES meetings(id), body TEXT, -- JSON of the rendered forms, once fixed
  not_before TEXT                               -- quiet hours and the like
) STRICT;
CREATE TABLE message_alerts (
  message INTEGER NOT NULL REFERENCES messages(id), alert INTEGER NOT NULL REFERENCES alerts(id), PRIMARY KEY (message, alert)
) STRICT;
CREATE INDEX message_alerts_alert ON message_alerts(alert);
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES messages(id), subscriber INTEGER REFERENCES subscribers(id),
  address TEXT NOT NULL, label TEXT NOT NULL,   -- a keyed hash and a label, never the address itself
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','sending','sent','unknown','refused','dead','cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0, next_attempt_at TEXT, sent_at TEXT, last_error TEXT,
  UNIQUE (message, address)
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries(next_attempt_at) WHERE state IN ('waiting','sending','unknown');

CREATE TABLE polls (
  id INTEGER PRIMARY KEY, council INTEGER REFERENCES councils(id), source INTEGER REFERENCES sources(id), started_at TEXT NOT NULL,
  ended_at TEXT, requests INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, pages_read INTEGER NOT NULL DEFAULT 0,
  pages_changed INTEGER NOT NULL DEFAULT 0, pages_suspect INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 0, outcome TEXT
) STRICT;
CREATE INDEX polls_source ON polls(source, started_at);

CREATE TABLE pages (                            -- what we remember of an address, so that an unchanged page stops early
  source INTEGER NOT NULL REFERENCES sources(id), url TEXT NOT NULL, etag TEXT, last_modified TEXT,
  sha256 TEXT,                                  -- of the bytes inside div#modgov; NULL: read it whatever it says
  parser TEXT, fetched_at TEXT NOT NULL, trouble TEXT, trouble_polls INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE backfills (                        -- how far the reading of the past has come
  source INTEGER NOT NULL REFERENCES sources(id), since TEXT NOT NULL, state TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT,
  PRIMARY KEY (source, since)
) STRICT;

CREATE TABLE tombstones (                       -- what was taken out by `forget`
  id INTEGER PRIMARY KEY, entity TEXT NOT NULL, entity_id INTEGER NOT NULL,
  sha256 TEXT,                                  -- of what was taken out, in UTF-8
  forgotten_at TEXT NOT NULL, why TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE items_fts USING fts5(title, text, decision, minutes, content='items', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE documents_fts USING fts5(title, text, content='documents', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
CREATE TRIGGER items_fts_insert AFTER INSERT ON items BEGIN
  INSERT INTO items_fts(rowid, title, text, decision, minutes) VALUES (new.id, new.title, new.text, new.decision, new.minutes);
END;
CREATE TRIGGER items_fts_delete AFTER DELETE ON items BEGIN
  INSERT INTO items_fts(items_fts, rowid, title, text, decision, minutes) VALUES ('delete', old.id, old.title, old.text, old.decision, old.minutes);
END;
CREATE TRIGGER items_fts_update AFTER UPDATE OF title, text, decision, minutes ON items BEGIN
  INSERT INTO items_fts(items_fts, rowid, title, text, decision, minutes) VALUES ('delete', old.id, old.title, old.text, old.decision, old.minutes);
  INSERT INTO items_fts(rowid, title, text, decision, minutes) VALUES (new.id, new.title, new.text, new.decision, new.minutes);
END;
CREATE TRIGGER documents_fts_insert AFTER INSERT ON documents BEGIN
  INSERT INTO documents_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER documents_fts_delete AFTER DELETE ON documents BEGIN
  INSERT INTO documents_fts(documents_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER documents_fts_update AFTER UPDATE OF title, text ON documents BEGIN
  INSERT INTO documents_fts(documents_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO documents_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
END;

CREATE INDEX items_number ON items(number COLLATE NOCASE);
CREATE INDEX items_withdrawn ON items(id) WHERE withdrawn_at IS NOT NULL;          -- what a search leaves out
CREATE INDEX documents_withdrawn ON documents(id) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX documents_number ON documents(document_id);
CREATE INDEX milestones_meeting ON milestones(meeting);
CREATE INDEX milestones_notice ON milestones(notice) WHERE notice IS NOT NULL;
CREATE INDEX milestones_told ON milestones(topic, as_of);
CREATE INDEX milestones_dates ON milestones(date) WHERE kind <> 'stage';
