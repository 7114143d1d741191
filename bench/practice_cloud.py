"""How long the practice cloud takes to start, and the lesson in it at full speed.

Run: python bench/practice_cloud.py [RUNS]. The start is a process of its own, until its address answers; the lesson is
bucket to teardown through boto3 over HTTP. Goals: a start under 3 s, a lesson under 30 s. Machines differ, so each is
also told as a ratio to what a run cannot do without: importing moto's SageMaker, and training the same model alone.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from simulator.account import SimulatedAccount  # noqa: E402 - after the path is set
from simulator.digits import training_digits  # noqa: E402
from simulator.linear_learner import Channel, train  # noqa: E402
from simulator.linear_learner.records import write_examples  # noqa: E402
from simulator.server import PracticeServer  # noqa: E402
from simulator.students.steps import follow, tear_down  # noqa: E402
from simulator.training_data import LESSONS_OWN, ZEROS_FROM_OTHERS  # noqa: E402

IMPORTS = (sys.executable, "-c", "import moto.server, moto.sagemaker.responses, moto.s3.responses, moto.iam.responses")


def start() -> float:
    """Seconds from the command to the line that the practice cloud can be used."""
    began = time.perf_counter()
    command = [sys.executable, "-u", str(ROOT / "grade.py"), "lab", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lab:  # noqa: S603 - our own command
        for line in lab.stdout or ():
            if line.startswith("export AWS_DEFAULT_REGION"):
                break
        seconds = time.perf_counter() - began
        lab.terminate()
    return seconds


def imports() -> float:
    """Seconds to import what it is made of."""
    began = time.perf_counter()
    subprocess.run(IMPORTS, check=True)  # noqa: S603 - our own command
    return time.perf_counter() - began


def lesson() -> float:
    """Seconds for the whole lesson and its teardown, nothing waited for."""
    with PracticeServer() as server:
        account = SimulatedAccount(server, "123456789012")
        began = time.perf_counter()
        follow(account)
        tear_down(account)
        return time.perf_counter() - began


def training() -> float:
    """Seconds for the same training alone, outside of any cloud."""
    began = time.perf_counter()
    train(LESSONS_OWN, {"train": Channel(None, (ZEROS_FROM_OTHERS.records(),))})
    return time.perf_counter() - began


def full_training() -> float:
    """Seconds for a training on all 2,400 digits, as the SDK's script does it on the practice cloud's sample data."""
    images, digits = training_digits()
    records = write_examples(images / 255, (digits == 0).astype("float32"))
    began = time.perf_counter()
    train(LESSONS_OWN, {"train": Channel(None, (records,))})
    return time.perf_counter() - began


def medians(runs: int, *measured: Callable[[], float]) -> list[float]:
    """The median of each, run in turn, so that a busy machine slows all of them."""
    rows = [[measure() for measure in measured] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


if __name__ == "__main__":
    os.chdir(ROOT)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    begun, needed, done, learnt, whole = medians(count, start, imports, lesson, training, full_training)
    print(f"start {begun:.2f} s, importing moto {needed:.2f} s, ratio {begun / needed:.2f}")
    print(f"lesson at full speed {done:.2f} s, its training {learnt:.2f} s, ratio {done / learnt:.1f}")
    print(f"training on 2,400 digits {whole:.2f} s")
