"""SageMaker Studio: domains and apps."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import App, Domain
from skymark.survey.reading import Reading
from skymark.survey.studio import list_apps, list_domains

MADE = dt.datetime(2019, 7, 1, 18, 46, tzinfo=dt.UTC)
DOMAIN = {"DomainId": "d-1", "DomainName": "studio", "Status": "InService"}
APP = {
    "DomainId": "d-1",
    "UserProfileName": "ada",
    "AppType": "JupyterServer",
    "AppName": "default",
    "Status": "InService",
    "CreationTime": MADE,
    "ResourceSpec": {"InstanceType": "system"},
}
IN_A_SPACE = {"DomainId": "d-1", "SpaceName": "s", "AppType": "JupyterLab", "AppName": "default", "Status": "Pending"}


def test_apps_of_people_and_of_spaces(client):
    """What is not said is not known."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_apps", {"Apps": [APP, IN_A_SPACE]})
        reading = list_apps(sagemaker, "us-east-1")

    assert reading == Reading(
        (
            App("d-1", "JupyterServer", "default", "us-east-1", "InService", "ada", None, "system", MADE),
            App("d-1", "JupyterLab", "default", "us-east-1", "Pending", None, "s"),
        )
    )


@pytest.mark.parametrize(
    ("read", "operation", "key", "row", "name"),
    [
        (list_domains, "list_domains", "Domains", DOMAIN, "studio"),
        (list_apps, "list_apps", "Apps", APP, "default"),
    ],
)
def test_every_page_is_read_and_what_was_read_before_a_refusal_is_kept(client, read, operation, key, row, name):
    """An empty page may carry a token; half a list is not taken for the whole."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response(operation, {key: [], "NextToken": "1"})
        aws.add_response(operation, {key: [row]})
        aws.add_response(operation, {key: [row], "NextToken": "2"})
        aws.add_client_error(operation, "AccessDeniedException")
        whole, half = read(sagemaker, "us-east-1"), read(sagemaker, "us-east-1")

    assert ([one.name for one in whole.items], whole.gaps) == ([name], ())
    assert [one.name for one in half.items] == [name]
    assert [one.code for one in half.gaps] == ["AccessDeniedException"]


def test_a_domain_by_its_id_name_and_state(client):
    """Studio used instead of a notebook instance shows itself here."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_domains", {"Domains": [DOMAIN]})

        assert list_domains(sagemaker, "us-east-1") == Reading((Domain("d-1", "studio", "us-east-1", "InService"),))
