"""The lesson in an account of AWS Academy Learner Lab: somebody else's role, two regions, keys of a session."""

import json

from simulator.account import TRUST, SimulatedAccount
from simulator.students import predict, train, use_jupyter
from skymark.rubric_file import load_rubric

BUCKET = "sagemaker-20190701-1820"
TO_DO = {"teardown.instance": "pending", "teardown.endpoint": "pending", "teardown.tidy": "pending"}


def follow_in_the_lab(account: SimulatedAccount) -> None:
    """The instance runs under LabRole, which reaches every bucket and which no student can change."""
    account.make_bucket(BUCKET)
    role = account.iam.create_role(RoleName="LabRole", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    account.attach_aws_policy("LabRole", "AmazonS3FullAccess")
    account.make_notebook_instance(role)
    use_jupyter(account)
    predict(account, train(account, role))


def test_nobody_is_marked_down_for_the_role_of_the_lab(account, cloud, survey, judged, lesson):
    """By the rubric `learner-lab` everything is passed but the teardown; by the other one, the role is a mistake."""
    follow_in_the_lab(account)
    keys = cloud.session_credentials(account.number, "voclabs", "user1234567=A_Student")

    found = survey(tuple(load_rubric(lesson, "learner-lab").regions), credentials=keys)

    outcomes = judged(found, rubric="learner-lab")
    assert found.identity.arn.split("/")[-2] == "voclabs"
    assert {id: outcome for id, outcome in outcomes.items() if outcome != "passed"} == TO_DO
    assert not {"role.trust", "role.scoped", "instance.role"} & outcomes.keys()
    assert {id for id, outcome in judged(found).items() if outcome == "failed"} == {"role.scoped"}
