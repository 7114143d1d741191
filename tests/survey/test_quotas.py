"""Quotas by code and by name, what is applied and what is the default."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.rubric import Quota, QuotaNeed
from skymark.survey.quotas import read_quotas

BY_CODE = Quota("ml.t2.medium for notebook instance usage", "L-7B2FD69B")
BY_NAME = Quota("ml.m4.2xlarge for endpoint usage")


def need(*quotas, at_least=1):
    """The lesson needs so much of any one of them."""
    return QuotaNeed("sagemaker", "it", quotas, at_least)


@pytest.fixture
def service_quotas(connection, monkeypatch):
    """A client whose answers are to be written down."""
    client = connection.client("service-quotas")
    with Stubber(client) as stub:
        yield stub


def on(day):
    """A day of the class's month."""
    return dt.datetime(2026, 11, day, tzinfo=dt.UTC)


def row(quota, value):
    """One quota, as Service Quotas tells it."""
    return {"QuotaName": quota.name, "QuotaCode": quota.code or "L-00000001", "Value": value}


def test_in_the_practice_cloud(account, connection):
    """By its code or by its name; a code that is another one's is passed over."""
    account.set_quota(BY_NAME.name, 3)
    wrong = Quota("ml.m5.xlarge for endpoint usage", BY_CODE.code)
    none = Quota("ml.nothing for endpoint usage")

    found = read_quotas(connection, [need(BY_CODE, BY_NAME, wrong, none)])

    assert [found[one].value for one in (BY_CODE, BY_NAME, wrong, none)] == [20, 3, 4, None]
    assert all(one.code is not None for quota, one in found.items() if quota is not none)
    assert (found[none].gap, found[none].request) == (None, None)


def test_a_default_where_nothing_is_applied(connection, service_quotas):
    """Some quotas have no value of the account's own."""
    service_quotas.add_client_error("get_service_quota", "NoSuchResourceException")
    service_quotas.add_response("get_aws_default_service_quota", {"Quota": row(BY_CODE, 2.0)})

    seen = read_quotas(connection, [need(BY_CODE)])[BY_CODE]

    assert (seen.value, seen.is_default) == (2.0, True)


def test_who_may_list_them_but_not_ask_for_one(connection, service_quotas):
    """The list tells the same."""
    service_quotas.add_client_error("get_service_quota", "AccessDeniedException")
    service_quotas.add_response("list_service_quotas", {"Quotas": [row(BY_CODE, 1.0)]})

    assert read_quotas(connection, [need(BY_CODE)])[BY_CODE].value == 1.0


def test_the_newest_request_that_is_open(connection, service_quotas):
    """What was decided is no request any more."""
    service_quotas.add_response("get_service_quota", {"Quota": row(BY_CODE, 0.0)})
    rows = [
        {"DesiredValue": 1.0, "Status": "DENIED", "Created": on(3)},
        {"DesiredValue": 2.0, "Status": "CASE_OPENED", "Created": on(2)},
        {"DesiredValue": 4.0, "Status": "PENDING", "Created": on(1)},
    ]
    service_quotas.add_response("list_requested_service_quota_change_history_by_quota", {"RequestedQuotas": rows})

    request = read_quotas(connection, [need(BY_CODE)])[BY_CODE].request

    assert request is not None
    assert (request.wanted, request.status, request.at) == (2.0, "CASE_OPENED", on(2))


def test_requests_that_may_not_be_seen(connection, service_quotas):
    """The quota is what it is."""
    service_quotas.add_response("get_service_quota", {"Quota": row(BY_CODE, 0.0)})
    service_quotas.add_client_error("list_requested_service_quota_change_history_by_quota", "AccessDeniedException")

    seen = read_quotas(connection, [need(BY_CODE)])[BY_CODE]

    assert (seen.value, seen.request) == (0.0, None)
