"""The way into a student's account: what opens it, why it stays closed, and how its keys are renewed on the way."""

import datetime as dt
import http.server
import itertools
import json
import re
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from xml.sax.saxutils import escape

import botocore.endpoint
import moto.iam.models
import pytest
from botocore.exceptions import ClientError, CredentialRetrievalError
from botocore.parsers import ResponseParserError
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from simulator.account import SimulatedAccount
from simulator.pytest_fixtures import practice_clock  # noqa: F401 - a fixture
from simulator.server import Credentials as Keys
from simulator.students.leftovers import leave_everything
from simulator.students.steps import follow, tear_down
from skymark.cause import Cause, cause_of_code
from skymark.errors import AccessError
from skymark.evidence import Identity
from skymark.grading import grade
from skymark.granting.grant import trust_policy
from skymark.outcome import Outcome
from skymark.permissions import read_only_policy
from skymark.roster.entry import ProfileAccess, RoleAccess
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey import access
from skymark.survey.access import connection_for
from skymark.survey.calls import CALLS
from skymark.survey.clients import Clients, asking
from skymark.survey.connection import identify
from skymark.survey.sweep import take_survey

NUMBERS = itertools.count(520_000_000_001)
ROLE = "SkymarkGrader"
SECRET = "secret-of-ana"  # noqa: S105 - made up, to be looked for
TWO_REGIONS = ("us-east-1", "us-west-2")


@pytest.fixture(scope="module", autouse=True)
def few_policies():
    """moto reads 1,500 of AWS's policies for each account, which takes a second."""
    everyone = json.loads(moto.iam.models.aws_managed_policies_data)
    used = ("AdministratorAccess", "AmazonS3FullAccess", "AmazonSageMakerFullAccess")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moto.iam.models, "aws_managed_policies_data", json.dumps({name: everyone[name] for name in used}))
        yield


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """botocore waits for nothing before it asks again; the practice cloud does where it has to."""
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture(autouse=True)
def forgetful():
    """Each test's grader is another one, though a process has but one."""
    yield
    access._connected.cache_clear()
    access._identified.cache_clear()


@pytest.fixture
def student(practice_cloud):
    """The account of a student, in a cloud with no bucket."""
    practice_cloud.reset()
    return SimulatedAccount(practice_cloud, str(next(NUMBERS)))


@pytest.fixture
def use(practice_cloud, monkeypatch, tmp_path):
    """Have the grader work with these keys, and with an AWS configuration that is empty."""

    def configure(keys):
        for name, value in practice_cloud.environment(keys).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)

    return configure


@pytest.fixture
def grader(practice_cloud, use, student):
    """The grader's account, and their keys for whatever is asked from now on."""
    number = str(next(NUMBERS))
    use(practice_cloud.credentials(number))
    return SimulatedAccount(practice_cloud, number)


def let_in(account, grader, external_id=SECRET):
    """What a student deploys. Returns the role's ARN."""
    trust = trust_policy(f"arn:aws:iam::{grader.number}:root", external_id)
    if external_id is None:
        del trust["Statement"][0]["Condition"]
    account.iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
    policy = json.dumps(read_only_policy())
    account.iam.put_role_policy(RoleName=ROLE, PolicyName="SkymarkReadOnly", PolicyDocument=policy)
    return arn_in(account)


def arn_in(account, role=ROLE):
    """A role's ARN."""
    return f"arn:aws:iam::{account.number}:role/{role}"


def enter(role, external_id=SECRET, clients=None):
    """A connection by a role."""
    return connection_for(RoleAccess(role, external_id), clients or Clients(), grader_profile=None, region=None)


def enter_by(profile):
    """A connection by a profile of the grader's."""
    return connection_for(ProfileAccess(profile), Clients(), grader_profile=None, region=None)


def refused(ask, *arguments):
    """Why somebody does not get in."""
    with pytest.raises(AccessError) as error:
        ask(*arguments)
    assert len(str(error.value).splitlines()) == 1
    return error.value


