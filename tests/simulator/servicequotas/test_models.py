"""Quotas that are shown are those that are refused by, and more can be asked for."""

import datetime as dt

import pytest
from botocore.exceptions import ClientError

from simulator.account import SimulatedAccount
from simulator.clock import Clock
from simulator.servicequotas.models import DECIDING_S, OPENING_S

INSTANCE = "ml.t2.medium for notebook instance usage"
CODE = "L-7B2FD69B"


def everything(account: SimulatedAccount) -> dict[str, float]:
    """Each quota of SageMaker, from all pages."""
    pages = account.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    return {row["QuotaName"]: row["Value"] for page in pages for row in page["Quotas"]}


def refused(call, **parameters) -> str:
    """AWS's code for a refusal."""
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]["Code"]


def test_what_is_shown_is_what_sagemaker_goes_by(account, empty_cloud) -> None:
    """A quota of 0 is shown as 0, and refuses the instance by the same name."""
    account.set_quota(INSTANCE, 0)
    role = account.make_execution_role("none")

    with pytest.raises(ClientError, match=f"'{INSTANCE}' is 0 Instances"):
        account.make_notebook_instance(role)
    assert everything(account)[INSTANCE] == 0


def test_a_page_holds_a_hundred(account) -> None:
    """And there are several; in the end each quota was there once."""
    client = account.client("service-quotas")
    first = client.list_service_quotas(ServiceCode="sagemaker")
    few = client.list_service_quotas(ServiceCode="sagemaker", MaxResults=3)

    assert (len(first["Quotas"]), len(few["Quotas"])) == (100, 3)
    assert first["NextToken"]
    assert len(everything(account)) > 600


def test_one_quota_by_its_code(account) -> None:
    """With the default beside what is applied; the lesson's quotas have AWS's own codes."""
    account.set_quota(INSTANCE, 2)
    client = account.client("service-quotas")

    applied = client.get_service_quota(ServiceCode="sagemaker", QuotaCode=CODE)["Quota"]
    default = client.get_aws_default_service_quota(ServiceCode="sagemaker", QuotaCode=CODE)["Quota"]

    assert (applied["QuotaName"], applied["Value"], applied["Adjustable"]) == (INSTANCE, 2.0, True)
    assert default["Value"] == 20.0
    assert refused(client.get_service_quota, ServiceCode="sagemaker", QuotaCode="L-00000000") == (
        "NoSuchResourceException"
    )
    assert refused(client.list_service_quotas, ServiceCode="sagemaker", NextToken="x") == (
        "InvalidPaginationTokenException"
    )


def test_more_is_granted_after_hours(account, standing: Clock) -> None:
    """A request is open until then, and no second one is taken meanwhile; afterwards the instance is."""
    account.set_quota(INSTANCE, 0)
    client = account.client("service-quotas")
    wanted = {"ServiceCode": "sagemaker", "QuotaCode": CODE, "DesiredValue": 1.0}

    made = client.request_service_quota_increase(**wanted)["RequestedQuota"]
    second = refused(client.request_service_quota_increase, **wanted)
    standing.advance(OPENING_S)
    opened = client.get_requested_service_quota_change(RequestId=made["Id"])["RequestedQuota"]["Status"]
    standing.advance(DECIDING_S)
    rows = client.list_requested_service_quota_change_history_by_quota(ServiceCode="sagemaker", QuotaCode=CODE)

    assert (made["Status"], second, opened) == ("PENDING", "ResourceAlreadyExistsException", "CASE_OPENED")
    assert [(row["Status"], row["DesiredValue"]) for row in rows["RequestedQuotas"]] == [("APPROVED", 1.0)]
    assert rows["RequestedQuotas"][0]["Created"].tzinfo is not None
    assert rows["RequestedQuotas"][0]["LastUpdated"] - rows["RequestedQuotas"][0]["Created"] == dt.timedelta(
        seconds=DECIDING_S
    )
    assert everything(account)[INSTANCE] == 1


def test_nobody_asks_for_what_is_there(account) -> None:
    """Nor for what no quota is."""
    client = account.client("service-quotas")
    wanted = {"ServiceCode": "sagemaker", "DesiredValue": 20.0}

    assert refused(client.request_service_quota_increase, QuotaCode=CODE, **wanted) == "IllegalArgumentException"
    assert refused(client.request_service_quota_increase, QuotaCode="L-00000000", **wanted) == "NoSuchResourceException"
    assert client.list_requested_service_quota_change_history(ServiceCode="sagemaker")["RequestedQuotas"] == []


def test_who_may_not_look_is_told_so(account) -> None:
    """Service Quotas judges by policies, like every service."""
    deny = {"Effect": "Deny", "Action": "servicequotas:*", "Resource": "*"}
    keys = account.user_with({"Version": "2012-10-17", "Statement": [deny]}, "blind")
    client = account.server.client("service-quotas", account.number, "us-east-1", keys)

    assert refused(client.list_service_quotas, ServiceCode="sagemaker") == "AccessDeniedException"
