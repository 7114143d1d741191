"""Whether AWS answers at all, and whether this computer has AWS's time."""

from typing import Final

from skymark.doctor.commands import set_clock, unset
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import Configured, Reached
from skymark.result import Link

NEARLY_S: Final = 240
"""AWS takes requests up to five minutes off, S3 up to fifteen. Source: IAM user guide, "Signature Version 4"."""
REMARKABLE_S: Final = 60
HEALTH = Link("AWS Health Dashboard: whether AWS itself is ill", "https://health.aws.amazon.com/health/status")
LAB: Final = "grade.py lab"
OTHER: Final = ("ResponseParserError", "IncompleteReadError", "AttributeError", "KeyError", "TypeError")
"""What botocore makes of an answer that is not AWS's."""


def network(seen: Reached, configured: Configured, platform: str) -> Finding:
    """Whether anybody answers at the address where AWS is asked, and what to do where nobody does."""
    if seen.code is None:
        return _answered(seen, platform)
    if seen.elsewhere:
        found = "AWS answers in us-east-1, and nobody in your region: the network is well, and the region is not."
        return Finding(Topic.NETWORK, State.OK, found)
    is_other = (seen.code or "").startswith("HTTP") or seen.code in OTHER
    who = "Something else than AWS answers" if is_other else "Nobody answers"
    what = f"{who} at {seen.address} ({seen.code})."
    if not seen.is_awss:
        advice = (
            f"AWS is not asked at its own address, but at this one, which is set by {seen.by}. If that is the practice "
            "cloud, start it there. To ask AWS itself, take the address away."
        )
        return _to_mend(what, advice, f"{LAB}", unset(seen.by or "AWS_ENDPOINT_URL", platform))
    return _kept_away(seen, configured, what, platform)


def _answered(seen: Reached, platform: str) -> Finding:
    if seen.is_awss:
        return Finding(Topic.NETWORK, State.OK, f"AWS answers at {seen.address}.")
    found = (
        f"{seen.address} answers. It is set by {seen.by}, and is not AWS: a practice cloud, or something in between."
    )
    by = seen.by if (seen.by or "").startswith("AWS_") else None
    commands = (unset(by, platform),) if by else ()
    return Finding(Topic.NETWORK, State.OK, found, "To ask AWS itself, take that address away.", commands)


def _kept_away(seen: Reached, configured: Configured, what: str, platform: str) -> Finding:
    match seen.code:
        case "ProxyConnectionError" if configured.proxy:
            proxy = configured.proxy
            advice = (
                f"All requests go through the proxy {proxy.value}, which is set by {proxy.by} and does not answer. Ask "
                "whoever runs your network for its address, or take it away where you need none."
            )
            return _to_mend(what, advice, *_unset_proxy(proxy.by, platform))
        case "SSLError":
            advice = (
                "The other side has a certificate that this computer does not trust. Something in between may read "
                "along, such as a school's or an employer's proxy: ask for its certificate, and name the file in "
                "AWS_CA_BUNDLE. A clock that is wrong by months does it, too."
            )
            return _to_mend(what, advice)
        case code if code and (code.startswith("HTTP") or code in OTHER):
            advice = (
                "A web page came, or an error that is not AWS's: a proxy, a filter, or a Wi-Fi that wants you to sign "
                "in first. Open any page in your browser, sign in if it asks, or try another network."
            )
            return _to_mend(what, advice)
        case _:
            advice = (
                "Check that you are online: open the page below in your browser. A firewall or a VPN may be in the "
                "way, so try another network, such as your telephone's."
            )
            return _to_mend(what, advice)


def _unset_proxy(by: str, platform: str) -> tuple[str, ...]:
    return (unset(by, platform),) if by.lower() == "https_proxy" else ()


def _to_mend(found: str, advice: str, *commands: str) -> Finding:
    return Finding(Topic.NETWORK, State.TO_MEND, found, advice, commands, (HEALTH,))


def clock(seen: Reached, platform: str) -> Finding:
    """Whether this computer's clock is near enough to AWS's; AWS tells its own in each answer."""
    if seen.ahead_s is None or (seen.code is not None and not seen.elsewhere):
        advice = "AWS tells its time with each answer: mend the network first, then run this again."
        return Finding(Topic.CLOCK, State.UNKNOWN, "AWS has not told its time.", advice)
    off = abs(seen.ahead_s)
    if off < REMARKABLE_S:
        return Finding(Topic.CLOCK, State.OK, "This computer's clock is right.")
    found = f"This computer's clock is {_minutes(off)} {'ahead of' if seen.ahead_s > 0 else 'behind'} AWS's."
    if off < NEARLY_S:
        return Finding(Topic.CLOCK, State.OK, f"{found} AWS takes requests that are up to five minutes off.")
    advice = "AWS refuses requests that are more than five minutes off. Let this computer set its clock by the network."
    return Finding(Topic.CLOCK, State.TO_MEND, found, advice, (set_clock(platform),))


def _minutes(seconds: float) -> str:
    """Whole ones, or hours, or days: nobody needs more."""
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        number = round(seconds / size)
        if number >= 1 and (noun == "minute" or seconds >= 2 * size):
            return f"{number} {noun}{'' if number == 1 else 's'}"
    return "less than a minute"