# -- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("external_id", [SECRET, None])
def test_the_role_that_a_student_deployed_opens_the_account(student, grader, external_id):
    """By its external id, where it asks for one."""
    connection = enter(let_in(student, grader, external_id), external_id)

    found = identify(connection)

    assert found.account == student.number
    assert found.arn == f"arn:aws:sts::{student.number}:assumed-role/{ROLE}/*"


@pytest.mark.parametrize(("asked", "given"), [(SECRET, "secret-of-bo"), (SECRET, SECRET.upper())])
def test_another_external_id_does_not_open_it(student, grader, asked, given):
    """Least of all another student's: that is what it is for."""
    role = let_in(student, grader, asked)

    why = refused(enter, role, given)

    assert why.cause is Cause.ACCESS
    assert role in str(why)
    assert "its external id is another one than the roster's" in str(why)
    assert "`grade.py policy --format cli`" in str(why)
    assert SECRET not in str(why)


def test_a_roster_without_the_external_id_is_said_to_lack_it(student, grader):
    """Not that it is another one."""
    role = let_in(student, grader)

    why = refused(enter, role, None)

    assert why.cause is Cause.ACCESS
    assert "it asks for an external id, of which the roster has none" in str(why)


def test_a_role_that_is_not_there_is_named_with_who_could_not_assume_it(student, grader):
    """AWS tells nobody which of the reasons it is."""
    why = refused(enter, arn_in(student))

    assert why.cause is Cause.ACCESS
    expected = f"{arn_in(student)} cannot be assumed by arn:aws:iam::{grader.number}:user/student. AWS does not say why"
    assert str(why).startswith(expected)
    assert "the role is not there" in str(why)


def test_a_role_that_lets_in_another_grader_lets_in_no_other(student, grader):
    """Its trust policy names somebody else's account."""
    another = SimulatedAccount(student.server, str(next(NUMBERS)))
    role = let_in(student, another)

    why = refused(enter, role)

    assert (why.cause, "it does not let this grader in" in str(why)) == (Cause.ACCESS, True)


def test_a_grader_who_may_assume_no_role_is_told_so_among_the_reasons(student, grader, use):
    """Their own account has to allow it, too."""
    role = let_in(student, grader)
    grader.iam.create_user(UserName="ta")
    key = grader.iam.create_access_key(UserName="ta")["AccessKey"]
    use(Keys(key["AccessKeyId"], key["SecretAccessKey"]))

    why = refused(enter, role)

    assert why.cause is Cause.ACCESS
    assert f"arn:aws:iam::{grader.number}:user/ta" in str(why)
    assert "the grader may not call sts:AssumeRole" in str(why)


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_a_role_in_another_partition_is_said_to_be_there(student, grader, partition):
    """No keys of one are known in the other."""
    role = arn_in(student).replace("arn:aws:", f"arn:{partition}:")

    why = refused(enter, role)

    assert why.cause is Cause.ACCESS
    assert str(why).startswith(f"{role} is in another partition than the grader's keys, which are of aws.")


@pytest.mark.parametrize(("role", "external_id"), [("role/Ana", SECRET), ("arn:aws:iam::111122223333:role/Ana", "x")])
def test_what_aws_never_takes_is_to_be_corrected_in_the_roster(grader, role, external_id):
    """Too short for an ARN, or for an external id: nothing is asked, and asking again is no use."""
    why = refused(enter, role, external_id)

    assert why.cause is Cause.ACCESS
    assert str(why).startswith(f"{role}: STS does not take this role's ARN, or its external id")
    assert str(why).endswith("Correct it in the roster.")


