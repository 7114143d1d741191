"""`grade.py doctor`, a process each: what it finds, what it advises, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from simulator.clock import clock
from simulator.server import Credentials
from simulator.students import learner_lab
from skymark.lesson import Lesson
from skymark.permissions import read_only_policy, with_quotas
from skymark.rubric_file import load_rubric

ROOT = Path(__file__).parents[2]
WEBSITE = ROOT / "lessons" / "static-website"
SCHEMA = json.loads((ROOT / "skymark" / "doctor.schema.json").read_text())
TOPICS = ["configuration", "network", "clock", "credentials", "region", "account", "permissions", "quotas"]
NOTEBOOK = "ml.t2.medium for notebook instance usage"
LATER = dict.fromkeys(TOPICS[4:], "unknown")
WELL = dict.fromkeys(TOPICS, "ok")


def without(*actions):
    """The printed policy with that for quotas, less these."""
    policy = with_quotas(read_only_policy())
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one not in actions] or ["none:None"]
    return policy


# -- everything right ---------------------------------------------------------------------------------------------


def test_all_is_well(doctor, account):
    """One finding or more for each topic, in their order, and the status is 0; the JSON fits its schema."""
    account.make_bucket(f"sagemaker-20190701-1820-{account.number[-4:]}")

    ended = doctor()

    assert (ended.status, ended.states()) == (0, WELL)
    assert list(dict.fromkeys(one["topic"] for one in ended.diagnosis["findings"])) == TOPICS
    assert ended.text.rstrip().endswith("Everything is ready.")
    assert (ended.diagnosis["account"], ended.diagnosis["region"]) == (account.number, "us-east-1")
    assert [one["found"] for one in ended.of("quotas")] == [
        "For the notebook instance, AWS allows 20 (ml.t2.medium for notebook instance usage).",
        "For the training job, AWS allows 4 (ml.c4.xlarge for training job usage).",
        "For the endpoint, AWS allows 4 (ml.m4.xlarge for endpoint usage).",
    ]
    assert ended.the("permissions")["found"] == (
        "Tried and allowed: 43 calls. Not tried, since asking costs something: "
        "sagemaker:InvokeEndpoint, cloudwatch:GetMetricData."
    )
    jsonschema.validate(ended.diagnosis, SCHEMA)


def test_the_printed_policy_is_enough(doctor, account):
    """With --quotas nothing is left that could not be told; without it only the quotas are."""
    whole = doctor(keys=account.user_with(without(), "whole"))
    survey = doctor(keys=account.user_with(read_only_policy(), "survey"))

    assert (whole.status, whole.states()) == (0, WELL)
    assert (survey.status, survey.states()) == (3, WELL | {"quotas": "unknown"})
    first = survey.of("quotas")[0]
    assert "AccessDeniedException" in first["found"]
    assert f'"{NOTEBOOK}"' in first["advice"]
    assert "grade.py policy --quotas" in first["advice"]
    assert first["links"][0]["url"].endswith(
        "us-east-1.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas/L-7B2FD69B"
    )


def test_json_alone_on_standard_output(account, tmp_path):
    """People's text goes to standard error; --quiet is one line of it."""
    environment = account.server.environment(account.server.credentials(account.number)) | {"HOME": str(tmp_path)}
    command = [sys.executable, str(ROOT / "grade.py"), "doctor", "--json", "-", "--quiet"]

    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert json.loads(ended.stdout)["schema"] == "skymark/doctor/v1"
    assert (ended.returncode, ended.stderr) == (0, "Everything is ready.\n")


def test_it_changes_nothing(doctor, account):
    """No call that CloudTrail counts as writing, and nothing is there afterwards."""
    doctor()

    rows = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    )
    assert [row["EventName"] for row in rows["Events"]] == []


