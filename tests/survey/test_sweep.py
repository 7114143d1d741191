"""A whole survey: what it asks, what it finds, and what it makes of refusals."""

import datetime as dt
import json
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import botocore.session
import jsonschema
import msgspec
import pytest
from botocore.exceptions import ClientError
from moto.sagemaker.models import sagemaker_backends

from simulator.account import ENDPOINT_NAME, JOB_NAME
from simulator.students.choices import own_bucket
from simulator.students.leftovers import LEAVE, leave_everything
from simulator.students.mistakes import copied_model
from simulator.students.permissions import POLICY, ROLE
from simulator.students.steps import CELLS, follow, make_instance, make_role, predict, prepare, tear_down, train
from simulator.students.studio import open_studio
from skymark.cause import NOT_ASKED
from skymark.evidence import Identity, Survey, TrainingLog
from skymark.rubric import SurveyPlan
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey.calls import CALLS, LEFTOVERS
from skymark.survey.clients import THREADS
from skymark.survey.connection import Connection, connect, identify
from skymark.survey.regions import ENABLED_BY_DEFAULT
from skymark.survey.surroundings import READ
from skymark.survey.sweep import services_asked, take_survey
from skymark.survey_file import load, save, schema

SEVENTEEN = tuple(ENABLED_BY_DEFAULT)

# Every call of a survey of 17 regions, the lesson done: how often, and why no less.
EXPECTED = {
    "GetCallerIdentity": 1,  # whose account it is
    "DescribeRegions": 1,  # which regions are enabled
    "ListNotebookInstances": 17,  # one may be left anywhere
    "ListEndpoints": 17,  # one may be left anywhere
    "ListTrainingJobs": 17,  # the lesson may be done anywhere, and a job may still run
    "ListDomains": 17,  # Studio apps, which bill, can only be where there is a domain
    "DescribeLogGroups": 17,  # after the teardown, logs are the only trace of where the lesson was done
    "ListHyperParameterTuningJobs": 17,  # from here on what bills by the hour and may be left anywhere
    "ListProcessingJobs": 17,
    "ListTransformJobs": 17,
    "ListAutoMLJobs": 17,
    "ListInferenceRecommendationsJobs": 17,
    "ListOptimizationJobs": 17,
    "ListMonitoringSchedules": 17,
    "ListClusters": 17,
    "ListMlflowTrackingServers": 17,
    "ListPipelines": 17,  # which begin jobs
    "DescribeNatGateways": 17,
    "DescribeAddresses": 17,
    "DescribeVpcEndpoints": 17,
    "DescribeInstances": 17,  # no part of the lesson, but the bill's largest
    "ListLabelingJobs": 17,  # from here on what bills by use, or for being kept
    "ListFeatureGroups": 17,
    "ListMlflowApps": 17,
    "ListPartnerApps": 17,
    "DescribeFileSystems": 17,  # Studio's outlives its domain
    "ListTrainingPlans": 17,  # from here on what is no part of the lesson
    "DescribeVolumes": 17,
    "DescribeSnapshots": 17,
    "DescribeRepositories": 17,
    "ListKeys": 17,
    "ListSecrets": 17,
    "ListCompilationJobs": 1,  # from here on what costs nothing, only in the region where something was done
    "ListNotebookInstanceLifecycleConfigs": 1,
    "ListCodeRepositories": 1,
    "ListImages": 1,
    "ListModelPackageGroups": 1,
    "ListExperiments": 1,
    "ListInferenceComponents": 1,  # only where there is an endpoint
    "DescribeNotebookInstance": 1,  # role and root access are not in the list
    "DescribeTrainingJob": 1,  # nor are algorithm and artifact
    "DescribeEndpoint": 1,  # nor is the configuration
    "DescribeEndpointConfig": 1,  # which names the model
    "DescribeModel": 1,  # which names the artifact
    "ListEndpointConfigs": 1,  # what can be tidied away, only in the region where something was done
    "ListModels": 1,  # the same
    "DescribeLogStreams": 1,  # which instance wrote Jupyter's log
    "FilterLogEvents": 2,  # Jupyter's log, and the endpoint's
    "GetRole": 1,  # the role of instance and job, once
    "ListAttachedRolePolicies": 1,  # its policies
    "ListRolePolicies": 1,  # and those written into it
    "GetPolicy": 2,  # the default version of the wizard's policy and of AmazonSageMakerFullAccess, which may deny
    "GetPolicyVersion": 2,  # what they say
    "ListBuckets": 1,  # all names at once
    "GetBucketLocation": 1,  # the practice cloud's list tells no regions; on AWS this one is not made
    "GetPublicAccessBlock": 1,  # of the lesson's bucket alone
    "GetBucketPolicyStatus": 1,
    "GetBucketAcl": 1,
    "ListObjectsV2": 1,
    "GetBucketVersioning": 1,
    "ListMultipartUploads": 1,
    "LookupEvents": 16,  # whether a notebook instance was made where there is none now
    "GetMetricData": 1,  # how often the endpoint was asked, where its log does not tell
    "InvokeEndpoint": 1,  # all digits in one request
}