def test_a_grader_without_keys_is_told_that_it_is_their_own(student, grader, monkeypatch):
    """No student's fault, and the same words for all of a class."""
    role = let_in(student, grader)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)

    why = refused(enter, role)

    assert why.cause is Cause.CREDENTIALS
    assert str(why) == "The grader's own keys do not work (NoCredentialsError). Sign in again, then go on."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_SECRET_ACCESS_KEY", None),
        ("AWS_ENDPOINT_URL", "nowhere"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:99999"),
        ("AWS_PROFILE", "nobody"),
        ("AWS_DEFAULT_REGION", "us east"),
    ],
)
def test_a_grader_s_configuration_that_cannot_be_used_is_no_student_s_trouble(grader, monkeypatch, name, value):
    """Half of the keys, an address, a profile or a region that is none: it is said whose it is, and not tried again."""
    clients = Clients()
    monkeypatch.delenv(name, raising=False)
    if value:
        monkeypatch.setenv(name, value)

    why = refused(enter, "arn:aws:iam::111122223333:role/Ana", SECRET, clients)

    assert why.cause is Cause.CREDENTIALS
    assert str(why).startswith("The grader's own AWS configuration")


class Sts(NamedTuple):
    """A stand-in for STS: what it is asked, and what AssumeRole is answered with."""

    url: str
    asked: list[str]
    answers: list[tuple[int, str]]


@pytest.fixture
def sts(grader, monkeypatch):
    """STS as the grader meets it; the last answer is given again and again. Others are the practice cloud's."""
    asked, answers = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append(body["Action"][0])
            if asked[-1] == "AssumeRole":
                status, text = answers.pop(0) if len(answers) > 1 else answers[0]
            else:
                status, text = 200, WHO.format(grader.number)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
        yield Sts(url, asked, answers)
        server.shutdown()
        thread.join()


WHO = """<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{0}</Account>
<Arn>arn:aws:iam::{0}:user/student</Arn><UserId>AIDA</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>"""
KEYS = """<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{0.key}</AccessKeyId>
<SecretAccessKey>{0.secret}</SecretAccessKey><SessionToken>{0.token}</SessionToken>
<Expiration>{1}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


def refusal(code, message):
    """An answer by which STS refuses."""
    status = 500 if code in ("InternalFailure", "ServiceUnavailable") else 403
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return status, f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"


LAB = "with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/voc-cancel-cred"
NOT = "User: arn:aws:iam::999999999999:user/ta is not authorized to perform: sts:AssumeRole on resource: x"


@pytest.mark.parametrize(
    ("code", "message", "cause", "words"),
    [
        ("AccessDenied", "Roles may not be assumed by root accounts.", "credentials", "by an account's root"),
        ("AccessDenied", f"{NOT} with an explicit deny in a service control policy", "access", "an organisation"),
        ("AccessDenied", f"{NOT} with an explicit deny in a resource-based policy", "access", "role's trust policy"),
        ("AccessDenied", f"{NOT} with an explicit deny in an identity-based policy", "access", "may not call"),
        ("AccessDenied", f"{NOT} because no identity-based policy allows the action", "access", "may not call"),
        ("AccessDenied", f"{NOT} because no resource-based policy allows the action", "access", "does not say why"),
        ("AccessDenied", f"{NOT} {LAB}", "credentials", "grader's own keys"),
        ("ExpiredToken", "The security token included in the request is expired", "credentials", "grader's own keys"),
        ("InvalidClientTokenId", "The security token is invalid.", "credentials", "grader's own keys"),
        ("SignatureDoesNotMatch", "Signature expired: 1 is now earlier", "credentials", "grader's own keys"),
        ("RegionDisabledException", "STS is not activated in this region", "access", "--region us-east-1"),
        ("Throttling", "Rate exceeded", "throttled", "Try again in a minute"),
        ("ServiceUnavailable", "The request has failed", "network", "Try again in a minute"),
        ("InternalFailure", "The request has failed", "network", "Try again in a minute"),
        ("ValidationError", "Request ARN is invalid", "access", "Request ARN is invalid. Correct it in the roster."),
        ("PackedPolicyTooLarge", "it is new", "access", "cannot be assumed (PackedPolicyTooLarge: it is new)"),
    ],
)
def test_each_way_in_which_sts_refuses_has_its_words_and_its_cause(student, sts, code, message, cause, words):
    """The role is named wherever it is about the role; nothing of AWS's own key ids and sessions is."""
    sts.answers.append(refusal(code, message))

    why = refused(enter, arn_in(student))

    assert why.cause == cause
    assert words in str(why)
    assert (arn_in(student) in str(why)) == ("grader's own keys" not in str(why))


