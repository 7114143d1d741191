"""A class as a folder: one page for the assistants, and each student's own page, message and comment.

Source of what is where: docs/class-report.md.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from skymark.cohort.standing_of_class import ClassView, Member
from skymark.errors import GradebookError
from skymark.evidence import Struct, Survey
from skymark.export.file_name import file_name
from skymark.render import class_page, feedback
from skymark.render.comments import to_comments
from skymark.render.messages import messages, to_csv, to_text
from skymark.render.report_folder import ReportFolder
from skymark.roster.entry import Files
from skymark.rubric import Rubric
from skymark.samples import Samples

PAGE: Final = "class.html"
COMMENTS: Final = "comments.csv"
MESSAGES: Final = "messages.csv"

Surveyed = Callable[[str], Survey | None]
"""What a student's last check found, by the student's id; None where that is not known."""
Shown = Callable[[Rubric], Samples | None]
"""The digits that are shown to whom a rubric is for; None where they are not at hand."""


class ClassReport(Struct, frozen=True):
    """What was written: the page of the class, and of how many students there is a page and a message.

    `unread` are students whose survey could not be read: their pages show no calls.
    """

    page: Path
    students: int = 0
    messages: int = 0
    unread: tuple[str, ...] = ()


def write(
    view: ClassView, folder: Path, *, files: Files, survey: Surveyed, samples: Shown = lambda rubric: None
) -> ClassReport:
    """Write the report of a class, with everybody's own files; `files` as commands are to name them.

    Every file can be read by its owner only. What an earlier report wrote there and this one does not is removed, and
    nothing else.

    Raises:
        UsageError: a file cannot be read, written or removed there.
    """
    pages = {one.student: f"students/{file_name(one.student)}.html" for one in view.members}
    sent = {one.student: one for one in messages(view)}
    texts = {student: f"messages/{file_name(student)}.txt" for student in sent}
    into = ReportFolder(folder, (PAGE, COMMENTS, MESSAGES, *pages.values(), *texts.values()))
    into.begin()
    unread = [one.student for one in view.members if not _write_page(one, view, into, pages, files, survey, samples)]
    for student, message in sent.items():
        into.write(texts[student], to_text(message))
    into.write(MESSAGES, to_csv(tuple(sent.values())))
    into.write(COMMENTS, to_comments(view.members))
    page = into.write(PAGE, class_page.render(view, class_page.Links(pages, texts)))
    return ClassReport(page, len(pages), len(sent), tuple(unread))


def write_anonymous(view: ClassView, folder: Path, key: bytes) -> ClassReport:
    """Write only the page of a class, with pseudonyms by this key, in their order.

    It has no id, name, account, ARN, nor what any student called anything. There are no pages of students, messages
    and comments: they name somebody. Those that an earlier report wrote there are removed.

    Raises:
        UsageError: a file cannot be read, written or removed there, or the folder holds something else that may name
            students.
    """
    into = ReportFolder(folder, (PAGE,))
    into.begin()
    into.refuse_names()
    return ClassReport(into.write(PAGE, class_page.render_anonymous(view, key)))


def _write_page(
    member: Member,
    view: ClassView,
    into: ReportFolder,
    pages: dict[str, str],
    files: Files,
    survey: Surveyed,
    samples: Shown,
) -> bool:
    """Write a student's page; whether their survey could be read, as far as it is needed."""
    standing, found, is_read = member.row.standing, None, True
    if standing is not None and member.result is not None and not member.is_shared:
        try:
            found = survey(member.student)
        except GradebookError:
            is_read = False
    rubric = view.rubrics.get(standing.rubric.id) if standing else None
    into.write(
        pages[member.student], feedback.render(member, found, rubric, files, samples(rubric) if rubric else None)
    )
    return is_read
