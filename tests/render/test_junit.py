"""The result as JUnit XML."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import msgspec
import pytest

from skymark.render.junit import render
from skymark.result import Result


def parsed(result: Result) -> ET.Element:
    """The report as a program reads it: from bytes."""
    return ET.fromstring(render(result).encode())  # noqa: S314 - our own text


def cases(result: Result) -> dict[str, ET.Element]:
    """Testcases by criterion."""
    return {case.attrib["name"]: case for case in parsed(result).iter("testcase")}


def properties(case: ET.Element) -> dict[str, str]:
    """A testcase's properties."""
    return {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}


def test_one_suite_counts_its_criteria(result: Result) -> None:
    """tests = passed + failures + errors + skipped."""
    root = parsed(result)
    (suite,) = root

    assert (root.tag, root.attrib) == ("testsuites", {"name": "skymark"})
    assert suite.attrib == {
        "name": "sagemaker-intro",
        "tests": "7",
        "failures": "1",
        "errors": "1",
        "skipped": "3",
        "time": "0.000",
        "timestamp": "2026-11-24T10:00:00+00:00",
    }
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.attrib[count]) == len(list(suite.iter(tag)))


def test_criteria_keep_their_names_and_their_order(result: Result) -> None:
    """GitLab keys a test by class name and name."""
    found = [(case.attrib["classname"], case.attrib["name"]) for case in parsed(result).iter("testcase")]

    assert found == [
        ("sagemaker-intro.bucket", "bucket.name"),
        ("sagemaker-intro.bucket", "bucket.region"),
        ("sagemaker-intro.role", "role.scoped"),
        ("sagemaker-intro.training", "training.completed"),
        ("sagemaker-intro.endpoint", "endpoint.in_service"),
        ("sagemaker-intro.endpoint", "endpoint.prediction"),
        ("sagemaker-intro.teardown", "teardown.tidy"),
    ]


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        ("bucket.name", {"outcome": "passed", "points": "6", "possible": "6"}),
        ("bucket.region", {"outcome": "failed", "points": "0", "possible": "4"}),
        ("role.scoped", {"outcome": "waived", "points": "2.5", "possible": "8"}),
        ("training.completed", {"outcome": "unverified", "possible": "8"}),
        ("endpoint.in_service", {"outcome": "pending", "points": "0", "possible": "6"}),
        ("endpoint.prediction", {"outcome": "blocked", "points": "0", "possible": "8"}),
    ],
)
def test_points_stand_in_properties_but_not_those_nobody_knows(
    result: Result, criterion: str, said: dict[str, str]
) -> None:
    """An unverified criterion has no points: absent, not 0."""
    assert properties(cases(result)[criterion]) == said


@pytest.mark.parametrize(
    ("criterion", "tag", "kind", "message", "text"),
    [
        (
            "bucket.region",
            "failure",
            "failed",
            "bucket sagemaker-20190701-1820 is in us-west-2, instance sm-test in us-east-1",
            "bucket sagemaker-20190701-1820 is in us-west-2, instance sm-test in us-east-1\n"
            "Fix: Bucket and notebook instance must be in one region. Create a new bucket in us-east-1.",
        ),
        (
            "training.completed",
            "error",
            "unverified",
            "AWS throttled ListTrainingJobs in us-east-1",
            "AWS throttled ListTrainingJobs in us-east-1\nWait a minute, then check again.\nNeeds regrade.",
        ),
        (
            "endpoint.in_service",
            "skipped",
            "pending",
            "endpoint linear-learner-2019-07-01-18-46-30-001 is Creating",
            "endpoint linear-learner-2019-07-01-18-46-30-001 is Creating\n"
            "Wait a few minutes: AWS is starting the endpoint.",
        ),
        (
            "endpoint.prediction",
            "skipped",
            "blocked",
            "blocked by endpoint.in_service",
            "blocked by endpoint.in_service\nwaits for the endpoint\nFirst: An endpoint served the model.",
        ),
    ],
)
def test_what_did_not_pass_says_why_in_the_attribute_and_in_the_text(
    result: Result, criterion: str, tag: str, kind: str, message: str, text: str
) -> None:
    """GitLab shows the text, Jenkins both."""
    (_, said) = cases(result)[criterion]

    assert (said.tag, said.attrib, said.text) == (tag, {"type": kind, "message": message}, text)


@pytest.mark.parametrize("criterion", ["bucket.name", "role.scoped"])
def test_what_passed_or_was_waived_has_no_child_but_its_properties(result: Result, criterion: str) -> None:
    """A waived criterion is no failure, even with part of its points."""
    assert [child.tag for child in cases(result)[criterion]] == ["properties"]


def test_a_failure_with_some_points_is_partial(result: Result) -> None:
    """The points stand in the properties."""
    criteria = list(result.criteria)
    criteria[1] = msgspec.structs.replace(criteria[1], points=Decimal("1.5"))

    case = cases(msgspec.structs.replace(result, criteria=tuple(criteria)))["bucket.region"]

    assert properties(case)["points"] == "1.5"
    assert case[1].attrib["type"] == "partial"


def test_hostile_text_is_read_back_as_text(hostile: Result) -> None:
    """No markup, no control character, no lone surrogate; line ends stay."""
    failure = cases(hostile)["bucket.region"][1]

    expected = hostile.criteria[1].message.replace("\x1b", "\ufffd").replace("\ud800", "\ufffd")
    assert failure.attrib["message"] == expected
    assert failure.text == f"{expected}\nFix: {expected}"


def test_the_report_begins_as_xml_does_and_ends_with_a_line(result: Result) -> None:
    """Written as UTF-8, it says so."""
    text = render(result)

    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="skymark">\n')
    assert text.endswith("</testsuites>\n")