@pytest.mark.parametrize(("status", "text"), [(500, "<html>busy</html>"), (503, ""), (200, "<html>a filter</html>")])
def test_an_answer_that_is_none_of_sts_s_may_pass(student, sts, status, text):
    """Something is in between."""
    sts.answers.append((status, text))

    why = refused(enter, arn_in(student))

    assert (why.cause, arn_in(student) in str(why)) == (Cause.NETWORK, True)


def test_no_answer_at_all_may_pass(student, grader, monkeypatch):
    """Nothing listens there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")

    why = refused(enter, arn_in(student))

    assert (why.cause, "EndpointConnectionError" in str(why)) == (Cause.NETWORK, True)


# -- by a profile -----------------------------------------------------------------------------------------------------


@pytest.fixture
def configured(grader, tmp_path):
    """Write the AWS configuration."""
    return lambda text: (tmp_path / "config").write_text(text)


@pytest.fixture
def command(tmp_path):
    """A profile whose keys come from a command that prints this."""

    def profile(text):
        (tmp_path / "printed").write_text(text)
        return f"[profile ana]\ncredential_process = /bin/cat {tmp_path / 'printed'}\n"

    return profile


def printed(keys, until):
    """What such a command prints."""
    told = {"Version": 1, "AccessKeyId": keys.key, "SecretAccessKey": keys.secret, "SessionToken": keys.token}
    return json.dumps(told | {"Expiration": until.isoformat()})


def test_a_profile_with_keys_opens_the_account_that_they_are_of(student, configured):
    """And not the grader's own, whose keys are in the environment."""
    keys = student.server.credentials(student.number)
    configured(f"[profile ana]\naws_access_key_id = {keys.key}\naws_secret_access_key = {keys.secret}\n")

    assert identify(enter_by("ana")).account == student.number


def test_a_profile_s_own_role_opens_the_account(student, grader, configured):
    """The AWS configuration can say by which role and external id, too."""
    role = let_in(student, grader)
    configured(f"[profile ana]\nrole_arn = {role}\nexternal_id = {SECRET}\ncredential_source = Environment\n")

    assert identify(enter_by("ana")).account == student.number


FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def test_a_profile_s_command_gives_the_keys(student, configured, command):
    """Until they are over."""
    configured(command(printed(student.server.session_credentials(student.number, "r", "ana"), FAR)))

    assert identify(enter_by("ana")).account == student.number


