"""The questions that people ask, as they would phrase them, with the SQL that answers each.

Every query takes its parameters by name, and each may be left empty: `council` (a slug), `days` (how many back), `topic`,
`words`. "Today" is the day of the last poll, so that a history that is no longer polled still answers.
Nothing here reads a private table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Canned:
    """`name` is its address, `question` its title, `parameters` the names of what may be filled in."""

    name: str
    question: str
    sql: str
    parameters: tuple[str, ...] = ("council",)


_TODAY: Final = "WITH today(day) AS (SELECT coalesce(substr(max(started_at), 1, 10), date('now')) FROM polls)"
_COUNCIL: Final = "(coalesce(:council, '') = '' OR c.slug = :council)"
# `+`: none of these leads to few rows, the item, document or notice does
_CLOSES: Final = "+e.kind = 'closes' AND +e.topic = s.topic"
_DAYS_AGO: Final = "(SELECT date(day, '-' || coalesce(nullif(:days, ''), {days}) || ' days') FROM today)"


def _canned(name: str, question: str, sql: str, *parameters: str, days: int = 7) -> Canned:
    filled = (
        sql.replace("{council}", _COUNCIL).replace("{closes}", _CLOSES).replace("{since}", _DAYS_AGO.format(days=days))
    )
    return Canned(name, question, f"{_TODAY}\n{filled.strip()}", ("council", *parameters))


CANNED: Final = (
    _canned(
        "new-this-week",
        "What is new this week?",
        """
SELECT x.seen_at, c.name AS council, k.name AS committee, substr(m.starts_at, 1, 10) AS meeting_day, x.kind, i.number,
  coalesce(d.title, n.title, i.title) AS title, coalesce(d.url, n.url, i.url, m.url) AS url
FROM changes x JOIN councils c ON c.id = x.council LEFT JOIN meetings m ON m.id = x.meeting
  LEFT JOIN committees k ON k.id = m.committee LEFT JOIN items i ON i.id = x.item
  LEFT JOIN documents d ON d.id = x.document LEFT JOIN notices n ON n.id = x.notice
WHERE x.seen_at >= {since} AND {council}
ORDER BY x.seen_at DESC, x.id DESC LIMIT 1000""",
        "days",
    ),
    _canned(
        "about-to-decide",
        "What is my council about to decide?",
        """
SELECT substr(m.starts_at, 1, 10) AS day, c.name AS council, k.name AS committee, i.number, i.title, 'on the agenda' AS how, i.url
FROM meetings m JOIN councils c ON c.id = m.council JOIN committees k ON k.id = m.committee JOIN items i ON i.meeting = m.id
WHERE m.starts_at_utc >= (SELECT day FROM today) AND m.status = 'scheduled' AND i.withdrawn_at IS NULL AND {council}
UNION ALL
SELECT n.due, c.name, n.decision_maker, '', n.title, 'in the forward plan', n.url
FROM notices n JOIN councils c ON c.id = n.council
WHERE n.kind = 'plan' AND n.withdrawn_at IS NULL AND n.due >= (SELECT day FROM today) AND {council}
ORDER BY 1, 2, 3, 4 LIMIT 1000""",
    ),
    _canned(
        "consultations",
        "Where are PSPOs being consulted on, and until when?",
        """
SELECT c.name AS council, coalesce(n.title, i.title, d.title) AS title, s.stage,
  coalesce(
    CASE WHEN s.item IS NOT NULL THEN (
        SELECT min(+e.date) FROM milestones e WHERE e.item = s.item AND +e.document IS s.document AND {closes})
      WHEN s.document IS NOT NULL THEN (SELECT min(+e.date) FROM milestones e WHERE e.document = s.document AND {closes})
      ELSE (SELECT min(+e.date) FROM milestones e WHERE e.notice = s.notice AND {closes}) END,
    CASE n.kind WHEN 'consultation' THEN n.due END) AS until,
  s.as_of AS told_on, s.sentence, coalesce(n.url, i.url, d.url) AS url
FROM milestones s JOIN councils c ON c.id = s.council LEFT JOIN items i ON i.id = s.item
  LEFT JOIN documents d ON d.id = s.document LEFT JOIN notices n ON n.id = s.notice
WHERE s.topic = coalesce(nullif(:topic, ''), 'pspo') AND s.kind = 'stage'
  AND s.stage IN ('consultation planned', 'consultation open') AND s.as_of >= {since} AND {council}
  AND (until IS NULL OR until >= substr((SELECT day FROM today), 1, length(until)))
ORDER BY s.stage DESC, until IS NULL, until, s.as_of DESC LIMIT 1000""",
        "topic",
        "days",
        days=365,
    ),
    _canned(
        "orders-that-expire",
        "Which orders expire soon?",
        """
SELECT t.date AS expires, t.precision, c.name AS council, t.topic, t.sentence, t.as_of AS told_on,
  coalesce(n.url, i.url, d.url) AS url
FROM milestones t JOIN councils c ON c.id = t.council LEFT JOIN items i ON i.id = t.item
  LEFT JOIN documents d ON d.id = t.document LEFT JOIN notices n ON n.id = t.notice
WHERE t.kind = 'expires' AND (coalesce(:topic, '') = '' OR t.topic = :topic) AND {council}
  AND t.date >= substr((SELECT day FROM today), 1, length(t.date))
  AND t.date <= (SELECT date(day, '+365 days') FROM today)
ORDER BY t.date, c.name LIMIT 1000""",
        "topic",
    ),
    _canned(
        "changed-minutes",
        "What changed in the minutes after they were published?",
        """