@pytest.fixture
def calls(connection: Connection) -> Counter[str]:
    """The operations that the connection's clients call from now on."""
    made: Counter[str] = Counter()
    connection.session.events.register("before-call", lambda model, **_: made.update([model.name]))
    return made


@pytest.fixture
def plan(lesson) -> SurveyPlan:
    return load_rubric(lesson, "sagemaker-intro").survey


@pytest.fixture
def look(connection, plan, lesson):
    """Take a survey of these regions."""

    def run(regions=("eu-west-1", "us-east-1"), predict=True, leftovers=True) -> Survey:
        samples = read_samples(lesson.root / plan.samples) if predict else None
        return take_survey(connection, identify(connection), plan, samples, regions, leftovers=leftovers)

    return run


def test_a_survey_of_seventeen_regions_makes_no_more_calls_than_it_needs(account, look, calls):
    """562, and a reason for each."""
    follow(account)
    calls.clear()

    found = look(SEVENTEEN)

    assert dict(calls) == EXPECTED
    assert sum(calls.values()) == 562
    assert found.regions.answered == tuple(sorted(SEVENTEEN))
    assert found.gaps == ()


def test_where_nobody_asks_what_else_bills_the_lesson_alone_is_looked_for(account, look, calls, outcomes):
    """A quarter of the calls; whatever is judged by the others is unverified, not passed."""
    follow(account)
    expected = outcomes(look())
    calls.clear()

    found = look(SEVENTEEN, leftovers=False)

    left_out = {call.operation for call in LEFTOVERS}
    judged = outcomes(found)
    assert dict(calls) == {name: count for name, count in EXPECTED.items() if name not in left_out}
    assert sum(calls.values()) == 130
    assert {(gap.call, gap.code) for gap in found.gaps} == {(name, NOT_ASKED) for name in left_out}
    assert {id for id in expected if judged[id] != expected[id]} == {"teardown.everywhere"}
    assert judged["teardown.everywhere"] == "unverified"


def test_every_call_that_is_made_is_declared(account, look, calls):
    """So the printed policy grants it."""
    follow(account)
    look()

    assert set(calls) <= {call.operation for call in CALLS}


@pytest.mark.parametrize("leftovers", [True, False])
def test_the_clients_that_are_built_ahead_are_those_that_are_asked(account, connection, look, leftovers):
    """None in vain, and none only when it is asked for; but for those of what a student deployed, and of one switch."""
    asked = set()
    connection.session.events.register("before-call", lambda model, **_: asked.add(model.service_model.service_name))
    follow(account)

    look(leftovers=leftovers)

    assert asked - {"sagemaker-runtime", "s3control"} == set(services_asked(leftovers=leftovers))


def test_without_a_prediction_no_endpoint_is_asked(account, look, calls):
    """It is the one call that costs anything."""
    follow(account)

    assert look(predict=False).invocations == ()
    assert "InvokeEndpoint" not in calls


def test_an_empty_account_costs_thirty_three_calls_a_region_and_three(look, calls):
    """Nothing is described where there is nothing; whether there ever was something, the event history tells."""
    look()

    assert sum(calls.values()) == 2 * (5 + 25 + 3) + 3


def test_everything_that_is_left_is_found_in_order(account, look):
    """By region, service, type, and where it lies; what has a place of its own in a survey stands there."""
    leave_everything(account)

    found = look()

    places = [(one.region, one.service, one.type, one.within, one.id) for one in found.resources]
    elsewhere = {
        *(f"sagemaker {name}" for name in ("notebook-instance", "endpoint", "endpoint-config", "model")),
        *("sagemaker training-job", "sagemaker domain", "sagemaker app", "s3 bucket", "iam role"),
    }
    assert {f"{one.service} {one.type}" for one in found.resources} == {*LEAVE, "efs mount-target"} - elsewhere
    assert places == sorted(places)
    assert {one.region for one in found.resources} == {"us-east-1"}
    assert found.gaps == ()
    assert [job.warm_pool for job in found.training_jobs if job.warm_pool] == ["Available"]


