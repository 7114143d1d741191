"""Studio domains: their file system, and the order in which all of it is deleted."""

from typing import Any

import pytest


@pytest.fixture
def domain(account, role) -> str:
    """A domain in a subnet of the default VPC, with a user who has a space."""
    subnet, sagemaker = account.ec2().describe_subnets()["Subnets"][0], account.sagemaker()
    made: Any = sagemaker.create_domain(
        DomainName="Studio",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": role},
        SubnetIds=[subnet["SubnetId"]],
        VpcId=subnet["VpcId"],
    )
    domain: str = made["DomainId"]
    sagemaker.create_user_profile(DomainId=domain, UserProfileName="ada")
    sagemaker.create_space(
        DomainId=domain,
        SpaceName="lab",
        OwnershipSettings={"OwnerUserProfileName": "ada"},
        SpaceSharingSettings={"SharingType": "Private"},
    )
    return domain


def test_a_domain_takes_four_minutes(account, domain, standing, role) -> None:
    """Pending, then InService."""
    subnet, sagemaker = account.ec2().describe_subnets()["Subnets"][0], account.sagemaker()
    made: Any = sagemaker.create_domain(
        DomainName="second",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": role},
        SubnetIds=[subnet["SubnetId"]],
        VpcId=subnet["VpcId"],
    )
    before = sagemaker.describe_domain(DomainId=made["DomainId"])["Status"]
    standing.advance(240)

    assert (before, sagemaker.describe_domain(DomainId=made["DomainId"])["Status"]) == ("Pending", "InService")


def test_a_domain_has_a_file_system(account, domain) -> None:
    """It has the tag by which SageMaker knows it, and a mount target in each subnet."""
    (found,) = account.client("efs").describe_file_systems()["FileSystems"]
    described = account.sagemaker().describe_domain(DomainId=domain)

    assert found["FileSystemId"] == described["HomeEfsFileSystemId"]
    assert found["Tags"] == [{"Key": "ManagedByAmazonSageMakerResource", "Value": described["DomainArn"]}]
    assert found["NumberOfMountTargets"] == 1


def test_a_domain_goes_after_its_users_and_they_after_their_spaces(account, domain, refused) -> None:
    """AWS says what is in the way."""
    sagemaker = account.sagemaker()
    where = f"arn:aws:sagemaker:us-east-1:{account.number}"

    held = refused(lambda: sagemaker.delete_domain(DomainId=domain))
    user = refused(lambda: sagemaker.delete_user_profile(DomainId=domain, UserProfileName="ada"))

    assert held == (
        "ResourceInUse",
        f"Unable to delete Domain [{where}:domain/{domain}] because UserProfile(s) are associated with it.",
    )
    assert user == (
        "ResourceInUse",
        f"Unable to delete UserProfile [{where}:user-profile/{domain}/ada] because Space(s) are associated with it.",
    )


@pytest.mark.parametrize(("policy", "left"), [({}, 1), ({"HomeEfsFileSystem": "Delete"}, 0)])
def test_the_file_system_stays_unless_it_is_to_go(account, domain, policy, left) -> None:
    """By default it is retained, and bills on."""
    sagemaker = account.sagemaker()
    sagemaker.delete_space(DomainId=domain, SpaceName="lab")
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName="ada")
    sagemaker.delete_domain(DomainId=domain, RetentionPolicy=policy)

    assert sagemaker.list_domains()["Domains"] == []
    assert len(account.client("efs").describe_file_systems()["FileSystems"]) == left


def test_no_such_domain(account, refused) -> None:
    """AWS has a code of its own for that."""
    assert refused(lambda: account.sagemaker().describe_domain(DomainId="d-none"))[0] == "ResourceNotFound"