# -- the configuration --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_environment", [True, False])
def test_a_profile_that_is_not_there(doctor, files, tmp_path, by_environment):
    """What was meant is asked, and how to get rid of it told."""
    (tmp_path / ".aws" / "config").write_text("[profile class]\nregion = us-east-1\n")
    options, more = ((), {"AWS_PROFILE": "clas"}) if by_environment else (("--profile", "clas"), {})

    ended = doctor(*options, **files | more)

    assert (ended.status, ended.states()) == (
        1, {"configuration": "to-mend"} | dict.fromkeys(TOPICS[1:], "unknown")
    )  # fmt: skip
    one = ended.the("configuration")
    assert one["found"] == "The config profile (clas) could not be found."
    assert 'Did you mean "class"?' in one["advice"]
    assert ("unset AWS_PROFILE" in one["commands"]) is by_environment


@pytest.mark.parametrize(("name", "text"), [("config", "[default\nregion="), ("credentials", "nothing\n[[[")])
def test_a_file_that_is_no_configuration(doctor, files, tmp_path, name, text):
    """Which file it is, is said."""
    (tmp_path / ".aws" / name).write_text(text)

    ended = doctor(**files)

    assert ended.status == 1
    assert str(tmp_path / ".aws" / name) in ended.the("configuration")["found"]


def test_a_folder_where_a_file_should_be(doctor, files, tmp_path):
    """botocore passes over it in silence."""
    (tmp_path / ".aws" / "credentials").mkdir()

    ended = doctor(**files)

    assert ended.states() == {
        "configuration": "to-mend", "network": "ok", "clock": "ok", "credentials": "to-mend", **LATER
    }  # fmt: skip
    assert ended.the("configuration")["about"] == str(tmp_path / ".aws" / "credentials")


@pytest.mark.parametrize("address", ["localhost:5000", "nonsense"])
def test_an_address_that_is_none(doctor, address):
    """How to ask AWS itself is told."""
    ended = doctor(AWS_ENDPOINT_URL=address)

    assert (ended.status, ended.states()["configuration"]) == (1, "to-mend")
    assert ended.the("configuration")["commands"] == ["unset AWS_ENDPOINT_URL"]


def test_what_is_set_in_vain_is_told(doctor):
    """A profile beside keys, and a region that only the AWS CLI reads."""
    ended = doctor(AWS_PROFILE="default", AWS_DEFAULT_REGION=None, AWS_REGION="us-west-2", AWS_CONFIG_FILE="/nowhere/x")

    assert ended.the("configuration")["found"] == "The config profile (default) could not be found."


# -- network and clock --------------------------------------------------------------------------------------------


def test_nobody_at_the_address(doctor):
    """A practice cloud that has stopped, say."""
    ended = doctor(AWS_ENDPOINT_URL="http://127.0.0.1:9")

    assert (ended.status, ended.states()["network"]) == (1, "to-mend")
    assert ended.the("network")["commands"] == ["grade.py lab", "unset AWS_ENDPOINT_URL"]
    assert ended.states()["credentials"] == "unknown"


def test_a_proxy_that_does_not_answer(doctor):
    """Its address is told without the password in it."""
    ended = doctor(AWS_ENDPOINT_URL=None, HTTPS_PROXY="http://ada:secret@127.0.0.1:9", NO_PROXY=None, no_proxy=None)

    one = ended.the("network")
    assert (ended.status, one["state"]) == (1, "to-mend")
    assert "http://127.0.0.1:9, which is set by HTTPS_PROXY" in one["advice"]
    assert one["commands"] == ["unset HTTPS_PROXY"]
    assert "secret" not in json.dumps(ended.diagnosis) + ended.text


@pytest.mark.parametrize(("ahead_s", "words"), [(-725, "12 minutes behind"), (7_500, "2 hours ahead of")])
def test_a_clock_that_is_wrong(doctor, way, ahead_s, words):
    """By the Date of AWS's answer, whatever it answers."""
    way.answers.ahead_s = ahead_s

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    assert (ended.status, ended.states()["clock"]) == (1, "to-mend")
    assert ended.the("clock")["found"] == f"This computer's clock is {words} AWS's."
    assert len(ended.the("clock")["commands"]) == 1


def test_a_clock_that_is_a_little_off_is_well(doctor, way):
    """AWS takes it."""
    way.answers.ahead_s = 130

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    assert (ended.status, ended.states()) == (0, WELL)
    assert ended.the("clock")["found"].startswith("This computer's clock is 2 minutes ahead of AWS's.")


