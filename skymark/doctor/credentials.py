"""Whether the keys work, whose they are, and what to do where they do not."""

from typing import Final

from skymark.doctor.commands import aws, set_clock
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import Configured
from skymark.errors import CredentialsError
from skymark.evidence import Identity
from skymark.fault import Fault
from skymark.result import Link

KEYS = Link("Your access keys", "https://us-east-1.console.aws.amazon.com/iam/home#/security_credentials")
USERS = Link("Users in the console", "https://us-east-1.console.aws.amazon.com/iam/home#/users")
LEARNER_LAB = Link("AWS Academy: Start Lab, then AWS Details", "https://awsacademy.instructure.com/")
_SOURCE: Final = {
    "env": "environment variables",
    "shared-credentials-file": "the credentials file",
    "config-file": "the configuration file",
    "sso": "single sign-on",
    "login": "aws login",
    "assume-role": "a role that the profile assumes",
    "assume-role-with-web-identity": "a role that is assumed by a web identity",
    "custom-process": "the profile's credential_process",
    "iam-role": "the role of this machine",
    "container-role": "the role of this container, as in AWS CloudShell",
}


def working(identity: Identity, source: str | None, rubric_is_for_labs: bool) -> Finding:
    """Keys that AWS takes; `source` is botocore's name of where they come from."""
    by = f", and come from {_SOURCE.get(source, source)}" if source else ""
    found = f"The keys are those of {identity.arn}{by}."
    if identity.is_root:
        advice = (
            "They are the account's root user's, which may do everything and cannot be held back: whoever gets them "
            "has the account. Make a user of your own in IAM, create access keys for it, use those, and delete the "
            "root user's."
        )
        return Finding(Topic.CREDENTIALS, State.TO_MEND, found, advice, (aws("configure"),), (USERS, KEYS))
    if identity.is_learner_lab and not rubric_is_for_labs:
        advice = "They are an AWS Academy Learner Lab's, for which there is a rubric of its own: --rubric learner-lab."
        return Finding(Topic.CREDENTIALS, State.OK, found, advice)
    return Finding(Topic.CREDENTIALS, State.OK, found)


def failing(error: CredentialsError, configured: Configured, platform: str) -> Finding:
    """Keys that AWS does not take, or that there are none."""
    profile = configured.profile.value if configured.profile else None
    if error.fault is Fault.UNREACHABLE:
        return Finding(Topic.CREDENTIALS, State.UNKNOWN, error.found, "Wait a minute, then run this again.")
    if error.fault is Fault.CLOCK:
        command = set_clock(platform)
        return Finding(Topic.CREDENTIALS, State.TO_MEND, error.found, error.advice, (command,))
    advice, commands, links = _mending(error, configured, profile)
    return Finding(Topic.CREDENTIALS, State.TO_MEND, error.found, advice, commands, links)


Mending = tuple[str, tuple[str, ...], tuple[Link, ...]]


def _mending(error: CredentialsError, configured: Configured, profile: str | None) -> Mending:
    configure = aws("configure", profile=profile)
    match error.fault:
        case Fault.NO_KEYS:
            advice = (
                f"Nothing on this computer says who you are. {_others(configured)}Create an access key in the console "
                "and give it to this command; for an AWS Academy Learner Lab, copy what it shows under AWS Details."
            )
            return advice.strip(), (configure,), (KEYS, LEARNER_LAB)
        case Fault.HALF_KEYS:
            advice = "A key has two halves, an id and a secret, and temporary ones a session token. Set all of them."
            return advice, ("aws configure list", configure), (KEYS,)
        case Fault.LACKING:
            advice = "This way of signing in needs a package that is not there. Install it where Skymark is installed."
            return advice, ("pip install 'botocore[crt]'",), ()
        case Fault.EXPIRED | Fault.SIGN_IN if configured.sign_in:
            return _signing_in(configured, profile)
        case Fault.EXPIRED:
            advice = (
                "Get new ones where these came from, and set all three: id, secret and session token. AWS Academy "
                "Learner Lab: press Start Lab, wait for the green light, press AWS Details, and copy what it shows."
            )
            return advice, ("aws configure list",), (LEARNER_LAB,)
        case Fault.SIGN_IN:
            return error.advice, (aws("sso", "login", profile=profile),), ()
        case Fault.UNKNOWN_KEYS:
            advice = (
                f"{error.advice} They may have been deleted, or be of an account that is closed: see whether they are "
                "in your list of keys."
            )
            return advice, ("aws configure list", configure), (KEYS,)
        case Fault.WRONG_SECRET:
            advice = f"{error.advice} A secret is shown only once: if you have lost it, create a new key."
            return advice, (configure,), (KEYS,)
        case _:
            return error.advice or "See what is configured, and try again.", ("aws configure list",), (KEYS,)


def _others(configured: Configured) -> str:
    if not configured.profiles:
        return ""
    return f"There are these profiles, any of which you can name with --profile: {', '.join(configured.profiles)}. "


def _signing_in(configured: Configured, profile: str | None) -> Mending:
    match configured.sign_in:
        case "login":
            return "Your sign-in is over: sign in again.", (aws("login", profile=profile),), ()
        case "process":
            advice = (
                "The profile gets its keys from a program, its credential_process, which has given none that work. "
                "Run that program by hand to see why."
            )
            return advice, ("aws configure list",), ()
        case _:
            advice = "Your single sign-on is over: sign in again. It opens a page in your browser."
            return advice, (aws("sso", "login", profile=profile),), ()
