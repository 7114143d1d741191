"""A student's own page: how they stand, and how each criterion was decided. Nothing of anybody else is in it."""

from typing import Final

from msgspec.structs import replace

from skymark.cause import MEANING
from skymark.cohort.standing_of_class import Member
from skymark.cohort.task import TOLD_APART
from skymark.evidence import Survey
from skymark.gradebook.book import Met
from skymark.render import html
from skymark.render.dispute import again, dispute
from skymark.render.times import moment
from skymark.result import Result
from skymark.roster.entry import Files
from skymark.rubric import Rubric
from skymark.samples import Samples
from skymark.timeline import of_one_alone

SHARED: Final = (
    "More than one person seems to work in the account that you use, so nobody can say yet whose work it holds. A "
    "teaching assistant decides that. Until then nothing counts for or against you."
)
NOT_YET: Final = "Your work has not been looked at yet. Nothing is lost: your page comes with the next grading."
UNSEEN: Final = (
    "Your work could not be looked at so far: {meaning}. This says nothing about what you did, and costs you no points."
)
UNSEEN_SINCE: Final = (
    "Your account could not be looked at again on {at}: {meaning}. What stands here is how it was before, and nothing "
    "of it is lost."
)


def render(
    member: Member, survey: Survey | None, rubric: Rubric | None, files: Files, samples: Samples | None = None
) -> str:
    """The page of one student.

    `survey` is that of the last check, whose calls are shown, None where it is not known; `files` are those that the
    commands name; `samples` are the lesson's digits, None where they are not at hand. Nobody's verdicts are shown
    where nothing was recorded, or where nobody knows whose the account is: then the page says so.
    """
    if member.result is None or member.is_shared:
        return _without_verdicts(member)
    result = own(member, member.result)
    explained = {
        one.id: html.Explained(
            dispute(one.id, survey, result, rubric), again(files, member.student, one.id, result.terms)
        )
        for one in result.criteria
    }
    return html.render(result, samples, explained=explained)


def own(member: Member, result: Result) -> Result:
    """The result as the student is shown it: by their name, with what stood in the way since.

    In an account of several a gap may name what another one made, so there it names nothing; nor is told when
    something was made of which nobody can say by whom.
    """
    gaps, timeline = result.gaps, result.timeline
    if any(text.startswith(TOLD_APART) for text in result.warnings):
        gaps = tuple(replace(one, resource=None) for one in gaps)
        timeline = of_one_alone(timeline)
    trouble = (_since(member.trouble),) if member.trouble else ()
    return replace(
        result,
        subject=replace(result.subject, student=member.name),
        warnings=(*trouble, *result.warnings),
        gaps=gaps,
        timeline=timeline,
    )


def _since(trouble: Met) -> str:
    return UNSEEN_SINCE.format(at=moment(trouble.at), meaning=MEANING[trouble.cause])


def _without_verdicts(member: Member) -> str:
    return (
        html.environment()
        .get_template("class_nothing.html.j2")
        .render(name=member.name, why=why_nothing(member), reason=_reason(member))
    )


def why_nothing(member: Member) -> str:
    """Why nothing is said of a student's work, in kind words that tell of nobody else."""
    if member.is_shared:
        return SHARED
    return UNSEEN.format(meaning=MEANING[member.trouble.cause]) if member.trouble else NOT_YET


def _reason(member: Member) -> str:
    """What exactly stood in the way: it is about their own account, unless that is another's, too."""
    return member.trouble.reason if member.trouble and not member.is_shared else ""
