"""The link that makes the stack."""

from urllib.parse import parse_qs, urlsplit

import pytest

from skymark.errors import UsageError
from skymark.granting.console import quick_create_link
from skymark.granting.grant import Grader, Grant

TEMPLATE = "https://class-of-2026.s3.eu-west-1.amazonaws.com/a&b/skymark.yaml?versionId=x+y"


def test_all_is_filled_in_and_arrives_as_it_was():
    """Whatever the names are made of."""
    grant = Grant(Grader("210987654321", "arn:aws:iam::210987654321:role/G+r&d"), "a/b+c=d&e", predict=False)

    page = urlsplit(quick_create_link(TEMPLATE, grant, "eu-west-1"))
    path, _, asked = page.fragment.partition("?")

    assert (page.scheme, page.netloc, page.path) == ("https", "console.aws.amazon.com", "/cloudformation/home")
    assert (page.query, path) == ("region=eu-west-1", "/stacks/quickcreate")
    assert parse_qs(asked, strict_parsing=True) == {
        "templateURL": [TEMPLATE],
        "stackName": ["SkymarkGrader"],
        "param_GraderPrincipal": ["arn:aws:iam::210987654321:role/G+r&d"],
        "param_ExternalId": ["a/b+c=d&e"],
        "param_RoleName": ["SkymarkGrader"],
        "param_AllowPrediction": ["false"],
    }


def test_nothing_is_filled_in_that_is_not_known():
    """The student is asked for the external id, then."""
    assert "ExternalId" not in quick_create_link(TEMPLATE, Grant(Grader("210987654321")))


@pytest.mark.parametrize(
    "url", ["skymark.yaml", "http://x.s3.amazonaws.com/t", "https://example.com/t", "https://amazonaws.com.evil.org/t"]
)
def test_a_template_that_is_not_in_s3_is_refused(url):
    """CloudFormation would not take it; a student would see an error page."""
    with pytest.raises(UsageError, match="--template-url"):
        quick_create_link(url, Grant(Grader("210987654321"), "an-id"))
