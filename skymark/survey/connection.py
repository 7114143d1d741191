"""One way into one account, and whose it is."""

from typing import Any

import botocore.session
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, InvalidRegionError, NoCredentialsError, ProfileNotFound
from botocore.utils import validate_region_name

from skymark.cause import EXPIRED, INVALID
from skymark.errors import CredentialsError, UsageError
from skymark.evidence import Identity
from skymark.suggest import did_you_mean, one_of
from skymark.survey.clients import ATTEMPTS, Asking, Clients, asking, sentence, session_of
from skymark.survey.reading import REFUSALS, SIGN_IN_OVER, code_of, is_over_already, message_of
from skymark.survey.redact import identity_of, redacted

EXPIRED_KEYS = (
    "Your AWS credentials have expired. Sign in again and copy the new keys "
    "(AWS Academy Learner Lab: press Start Lab, then AWS Details)."
)


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

    def sagemaker_regions(self, partition: str) -> frozenset[str]:
        """The regions of a partition in which botocore knows SageMaker."""
        return frozenset(self.session.get_available_regions("sagemaker", partition))

    def partitions(self) -> list[str]:
        """`aws`, `aws-cn`, `aws-us-gov`, …, as botocore knows them."""
        return self.session.get_available_partitions()


def connect(profile: str | None = None, region: str | None = None) -> Connection:
    """A connection by AWS's standard configuration; without any region, us-east-1 is home.

    Raises:
        UsageError: there is no such profile, the region is none, or the configuration cannot be read.
    """
    try:
        session = session_of(profile, region)
        home = region or session.region_name or "us-east-1"
        validate_region_name(home)
    except ProfileNotFound as error:
        raise UsageError(f"{error}. There are: {one_of(_profiles())}.") from error
    except InvalidRegionError as error:
        raise UsageError(f'"{home}" is not a region. Regions have names like us-east-1.') from error
    except BotoCoreError as error:
        raise UsageError(f"The AWS configuration cannot be used: {sentence(error)}") from error
    return Connection(Clients(session), home)


def identify(connection: Connection) -> Identity:
    """Whose account the credentials open.

    Raises:
        CredentialsError: there are none, they do not work, or STS cannot be reached.
        UsageError: what is configured as AWS's address is none.

    Source: STS API, GetCallerIdentity, which needs no permission.
    """
    try:
        with asking(connection.asking):
            answer = connection.client("sts").get_caller_identity()
    except REFUSALS as error:
        raise CredentialsError(_why_not(error, connection)) from error
    except BotoCoreError as error:
        text = f"AWS could not be asked who you are: {sentence(error)} See `aws configure list`."
        raise CredentialsError(text) from error
    except ValueError as error:
        raise UsageError(f"The AWS configuration cannot be used: {sentence(error)} See AWS_ENDPOINT_URL.") from error
    return identity_of(answer["Account"], answer["Arn"])


def _profiles() -> list[str]:
    try:
        return sorted(botocore.session.Session().available_profiles)
    except BotoCoreError:
        return []


def _why_not(error: BaseException, connection: Connection) -> str:
    code, message = code_of(error), redacted(message_of(error)) or ""
    if isinstance(error, NoCredentialsError):
        return f"{message}. Set up your keys with `aws configure`, or choose a profile with --profile."
    if "voc-cancel-cred" in message or code in EXPIRED or is_over_already(error):
        return EXPIRED_KEYS
    if code in INVALID:
        return f"AWS does not know these access keys ({code}). Copy them again, with the session token if there is one."
    if "Signature" in code or code == "RequestTimeTooSkewed":
        if "expired" in message or "not yet current" in message or "Skewed" in code:
            return "AWS refuses the request's time. Set this computer's clock right, then try again."
        return f"The secret access key does not fit the access key ({code}). Copy both again."
    if isinstance(error, SIGN_IN_OVER):
        return f"Your sign-in is over ({code}). Sign in again with `aws sso login` or `aws login`."
    if code.startswith("HTTP") or "Error" not in code:
        return f"AWS refused to say whose account this is ({code}). Check your keys and try again."
    return _unreachable(code, connection)


def _unreachable(code: str, connection: Connection) -> str:
    region = connection.region
    known = {name for partition in connection.partitions() for name in connection.sagemaker_regions(partition)}
    meant = "" if region in known else did_you_mean(region, sorted(known))
    check = meant or "Check the region's name and your connection."
    return f"STS in region {region} cannot be reached ({code}). {check}"
