"""The pages that people wrote: copied, with their links leading to pages of the site or to files beside them."""

import os.path
import re
import shutil
from pathlib import Path, PurePosixPath

from docs_site.pictures import FOLDER as PICTURES
from docs_site.reference import FOLDER as REFERENCE

# Pages that lie elsewhere in the repository, where people look for them there.
ELSEWHERE = {
    "lesson/README.md": "lesson.md",
    "lessons/static-website/README.md": "static-website.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
}
# Files whose page is made: where the repository is shown a link leads to the file, in the site to the page.
MADE = {
    "rubrics/sagemaker-intro.yaml": f"{REFERENCE}/sagemaker-intro.md",
    "rubrics/learner-lab.yaml": f"{REFERENCE}/learner-lab.md",
    "rubrics/rubric.schema.json": f"{REFERENCE}/rubric.md",
    "skymark/result.schema.json": f"{REFERENCE}/result.md",
    "skymark/survey.schema.json": f"{REFERENCE}/survey.md",
}
FILES = "files"  # what pages lead to that is no page
PICTURE = re.compile(r"<!-- picture: (!\[[^\]]*\]\([^)]*\)) -->")  # is made for the site, and shown there alone
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)(#[^)\s]*)?\)")


def gather(root: Path, target: Path) -> None:
    """Copy every page, and each file that one leads to."""
    pages = {f"docs/{page.name}": page.name for page in sorted((root / "docs").glob("*.md"))} | ELSEWHERE
    target.mkdir(parents=True, exist_ok=True)
    for source, name in pages.items():
        text = PICTURE.sub(r"\1", (root / source).read_text("utf-8"))
        (target / name).write_text(_with_links(text, source, pages | MADE, root, target), "utf-8")


def _with_links(text: str, source: str, sources: dict[str, str], root: Path, target: Path) -> str:
    def link(found: re.Match[str]) -> str:
        wanted = os.path.normpath(PurePosixPath(source).parent / found[1])
        if wanted.startswith(f"docs/{PICTURES}/"):  # made, not written
            return found[0]
        page = sources.get(wanted) or sources.get(f"{wanted}/README.md")
        return f"]({page or _file(root, wanted, target)}{found[2] or ''})"

    return LINK.sub(link, text)


def _file(root: Path, wanted: str, target: Path) -> str:
    """Where a file of the repository lies beside the pages. Of one that is not there MkDocs complains."""
    if (root / wanted).is_file():
        (target / FILES / wanted).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / wanted, target / FILES / wanted)
        return f"{FILES}/{wanted}"
    return wanted
