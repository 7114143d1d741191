"""Clients that all accounts share: no call is ever signed with another account's keys, however threads take turns."""

import contextvars
import itertools
import json
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import NamedTuple

import botocore.client
import moto.iam.models
import pytest
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from simulator.account import TRUST, SimulatedAccount
from skymark.cause import Cause, cause_of_code
from skymark.errors import UsageError
from skymark.rubric import SurveyPlan
from skymark.survey import clients as clients_module
from skymark.survey.clients import Asking, Clients, asking
from skymark.survey.connection import Connection, identify
from skymark.survey.regional import ITS_OWN
from skymark.survey.scope import Pools
from skymark.survey.studio import list_domains
from skymark.survey.sweep import take_survey

NUMBERS = itertools.count(510_000_000_001)
ROUNDS = 25
PATIENCE_S = 60


class Student(NamedTuple):
    """An account in which nothing is called as in any other, and the way into it."""

    number: str
    bucket: str
    instances: tuple[str, ...]
    connection: Connection


@pytest.fixture(scope="module", autouse=True)
def few_policies():
    """moto reads 1,500 of AWS's policies for each account, which takes a second; students attach none here."""
    few = json.loads(moto.iam.models.aws_managed_policies_data)["AdministratorAccess"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moto.iam.models, "aws_managed_policies_data", json.dumps({"AdministratorAccess": few}))
        yield


@pytest.fixture
def clients(practice_cloud, monkeypatch):
    """Shared clients that lead to the practice cloud, and have no keys of their own."""
    environment = practice_cloud.environment(practice_cloud.credentials(str(next(NUMBERS))))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    return Clients()


@pytest.fixture
def enrolled(practice_cloud, clients):
    """So many students: the first has one notebook instance, the second two, and so on up to three."""
    practice_cloud.reset()

    def enrol(many, instances=True):
        return [student(number) for number in range(many)] if instances else [bare() for _ in range(many)]

    def connected(number):
        keys = practice_cloud.credentials(number)
        return Connection(clients, "us-east-1", Credentials(keys.key, keys.secret))

    def bare():
        number = str(next(NUMBERS))
        return Student(number, "", (), connected(number))

    def student(place):
        account = SimulatedAccount(practice_cloud, str(next(NUMBERS)))
        bucket = account.make_bucket(f"sagemaker-of-{account.number}")
        role = account.iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        names = tuple(f"sm-{account.number}-{which}" for which in range(place % 3 + 1))
        for name in names:
            account.sagemaker().create_notebook_instance(
                NotebookInstanceName=name, InstanceType="ml.t2.medium", RoleArn=role
            )
        return Student(account.number, bucket, names, connected(account.number))

    return enrol


def asks(student):
    """Three calls to three services; what they tell of whose account it is."""
    client = student.connection.client
    whose = client("sts").get_caller_identity()["Account"]
    buckets = client("s3").list_buckets()["Buckets"]
    instances = client("sagemaker").list_notebook_instances()["NotebookInstances"]
    return (
        whose,
        tuple(one["Name"] for one in buckets),
        tuple(sorted(one["NotebookInstanceName"] for one in instances)),
    )


def own(student):
    """What they should tell."""
    return (student.number, (student.bucket,), student.instances)


@pytest.mark.parametrize("many", [2, 8])
def test_threads_that_ask_at_the_same_moment_get_each_their_own_accounts_answers(enrolled, many):
    """All wait for each other before each round, so that their calls are on the way together."""
    students, gate = enrolled(many), threading.Barrier(many, timeout=PATIENCE_S)

    def rounds(student):
        found = []
        with asking(student.connection.asking):
            for _ in range(ROUNDS):
                gate.wait()
                found.append(asks(student))
        return found

    with ThreadPoolExecutor(many) as pool:
        found = list(pool.map(rounds, students))

    assert found == [[own(student)] * ROUNDS for student in students]


@pytest.mark.parametrize("many", [2, 8])
def test_tasks_of_all_accounts_that_share_few_threads_never_mix(enrolled, many):
    """Three threads do the calls of all in turn, as a class's do: what one task was about says nothing to the next."""
    students = enrolled(many)

    def tasks(pool, student):
        with asking(student.connection.asking):
            return [pool.submit(contextvars.copy_context().run, asks, student) for _ in range(ROUNDS)]

    with ThreadPoolExecutor(3) as calls, ThreadPoolExecutor(many) as people:
        begun = list(people.map(lambda student: tasks(calls, student), students))
        found = [[task.result() for task in tasks_of] for tasks_of in begun]

    assert found == [[own(student)] * ROUNDS for student in students]


def test_a_thread_that_was_about_an_account_has_no_keys_afterwards(enrolled):
    """A task that nobody said an account for is refused before it is sent, and not done with the last one's keys."""
    (student,) = enrolled(1, instances=False)
    sts = student.connection.client("sts")

    def about():
        with asking(student.connection.asking):
            return sts.get_caller_identity()["Account"]

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(about).result()
        with asking(student.connection.asking), pytest.raises(NoCredentialsError):
            pool.submit(sts.get_caller_identity).result()

    assert first == student.number


