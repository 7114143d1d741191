"""The options that several commands share, with their help. Imports nothing slow: `--help` needs them."""

from pathlib import Path
from typing import Annotated

import typer

from skymark.commands import completion

Rubric = Annotated[
    str | None,
    typer.Option(
        "--rubric",
        metavar="NAME|FILE",
        help="What to grade by; otherwise the lesson's own.",
        autocompletion=completion.rubrics,
    ),
]
Lesson = Annotated[
    Path | None,
    typer.Option("--lesson", metavar="DIR", help="Another lesson: a folder with rubrics/, checks/, fixtures/."),
]
Final = Annotated[
    bool, typer.Option("--final", help="Grade as after the lesson: what is proved not to be there is a failure.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only what was made since then counts; a date, a time, or 3h."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only what was made until then counts.")]
Due = Annotated[
    str | None,
    typer.Option("--due", metavar="TIME", help="When all had to be deleted; teardown is judged as of then."),
]
Access = Annotated[
    Path | None, typer.Option("--access", metavar="FILE", help="How each account is entered, if not in the roster.")
]
ExpectAccount = Annotated[
    str | None,
    typer.Option("--expect-account", metavar="ID", help="Stop unless the credentials belong to this account."),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="ID",
        help="Judge just this criterion, and record nothing; may be given several times.",
        autocompletion=completion.criteria,
    ),
]
Notebook = Annotated[
    list[Path] | None,
    typer.Option(
        "--notebook",
        metavar="FILE.ipynb",
        help="A notebook that was handed in, as evidence; may be given several times.",
    ),
]
HandedIn = Annotated[
    list[Path] | None,
    typer.Option(
        "--handed-in",
        metavar="SURVEY",
        help="A survey that was handed in: say what it would show; may be given several times.",
    ),
]
AcceptHandedIn = Annotated[
    bool, typer.Option("--accept-handed-in", help="Let what such surveys show count, though they can be forged.")
]
Json = Annotated[
    Path | None, typer.Option("--json", metavar="FILE|-", help="Write the result as JSON; - is standard output.")
]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one HTML page.")]
Junit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write the result as JUnit XML.")]
Gradescope = Annotated[
    Path | None, typer.Option("--gradescope", metavar="FILE", help="Write the mark as Gradescope's results.json.")
]
Classroom50 = Annotated[
    Path | None, typer.Option("--classroom50", metavar="FILE", help="Write the mark as Classroom 50's result.json.")
]
Github = Annotated[
    bool, typer.Option("--github", help="Annotate the run of GitHub Actions, and write the summary of its step.")
]
Open = Annotated[
    bool | None,
    typer.Option("--open/--no-open", help="Show the HTML report in the browser; otherwise only on a desktop."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print one line instead of the report.")]
NoPredict = Annotated[
    bool, typer.Option("--no-predict", help="Don't send sample digits to the endpoint (it costs a fraction of a cent).")
]
Prices = Annotated[
    Path | None,
    typer.Option("--prices", metavar="FILE", help="Another price table than Skymark's own; it changes no verdict."),
]
Survey = Annotated[Path | None, typer.Option("--survey", metavar="FILE", help="Use a saved survey; AWS is not asked.")]
Profile = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="The AWS profile to use.")]
Region = Annotated[str | None, typer.Option("--region", metavar="REGION", help="The region of the lesson.")]
Gradebook = Annotated[
    Path | None,
    typer.Option("--gradebook", metavar="FILE", help="Another gradebook than the one in your data directory."),
]
NoGradebook = Annotated[
    bool, typer.Option("--no-gradebook", help="Record nothing, and don't look at earlier checks or overrides.")
]
RecordedRubric = Annotated[
    str | None,
    typer.Option(
        "--rubric",
        metavar="ID",
        help="Of checks by this rubric; otherwise of the last one.",
        autocompletion=completion.rubrics,
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; others will read it.")]
DecidedBy = Annotated[
    str | None, typer.Option("--by", metavar="WHO", help="Who decides; otherwise your name on this computer.")
]
Account = Annotated[str, typer.Argument(metavar="WHO", help="A student's id, or the account's 12 digits.")]
