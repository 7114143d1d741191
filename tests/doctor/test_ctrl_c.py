"""Ctrl-C while `grade.py doctor` waits for AWS."""

import signal
import subprocess
import sys

from tests.doctor.conftest import ROOT, environment_of
from tests.signals import hears_ctrl_c

PATIENCE_S = 60
AT_ONCE_S = 10
"""Far less than a call takes that nobody answers."""


def test_whoever_presses_ctrl_c_does_not_wait_for_aws(account, way, tmp_path):
    """Not for the calls that nobody answers, nor for those that have not begun."""
    way.answers.silent = ("iam",)
    doctor = subprocess.Popen(
        [sys.executable, str(ROOT / "grade.py"), "doctor"],
        cwd=tmp_path,
        env=environment_of(account, tmp_path) | {"AWS_ENDPOINT_URL": way.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    try:
        assert way.answers.heard.wait(PATIENCE_S)

        doctor.send_signal(signal.SIGINT)
        said, _ = doctor.communicate(timeout=AT_ONCE_S)
    finally:
        doctor.kill()

    assert (doctor.returncode, said) == (130, "")
