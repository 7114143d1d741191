"""What is said where AWS does not answer, and of the time that it tells."""

import pytest

from skymark.doctor.finding import State, Topic
from skymark.doctor.network import clock, network
from skymark.doctor.observed import Configured, Reached, Setting

AWSS = "https://sts.us-east-1.amazonaws.com"
PROXY = Configured(proxy=Setting("http://proxy:3128", "https_proxy"))


@pytest.mark.parametrize(
    ("code", "found", "advice"),
    [
        ("EndpointConnectionError", "Nobody answers at", "Check that you are online"),
        ("ConnectTimeoutError", "Nobody answers at", "A firewall or a VPN"),
        ("SSLError", "Nobody answers at", "AWS_CA_BUNDLE"),
        ("HTTP 407", "Something else than AWS answers at", "sign in first"),
        ("ResponseParserError", "Something else than AWS answers at", "sign in first"),
        ("ProxyConnectionError", "Nobody answers at", "the proxy http://proxy:3128, which is set by https_proxy"),
    ],
)
def test_what_keeps_aws_away(code, found, advice):
    """Each with what to look at."""
    one = network(Reached(AWSS, code), PROXY, "linux")

    assert (one.topic, one.state) == (Topic.NETWORK, State.TO_MEND)
    assert one.found == f"{found} {AWSS} ({code})."
    assert advice in one.advice


def test_a_region_is_no_network():
    """AWS answers elsewhere."""
    assert network(Reached(AWSS, "EndpointConnectionError", elsewhere=True), PROXY, "linux").state is State.OK


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (0.4, State.OK, "is right"),
        (-59, State.OK, "is right"),
        (130, State.OK, "2 minutes ahead of AWS's"),
        (239, State.OK, "4 minutes ahead of"),
        (240, State.TO_MEND, "4 minutes ahead of"),
        (-1_000, State.TO_MEND, "17 minutes behind"),
        (3_600, State.TO_MEND, "60 minutes ahead of"),
        (7_200, State.TO_MEND, "2 hours ahead of"),
        (-86_400 * 365, State.TO_MEND, "365 days behind"),
        (None, State.UNKNOWN, "has not told its time"),
    ],
)
def test_a_clock(seconds, state, words):
    """AWS refuses what is more than five minutes off; a little before that there is something to do."""
    one = clock(Reached(AWSS, ahead_s=seconds), "linux")

    assert (one.topic, one.state) == (Topic.CLOCK, state)
    assert words in one.found


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("linux", "sudo timedatectl set-ntp true"),
        ("darwin", "sudo sntp -sS time.apple.com"),
        ("win32", "w32tm /resync"),
    ],
)
def test_a_clock_is_set_by_the_systems_own_command(platform, command):
    """To be pasted on the computer that is wrong."""
    assert clock(Reached(AWSS, ahead_s=1_000), platform).commands == (command,)


def test_nobody_believes_the_clock_of_a_page_in_between():
    """It is not AWS's."""
    assert clock(Reached(AWSS, "HTTP 200", ahead_s=1_000), "linux").state is State.UNKNOWN
