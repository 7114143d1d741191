"""Gather all that the site is built of into build/docs: `python -m docs_site`; then `mkdocs build`."""

import argparse
import shutil
from pathlib import Path

from docs_site import pages, pictures, reference

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build" / "docs"


def main() -> None:
    """Everything anew, but for pictures where none are wanted: those that are there stay."""
    parser = argparse.ArgumentParser(prog="python -m docs_site", description="Gather the pages of the site.")
    parser.add_argument(
        "--no-pictures", action="store_true", help="Leave the pictures as they are, to see a text soon."
    )
    wanted = parser.parse_args()
    kept = TARGET / pictures.FOLDER
    for old in TARGET.glob("*"):
        if old != kept:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    pages.gather(ROOT, TARGET)
    reference.write(ROOT, TARGET)
    if not wanted.no_pictures:
        pictures.take(ROOT, kept)


if __name__ == "__main__":
    main()
