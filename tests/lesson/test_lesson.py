"""The lesson as script, as notebook and in the AWS CLI, from bucket to teardown, against the practice cloud.

Nothing is changed for it but the address of AWS. It runs where the SageMaker SDK is: `tox -e lesson`.
"""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

if find_spec("sagemaker") is None:
    pytest.skip("the SageMaker SDK has an environment of its own: tox -e lesson", allow_module_level=True)

LESSON = Path(__file__).parents[2] / "lesson"
SCRIPT = LESSON / "linear_learner_mnist.py"
BUCKET = "sagemaker-20190701-1820"
TRAINED = ("training.completed", "training.output", "endpoint.in_service", "endpoint.prediction")
TEARDOWN = ("teardown.instance", "teardown.endpoint")
CLEANED_UP = {
    "training.completed": "passed",
    "training.output": "passed",
    "teardown.instance": "pending",
    "teardown.endpoint": "passed",
}
NOTHING = {"endpoints": 0, "configurations": 0, "models": 0}


def lost(before, after):
    """What passed and is now neither passed nor `unverified`, which is what nobody can see any more."""
    return {id for id, outcome in before.items() if outcome == "passed" and after[id] not in ("passed", "unverified")}


def told_right(text):
    """The percentage of digits that were told right, as the lesson prints it."""
    found = re.search(r"([\d.]+)% told right", text)
    assert found, text
    return float(found[1])


@pytest.fixture
def student(enrol, step_4):
    """Somebody who has done step 4."""
    return step_4(enrol())


def test_the_script_runs_the_lesson_and_the_checks_follow(student):
    """Trained, deployed and asked for real; then cleaned up. Nobody but the practice cloud is called."""
    before = student.outcomes(*TRAINED)
    run = student.types(sys.executable, "-W", "error", SCRIPT, "--bucket", BUCKET, "--keep")
    kept = student.outcomes(*TRAINED, *TEARDOWN)
    cleanup = student.types(sys.executable, SCRIPT, "--bucket", BUCKET, "--cleanup-only")
    after = student.outcomes(*TRAINED, *TEARDOWN)

    assert set(before.values()) <= {"pending", "blocked"}
    assert (run.returncode, run.stderr) == (0, "")
    assert told_right(run.stdout) >= 95
    assert kept == dict.fromkeys(TRAINED, "passed") | dict.fromkeys(TEARDOWN, "pending")
    assert (cleanup.returncode, cleanup.stderr) == (0, "")
    assert lost(kept, after) == set()
    assert {id: after[id] for id in CLEANED_UP} == CLEANED_UP
    assert student.left() == NOTHING
    assert student.hosts() == set()


def test_where_a_quota_refuses_a_machine_the_script_takes_another(enrol, step_4):
    """Kindly; and what was made for the one that was refused does not stay."""
    student = step_4(enrol("ml.m5.large for training job usage=0", "ml.t2.medium for endpoint usage=0"))

    run = student.types(sys.executable, SCRIPT, "--bucket", BUCKET)

    assert (run.returncode, run.stderr) == (0, "")
    assert "AWS refused ml.m5.large for training. That is no mistake of yours; the next type is tried." in run.stdout
    assert "AWS refused ml.t2.medium for an endpoint." in run.stdout
    assert student.left() == NOTHING


def test_where_the_script_cannot_go_on_it_says_why_in_a_sentence(enrol, step_4):
    """No bucket of that name; no notebook instance; a bucket in another region. The exit status is 2."""
    student = enrol()
    no_bucket = student.types(sys.executable, SCRIPT, "--bucket", BUCKET)
    student.client("s3").create_bucket(Bucket="sagemaker-20190701-1821")
    no_instance = student.types(sys.executable, SCRIPT, "--bucket", "sagemaker-20190701-1821")
    step_4(student)
    elsewhere = student.types(sys.executable, SCRIPT, "--bucket", BUCKET, "--region", "eu-west-1")

    said = [(run.returncode, run.stdout, run.stderr.split(". ")[0]) for run in (no_bucket, no_instance, elsewhere)]
    assert said == [
        (2, "", f"There is no bucket called {BUCKET}"),
        (2, "", "There is no notebook instance called sm-test in us-east-1, whose role could be used"),
        (2, "", f"The bucket {BUCKET} is in us-east-1; work there: --region us-east-1\n"),
    ]


def test_on_a_notebook_instance_the_script_takes_its_own_role(student):
    """By the file that AWS puts there, as the SDK reads it."""
    metadata = student.folder / "resource-metadata.json"
    metadata.write_text(json.dumps({"ResourceName": "sm-test"}))
    program = (
        "import runpy, sys, sagemaker.session; sagemaker.session.NOTEBOOK_METADATA_FILE = sys.argv[2]\n"
        "names = runpy.run_path(sys.argv[1]); print(names['find_role'](names['open_session'](None)))"
    )

    run = student.types(sys.executable, "-c", program, SCRIPT, metadata)

    assert run.stdout.splitlines()[-1].endswith(":role/service-role/AmazonSageMaker-ExecutionRole-20190701T182197")


def run_cells(client, *, cleanup):
    """Run the notebook's cells that are tagged `cleanup`, or all others; returns what they print."""
    for index, cell in enumerate(client.nb.cells):
        if cell.cell_type == "code" and ("cleanup" in cell.metadata.get("tags", ())) == cleanup:
            client.execute_cell(cell, index)
    outputs = [output for cell in client.nb.cells for output in cell.get("outputs", ())]
    return {name: "".join(one.text for one in outputs if one.get("name") == name) for name in ("stdout", "stderr")}