SELECT x.seen_at, c.name AS council, k.name AS committee, substr(m.starts_at, 1, 10) AS meeting_day, x.kind, i.number, i.title,
  x.field, x.before, x.after, p.sha256, i.url
FROM changes x JOIN councils c ON c.id = x.council JOIN meetings m ON m.id = x.meeting JOIN committees k ON k.id = m.committee
  LEFT JOIN items i ON i.id = x.item LEFT JOIN versions v ON v.id = x.version LEFT JOIN captures p ON p.id = v.capture
WHERE x.kind IN ('minutes.amended', 'decision.amended') AND x.seen_at >= {since} AND {council}
ORDER BY x.seen_at DESC LIMIT 1000""",
        "days",
        days=365,
    ),
    _canned(
        "in-private",
        "Which items were discussed in private?",
        """
SELECT substr(m.starts_at, 1, 10) AS day, c.name AS council, k.name AS committee, i.number, i.title,
  CASE i.restricted_by WHEN 'mark' THEN 'marked on the page' WHEN 'title' THEN 'its title'
    WHEN 'words' THEN 'the words of its text' END AS as_told_by, i.restriction, i.url
FROM meetings m JOIN councils c ON c.id = m.council JOIN committees k ON k.id = m.committee JOIN items i ON i.meeting = m.id
WHERE i.restricted = 1 AND m.starts_at_utc >= {since} AND {council}
ORDER BY m.starts_at_utc DESC, i.position LIMIT 1000""",
        "days",
        days=365,
    ),
    _canned(
        "late-agendas",
        "Which agendas came late?",
        """
-- working days between the day it was seen and the meeting's, neither counted; bank holidays are not known here
, seen AS (
  SELECT x.seen_at, date(x.seen_at) AS published, substr(m.starts_at, 1, 10) AS meeting_day, c.name AS council, c.nation,
    k.name AS committee, m.starts_at_utc, p.sha256, m.url
  FROM changes x JOIN meetings m ON m.id = x.meeting JOIN councils c ON c.id = x.council JOIN committees k ON k.id = m.committee
    LEFT JOIN versions v ON v.id = x.version LEFT JOIN captures p ON p.id = v.capture
  WHERE x.kind = 'agenda.published' AND x.seen_at >= {since} AND {council} AND c.nation IS NOT NULL
    AND k.name NOT LIKE '%partnership%' AND x.seen_at < m.starts_at_utc
    AND julianday(substr(m.starts_at, 1, 10)) - julianday(date(x.seen_at)) < 8
), counted AS (
  SELECT seen.*, (SELECT count(*) FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6
      UNION SELECT 7) WHERE date(published, n || ' days') < meeting_day
      AND strftime('%w', published, n || ' days') NOT IN ('0', '6')) AS clear_days
  FROM seen
)
SELECT meeting_day, council, committee, seen_at AS agenda_seen, clear_days,
  CASE WHEN nation IN ('Wales', 'Scotland') THEN 3 ELSE 5 END AS asked, sha256, url
FROM counted WHERE clear_days < asked
ORDER BY clear_days, seen_at DESC LIMIT 1000""",
        "days",
        days=365,
    ),
    _canned(
        "last-day-papers",
        "Which papers were added on the last day?",
        """
SELECT x.seen_at, substr(m.starts_at, 1, 10) AS meeting_day, c.name AS council, k.name AS committee, d.title,
  round((julianday(m.starts_at_utc) - julianday(x.seen_at)) * 24, 1) AS hours_before, d.sha256, m.url
FROM changes x JOIN meetings m ON m.id = x.meeting JOIN councils c ON c.id = x.council JOIN committees k ON k.id = m.committee
  JOIN documents d ON d.id = x.document
WHERE x.kind = 'document.added' AND x.seen_at >= {since} AND {council}
  AND julianday(m.starts_at_utc) - julianday(x.seen_at) BETWEEN 0 AND 1
ORDER BY x.seen_at DESC LIMIT 1000""",
        "days",
        days=365,
    ),
    _canned(
        "what-was-said",
        "What was said on …?",
        """
SELECT substr(m.starts_at, 1, 10) AS day, c.name AS council, k.name AS committee, i.number, i.title,
  snippet(items_fts, -1, '', '', '…', 32) AS said, i.decision, i.url
FROM items_fts f JOIN items i ON i.id = f.rowid JOIN meetings m ON m.id = i.meeting JOIN councils c ON c.id = m.council
  JOIN committees k ON k.id = m.committee
-- quoted, so that whatever is typed is looked for as it is
WHERE items_fts MATCH '"' || replace(coalesce(nullif(:words, ''), 'public spaces protection order'), '"', ' ') || '"'
  AND +f.rowid NOT IN (SELECT id FROM items WHERE withdrawn_at IS NOT NULL) AND {council}
ORDER BY f.rowid DESC LIMIT 200""",
        "words",
    ),
    _canned(
        "cancelled-or-moved",
        "Which meetings were cancelled or moved?",
        """
SELECT x.seen_at, c.name AS council, k.name AS committee, m.starts_at, x.kind, x.before, x.after, m.url
FROM changes x JOIN meetings m ON m.id = x.meeting JOIN councils c ON c.id = x.council JOIN committees k ON k.id = m.committee
WHERE x.kind IN ('meeting.cancelled', 'meeting.moved', 'meeting.reinstated', 'meeting.withdrawn') AND x.seen_at >= {since}
  AND {council}
ORDER BY x.seen_at DESC, x.id DESC LIMIT 1000""",
        "days",
        days=90,
    ),
)