# -- credentials --------------------------------------------------------------------------------------------------


def test_no_keys_at_all(doctor, files, tmp_path):
    """With the profiles that there are."""
    (tmp_path / ".aws" / "config").write_text("[profile class]\nregion = us-east-1\n")

    ended = doctor(**files)

    one = ended.the("credentials")
    assert (ended.status, one["state"]) == (1, "to-mend")
    assert "any of which you can name with --profile: class" in one["advice"]
    assert one["commands"] == ["aws configure"]
    assert ended.states() == WELL | {"credentials": "to-mend"} | LATER


def test_half_of_the_keys(doctor):
    """Which half is missing is said."""
    one = doctor(AWS_SECRET_ACCESS_KEY=None).the("credentials")

    assert (one["state"], "AWS_SECRET_ACCESS_KEY" in one["found"]) == ("to-mend", True)


def test_keys_that_aws_does_not_know(doctor):
    """Somebody else's, deleted ones."""
    ended = doctor(keys=Credentials("AKIAIOSFODNN7EXAMPLE", "wrong"))

    assert (ended.status, ended.states()) == (1, WELL | {"credentials": "to-mend"} | LATER)
    assert "InvalidClientTokenId" in ended.the("credentials")["found"]
    assert "AKIAIOSFODNN7EXAMPLE" not in json.dumps(ended.diagnosis) + ended.text


REFUSALS = {
    "expired": (("ExpiredToken", "The security token included in the request is expired", 403), "have expired"),
    "secret": (("SignatureDoesNotMatch", "The request signature we calculated does not match", 403), "does not fit"),
    "late": (("SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1", 403), "request's time"),
    "skewed": (("RequestTimeTooSkewed", "The difference is too large", 403), "request's time"),
    "inactive": (("OptInRequired", "needs a subscription for the service", 403), "not activated the account"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_keys_that_aws_refuses(doctor, way, name):
    """Each with words of its own, and a way out."""
    refusal, words = REFUSALS[name]
    way.answers.refuse["sts"] = refusal

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    one = ended.the("credentials")
    assert (ended.status, ended.states()) == (1, WELL | {"credentials": "to-mend"} | LATER)
    assert words in one["found"]
    assert one["advice"]


def test_aws_is_not_well(doctor, way):
    """Then nothing is to mend, and nobody can tell."""
    way.answers.refuse["sts"] = ("ServiceUnavailable", "try later", 503)

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    assert (ended.status, ended.states()) == (3, WELL | {"credentials": "unknown"} | LATER)


SSO = """\
[profile class]
region = us-east-1
sso_start_url = http://127.0.0.1:9/
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = student
"""


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (SSO, ["aws sso login --profile class"]),
        ("[profile class]\nregion = us-east-1\ncredential_process = /bin/false\n", ["aws configure list"]),
        # Whether botocore has the package that it needs for it.
        (
            "[profile class]\nregion = us-east-1\nlogin_session = arn:aws:iam::1:user/x\n",
            ["pip install 'botocore[crt]'", "aws login --profile class"],
        ),
    ],
)
def test_a_sign_in_that_is_over(doctor, files, tmp_path, text, commands):
    """By the way in which the profile signs in."""
    (tmp_path / ".aws" / "config").write_text(text)

    ended = doctor("--profile", "class", **files)

    one = ended.the("credentials")
    assert (ended.status, one["state"]) == (1, "to-mend")
    assert one["commands"][0] in commands


ROOT_USER = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{0}:root</Arn><UserId>{0}</UserId>"
    "<Account>{0}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)


def test_the_root_users_keys(doctor, account, way):
    """They work, and should not be used."""
    way.answers.tell["sts"] = ROOT_USER.format(account.number)

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    assert (ended.status, ended.states()) == (1, WELL | {"credentials": "to-mend"})
    assert "root user's" in ended.the("credentials")["advice"]


def test_a_learner_lab(doctor, account):
    """Its own rubric is named; by that one all is well but the quotas of one region are asked for."""
    student, _ = learner_lab.enter(account)

    ended = doctor(keys=student.keys)

    assert (ended.status, ended.states()["credentials"]) == (0, "ok")
    assert "--rubric learner-lab" in ended.the("credentials")["advice"]
    assert "A_Student" not in json.dumps(ended.diagnosis) + ended.text
    assert doctor("--rubric", "learner-lab", keys=student.keys).the("credentials")["advice"] is None