def test_what_else_bills_leaves_a_region_read_where_it_is_refused(account, look, refusing):
    """It is a gap, and nothing else is unknown."""
    follow(account)
    refusing("AccessDeniedException", operations=("ListClusters", "DescribeAddresses"), region="us-east-1")

    found = look()

    assert found.regions.answered == ("eu-west-1", "us-east-1")
    assert [(gap.call, gap.region) for gap in found.gaps] == [
        ("ListClusters", "us-east-1"),
        ("DescribeAddresses", "us-east-1"),
    ]


def test_where_no_list_is_answered_nothing_else_is_asked_for(look, refusing, calls):
    """It would be refused as well, and take its time."""
    refusing("AccessDeniedException", operations=SAGEMAKER, region="eu-west-1")

    found = look()

    assert found.regions.unread == ("eu-west-1",)
    assert calls["ListClusters"] == calls["DescribeAddresses"] == 1


def test_a_region_that_lacks_an_operation_has_nothing_of_its_kind(account, look, refusing):
    """SageMaker does not offer everything everywhere: that is an answer, no gap."""
    refusing(
        "UnknownOperationException",
        "The requested operation is not supported in the called region.",
        operations=("ListClusters", "ListDomains"),
        region="us-east-1",
    )

    found = look()

    assert (found.regions.answered, found.gaps) == (("eu-west-1", "us-east-1"), ())


def test_every_region_that_has_sagemaker_has_what_is_asked_for_around_it(connection):
    """So an address that is not there is a network's fault, and no answer."""
    session = connection.session
    for partition in session.get_available_partitions():
        for service, _ in READ:
            there = session.get_available_regions(service, partition)
            assert set(session.get_available_regions("sagemaker", partition)) <= set(there)


def test_two_surveys_of_the_same_account_are_the_same(account, look):
    """Whatever order the answers come in."""
    follow(account)
    first, second = look(predict=False), look(predict=False)

    assert msgspec.structs.replace(second, surveyed_at=first.surveyed_at, calls=first.calls) == first


def test_what_is_gone_leaves_its_traces(account, look):
    """The job, the logs, and where they were."""
    follow(account)
    tear_down(account)

    found = look()

    assert (found.notebook_instances, found.endpoints) == ((), ())
    assert [(log.instance, len(log.lines)) for log in found.jupyter_logs] == [("sm-test", 6)]
    assert [log.invocations for log in found.endpoint_logs] == [CELLS]
    assert [job.status for job in found.training_jobs] == ["Completed"]


def test_the_log_of_a_training_job_is_read_only_if_the_job_is_gone(account, look):
    """One that is there says itself how it ended. What an endpoint served of it is asked of the event history."""
    follow(account)
    tear_down(account)
    there = look()
    account.sagemaker().delete_training_job(TrainingJobName=JOB_NAME)
    account.let_pass(60)

    gone = look()

    assert there.training_logs == ()
    assert gone.training_logs == (TrainingLog(JOB_NAME, "us-east-1", has_ended=True),)
    assert [job.name for job in gone.training_jobs] == []
    assert {"CreateEndpoint", "CreateModel"} <= {event.name for event in gone.events}


def test_what_is_not_the_lessons_keeps_nobody_from_asking_for_what_is_gone(account, look):
    """Another notebook instance, and an endpoint of another model."""
    job = train(account, prepare(account))
    predict(account, job)
    tear_down(account)
    account.make_notebook_instance(job.role_arn, "thesis")
    account.deploy(copied_model(account, job, own_bucket(account)), "another")
    account.wait_for("endpoint", "another", "InService")

    assert gone(look(predict=False)) == {("DeleteNotebookInstance", "sm-test"), ("DeleteEndpoint", ENDPOINT_NAME)}


