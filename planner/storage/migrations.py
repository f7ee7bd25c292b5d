"""The store's layout, as steps from one version to the next. A step that was released is never edited."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE store (only INTEGER PRIMARY KEY CHECK (only = 1), revisions INTEGER NOT NULL) STRICT",
        "INSERT INTO store VALUES (1, 0)",
        "CREATE TABLE protocol_text (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE revision (
            number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL, counter INTEGER NOT NULL, at TEXT NOT NULL,
            who TEXT NOT NULL, what TEXT NOT NULL, checksum TEXT NOT NULL, previous TEXT NOT NULL, seal TEXT NOT NULL,
            body TEXT NOT NULL, UNIQUE (plan_id, counter)) STRICT""",
        """CREATE TABLE plan (
            id TEXT PRIMARY KEY, patient_id TEXT NOT NULL, family_name TEXT NOT NULL, given_name TEXT NOT NULL,
            birth_date TEXT NOT NULL, protocols TEXT NOT NULL, saved_at TEXT NOT NULL, counter INTEGER NOT NULL,
            demo INTEGER NOT NULL, seal TEXT NOT NULL, number INTEGER NOT NULL, words TEXT NOT NULL) STRICT""",
        "CREATE INDEX plan_newest ON plan (number DESC)",
        """CREATE TRIGGER revision_unchanged BEFORE UPDATE ON revision
            BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END""",
        """CREATE TRIGGER revision_kept BEFORE DELETE ON revision
            BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END""",
    ),
)
"""Version n of the store is reached by running the first n steps, each in one transaction.

1   Protocol texts once each; revisions, which triggers keep from being changed or deleted; a line per plan for the
    list; the count of revisions, so that a store that lost them all is not taken for a new one.
"""

VERSION = len(STEPS)
