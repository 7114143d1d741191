"""Write the tables in docs/students.md and docs/after-teardown.md anew."""

from pathlib import Path

from simulator.students import after_table, table

DOCS = Path(__file__).parents[2] / "docs"
WRITERS = {"students.md": table.put_into, "after-teardown.md": after_table.put_into}

if __name__ == "__main__":
    for name, put_into in WRITERS.items():
        document = DOCS / name
        document.write_text(put_into(document.read_text("utf-8")), "utf-8")
