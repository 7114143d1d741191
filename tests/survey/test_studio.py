"""SageMaker Studio: domains and apps."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import App, Domain
from skymark.survey.reading import Reading
from skymark.survey.studio import list_apps, list_domains

MADE = dt.datetime(2019, 7, 1, 18, 46, tzinfo=dt.UTC)
DOMAIN = {"DomainId": "d-1", "DomainName": "studio", "Status": "InService", "CreationTime": MADE}
APP = {
    "DomainId": "d-1",
    "UserProfileName": "ada",
    "AppType": "JupyterServer",
    "AppName": "default",
    "Status": "InService",
    "CreationTime": MADE,
    "ResourceSpec": {"InstanceType": "system"},
}
ON_A_MACHINE = {"ResourceSpec": {"InstanceType": "ml.t3.medium"}}
IN_A_SPACE = {"DomainId": "d-1", "SpaceName": "s", "AppType": "JupyterLab", "AppName": "default", "Status": "Pending"}


def test_apps_of_people_and_of_spaces(client):
    """With the machine that each runs on."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_apps", {"Apps": [APP, IN_A_SPACE | ON_A_MACHINE]})
        reading = list_apps(sagemaker, "us-east-1")

    assert reading == Reading(
        (
            App("d-1", "JupyterServer", "default", "us-east-1", "InService", "ada", None, "system", MADE),
            App("d-1", "JupyterLab", "default", "us-east-1", "Pending", None, "s", "ml.t3.medium"),
        )
    )


def test_an_app_whose_machine_the_list_does_not_name_is_described(client):
    """On `system` it would be free. What is not told even then is not known."""
    key = {"DomainId": "d-1", "SpaceName": "s", "AppType": "JupyterLab", "AppName": "default"}
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_apps", {"Apps": [IN_A_SPACE, IN_A_SPACE]})
        aws.add_response("describe_app", ON_A_MACHINE, key)
        aws.add_client_error("describe_app", "AccessDeniedException")
        reading = list_apps(sagemaker, "us-east-1")

    assert [one.instance_type for one in reading.items] == ["ml.t3.medium", None]
    assert [(gap.call, gap.resource) for gap in reading.gaps] == [("DescribeApp", "d-1/s/JupyterLab/default")]


@pytest.mark.parametrize("different", [{"Status": "Deleted"}, {"Status": "Failed"}, {"AppType": "Canvas"}])
def test_an_app_that_has_ended_or_is_priced_by_its_type_is_not_described(client, different):
    """No machine of it matters."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_apps", {"Apps": [IN_A_SPACE | different]})

        assert list_apps(sagemaker, "us-east-1").gaps == ()


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

        assert list_domains(sagemaker, "us-east-1") == Reading(
            (Domain("d-1", "studio", "us-east-1", "InService", MADE),)
        )