def test_a_learner_lab_that_has_ended(doctor, account, way):
    """Its keys still tell whose they are, and open nothing else."""
    policy = f"arn:aws:iam::{account.number}:policy/voc-cancel-cred"
    words = f"is not authorized with an explicit deny in an identity-based policy: {policy}"
    way.answers.refuse["ec2"] = ("UnauthorizedOperation", words, 403)

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    assert (ended.status, ended.states()) == (1, WELL | {"credentials": "to-mend"} | LATER)
    assert "Start Lab" in ended.the("credentials")["advice"]


def test_a_session_that_is_over(doctor, account):
    """As it is hours after the lesson."""
    keys = account.server.session_credentials(account.number, "student", "s")
    import moto.sts.models

    session = moto.sts.models.sts_backends[account.number]["aws"].get_assumed_role_from_access_key(keys.key)
    session.expiration = clock.utcnow().replace(year=2020)

    assert "have expired" in doctor(keys=keys).the("credentials")["found"]


# -- region -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("us-east1", 'Did you mean "us-east-1"?'),
        ("us east", "Regions have names like us-east-1."),
        ("af-south-1", "enable the region first"),
    ],
)
def test_a_region_that_cannot_be_used(doctor, region, words):
    """The keys are good, and the rest is told of a region that can."""
    ended = doctor(AWS_DEFAULT_REGION=region)

    one = ended.the("region")
    assert (ended.status, ended.states()) == (1, WELL | {"region": "to-mend"})
    assert words in one["advice"]
    assert one["commands"] == ["export AWS_DEFAULT_REGION=us-east-1"]


def test_no_region(doctor):
    """The lesson's other tools ask for one."""
    ended = doctor(AWS_DEFAULT_REGION=None)

    assert (ended.status, ended.states()) == (1, WELL | {"region": "to-mend"})
    assert ended.the("region")["commands"] == ["aws configure set region us-east-1"]
    assert doctor("--region", "us-east-1", AWS_DEFAULT_REGION=None).status == 0


def test_a_region_that_is_not_the_lessons(doctor):
    """What is made there would not count."""
    ended = doctor("--rubric", "learner-lab", "--region", "eu-west-1")

    assert (ended.status, ended.states()) == (1, WELL | {"region": "to-mend"})
    assert ended.the("region")["found"] == "The lesson is done in us-east-1 or us-west-2, and your region is eu-west-1."


def test_a_region_that_an_organisation_has_closed(doctor, way):
    """A service control policy denies it."""
    words = "is not authorized to perform: it with an explicit deny in a service control policy"
    way.answers.refuse["sagemaker"] = ("AccessDeniedException", words, 400)

    ended = doctor(AWS_ENDPOINT_URL=way.url, AWS_DEFAULT_REGION="eu-west-1")

    assert (ended.status, ended.states()["region"]) == (1, "to-mend")
    assert "Your organisation has closed eu-west-1" in ended.the("region")["found"]
    assert all("Ask whoever runs your AWS accounts" in one["advice"] for one in ended.of("permissions"))


# -- the account --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "code", "words"),
    [
        ("ec2", "OptInRequired", "not activated all of account"),
        ("ec2", "AuthFailure", "not activated all of account"),
        ("sagemaker", "SubscriptionRequiredException", "not activated all of account"),
        ("s3", "AccountProblem", "is suspended or has a problem"),
    ],
)
def test_an_account_that_is_not_active(doctor, way, service, code, words):
    """Though STS takes its keys."""
    way.answers.refuse[service] = (code, "Your account is pending verification", 403)

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    one = ended.the("account")
    assert (ended.status, one["state"]) == (1, "to-mend")
    assert words in one["found"]
    assert code in one["found"]
    assert one["links"]


# -- permissions --------------------------------------------------------------------------------------------------

ROLE = ["role.trust", "role.scoped", "instance.role"]
JUPYTER = ["notebook.created", "notebook.executed", "notebook.uploaded"]
ENDPOINT = ["endpoint.in_service", "endpoint.prediction"]


