"""`grade.py policy`: what lets a grader in, to read and nothing more."""

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skymark import options
from skymark.commands.choosing import class_of, lesson_and_rubric
from skymark.errors import UsageError

if TYPE_CHECKING:
    from skymark.granting.class_access import Form
    from skymark.granting.grant import Grant
    from skymark.rubric import SurveyPlan


class Format(enum.StrEnum):
    """As what the access is written."""

    JSON = "json"
    CLOUDFORMATION = "cloudformation"
    CLI = "cli"


def policy(
    format_: Annotated[
        Format, typer.Option("--format", help="The policy alone, or a role with it: a template, or commands.")
    ] = Format.JSON,
    grader: Annotated[
        str | None, typer.Option(metavar="ACCOUNT|ARN", help="Who is let in: an account, or a role or user of it.")
    ] = None,
    external_id: Annotated[
        str | None, typer.Option(metavar="ID", help="What the grader must know to be let in; another for each student.")
    ] = None,
    role_name: Annotated[str | None, typer.Option(metavar="NAME", help="Otherwise SkymarkGrader.")] = None,
    no_predict: options.NoPredict = False,
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    quotas: Annotated[
        bool, typer.Option("--quotas", help="With what doctor asks of Service Quotas; goes with json.")
    ] = False,
    template_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The template's address in S3: give the link that sets it up in the console."),
    ] = None,
    region: Annotated[
        str | None, typer.Option(metavar="REGION", help="Where that link makes the stack; otherwise us-east-1.")
    ] = None,
    students: Annotated[
        Path | None, typer.Option(metavar="ROSTER", help="Make an external id and a file for each student.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where they go, with access.csv, which keeps the ids.")
    ] = None,
) -> None:
    """Print the read-only IAM policy that Skymark needs, or what gives a grader a role with it."""
    _, by = lesson_and_rubric(lesson, rubric)
    plan, predict = by.survey, by.survey.samples is not None and not no_predict
    if format_ is Format.JSON:
        _refuse_beside_json(
            grader=grader,
            external_id=external_id,
            role_name=role_name,
            template_url=template_url,
            region=region,
            students=students,
            out=out,
        )
        typer.echo(_policy(plan, predict=predict, quotas=quotas))
        return
    _refuse_misplaced(format_, quotas=quotas, template_url=template_url, region=region)
    grant = _grant(grader, external_id, role_name, plan, predict=predict)
    if students or out:
        _for_a_class(students, out, grant, _form(format_), template_url, region)
    elif template_url:
        from skymark.granting.console import quick_create_link

        typer.echo(quick_create_link(template_url, grant, *([region] if region else [])))
    else:
        typer.echo(_form(format_).write(grant), nl=False)


def _policy(plan: "SurveyPlan", *, predict: bool, quotas: bool) -> str:
    import json

    from skymark.permissions import read_only_policy, with_quotas

    policy = read_only_policy(plan, predict=predict)
    return json.dumps(with_quotas(policy) if quotas else policy, indent=2)


def _refuse_beside_json(**given: object) -> None:
    """The policy alone knows nobody; leaving an option out of account in silence would let in whoever asks."""
    named = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if named:
        raise UsageError(f"{', '.join(named)}: goes with --format cloudformation or cli. json is the policy alone.")


def _refuse_misplaced(format_: Format, *, quotas: bool, template_url: str | None, region: str | None) -> None:
    if quotas:
        raise UsageError("--quotas: goes with --format json. A survey, for which a grader is let in, asks for none.")
    if template_url and format_ is Format.CLI:
        raise UsageError("--template-url: is the address of a template. Give --format cloudformation with it.")
    if region and not template_url:
        raise UsageError("--region: is where a link makes the stack. Give --template-url with it, or leave it out.")


def _grant(
    grader: str | None, external_id: str | None, role_name: str | None, plan: "SurveyPlan", *, predict: bool
) -> "Grant":
    from skymark.granting import grant as granting

    if grader is None:
        raise UsageError(
            "--grader is missing: the account that grades (12 digits), or the ARN of a role or user of it. "
            "`aws sts get-caller-identity` tells yours."
        )
    return granting.grant(
        granting.grader(grader), external_id, role_name or granting.ROLE_NAME, predict=predict, plan=plan
    )


def _form(format_: Format) -> "Form":
    from skymark.granting import cli, cloudformation
    from skymark.granting.class_access import Form

    return Form(cli.commands, ".sh") if format_ is Format.CLI else Form(cloudformation.template, ".yaml")


def _for_a_class(
    students: Path | None, out: Path | None, grant: "Grant", form: "Form", template_url: str | None, region: str | None
) -> None:
    if students is None or out is None:
        raise UsageError("--students ROSTER and --out DIR go together: for whom, and where the files go.")
    if grant.external_id is not None:
        raise UsageError("--external-id: each student of a class gets one of their own. Leave it out with --students.")
    from skymark.granting.accounts import accounts_in
    from skymark.granting.class_access import give_access

    roster = class_of(students)
    accounts = {} if roster.is_canvas else accounts_in(students)
    file, new = give_access(roster.entries, accounts, grant, form, out, template_url, region)
    typer.echo(f"{len(roster.entries)} students, {new or 'none'} of them new. Their external ids: {file}")
    if new:
        typer.echo(
            f"Send each student what is theirs in {file.parent / 'students'}. "
            f'Write the ARNs that come back into the column "role arn" of {file}.'
        )
