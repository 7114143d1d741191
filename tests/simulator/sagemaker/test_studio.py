"""Studio: user profiles, spaces and apps in a domain."""

from typing import Any

import pytest


@pytest.fixture
def domain(account) -> str:
    """A Studio domain with a user."""
    account.make_studio_domain(account.make_execution_role("none"))
    domain: str = account.sagemaker().list_domains()["Domains"][0]["DomainId"]
    account.sagemaker().create_user_profile(DomainId=domain, UserProfileName="ada")
    return domain


@pytest.fixture
def app(account, domain) -> dict[str, Any]:
    """A JupyterLab app of that user's space."""
    account.sagemaker().create_space(DomainId=domain, SpaceName="lab")
    asked = {"DomainId": domain, "SpaceName": "lab", "AppType": "JupyterLab", "AppName": "default"}
    account.sagemaker().create_app(**asked, ResourceSpec={"InstanceType": "ml.t3.medium"})
    return asked


def test_an_app_starts_runs_and_is_listed_as_deleted(account, domain, standing) -> None:
    """Pending, InService, Deleting, Deleted: a deleted app is listed on, as on AWS."""
    sagemaker, seen = account.sagemaker(), []
    asked: Any = {"DomainId": domain, "UserProfileName": "ada", "AppType": "JupyterServer", "AppName": "default"}
    sagemaker.create_app(**asked)
    seen.append(sagemaker.list_apps()["Apps"][0]["Status"])
    standing.advance(120)
    seen.append(sagemaker.list_apps()["Apps"][0]["Status"])
    sagemaker.delete_app(**asked)
    seen.append(sagemaker.list_apps()["Apps"][0]["Status"])
    standing.advance(30)
    seen.append(sagemaker.list_apps()["Apps"][0]["Status"])

    assert seen == ["Pending", "InService", "Deleting", "Deleted"]


def test_an_app_is_described_with_its_machine(account, app) -> None:
    """What bills by the hour names its instance type."""
    found = account.sagemaker().describe_app(**app)

    assert (found["Status"], found["ResourceSpec"]) == ("InService", {"InstanceType": "ml.t3.medium"})


def test_lists_are_filtered_by_domain_and_owner(account, domain, app) -> None:
    """An app of a space is not one of a user profile."""
    sagemaker = account.sagemaker()

    assert [one["SpaceName"] for one in sagemaker.list_spaces(DomainIdEquals=domain)["Spaces"]] == ["lab"]
    assert [one["UserProfileName"] for one in sagemaker.list_user_profiles()["UserProfiles"]] == ["ada"]
    assert len(sagemaker.list_apps(SpaceNameEquals="lab")["Apps"]) == 1
    assert sagemaker.list_apps(UserProfileNameEquals="ada")["Apps"] == []


def test_a_space_with_a_running_app_cannot_be_deleted(account, domain, app, refused) -> None:
    """The app goes first, then the space."""
    sagemaker = account.sagemaker()

    code, _ = refused(lambda: sagemaker.delete_space(DomainId=domain, SpaceName="lab"))
    sagemaker.delete_app(**app)
    sagemaker.delete_space(DomainId=domain, SpaceName="lab")

    assert code == "ResourceInUse"
    assert sagemaker.list_spaces()["Spaces"] == []
