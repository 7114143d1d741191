"""One criterion explained, for the terminal: texts of the rubric, with nothing of any account."""

from typing import Final

from rich.console import Console

from skymark.outcome import Outcome
from skymark.placeholder import placeholders
from skymark.render.page import Page
from skymark.render.words import MEANING, WORD, counted
from skymark.rubric import RubricCriterion
from skymark.survey.calls import actions_of

OUTCOMES: Final = (Outcome.PASSED, Outcome.PENDING, Outcome.FAILED, Outcome.BLOCKED, Outcome.UNVERIFIED)
NAMES: Final = "Words in braces are for you to fill in; a check fills them in by itself."


def render(entry: RubricCriterion, console: Console) -> None:
    """Print what is asked for, why, what to do, where, and by which calls of AWS it is judged."""
    page = Page(console)
    worth = "advice, 0 points" if entry.is_advice else counted(entry.points, "point")
    page.say(f"{entry.id}: {entry.title}", style="bold")
    page.say(f"{entry.stage}, {worth}", style="dim")
    for heading, text in (("What is asked for", entry.expected), ("Why", entry.why), ("What to do", entry.hint)):
        if text:
            page.heading(heading)
            page.say(text.strip(), indent=2)
    if entry.warning:
        page.say(f"Before that: {entry.warning.text.strip()}", indent=2)
    _where(page, entry)
    page.heading("What a check says")
    for outcome in OUTCOMES:
        page.say(f"{WORD[outcome]}: {MEANING[outcome]}", indent=2)
    if entry.calls:
        page.heading("Judged by what AWS answers to")
        page.say(", ".join(entry.calls), indent=2)
        page.heading("Permissions that this needs")
        page.say(", ".join(actions_of(entry.calls)), indent=2)


def _where(page: Page, entry: RubricCriterion) -> None:
    texts = [*((f"{link.title}:", link.url) for link in entry.links)]
    texts += [("The AWS CLI command:", entry.command)] if entry.command else []
    if not texts:
        return
    page.heading("Where")
    for title, text in texts:
        page.say(title, indent=2)
        page.copy(text, indent=4)
    if any(placeholders(text) for _, text in texts):
        page.say(NAMES, indent=2, style="dim")