@pytest.mark.parametrize(
    ("text", "cause", "words"),
    [
        ("", "access", "There are: none."),
        ("[profile ana]\nregion = us-east-1\n[default]\n", "credentials", None),
        ("[profile ana]\naws_access_key_id = AKIAEXAMPLE\n", "credentials", "aws_secret_access_key"),
        ("[profile ana]\nrole_arn = {role}\nexternal_id = x2\ncredential_source = Environment\n", "access", "{role}"),
        ("[profile ana]\nrole_arn = {role}\nsource_profile = bo\n", "credentials", "bo"),
        ("[profile ana]\nrole_arn = {role}\nsource_profile = ana\n", "credentials", "ana"),
        ("[profile ana]\ncredential_process = /bin/false\n", "credentials", "Sign in again"),
        ("[profile ana]\ncredential_process = /nowhere/program\n", "credentials", "/nowhere/program"),
        (
            "[profile ana]\nsso_start_url = http://127.0.0.1:9/\nsso_region = us-east-1\n"
            "sso_account_id = 123456789012\nsso_role_name = r\n",
            *("credentials", "Sign in again"),
        ),
    ],
)
def test_a_profile_that_gives_no_keys_is_named_with_what_is_wrong(
    student, grader, configured, monkeypatch, text, cause, words
):
    """In one line; what a command prints is no bug of Skymark's."""
    configured(text.format(role=let_in(student, grader)) if "{role}" in text else text)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if words is None else ():
        monkeypatch.delenv(name)

    why = refused(enter_by, "ana")

    assert why.cause == cause
    assert str(why).startswith("profile ana: ")
    assert (words or "aws configure --profile ana").format(role=arn_in(student)) in str(why)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Welcome!", "cannot be used"),
        ("{}", "Unsupported version"),
        ('{"Version": 1, "AccessKeyId": "AKIA"}', "Missing required key"),
        (printed(Keys("AKIA", "s", "t"), LONG_AGO), "still expired"),
    ],
)
def test_a_profile_s_command_that_prints_no_keys_is_no_bug_of_skymark_s(grader, configured, command, text, words):
    """Words of its own, and keys that are over when they come."""
    configured(command(text))

    why = refused(enter_by, "ana")

    assert why.cause is Cause.CREDENTIALS
    assert str(why).startswith("profile ana: ")
    assert words in str(why)


# -- keys that end on the way -----------------------------------------------------------------------------------------

HOUR, ADVISED, PRESSING, OVER = (dt.timedelta(seconds=seconds) for seconds in (3600, 12 * 60, 5 * 60, -60))
"""How long keys are still good when they come: botocore renews them from 15 minutes on, and from 10 on it has to."""

WITHOUT_KEYS = "CredentialRetrievalError"


@pytest.fixture
def lent(student):
    """STS's answer with new keys of the student's account, that are good for so long."""

    def answer(good_for):
        keys = student.server.session_credentials(student.number, ROLE, "skymark")
        until = dt.datetime.now(dt.UTC) + good_for
        return 200, KEYS.format(keys, until.strftime("%Y-%m-%dT%H:%M:%SZ"))

    return answer


@pytest.fixture
def entered(student, sts):
    """A connection by a role, and a list of the keys that sign calls to SageMaker from now on."""
    clients, signers = Clients(), []

    def note(request, **_):
        signers.append(request.headers["Authorization"].decode().partition("Credential=")[2].partition("/")[0])

    clients.session.events.register("before-send.sagemaker", note)
    return lambda: (enter(arn_in(student), SECRET, clients), signers)


def key_of(answer):
    """The access key in STS's answer."""
    return re.search("<AccessKeyId>(.*?)<", answer[1])[1]


def list_domains(connection):
    """One call."""
    with asking(connection.asking):
        return connection.client("sagemaker").list_domains()


def test_keys_are_asked_for_once_as_long_as_they_are_good(sts, lent, entered):
    """An hour is the most that a role's own session may have."""
    sts.answers.append(lent(HOUR))
    connection, signers = entered()

    for _ in range(20):
        list_domains(connection)

    assert sts.asked.count("AssumeRole") == 1
    assert signers == [key_of(sts.answers[0])] * 20


@pytest.mark.parametrize("good_for", [ADVISED, PRESSING])
def test_keys_are_renewed_before_they_are_over(sts, lent, entered, good_for):
    """The next call is signed with the new ones, and the call for them is none of the survey's."""
    first, second = lent(good_for), lent(HOUR)
    sts.answers.extend((first, second))
    connection, signers = entered()

    for _ in range(5):
        list_domains(connection)

    assert sts.asked.count("AssumeRole") == 2
    assert signers == [key_of(second)] * 5
    assert [call.call for call in connection.asking.taken()] == ["ListDomains"] * 5


