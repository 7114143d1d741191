"""One way into one account, and whose it is."""

from collections.abc import Iterable
from typing import Any

import botocore.session
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    InvalidRegionError,
    MissingDependencyException,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.utils import validate_region_name

from skymark.cause import EXPIRED, INVALID, NOT_ACTIVE
from skymark.environment import ENVIRONMENT
from skymark.errors import ConfigurationError, CredentialsError
from skymark.evidence import Identity
from skymark.fault import Fault
from skymark.suggest import did_you_mean, one_of
from skymark.survey.clients import ATTEMPTS, Asking, Clients, asking, built, may_pass, sentence, session_of
from skymark.survey.reading import REFUSALS, SIGN_IN_OVER, code_of, is_over_already, message_of
from skymark.survey.redact import identity_of, redacted

EXPIRED_KEYS = (
    "Your AWS credentials have expired.",
    "Sign in again and copy the new keys (AWS Academy Learner Lab: press Start Lab, then AWS Details).",
    Fault.EXPIRED,
)
"""What a CredentialsError is made of."""


class Connection:
    """One way into one account: clients, and whose keys sign; None: the session's own.

    Attributes:
        session: the session that the clients are of.
        region: the home region.
        asking: what threads ask about while they are about this account.
    """

    def __init__(self, clients: Clients, region: str, credentials: Credentials | None = None) -> None:
        self.session = clients.session
        self.region = region
        self.asking = Asking(credentials)
        self._clients = clients

    def client(self, service: str, region: str | None = None, *, attempts: int = ATTEMPTS) -> Any:
        """The client of one service in one region (None: the home region)."""
        return self._clients.client(service, region or self.region, attempts=attempts)

    def build_ahead(self, services: Iterable[str]) -> None:
        """Begin to build clients of the home region, in the order in which they will be asked for."""
        self._clients.build_ahead(services, self.region)

    def sagemaker_regions(self, partition: str) -> frozenset[str]:
        """The regions of a partition in which botocore knows SageMaker."""
        return frozenset(self.session.get_available_regions("sagemaker", partition))

    def partitions(self) -> list[str]:
        """`aws`, `aws-cn`, `aws-us-gov`, …, as botocore knows them."""
        return self.session.get_available_partitions()


def connect(profile: str | None = None, region: str | None = None) -> Connection:
    """A connection by AWS's standard configuration; without any region, us-east-1 is home.

    Raises:
        ConfigurationError: there is no such profile, the region is none, or the configuration cannot be read.
    """
    try:
        with built():
            session = session_of(profile, region)
        home = region or session.region_name or "us-east-1"
        validate_region_name(home)
    except ProfileNotFound as error:
        raise ConfigurationError(f"{error}.", f"There are: {one_of(profiles())}.", Fault.PROFILE) from error
    except InvalidRegionError as error:
        found = f'"{home}" is not a region.'
        raise ConfigurationError(found, "Regions have names like us-east-1.", Fault.REGION) from error
    except BotoCoreError as error:
        fault = Fault.FILES if isinstance(error, ConfigParseError) else Fault.OTHER
        raise ConfigurationError(f"The AWS configuration cannot be used: {sentence(error)}", "", fault) from error
    return Connection(Clients(session), home)


def identify(connection: Connection) -> Identity:
    """Whose account the credentials open.

    Raises:
        CredentialsError: there are none, they do not work, or STS cannot be reached.
        ConfigurationError: what is configured as AWS's address is none.

    Source: STS API, GetCallerIdentity, which needs no permission.
    """
    try:
        with asking(connection.asking):
            answer = connection.client("sts").get_caller_identity()
    except REFUSALS as error:
        raise _why_not(error, connection) from error
    except BotoCoreError as error:
        found = f"AWS could not be asked who you are: {sentence(error)}"
        raise CredentialsError(found, "See `aws configure list`.", _fault_of(error)) from error
    except ValueError as error:
        found = f"The AWS configuration cannot be used: {sentence(error)}"
        raise ConfigurationError(found, "See AWS_ENDPOINT_URL.", Fault.ADDRESS) from error
    return identity_of(answer["Account"], answer["Arn"])


def _fault_of(error: BotoCoreError) -> Fault:
    match error:
        case PartialCredentialsError():
            return Fault.HALF_KEYS
        case MissingDependencyException():
            return Fault.LACKING
        case _:
            return Fault.OTHER


def source_of_keys(connection: Connection) -> str | None:
    """Where the keys come from, in botocore's word, None where it has none."""
    try:
        with ENVIRONMENT:
            keys: Any = connection.session.get_credentials()
    except BotoCoreError:
        return None
    method = getattr(keys, "method", None)
    return method if isinstance(method, str) else None


def profiles() -> list[str]:
    """The names of the profiles that are configured, in the order of the alphabet."""
    try:
        return sorted(botocore.session.Session().available_profiles)
    except BotoCoreError:
        return []


def _why_not(error: BaseException, connection: Connection) -> CredentialsError:
    code, message = code_of(error), redacted(message_of(error)) or ""
    if isinstance(error, NoCredentialsError):
        advice = "Set up your keys with `aws configure`, or choose a profile with --profile."
        return CredentialsError(f"{message}.", advice, Fault.NO_KEYS)
    if "voc-cancel-cred" in message or code in EXPIRED or is_over_already(error):
        return CredentialsError(*EXPIRED_KEYS)
    if code in INVALID:
        advice = "Copy them again, with the session token if there is one."
        return CredentialsError(f"AWS does not know these access keys ({code}).", advice, Fault.UNKNOWN_KEYS)
    if "Signature" in code or code == "RequestTimeTooSkewed":
        if "expired" in message or "not yet current" in message or "Skewed" in code:
            advice = "Set this computer's clock right, then try again."
            return CredentialsError("AWS refuses the request's time.", advice, Fault.CLOCK)
        found = f"The secret access key does not fit the access key ({code})."
        return CredentialsError(found, "Copy both again.", Fault.WRONG_SECRET)
    if isinstance(error, SIGN_IN_OVER):
        advice = "Sign in again with `aws sso login` or `aws login`."
        return CredentialsError(f"Your sign-in is over ({code}).", advice, Fault.SIGN_IN)
    if code in NOT_ACTIVE:
        advice = "Finish signing up, wait a day, then try again."
        return CredentialsError(f"AWS has not activated the account yet ({code}).", advice, Fault.NOT_ACTIVE)
    if code.startswith("HTTP") or "Error" not in code:
        found = f"AWS refused to say whose account this is ({code})."
        passes = isinstance(error, ClientError) and may_pass(error)
        return CredentialsError(found, "Check your keys and try again.", Fault.UNREACHABLE if passes else Fault.OTHER)
    return _unreachable(code, connection)


def _unreachable(code: str, connection: Connection) -> CredentialsError:
    region = connection.region
    advice = meant(region, connection) or "Check the region's name and your connection."
    return CredentialsError(f"STS in region {region} cannot be reached ({code}).", advice, Fault.UNREACHABLE)


def meant(region: str, connection: Connection) -> str:
    """Which region may have been meant, `""` where botocore knows SageMaker in this one, or none is like it."""
    known = {name for partition in connection.partitions() for name in connection.sagemaker_regions(partition)}
    return "" if region in known else did_you_mean(region, sorted(known))