def test_surveys_of_eight_accounts_at_once_find_what_is_in_each(enrolled):
    """By the same clients and threads, as a class is looked at; each survey has its own calls, all of them."""
    students, pools = enrolled(8), Pools.made(6)

    def survey(student):
        return take_survey(
            student.connection, identify(student.connection), SurveyPlan(), None, ("us-east-1",), pools=pools
        )

    try:
        with ThreadPoolExecutor(8) as people:
            found = list(people.map(survey, students))
    finally:
        pools.shutdown()

    assert [one.identity.account for one in found] == [one.number for one in students]
    assert [tuple(each.name for each in one.notebook_instances) for one in found] == [one.instances for one in students]
    assert [tuple(each.name for each in one.buckets) for one in found] == [(one.bucket,) for one in students]
    described = [Counter(call.call for call in one.calls)["DescribeNotebookInstance"] for one in found]
    assert described == [len(one.instances) for one in students]
    assert all(Counter(call.call for call in one.calls)["ListBuckets"] == 1 for one in found)


def test_no_client_is_built_for_a_student(enrolled, monkeypatch):
    """One for each service, of S3 and STS one for each region, whether four or twenty are looked at."""
    students, built = enrolled(20, instances=False), []
    build = botocore.client.ClientCreator.create_client

    def counted(self, **named):
        built.append((named["service_name"], named["region_name"]))
        return build(self, **named)

    monkeypatch.setattr(botocore.client.ClientCreator, "create_client", counted)
    pools = Pools.made(8)

    def survey(student):
        regions = ("us-east-1", "eu-west-1")
        return take_survey(student.connection, identify(student.connection), SurveyPlan(), None, regions, pools=pools)

    try:
        with ThreadPoolExecutor(5) as people:
            first = list(people.map(survey, students[:4]))
            after_four = Counter(built)
            more = list(people.map(survey, students[4:]))
    finally:
        pools.shutdown()

    called = {call.service for one in (*first, *more) for call in one.calls}
    assert {one.identity.account for one in (*first, *more)} == {one.number for one in students}
    assert set(after_four.values()) == {1}
    assert {service for service, _ in after_four} == called
    assert sorted(name for name, _ in after_four if name not in ITS_OWN) == sorted(called - set(ITS_OWN))
    assert Counter(built) == after_four


@pytest.fixture(scope="module")
def signed():
    """Who signs a call that is made now: the access key, as AWS would read it; nothing is sent."""
    sts, keys = Clients().client("sts", "us-east-1"), []

    def answer(request, **_):
        keys.append(request.headers["Authorization"].decode().partition("Credential=")[2].partition("/")[0])
        told = b"<GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
        body = SimpleNamespace(stream=lambda: iter([b"<Answer>", told, b"</Answer>"]))
        return AWSResponse(request.url, 200, {}, body)

    sts.meta.events.register("before-send", answer)

    def ask():
        try:
            sts.get_caller_identity()
        except NoCredentialsError:
            return None
        return keys.pop()

    return ask


# An account that is asked about, inside which others are, and so on: `("AKIA1", (("AKIA2", ()),))`.
NESTED = st.recursive(
    st.tuples(st.sampled_from(["AKIA1", "AKIA2", "AKIA3", None]), st.just(())),
    lambda inner: st.tuples(st.sampled_from(["AKIA1", "AKIA2", "AKIA3", None]), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(st.lists(NESTED, max_size=3))
def test_who_signs_is_whoever_is_asked_about_innermost_and_then_the_one_before(signed, visits):
    """The grader's own call for new keys is made in the middle of a student's: after it the student's go on."""

    def visit(key, inner):
        about = Asking(Credentials(key, "secret") if key else None)
        with asking(about):
            assert signed() == key
            for one in inner:
                visit(*one)
                assert signed() == key
        assert [call.call for call in about.taken()] == ["GetCallerIdentity"] * (len(inner) + 1)

    assert signed() is None
    for one in visits:
        visit(*one)
        assert signed() is None


def test_who_asks_is_told_to_aws(practice_cloud, clients):
    """CloudTrail keeps it, and a student may wonder."""
    keys = practice_cloud.credentials(str(next(NUMBERS)))
    sts, told = clients.client("sts", "us-east-1"), []
    sts.meta.events.register("before-send", lambda request, **_: told.append(request.headers["User-Agent"]))

    identify(Connection(clients, "us-east-1", Credentials(keys.key, keys.secret)))

    assert told[0].decode().split("/")[0] == "skymark"
    assert "Botocore/" in told[0].decode()


def test_a_visit_that_ends_by_an_error_leaves_no_keys(signed):
    """Whatever went wrong inside."""
    with pytest.raises(ValueError, match="no"), asking(Asking(Credentials("AKIA1", "secret"))):
        raise ValueError("no")

    assert signed() is None


@pytest.mark.parametrize("more", [{}, {"AWS_DATA_PATH": "/nowhere"}], ids=["plain", "with a data path"])
@pytest.mark.parametrize("text", ["", "[default\nregion="])
def test_a_configuration_that_cannot_be_used_is_said_to_be_it(clients, monkeypatch, tmp_path, text, more):
    """A profile that is not there, or a file that is none: not one student can be looked at, and it is no bug."""
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config").write_text(text)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(UsageError, match=r"The AWS configuration cannot be used: .*(nobody|config file)"):
        Clients()


@pytest.fixture
def silent():
    """The address of something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_answer_that_does_not_come_is_the_network_s_fault(clients, silent, monkeypatch):
    """And not that of the keys: botocore's time-outs are errors of the system, too."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", silent)
    monkeypatch.setattr(clients_module, "READ_TIMEOUT_S", 0.2)
    connection = Connection(clients, "us-east-1", Credentials("AKIA1", "secret"))

    with asking(connection.asking):
        found = list_domains(connection.client("sagemaker", attempts=1), "us-east-1")

    assert [cause_of_code(one.code) for one in found.gaps] == [Cause.NETWORK]
    assert [one.code for one in connection.asking.taken()] == ["ReadTimeoutError"]
