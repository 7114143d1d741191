"""Looking into one account for one lesson: whose it is first, then everything that the rubric needs."""

import datetime as dt

from skymark.errors import UsageError
from skymark.evidence import Identity, Survey
from skymark.lesson import Lesson
from skymark.rubric import Rubric
from skymark.window import NO_TIMES, Times


def look(
    lesson: Lesson,
    rubric: Rubric,
    *,
    profile: str | None = None,
    region: str | None = None,
    account: str | None = None,
    predict: bool = True,
    leftovers: bool = True,
    times: Times = NO_TIMES,
) -> Survey:
    """Survey the account of these credentials; `account`: the one that is meant, None for whichever it is.

    Without `leftovers` nobody looks for what else bills, which is most of the calls.
    Where it is due at a time, when everything was deleted is read, too: some seconds more.

    Raises:
        CredentialsError: AWS does not say whose account it is.
        UsageError: the times cannot be; or it is another account than the one that is meant: nothing else has been
            asked then.
    """
    # boto3 is slow to import, and a saved survey needs only `expect`.
    from skymark.samples import read_samples
    from skymark.survey.connection import connect, identify
    from skymark.survey.sweep import services_asked, take_survey

    plan = rubric.survey
    samples = read_samples(lesson.root / plan.samples) if predict and plan.samples else None
    window, _ = times.at(dt.datetime.now(dt.UTC))
    connection = connect(profile, region)
    connection.build_ahead(services_asked(leftovers=leftovers))
    identity = identify(connection)
    expect(identity, account)
    return take_survey(
        connection,
        identity,
        plan,
        samples,
        rubric.regions,
        window=window,
        ends=times.due is not None,
        leftovers=leftovers,
    )


def expect(identity: Identity, account: str | None) -> None:
    """Make sure that it is the account that is meant (12 digits, dashes are passed over); None: any.

    Raises:
        UsageError: it is another one.
    """
    if account and identity.account != account.replace("-", ""):
        raise UsageError(
            f"This is account {identity.account}, not {account}. Use the profile or the keys of the one that is meant."
        )