@pytest.mark.parametrize(
    ("action", "criteria"),
    [
        ("iam:GetRole", [*ROLE, "teardown.tidy"]),
        ("iam:GetPolicyVersion", ["role.scoped"]),
        ("logs:DescribeLogGroups", [*JUPYTER, *ENDPOINT, "teardown.endpoint"]),
        (
            "sagemaker:ListTrainingJobs",
            ["training.completed", "training.output", *ENDPOINT, "teardown.endpoint", "teardown.everywhere"],
        ),
        ("sagemaker:DescribeModel", ENDPOINT),
        ("s3:GetBucketAcl", ["bucket.private"]),
        ("s3:GetAccountPublicAccessBlock", ["bucket.private"]),
        ("ec2:DescribeNatGateways", ["teardown.everywhere"]),
    ],
)
def test_one_permission_that_is_missing(doctor, account, action, criteria):
    """Exactly this action is named, and exactly those criteria; with what gives it back."""
    account.make_bucket(f"sagemaker-20190701-1820-{account.number[-4:]}")

    ended = doctor(keys=account.user_with(without(action), "ada"))

    one = ended.the("permissions")
    assert (ended.status, ended.states()) == (1, WELL | {"permissions": "to-mend"})
    assert (one["about"], one["criteria"]) == (action, criteria)
    assert one["commands"] == [
        "grade.py policy > skymark-policy.json",
        "aws iam create-policy --policy-name Skymark --policy-document file://skymark-policy.json",
        f"aws iam attach-user-policy --user-name ada --policy-arn arn:aws:iam::{account.number}:policy/Skymark",
    ]
    assert one["links"][0]["url"].endswith("/users/details/ada?section=permissions")


def test_what_is_needed_for_advice_alone_is_nothing_to_mend(doctor, account):
    """Nobody has fewer points without it."""
    ended = doctor(keys=account.user_with(without("sagemaker:ListModels"), "ada"))

    assert (ended.status, ended.states()) == (0, WELL)
    assert "needed for advice alone: sagemaker:ListModels" in ended.the("permissions")["found"]


def test_nothing_is_allowed(doctor, account):
    """Each action once; how it is mended is printed once."""
    nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "none:None", "Resource": "*"}]}

    ended = doctor(keys=account.user_with(nothing, "ada"))

    assert ended.status == 1
    assert ended.states() == WELL | {"account": "unknown", "permissions": "to-mend", "quotas": "unknown"}
    assert ended.text.count("aws iam create-policy") == 1
    assert len({one["about"] for one in ended.of("permissions")}) == len(ended.of("permissions")) > 30


def test_an_explicit_deny(doctor, account):
    """Granting would not help."""
    policy = without()
    policy["Statement"].append({"Effect": "Deny", "Action": "iam:GetRole", "Resource": "*"})

    one = doctor(keys=account.user_with(policy, "ada")).the("permissions")

    assert (one["about"], one["commands"]) == ("iam:GetRole", [])
    assert "explicit Deny" in one["advice"]


# -- quotas -------------------------------------------------------------------------------------------------------


def test_a_quota_of_nothing(doctor, account):
    """As in a new account; the page and the command that ask for more are there."""
    for kind in ("m4.xlarge", "t2.medium", "m5.large"):
        account.set_quota(f"ml.{kind} for endpoint usage", 0)

    ended = doctor()

    one = ended.of("quotas")[2]
    assert (ended.status, one["state"]) == (1, "to-mend")
    assert "AWS allows 0 (ml.m4.xlarge for endpoint usage)" in one["found"]
    assert one["commands"] == [
        "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code L-97CF11BE "
        "--desired-value 1 --region us-east-1"
    ]
    assert one["links"][0]["url"].endswith("/servicequotas/home/services/sagemaker/quotas/L-97CF11BE")
    assert "hours or days" in one["advice"]


