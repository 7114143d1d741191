"""What this computer's configuration says, and what of it cannot be used."""

from collections.abc import Iterator

from skymark.doctor.commands import aws, unset
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import Configured, File, Setting
from skymark.errors import ConfigurationError
from skymark.fault import Fault
from skymark.result import Link
from skymark.suggest import did_you_mean

SET_UP = Link(
    "How the AWS CLI is configured", "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"
)


def configuration(seen: Configured, error: ConfigurationError | None, platform: str) -> tuple[Finding, ...]:
    """What is said of the files, and of why AWS's SDK cannot use them: `error`, None where it can."""
    found = [_unreadable(file, platform) for file in seen.files if file.fault]
    if error is not None and error.fault is not Fault.REGION:
        found.append(_unusable(seen, error, platform))
    return tuple(found) or (Finding(Topic.CONFIGURATION, State.OK, " ".join(_said(seen))),)


def _said(seen: Configured) -> Iterator[str]:
    yield f"{_of_profile(seen)}; {_of_region(seen)}."
    if seen.proxy:
        yield f"Requests go through the proxy {seen.proxy.value} ({seen.proxy.by})."
    for one in seen.idle:
        yield f"{one.value} does nothing here: {one.by}."


def _of_profile(seen: Configured) -> str:
    if seen.profile:
        return f"Profile {_by(seen.profile)}"
    return "No profile is named, so the default is used"


def _of_region(seen: Configured) -> str:
    return f"region {_by(seen.region)}" if seen.region else "no region is set"


def _by(setting: Setting) -> str:
    return f"{setting.value} ({setting.by})"


def _unreadable(file: File, platform: str) -> Finding:
    is_folder = file.fault is not None and "directory" in file.fault.lower()
    advice = (
        "There must be a file of that name, and not a folder. Give the folder another name."
        if is_folder
        else "Make the file readable for you. If it is not yours, give it another name and set up a new one."
    )
    commands = () if is_folder or platform == "win32" else (f'chmod u+rw "{file.path}"',)
    return Finding(
        Topic.CONFIGURATION,
        State.TO_MEND,
        f"The file {file.path} cannot be read ({file.fault}).",
        advice,
        commands,
        (SET_UP,),
        about=file.path,
    )


def _unusable(seen: Configured, error: ConfigurationError, platform: str) -> Finding:
    advice = error.advice
    commands: tuple[str, ...] = ()
    if error.fault is Fault.PROFILE and seen.profile:
        return _no_profile(seen, seen.profile, error, platform)
    if error.fault is Fault.ADDRESS:
        advice = "An address begins with http:// or https://. To ask AWS itself, take it away."
        commands = (unset("AWS_ENDPOINT_URL", platform),)
    elif error.fault is Fault.FILES:
        advice = (
            "Open the file in an editor: each part begins with a name in brackets, such as [default], and each line "
            "under it is a name, = and a value. If you cannot find the mistake, give the file another name and set up "
            "your keys again."
        )
        commands = ("aws configure",)
    elif not advice:
        advice = (
            "A setting has a value that it cannot have. See the files below, and the variables of your environment "
            "whose names begin with AWS_."
        )
        commands = ("aws configure list",)
    return Finding(Topic.CONFIGURATION, State.TO_MEND, error.found, advice, commands, (SET_UP,))


def _no_profile(seen: Configured, named: Setting, error: ConfigurationError, platform: str) -> Finding:
    nearest = did_you_mean(named.value, seen.profiles)
    advice = f"{nearest} {error.advice}".strip()
    commands: tuple[str, ...] = (aws("configure", profile=named.value),)
    if named.by.startswith("AWS_"):
        advice += f" The name comes from {named.by}: take it away to use the default, or set up the profile."
        commands = (unset(named.by, platform), *commands)
    else:
        advice += " Use one of these with --profile, or set up this one."
    return Finding(Topic.CONFIGURATION, State.TO_MEND, error.found, advice, commands, (SET_UP,), about=named.value)
