"""`grade.py lab`: what it says, how it stops, and what it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest

from simulator.account import TRUST
from simulator.clock import clock
from simulator.lab import Settings, run, settings
from simulator.server import CONFIG
from skymark.errors import UsageError

ROOT = Path(__file__).parents[2]


def lab(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(ROOT / "grade.py"), "lab", *arguments]
    unbuffered = os.environ | {"PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=unbuffered)


def exports(process: "subprocess.Popen[str]") -> dict[str, str]:
    """What it prints to be pasted."""
    found: dict[str, str] = {}
    assert process.stdout is not None
    while len(found) < 4 and (line := process.stdout.readline()):
        name, _, value = line.removeprefix("export ").strip().partition("=")
        if name.startswith("AWS_") and value:
            found[name] = value
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_printed_leads_in_and_a_signal_ends_it(number: signal.Signals) -> None:
    """The pasted lines are enough for a client; Ctrl-C and a plain kill stop it with status 0."""
    process = lab("--port", "0", "--speed", "inf")
    try:
        told = exports(process)
        client = boto3.client(
            "sts",
            told["AWS_DEFAULT_REGION"],
            endpoint_url=told["AWS_ENDPOINT_URL"],
            aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
            config=CONFIG,
        )
        account = client.get_caller_identity()["Account"]
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()

    assert len(account) == 12
    assert out.endswith("The practice cloud has stopped; nothing of it is left.\n")
    assert (process.returncode, err) == (0, "")


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    """Who listens there already is not disturbed; the line says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = lab("--port", str(port))
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (2, "")
    assert err == (
        f"Port {port} cannot be used: Address already in use. Choose another one, or 0 for any that is free.\n"
    )


@pytest.mark.parametrize(
    ("port", "speed", "region", "quotas", "words"),
    [
        (0, 0, "us-east-1", (), "--speed 0: must be more than 0"),
        (0, -1, "us-east-1", (), "--speed -1: must be more than 0"),
        (0, float("nan"), "us-east-1", (), "--speed nan: must be more than 0"),
        (0, 1, "us-east-9", (), "--region us-east-9: is none that a new account has"),
        (0, 1, "ap-east-1", (), "--region ap-east-1: is none that a new account has"),
        (0, 1, "us-east-1", ("bogus=1",), '--quota "bogus=1": is not like'),
        (0, 1, "us-east-1", ("many",), '--quota "many": is not like'),
        (0, 1, "us-east-1", ("ml.m4.xlarge for endpoint usage=-1",), "is not like"),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(port, speed, region, quotas, words) -> None:
    """One line that names the option, and what would be right."""
    with pytest.raises(UsageError) as error:
        settings(port, speed, region, quotas)

    assert words in str(error.value)


def test_changes_of_state_are_told_as_they_come() -> None:
    """Who watches the terminal sees the instance start."""
    said: list[str] = []
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(Settings(speed=3600.0), said.append, stop))
    thread.start()
    try:
        while not said:
            stop.wait(0.05)
        told = dict(line.removeprefix("export ").split("=", 1) for line in said[0].splitlines() if "=" in line)

        def made(service: str) -> Any:
            return boto3.client(
                service,  # type: ignore[call-overload]
                "us-east-1",
                endpoint_url=told["AWS_ENDPOINT_URL"],
                aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
                config=CONFIG,
            )

        role = made("iam").create_role(RoleName="any", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        made("sagemaker").create_notebook_instance(
            NotebookInstanceName="sm-test", InstanceType="ml.t2.medium", RoleArn=role
        )
        waited = 0
        while not any("InService" in line for line in said) and waited < 200:
            stop.wait(0.05)
            waited += 1
    finally:
        stop.set()
        thread.join()
        clock.run(float("inf"))

    told_of = [line.partition("  ")[2] for line in said[1:-1]]
    assert told_of[-1].endswith("InService")
    assert all(line.startswith("us-east-1  notebook-instance sm-test: ") for line in told_of)