def test_what_replaced_the_lessons_own_keeps_nobody_from_asking_for_it(account, look):
    """An instance of its name that saw no training, and an endpoint that does not serve."""
    job = train(account, prepare(account))
    predict(account, job)
    tear_down(account)
    account.make_notebook_instance(job.role_arn)
    account.make_endpoint_config(account.make_model(job, "later"), "later")
    account.make_endpoint("later", "later", fails="The container did not pass the ping health check.")
    account.wait_for("endpoint", "later", "Failed")

    assert gone(look(predict=False)) == {("DeleteNotebookInstance", "sm-test"), ("DeleteEndpoint", ENDPOINT_NAME)}


def gone(found: Survey) -> set[tuple[str, str]]:
    """What the survey knows to have been deleted."""
    return {(one.name, one.resource) for one in found.events if one.name.startswith("Delete")}


def test_a_role_that_is_gone_may_be_that_of_an_instance_that_is_there(account, look):
    """Nothing was trained with it yet, and nobody need look up when the instance was made."""
    make_instance(account)
    account.delete_role(ROLE)

    (role,) = look().roles

    assert role.name == ROLE
    assert sorted(policy.name for policy in role.policies) == [POLICY, "AmazonSageMakerFullAccess"]
    assert role.as_of is not None


@pytest.fixture
def refusing(connection):
    """Let AWS refuse calls: by operation, and by region if it matters."""

    def refuse(code, message="no", *, operations=None, region=None, status=400):
        def answer(model, context, **_):
            where = context["client_region"]
            if (operations is None or model.name in operations) and region in (None, where):
                error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
                raise ClientError(error, model.name)

        connection.session.events.register("before-call", answer)

    return refuse


SAGEMAKER = ("ListNotebookInstances", "ListEndpoints", "ListTrainingJobs", "ListDomains")


def test_a_region_that_is_not_enabled_is_closed_and_leaves_no_gap(account, look, refusing):
    """It answers good keys as if they were bad, logs and all."""
    refusing("UnrecognizedClientException", operations=(*SAGEMAKER, "DescribeLogGroups"), region="af-south-1")

    found = look(("af-south-1", "us-east-1"))

    assert [one.region for one in found.regions.closed if one.reason != "outside the rubric"] == ["af-south-1"]
    assert (found.regions.answered, found.regions.unread, found.gaps) == (("us-east-1",), (), ())


def test_a_region_that_the_organisation_denies_is_closed(account, look, refusing):
    """Nothing can run there."""
    refusing("AccessDeniedException", "with an explicit deny in a service control policy", region="eu-west-1")

    found = look()

    assert [one.region for one in found.regions.closed if one.reason == "denied by the organisation"] == ["eu-west-1"]
    assert not [gap for gap in found.gaps if gap.region == "eu-west-1"]


def test_one_refused_list_makes_the_region_unread_and_is_one_gap(account, look, refusing):
    """The others are read all the same."""
    follow(account)
    refusing("AccessDeniedException", operations=("ListEndpoints",), region="us-east-1")

    found = look()

    assert (found.regions.answered, found.regions.unread) == (("eu-west-1",), ("us-east-1",))
    assert [(gap.call, gap.region, gap.code) for gap in found.gaps] == [
        ("ListEndpoints", "us-east-1", "AccessDeniedException")
    ]
    assert len(found.notebook_instances) == 1


def test_refused_logs_leave_the_region_read(account, look, refusing):
    """Only what needs them is unknown."""
    refusing("AccessDeniedException", operations=("DescribeLogGroups",))

    found = look()

    assert found.regions.unread == ()
    assert {(gap.service, gap.call) for gap in found.gaps} == {("logs", "DescribeLogGroups")}


def test_credentials_that_expire_midway_are_gaps(account, look, refusing):
    """Nothing is raised, and nothing is taken to be absent."""
    follow(account)
    refusing("ExpiredTokenException", operations=("DescribeTrainingJob", "GetRole", "ListBuckets", "ListModels"))

    found = look()

    assert {gap.call for gap in found.gaps} == {"DescribeTrainingJob", "GetRole", "ListBuckets", "ListModels"}
    assert all("credentials expired" in gap.advice for gap in found.gaps)
    assert [job.image for job in found.training_jobs] == [None]


def test_an_account_that_refuses_everything_but_its_name_ends_with_gaps(look, refusing):
    """Quickly, too."""
    everything = {call.operation for call in CALLS} - {"GetCallerIdentity"}
    refusing("AccessDeniedException", operations=everything)

    found = look()

    assert found.regions.answered == ()
    assert {gap.call for gap in found.gaps} >= {*SAGEMAKER, "DescribeLogGroups", "ListBuckets", "DescribeRegions"}
    assert found.notebook_instances == found.buckets == ()