def open_notebook(folder):
    """The lesson's notebook, in Jupyter with this environment's kernel; it has 120 seconds for a cell."""
    from nbclient import NotebookClient

    notebook = nbformat.read(LESSON / "linear_learner_mnist.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, kernel_name="python3", timeout=120, resources=resources)


def test_the_notebook_runs_the_lesson_and_the_checks_follow(student):
    """As the script does, cell by cell; the cells that clean up can be left out, and run later."""
    client = open_notebook(student.folder)
    with client.setup_kernel(env=student.environment | {"LESSON_BUCKET": BUCKET}):
        said = run_cells(client, cleanup=False)
        kept = student.outcomes(*TRAINED, *TEARDOWN)
        last = run_cells(client, cleanup=True)
    after = student.outcomes(*TRAINED, *TEARDOWN)

    assert said["stderr"] == ""
    assert told_right(said["stdout"]) >= 95
    assert kept == dict.fromkeys(TRAINED, "passed") | dict.fromkeys(TEARDOWN, "pending")
    assert "Endpoints left in us-east-1: none." in last["stdout"]
    assert lost(kept, after) == set()
    assert {id: after[id] for id in CLEANED_UP} == CLEANED_UP
    assert student.left() == NOTHING
    assert student.hosts() == set()


def test_the_notebook_asks_kindly_for_the_buckets_name(tmp_path):
    """Whoever forgets to type it reads one sentence, and nothing has been asked of AWS yet."""
    from nbclient.exceptions import CellExecutionError

    client = open_notebook(tmp_path)
    with client.setup_kernel(), pytest.raises(CellExecutionError) as stopped:
        run_cells(client, cleanup=False)

    (failed,) = [output for cell in client.nb.cells for output in cell.get("outputs", ()) if "traceback" in output]
    assert stopped.value.ename == "Stop"
    assert failed.traceback == [
        "Almost: please type the name of your own bucket between the quotes above, and run this cell again."
    ]


def test_the_notebook_is_handed_out_clean():
    """A valid one: no outputs, no counts, the kernel of the lesson, and the cleanup in cells that are tagged."""
    notebook = nbformat.read(LESSON / "linear_learner_mnist.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

    assert [cell for cell in code if cell["outputs"] or cell["execution_count"]] == []
    assert notebook["metadata"]["kernelspec"]["name"] == "conda_python3"
    assert [cell["id"] for cell in code if "cleanup" in cell["metadata"].get("tags", ())] == ["cleanup", "left"]


def test_the_command_line_runs_the_lesson_and_the_checks_follow(enrol):
    """From an empty account to one in which nothing is left; every criterion passes, the teardown's last."""
    student = enrol("ml.m5.large for training job usage=0", "ml.t2.medium for endpoint usage=0")

    lesson = student.types("bash", LESSON / "lesson.sh", "lesson", BUCKET)
    student.clicks_in_jupyter()
    kept = student.outcomes()
    teardown = student.types("bash", LESSON / "lesson.sh", "teardown", BUCKET)
    after = student.outcomes()
    sweep = student.types("bash", LESSON / "lesson.sh", "sweep", BUCKET)

    assert [(run.returncode, run.stderr) for run in (lesson, teardown, sweep)] == [(0, "")] * 3
    assert int(re.search(r"(\d+) of 100 digits told right", lesson.stdout)[1]) >= 95
    assert {id for id, outcome in kept.items() if outcome != "passed"} == {*TEARDOWN, "teardown.tidy"}
    assert lost(kept, after) == set()
    assert {id: after[id] for id in CLEANED_UP} == dict.fromkeys(CLEANED_UP, "passed")
    assert student.left() == NOTHING
    assert student.client("s3").list_buckets()["Buckets"] == []
    assert student.client("iam").list_roles(PathPrefix="/service-role/")["Roles"] == []


def test_the_command_line_wants_a_bucket_of_the_lessons_kind(tmp_path, enrol):
    """One sentence, before anything is made."""
    student = enrol()

    run = student.types("bash", LESSON / "lesson.sh", "lesson", "my-bucket")

    assert run.returncode == 2
    assert run.stderr == (
        "The bucket's name must be sagemaker-<date>-<time>, such as sagemaker-20190701-1820; this is my-bucket\n"
    )


def test_all_three_try_the_same_machines_in_the_same_order():
    """Script, notebook and command line: to train, then to deploy."""
    files = ("linear_learner_mnist.py", "linear_learner_mnist.ipynb", "lesson.sh")
    tried = [re.findall(r"ml\.[a-z0-9]+\.[a-z0-9]+", (LESSON / file).read_text("utf-8"))[-8:] for file in files]

    assert tried[0] == tried[1] == tried[2]
    assert len(set(tried[0][:4])) == len(set(tried[0][4:])) == 4


def test_the_watch_sees_who_is_called(enrol):
    """That nobody was called is told by a watch that would have seen it. (No packet is sent here.)"""
    student = enrol()

    student.types(sys.executable, "-c", "import socket; socket.socket(type=2).connect(('192.0.2.1', 9))")

    assert student.hosts() == {"192.0.2.1"}


def test_records_are_the_sdks_own_byte_for_byte(tmp_path):
    """What the AWS CLI uploads is what the SDK would write."""
    program = """
import io, sys
import numpy as np
from sagemaker.amazon.common import write_numpy_to_dense_tensor
sys.path.insert(0, sys.argv[1])
from mnist_records import record
images, labels = np.random.default_rng(7).random((3, 784), dtype="float32"), np.array([0, 1, 0], dtype="float32")
expected = io.BytesIO()
write_numpy_to_dense_tensor(expected, images, labels)
sys.exit(b"".join(map(record, images, labels)) != expected.getvalue())
"""
    done = subprocess.run([sys.executable, "-c", program, str(LESSON)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
