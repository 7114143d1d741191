"""The tables, and how a book of an older Skymark becomes one of this. Rows are only ever added."""

import sqlite3

APPLICATION_ID = 0x534B594D
"""`SKYM`: tells a gradebook from another program's SQLite file."""

# One step for each version, in order; a step that was released is never changed.
# Times are UTC, in one format, so that their order as text is their order in time. Points are decimal text.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE attempt (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account TEXT NOT NULL,
            rubric TEXT NOT NULL,
            rubric_version TEXT NOT NULL,
            student TEXT,
            final INTEGER NOT NULL CHECK (final IN (0, 1)),
            surveyed_at TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            survey BLOB NOT NULL,  -- skymark/survey/v1, zlib
            result TEXT NOT NULL  -- skymark/result/v1, as this check judged by itself
        )
        """,
        "CREATE INDEX attempt_of ON attempt (account, rubric, surveyed_at)",
        """
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account TEXT NOT NULL,
            rubric TEXT NOT NULL,
            criterion TEXT NOT NULL,
            points TEXT,  -- of an override
            undoes INTEGER UNIQUE REFERENCES decision (id),  -- of an undo
            reason TEXT NOT NULL CHECK (trim(reason) <> ''),
            decided_by TEXT NOT NULL CHECK (trim(decided_by) <> ''),
            decided_at TEXT NOT NULL,
            replaced_outcome TEXT NOT NULL,
            replaced_points TEXT,  -- NULL: it was unverified
            CHECK ((points IS NULL) <> (undoes IS NULL))
        )
        """,
        "CREATE INDEX decision_of ON decision (account, rubric, criterion)",
        """
        CREATE TRIGGER attempts_stay BEFORE UPDATE ON attempt
        BEGIN SELECT RAISE(ABORT, 'an attempt is never changed'); END
        """,
        """
        CREATE TRIGGER decisions_stay BEFORE UPDATE ON decision
        BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END
        """,
    ),
    (
        # The attempt whose survey was graded again: from then on that one counts no more.
        "ALTER TABLE attempt ADD COLUMN regrades INTEGER REFERENCES attempt (id)",
        "CREATE INDEX attempt_of_student ON attempt (student, rubric)",
        "CREATE INDEX attempt_regraded ON attempt (regrades)",
        "ALTER TABLE decision ADD COLUMN student TEXT",  # NULL: about whoever has the account
        "CREATE INDEX decision_about ON decision (student, rubric, criterion)",
        """
        CREATE TABLE trouble (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            student TEXT NOT NULL,
            rubric TEXT NOT NULL,
            cause TEXT NOT NULL,
            reason TEXT NOT NULL,
            met_at TEXT NOT NULL
        )
        """,
        "CREATE INDEX trouble_of ON trouble (rubric, student)",
        """
        CREATE TABLE exported (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            target TEXT NOT NULL,  -- whose format, and which column or folder
            student TEXT NOT NULL,
            rubric TEXT NOT NULL,
            digest TEXT NOT NULL,  -- of what was said of the student
            exported_at TEXT NOT NULL
        )
        """,
        "CREATE INDEX exported_to ON exported (target, rubric, student)",
    ),
)
VERSION = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """The version that a book is at; 0 has nothing in it yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Whether this is a database of another program."""
    number = connection.execute("PRAGMA application_id").fetchone()[0]
    return number != APPLICATION_ID and bool(connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())


def migrate(connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring a book up to this version, wholly or not at all: nobody else writes meanwhile.

    Raises:
        sqlite3.Error: it cannot be done; the book is as it was.
    """
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in migrations[version_of(connection) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