def test_studio_apps_are_asked_for_only_where_there_is_a_domain(account, look, calls):
    """One call more, in that region alone."""
    make_role(account)
    open_studio(account)
    calls.clear()

    found = look()

    assert calls["ListApps"] == 1
    assert [(app.name, app.region, app.status) for app in found.apps] == [("default", "us-east-1", "InService")]
    assert [domain.region for domain in found.domains] == ["us-east-1"]


def test_the_accounts_switches_are_asked_for_only_if_a_buckets_are_not_all_on(account, look, calls):
    """Then they decide."""
    account.make_bucket("sagemaker-20190701-1820")
    look()
    assert "s3control" not in calls
    asked_before = calls["GetPublicAccessBlock"]

    account.s3().delete_public_access_block(Bucket="sagemaker-20190701-1820")
    calls.clear()
    look()

    assert (asked_before, calls["GetPublicAccessBlock"]) == (1, 2)


def test_a_bucket_of_nothing_in_the_lesson_is_not_looked_into(account, look, calls):
    """Its name is known, its settings are nobody's business."""
    account.make_bucket("my-website")

    (bucket,) = look().buckets

    assert (bucket.name, bucket.looked_into, bucket.region) == ("my-website", False, None)


def test_botocore_still_knows_every_call_of_the_table():
    """Names are AWS's."""
    session = botocore.session.get_session()
    for call in CALLS:
        assert call.operation in session.get_service_model(call.service).operation_names


