"""The script that removes what is left: every command, in an order that works, and nothing that a name says."""

import datetime as dt
import subprocess
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from skymark.outcome import Source, Step
from skymark.render.script import render
from skymark.result import Leftover, RegionNames, Result


def thing(type: str, *steps: str, region: str = "us-east-1", **known) -> Leftover:
    """Something that is left and costs nothing by the hour."""
    cleanup = " && ".join(f"aws {step}" for step in steps)
    return Leftover("x", type, type, region, "there", Decimal(0), cleanup, bills=False, **known)


@pytest.fixture
def result(result: Result) -> Result:
    """What is left is of the lesson: it began five days ago."""
    began = Step(result.surveyed_at - dt.timedelta(days=5), "the bucket was made", Source.LIVE)
    return msgspec.structs.replace(result, steps=(began,))


@pytest.fixture
def left(finished: Result):
    """A result with just these things to tidy away."""

    def of(*things: Leftover) -> Result:
        return msgspec.structs.replace(finished, tidy=things)

    return of


def run(script: str) -> list[str]:
    """What a shell asks the AWS CLI for, a line for each command."""
    says = 'aws() { printf "%s\\n" "$*"; }\n'
    done = subprocess.run(["sh", "-c", says + script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def comments(script: str) -> list[str]:
    """What the script says to whoever reads it."""
    return [line.removeprefix("# ") for line in script.splitlines() if line.startswith("# ")]


def test_the_script_says_whose_it_is_and_what_it_does(result: Result) -> None:
    """Account, time, that nothing was run, what to know before something is deleted, and that there may be more."""
    script = render(result)

    assert script.startswith("#!/bin/sh\n")
    assert comments(script)[:4] == [
        "What is left in account 123456789012, as of 2026-11-24 10:00 UTC, and how to remove it.",
        "Skymark wrote this and ran none of it. Read it before you run it: what is deleted is gone.",
        "Please note: These are the keys of the account's root user. Use an IAM user or role instead.",
        "Not everything could be looked at, so there may be more: `grade.py check` says what.",
    ]


def test_it_removes_what_bills_and_only_names_the_rest(result: Result) -> None:
    """With what each is and costs, region by region; what costs most of a region first."""
    script = render(result)

    assert run(script) == [
        "sagemaker delete-notebook-instance --notebook-instance-name old --region eu-west-1",
        "sagemaker stop-training-job --training-job-name linear-learner-2019-07-01-18-40-12-345 --region us-east-1",
        "sagemaker delete-endpoint --endpoint-name linear-learner-2019-07-01-18-46-30-001 --region us-east-1",
        "sagemaker stop-notebook-instance --notebook-instance-name sm-test --region us-east-1",
        "sagemaker wait notebook-instance-stopped --notebook-instance-name sm-test --region us-east-1",
        "sagemaker delete-notebook-instance --notebook-instance-name sm-test --region us-east-1",
    ]
    assert (
        "endpoint linear-learner-2019-07-01-18-46-30-001 in us-east-1: InService, for 3 days, $0.23 per hour, about"
        " $16.79 so far"
    ) in comments(script)
    assert any(line.startswith("5 more things could be tidied away") for line in comments(script))


def test_all_of_it_is_removed_where_that_is_asked_for(result: Result) -> None:
    """Logs last, after a warning; what counts against nobody never."""
    script = render(result, everything=True)

    assert run(script)[-5:] == [
        *(f"sagemaker delete-model --model-name model-{number} --region us-east-1" for number in (1, 2, 3, 4)),
        "logs delete-log-group --log-group-name /aws/sagemaker/TrainingJobs --region us-east-1",
    ]
    assert any("Get your marks first" in line for line in comments(script))
    assert comments(script)[-3:] == [
        "Also there, and left alone:",
        "address eipalloc-1 in us-east-1: there, $0.005 per hour (not part of the lesson)",
        "key my-key in us-east-1: Enabled (not part of the lesson)",
    ]


def test_what_is_apart_has_no_command_even_if_one_is_known(left) -> None:
    """It was there before the lesson: somebody else's, perhaps."""
    script = render(left(thing("model", "delete", apart="made before the lesson")), everything=True)

    assert run(script) == ["Nothing to remove was seen in 2 regions."]
    assert "model model in us-east-1: there (made before the lesson)" in comments(script)


def test_what_is_older_than_the_lesson_goes_only_if_somebody_says_so(result: Result) -> None:
    """It bills, so its commands are there; but whoever runs the script as it is deletes nobody's other work."""
    began = Step(result.surveyed_at - dt.timedelta(hours=5), "the bucket was made", Source.LIVE)
    script = render(msgspec.structs.replace(result, steps=(began,)))
    endpoint = "sagemaker delete-endpoint --endpoint-name linear-learner-2019-07-01-18-46-30-001 --region us-east-1"
    (asked,) = (at for at, line in enumerate(comments(script)) if "is it yours to delete?" in line)

    assert endpoint not in run(script)
    assert comments(script)[asked + 1] == f"aws {endpoint}"
    assert endpoint in run(script.replace("# aws ", "aws "))
    assert "sagemaker stop-notebook-instance --notebook-instance-name sm-test --region us-east-1" in run(script)


def test_commands_of_several_lines_are_taken_back_as_a_whole(left) -> None:
    """No line of them is left to run by itself."""
    old = thing("app", "one", "two", created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    script = render(msgspec.structs.replace(left(), leftovers=(old,)))

    assert run(script) == []
    assert run(script.replace("# aws ", "aws ").replace("#   aws ", "  aws ")) == ["one", "two"]


def test_what_has_to_go_first_goes_first(left) -> None:
    """In each region; roles and logs when everything that may use them is gone."""
    order = ("inference-component", "endpoint-config", "trial", "experiment", "space", "domain", "file-system")
    things = [thing(type, f"{type} {region}", region=region) for type in order for region in ("b", "a")]
    ends = [
        thing("log-group", "log-group", region="a"),
        thing("role", "role", region="global"),
        thing("bucket", "bucket", region="b"),
    ]

    done = run(render(left(*reversed(things), *ends), everything=True))

    assert done == [*(f"{type} {region}" for region in ("a", "b") for type in order), "bucket", "role", "log-group"]


def test_a_command_is_there_once_however_many_things_need_it(left) -> None:
    """A domain takes its spaces with it; a second time AWS would refuse, and the rest of the line would not run."""
    space = thing("space", "delete-space")
    domain = thing("domain", "delete-space", "delete-domain")
    trial = thing("trial", "delete-trial")
    again = thing("image", "delete-trial")

    script = render(left(domain, space, trial, again), everything=True)

    assert sorted(run(script)) == ["delete-domain", "delete-space", "delete-trial"]
    assert "Is removed with what stands above." in comments(script)


def test_a_wait_is_there_as_often_as_it_is_needed(left) -> None:
    """The second address waits for the same gateway."""
    wait = "ec2 wait nat-gateway-deleted"
    things = (thing("nat-gateway", "delete", wait), thing("address", wait, "release"))

    assert run(render(left(*things), everything=True)) == ["delete", wait, wait, "release"]


def test_one_failure_does_not_stop_the_rest(left) -> None:
    """The costly things go, whatever a cheap one says; but nothing is deleted that could not be stopped."""
    things = (thing("image", "one", "two"), thing("model", "three"))
    script = render(left(*things), everything=True)
    fails = 'aws() { echo "$*"; [ "$1" != one ]; }\n'

    done = subprocess.run(["sh", "-c", fails + script], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["one", "three"]


def test_where_nothing_is_left_a_script_says_so(finished: Result) -> None:
    """It can be run all the same."""
    script = render(finished)

    assert run(script) == ["Nothing to remove that bills by the hour was seen in 2 regions."]
    one = msgspec.structs.replace(finished, regions=RegionNames(("us-east-1",), (), ()))
    assert run(render(one, everything=True)) == ["Nothing to remove was seen in 1 region."]


def test_what_needs_no_command_says_so(left) -> None:
    """AWS is already at work on it."""
    script = render(left(thing("cluster")), everything=True)

    assert "No command: AWS is at work on it, or it cannot be removed by one." in comments(script)


def test_a_hostile_name_stays_in_its_comment_and_is_in_no_command(hostile: Result, tmp_path: Path) -> None:
    """Neither a line end, nor what turns the terminal's writing, nor a command."""
    script = render(hostile, everything=True)

    assert not {"\x1b", "\u202e", "\ud800", "\r"} & set(script)
    assert [line for line in script.splitlines() if line and not line.startswith("#")] == []
    evil = thing("model", "delete-model --model-name 'x; touch broken'", apart=None)
    named = msgspec.structs.replace(evil, id="x\ntouch broken\r touch broken", status="`touch broken`")
    made = render(msgspec.structs.replace(hostile, leftovers=(), tidy=(named,)), everything=True)
    subprocess.run(["sh", "-c", f"aws() {{ true; }}\n{made}"], cwd=tmp_path, check=True)
    assert list(tmp_path.iterdir()) == []


def test_only_skymarks_own_commands_are_said_otherwise(left) -> None:
    """A name is never changed in a command: it would remove something else."""
    named = "aws s3api abort-multipart-upload --bucket b --key 'grade.py check' --upload-id u --region us-east-1"
    upload = msgspec.structs.replace(thing("multipart-upload", "x"), cleanup=named)

    script = render(left(upload, thing("model", "y")), said=lambda text: text.replace("grade.py", "skymark"))
    everything = render(left(upload), everything=True, said=lambda text: text.replace("grade.py", "skymark"))

    assert "`skymark cleanup --all`" in script
    assert named in everything