@pytest.mark.parametrize("good_for", [ADVISED, PRESSING])
def test_many_threads_renew_them_at_most_once(sts, lent, entered, good_for):
    """Who finds somebody at it goes on with keys that are still good, or waits where they are not for long."""
    first, second = lent(good_for), lent(HOUR)
    sts.answers.extend((first, second))
    connection, signers = entered()
    connection.client("sagemaker")
    gate = threading.Barrier(8, timeout=60)

    def ask(_):
        gate.wait()
        list_domains(connection)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))

    assert sts.asked.count("AssumeRole") == 2
    assert key_of(second) in signers
    assert set(signers) <= ({key_of(first), key_of(second)} if good_for == ADVISED else {key_of(second)})


def test_keys_that_are_still_good_do_though_new_ones_are_refused(sts, lent, entered):
    """There is time left to ask again."""
    sts.answers.extend((lent(ADVISED), refusal("AccessDenied", NOT), lent(HOUR)))
    first, last = key_of(sts.answers[0]), key_of(sts.answers[2])
    connection, signers = entered()

    for _ in range(3):
        list_domains(connection)

    assert signers == [first, last, last]


@pytest.mark.parametrize(
    ("answer", "raised", "code"),
    [
        (refusal("AccessDenied", NOT), CredentialRetrievalError, WITHOUT_KEYS),
        (
            refusal("AccessDenied", f"{NOT} with an explicit deny in a service control policy"),
            CredentialRetrievalError,
            WITHOUT_KEYS,
        ),
        (refusal("ExpiredToken", "is expired"), CredentialRetrievalError, WITHOUT_KEYS),
        (refusal("ValidationError", "Request ARN is invalid"), CredentialRetrievalError, WITHOUT_KEYS),
        (OVER, CredentialRetrievalError, WITHOUT_KEYS),
        (refusal("Throttling", "Rate exceeded"), ClientError, "Throttling"),
        (refusal("InternalFailure", "The request has failed"), ClientError, "InternalFailure"),
        ((200, "<html>a filter</html>"), ResponseParserError, "ResponseParserError"),
    ],
)
def test_new_keys_that_do_not_come_are_no_refusal_of_the_call(sts, lent, entered, answer, raised, code):
    """Else a role that was taken away would read as a permission that is missing, or as a region that is closed."""
    sts.answers.append(lent(PRESSING))
    connection, signers = entered()
    sts.answers[:] = [lent(answer) if answer is OVER else answer]

    with pytest.raises(raised):
        list_domains(connection)

    assert signers == []
    (call,) = connection.asking.taken()
    assert (call.call, call.code) == ("ListDomains", code)


def test_keys_that_are_over_when_they_come_are_the_clock_s_fault(student, sts, lent):
    """By this computer's clock; the role is all right."""
    sts.answers.append(lent(OVER))

    why = refused(enter, arn_in(student))

    assert why.cause is Cause.CREDENTIALS
    assert str(why) == f"{arn_in(student)}: the keys that STS gave are over already. Set this computer's clock right."


def withdraw(answer, student):
    """AWS does not know the keys any more."""
    iam_backends[student.number]["aws"].access_keys.pop(key_of(answer))


def expire(answer, student):
    """The session of the keys is over."""
    session = sts_backends[student.number]["aws"].get_assumed_role_from_access_key(key_of(answer))
    session.expiration = session.expiration - dt.timedelta(days=1)


@pytest.fixture
def hours_ago(practice_clock):  # noqa: F811 - the fixture
    """The lesson was two hours ago, and took its time: not all of it is of one second."""
    practice_clock.stand(dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=2))


