"""Looking into one account for one lesson: whose it is first, then everything that the rubric needs."""

from skymark.errors import UsageError
from skymark.evidence import Identity, Survey
from skymark.lesson import Lesson
from skymark.rubric import Rubric


def look(
    lesson: Lesson,
    rubric: Rubric,
    *,
    profile: str | None = None,
    region: str | None = None,
    account: str | None = None,
    predict: bool = True,
) -> Survey:
    """Survey the account of these credentials; `account`: the one that is meant, None for whichever it is.

    Raises:
        CredentialsError: AWS does not say whose account it is.
        UsageError: it is another account than the one that is meant; nothing else has been asked then.
    """
    # boto3 is slow to import, and a saved survey needs only `expect`.
    from skymark.samples import read_samples
    from skymark.survey import connect, identify, take_survey

    plan = rubric.survey
    samples = read_samples(lesson.root / plan.samples) if predict and plan.samples else None
    connection = connect(profile, region)
    identity = identify(connection)
    expect(identity, account)
    return take_survey(connection, identity, plan, samples, rubric.regions)


def expect(identity: Identity, account: str | None) -> None:
    """Make sure that it is the account that is meant (12 digits, dashes are passed over); None: any.

    Raises:
        UsageError: it is another one.
    """
    if account and identity.account != account.replace("-", ""):
        raise UsageError(
            f"This is account {identity.account}, not {account}. Use the profile or the keys of the one that is meant."
        )
