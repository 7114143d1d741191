"""Write the table of students into docs/students.md anew."""

from pathlib import Path

from simulator.students.table import put_into

DOCUMENT = Path(__file__).parents[2] / "docs" / "students.md"

if __name__ == "__main__":
    DOCUMENT.write_text(put_into(DOCUMENT.read_text("utf-8")), "utf-8")