def test_another_type_will_do(doctor, account):
    """The lesson accepts it."""
    account.set_quota(NOTEBOOK, 0)

    ended = doctor()

    assert (ended.status, ended.of("quotas")[0]["state"]) == (0, "ok")
    assert ended.of("quotas")[0]["found"] == (
        f"For the notebook instance, AWS allows 0 ({NOTEBOOK}), and 20 (ml.t3.medium for notebook instance usage)."
    )


def test_more_was_asked_for_already(doctor, account):
    """Nobody asks twice; AWS would refuse it."""
    for kind in ("t2.medium", "t3.medium"):
        account.set_quota(f"ml.{kind} for notebook instance usage", 0)
    clock.run(1)
    try:
        account.client("service-quotas").request_service_quota_increase(
            ServiceCode="sagemaker", QuotaCode="L-7B2FD69B", DesiredValue=1.0
        )
        one = doctor().of("quotas")[0]
    finally:
        clock.run(float("inf"))

    assert (one["state"], one["commands"]) == ("to-mend", [])
    assert f'1 of "{NOTEBOOK}" were asked for on ' in one["advice"]
    assert "PENDING" in one["advice"]


LESSON = """\
schema: skymark/rubric/v1
id: other
version: "1"
title: Another
quotas:
  - {service: sagemaker, for: many machines, any_of: [{name: ml.c5.xlarge for training job usage}], at_least: 5}
  - {service: sagemaker, for: a mistake, any_of: [{name: ml.nothing for endpoint usage, code: L-7B2FD69B}]}
criteria:
  - {id: bucket.name, title: A, stage: S, points: 1, hint: H., calls: [s3:ListBuckets]}
"""


def test_another_lesson_names_its_own(doctor, tmp_path):
    """By name, where there is no code; a code that is another quota's is not taken."""
    root = tmp_path / "other"
    for name in ("checks", "rubrics"):
        (root / name).mkdir(parents=True)
    (root / "checks" / "bucket.py").write_text("def check_name(): ...\n")
    (root / "rubrics" / "other.yaml").write_text(LESSON)

    ended = doctor("--lesson", str(root))

    few, none = ended.of("quotas")
    assert (ended.status, few["state"], none["state"]) == (1, "to-mend", "unknown")
    assert "AWS allows 4 (ml.c5.xlarge for training job usage). The lesson needs 5 of any one." in few["found"]
    assert none["found"] == 'For a mistake: AWS tells of no quota "ml.nothing for endpoint usage" in us-east-1.'


def test_the_second_lesson(doctor, account):
    """S3 alone, by its own policy; the commands to paste name the lesson."""
    rubric = load_rubric(Lesson(WEBSITE), "static-website")
    account.make_bucket(f"website-20261124-{account.number}")
    policy = read_only_policy(rubric.survey, predict=False)
    whole = account.user_with(policy, "whole")
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one != "s3:GetBucketWebsite"]

    well = doctor("--lesson", str(WEBSITE), keys=whole)
    less = doctor("--lesson", str(WEBSITE), keys=account.user_with(policy, "less"))

    assert (well.status, well.states()) == (0, WELL)
    assert well.the("permissions")["found"] == (
        "Tried and allowed: 9 calls. Not tried, since it can be asked about an object of yours alone: s3:GetObject."
    )
    assert well.the("quotas")["found"] == "The lesson names no quota."
    assert (less.the("permissions")["about"], less.the("permissions")["criteria"]) == (
        "s3:GetBucketWebsite", ["website.enabled", "website.index_document", "website.error_document"]
    )  # fmt: skip
    assert f"grade.py policy --lesson {WEBSITE} > skymark-policy.json" in less.text


def test_quotas_that_are_throttled(doctor, way):
    """Nobody can tell; all the rest is well."""
    way.answers.refuse["servicequotas"] = ("TooManyRequestsException", "Rate exceeded", 400)

    ended = doctor(AWS_ENDPOINT_URL=way.url)

    assert (ended.status, ended.states()) == (3, WELL | {"quotas": "unknown"})


# -- usage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [("--rubric", "nonsense"), ("--lesson", "/nowhere"), ("--json", "/"), ("--profile",)]
)
def test_wrong_usage(options, tmp_path):
    """Status 2, on standard error, before anything is asked."""
    command = [sys.executable, str(ROOT / "grade.py"), "doctor", *options]

    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