@pytest.mark.parametrize("end", [withdraw, expire, refusal("AccessDenied", NOT), OVER])
def test_an_account_that_is_shut_in_the_middle_of_a_look_fails_nobody(
    student, sts, lent, lesson, hours_ago, end, caplog
):
    """After 1, 25 or 60 calls: what was seen is judged as ever, the rest unverified for want of credentials."""
    follow(student)
    tear_down(student)
    clients, plan = Clients(), load_rubric(lesson, "sagemaker-intro")
    whose = Identity(student.number, f"{arn_in(student)}/x")
    at_call = []

    def shut(**_):
        if at_call and next(at_call[0]):
            at_call.clear()
            if callable(end):
                end(sts.answers[0], student)
            else:
                sts.answers.append(lent(end) if end is OVER else end)

    def judged(good_for):
        sts.answers[:] = [lent(good_for)]
        connection = enter(arn_in(student), SECRET, clients)
        found = take_survey(connection, whose, plan.survey, None, TWO_REGIONS)
        return found, {one.id: one for one in grade(found, plan, lesson, final=True).criteria}

    clients.session.events.register("before-send", shut)
    _, whole = judged(HOUR)
    assert Outcome.FAILED not in {one.outcome for one in whole.values()}

    for answered in (1, 25, 60):
        at_call[:] = [(number == answered for number in itertools.count(1))]
        found, part = judged(HOUR if callable(end) else PRESSING)  # with what presses, each call asks for new ones
        changed = [one for id, one in part.items() if one.outcome is not whole[id].outcome]
        assert {one.outcome for one in changed} == {Outcome.UNVERIFIED}
        assert {Cause.CREDENTIALS} <= {one.cause for one in changed} <= {Cause.CREDENTIALS, Cause.RECORDS}
        assert {cause_of_code(gap.code) for gap in found.gaps} == {Cause.CREDENTIALS}
    assert not [one for one in caplog.records if one.name.startswith("skymark")]


# -- nothing is changed -----------------------------------------------------------------------------------------------

PAID_FOR = ("sagemaker-runtime", "InvokeEndpoint")
BEFORE = ("sts", "AssumeRole")
"""The grader's own call, which makes a session and nothing else."""


@pytest.fixture
def sent(monkeypatch):
    """Every operation that any client of this process sends from now on, with its model."""
    kept, send = [], botocore.endpoint.Endpoint.make_request

    def noted(self, operation_model, request_dict):
        kept.append(operation_model)
        return send(self, operation_model, request_dict)

    monkeypatch.setattr(botocore.endpoint.Endpoint, "make_request", noted)
    return kept


@pytest.fixture(scope="module")
def access_levels():
    """AWS's access level of each action, as policyuniverse ships it; importing it would leave a file open."""
    data = json.loads((Path(find_spec("policyuniverse").origin).parent / "data.json").read_text())
    return {
        f"{service['prefix']}:{action}".lower(): entry["calculated_action_group"]
        for service in data.values()
        for action, entry in service["actions"].items()
    }


def test_a_look_writes_nothing_into_a_student_s_account(student, grader, lesson, sent, access_levels):
    """In an account in which everything is that a look can meet: each call reads, but for one that asks an endpoint."""
    role = let_in(student, grader)
    follow(student)
    leave_everything(student)
    plan = load_rubric(lesson, "sagemaker-intro").survey
    samples = read_samples(lesson.root / plan.samples)
    sent.clear()

    connection = enter(role)
    whose = identify(connection)
    found = take_survey(connection, whose, plan, samples, TWO_REGIONS, ends=True, callers=True)

    made = {(model.service_model.service_name, model.name): model for model in sent}
    assert {PAID_FOR, BEFORE} <= set(made)
    assert found.invocations
    read = {name: model for name, model in made.items() if name not in (PAID_FOR, BEFORE)}
    assert len(read) > 50
    assert all(re.match("(Get|List|Describe|Lookup|Filter)[A-Z]", operation) for _, operation in read)
    actions = {(one.service, one.operation): one.action.lower() for one in CALLS}
    levels = {name: access_levels.get(actions[name]) for name in read}
    assert set(levels.values()) <= {"Read", "List", None}
    assert sum(level is None for level in levels.values()) < len(levels) / 5