def test_a_dead_network_ends_in_a_bounded_time(monkeypatch, plan):
    """Every connection is refused: only gaps, and no waiting for timeouts."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    identity = Identity("123456789012", "arn:aws:iam::123456789012:user/student")
    found = take_survey(connect(), identity, plan, None, ("us-east-1", "us-west-2"))

    assert found.regions.unread == ("us-east-1", "us-west-2")
    assert {gap.code for gap in found.gaps} == {"EndpointConnectionError"}


def test_where_no_region_answers_none_is_closed(account, look, refusing):
    """Then it may be this caller who is shut out: what is in the account is unknown, not absent."""
    follow(account)
    refusing("AccessDeniedException", "with an explicit deny in a service control policy", operations=SAGEMAKER)

    found = look()

    assert (found.regions.answered, found.regions.unread) == ((), ("eu-west-1", "us-east-1"))
    assert {gap.call for gap in found.gaps} >= set(SAGEMAKER)


def test_keys_that_are_taken_away_midway_close_no_region(account, look, refusing):
    """A region that is known to be enabled is unread, however it refuses."""
    refusing("UnrecognizedClientException", operations=SAGEMAKER, region="eu-west-1")

    found = look()

    assert (found.regions.answered, found.regions.unread) == (("us-east-1",), ("eu-west-1",))
    assert {gap.call for gap in found.gaps} == set(SAGEMAKER)


def test_keys_that_go_bad_midway_close_no_region_of_which_nobody_says_that_it_is_enabled(account, look, refusing):
    """They are bad in a region that is enabled by default, too: so it is the keys, and not the region."""
    for operation in ("DescribeRegions", "ListRegions"):
        refusing("AccessDeniedException", operations=(operation,))
    refusing("UnrecognizedClientException", operations=SAGEMAKER, region="af-south-1")
    refusing("UnrecognizedClientException", operations=SAGEMAKER[:1], region="us-west-2")

    found = look(("af-south-1", "us-east-1", "us-west-2"))

    assert "af-south-1" in found.regions.unread
    assert [one.region for one in found.regions.closed if one.reason == "not opted in"] == []


def test_a_region_in_which_something_was_seen_is_not_closed(account, look, refusing):
    """Its log outlived it, or a page was read before the refusal: something did run there."""
    account.write_jupyter_log(("Creating new notebook in",), region="eu-west-1")
    refusing(
        "AccessDeniedException",
        "with an explicit deny in a service control policy",
        operations=SAGEMAKER,
        region="eu-west-1",
    )

    assert look().regions.unread == ("eu-west-1",)


def test_the_order_of_aws_answers_changes_nothing(account, plan, connection):
    """By region, then name; jobs newest first: a survey can be compared with an earlier one."""
    follow(account)
    role = account.iam.list_roles()["Roles"][0]["Arn"]
    job = account.train(own_bucket(account), role, "linear-learner-2")
    account.deploy(job, "second")
    account.make_notebook_instance(role, "another")
    account.make_bucket("sagemaker-20190701-1821")
    first = take_survey(connection, identify(connection), plan, None, ("us-east-1",))

    again = connect()
    again.session.events.register("after-call", _turn_lists)
    second = take_survey(again, identify(again), plan, None, ("us-east-1",))

    assert len(first.training_jobs) == len(first.endpoints) == len(first.notebook_instances) == len(first.buckets) == 2
    assert msgspec.structs.replace(second, surveyed_at=first.surveyed_at, calls=first.calls) == first


def test_a_role_whose_name_is_no_arn_is_passed_over(account, look):
    """Another simulator might take any text."""
    account.make_notebook_instance(account.make_execution_role("none"))
    sagemaker_backends[account.number]["us-east-1"].notebook_instances["sm-test"].asked["RoleArn"] = "no-arn"

    found = look()

    assert [one.role_arn for one in found.notebook_instances] == ["no-arn"]
    assert (found.roles, found.missing_roles, found.gaps) == ((), (), ())


def test_a_survey_of_a_real_account_comes_back_from_its_file_as_it_was(account, look, tmp_path):
    """Times too, and it is valid against the schema."""
    follow(account)
    found = look()
    save(found, tmp_path / "survey.json")

    assert load(tmp_path / "survey.json") == found
    jsonschema.validate(json.loads((tmp_path / "survey.json").read_text()), schema())


def test_every_time_in_a_survey_is_utc(account, look):
    """Whatever time zone this computer is in."""
    follow(account)

    times = list(_times(look()))

    assert len(times) > 10
    assert {time.tzinfo for time in times} == {dt.UTC}


def test_whoever_presses_ctrl_c_does_not_wait_for_calls_that_have_not_begun(connection, plan, calls, monkeypatch):
    """Of 85 calls of a first wave only those are made that 32 threads had begun, held here until the pool is shut."""
    first, shut, plainly = min(SEVENTEEN), threading.Event(), ThreadPoolExecutor.shutdown

    def shutdown(pool, wait=True, *, cancel_futures=False):
        plainly(pool, wait=False, cancel_futures=cancel_futures)
        shut.set()
        plainly(pool, wait=wait)

    def interrupt(model, context, **_):
        if (model.name, context["client_region"]) == ("ListNotebookInstances", first):
            raise KeyboardInterrupt
        if model.name in (*SAGEMAKER, "DescribeLogGroups"):
            shut.wait(60)

    identity = identify(connection)
    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", shutdown)
    connection.session.events.register("before-call", interrupt)
    with pytest.raises(KeyboardInterrupt):
        take_survey(connection, identity, plan, None, SEVENTEEN)

    assert sum(calls[name] for name in (*SAGEMAKER, "DescribeLogGroups")) <= THREADS + 1


@pytest.fixture
def silent(monkeypatch):
    """A network that takes every connection and never answers, to a Skymark that waits a tenth of a second."""
    monkeypatch.setattr("skymark.survey.clients.READ_TIMEOUT_S", 0.1)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with socket.create_server(("127.0.0.1", 0), backlog=500) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        yield


def test_a_network_that_never_answers_ends_as_soon_as_is_promised(silent, plan):
    """Two calls about regions, then five for each of 17 regions, 32 at a time: five times what one call takes."""
    identity = Identity("123456789012", "arn:aws:iam::123456789012:user/student")
    begun = time.monotonic()

    found = take_survey(connect(None, "us-east-1"), identity, plan, None, SEVENTEEN)

    assert time.monotonic() - begun < 60  # it ends at all; a busy machine takes its time
    assert found.regions.unread == tuple(sorted(SEVENTEEN))
    assert {gap.code for gap in found.gaps} == {"ReadTimeoutError"}
    assert len(found.gaps) == 2 + (5 + 3) * 17 + 1


def _turn_lists(model, parsed, **_):
    """AWS lists everything the other way round."""
    if model.name.startswith("List") and model.service_model.service_name in ("sagemaker", "s3"):
        for value in parsed.values():
            if isinstance(value, list):
                value.reverse()


def _times(value):
    """Every time in a survey."""
    if isinstance(value, dt.datetime):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _times(part)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _times(getattr(value, name))
