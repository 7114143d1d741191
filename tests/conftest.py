"""A good account as a survey would find it, and the means to change one thing in it."""

import datetime as dt
import functools
import gc
import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.loaders
import botocore.session
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings

from skymark.evidence import (
    Bucket,
    ConfigVariant,
    Endpoint,
    EndpointConfig,
    EndpointLog,
    EndpointVariant,
    Gap,
    Identity,
    Invocation,
    JupyterLog,
    LogLine,
    Model,
    NotebookInstance,
    Policy,
    PublicAccessBlock,
    Regions,
    Role,
    Survey,
    TrainingJob,
)
from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.outcome import Verdict
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric
from skymark.survey import history

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says how busy the machine is: speed is measured in bench/.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# bench/mutants.py asks only whether a test fails, thousands of times.
settings.register_profile(
    "hasty",
    parent=settings.get_profile("unhurried"),
    max_examples=10,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("unhurried")

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
ACCOUNT = "123456789012"
BUCKET = "sagemaker-20190701-1820"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AmazonSageMaker-ExecutionRole-20190701T182197"
IMAGE = "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"
JOB = "linear-learner-2019-07-01-18-40-12-345"
ENDPOINT = "linear-learner-2019-07-01-18-46-30-001"
ARTIFACT = f"s3://{BUCKET}/sagemaker/DEMO-linear-mnist/output/{JOB}/output/model.tar.gz"
LABELS = (0,) * 10 + tuple(range(1, 10)) + (1,)


@pytest.fixture(autouse=True, scope="session")
def _not_on_github() -> Iterator[None]:
    """What GitHub's runner says of itself is a test's to say, wherever the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True, scope="session")
def _descriptions_read_once() -> Iterator[None]:
    """Each session of botocore would read its descriptions of AWS's services again; they are the same for all."""
    make = botocore.loaders.create_loader
    loader = make()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", lambda path=None: make(path) if path else loader)
        yield


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that may not write: what measures coverage would say so where they end."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(autouse=True, scope="session")
def _seldom_collected() -> Iterator[None]:
    """Walking through moto's and botocore's models in search of garbage would take a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    yield
    gc.set_threshold(*usual)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium."""
    if not CHROMIUM.exists() and "CI" not in os.environ:
        pytest.skip(f"needs a browser: {CHROMIUM} is not there")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


def at(clock: str) -> dt.datetime:
    """A time of the lesson's day."""
    return dt.datetime.fromisoformat(f"2019-07-01T{clock}:00+00:00")


def statement(effect: str, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    """One statement of a policy."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    """A policy's JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def specific(bucket: str) -> str:
    """What the console's wizard writes for "Specific S3 buckets"."""
    return document(
        statement("Allow", ["s3:ListBucket"], [f"arn:aws:s3:::{bucket}"]),
        statement("Allow", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [f"arn:aws:s3:::{bucket}/*"]),
    )


def answer(said: tuple[int, ...]) -> str:
    """What a Linear Learner endpoint answers."""
    return json.dumps({"predictions": [{"score": 0.9 if one else 0.1, "predicted_label": one} for one in said]})


GOOD = Survey(
    surveyed_at=at("19:00"),
    identity=Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/student"),
    region="us-east-1",
    regions=Regions(("eu-west-1", "us-east-1", "us-west-2")),
    notebook_instances=(
        NotebookInstance(
            "sm-test",
            "us-east-1",
            "InService",
            "ml.t2.medium",
            at("18:22"),
            role_arn=ROLE,
            root_access=True,
            accelerator_types=(),
            volume_gib=5,
        ),
    ),
    training_jobs=(
        TrainingJob(
            JOB,
            "us-east-1",
            "Completed",
            at("18:40"),
            image=IMAGE,
            role_arn=ROLE,
            input_uris=(f"s3://{BUCKET}/sagemaker/DEMO-linear-mnist/train/recordio-pb-data",),
            output_uri=f"s3://{BUCKET}/sagemaker/DEMO-linear-mnist/output",
            artifact_uri=ARTIFACT,
            instance_type="ml.c4.xlarge",
            instance_count=1,
            ended_at=at("18:44"),
        ),
    ),
    endpoints=(
        Endpoint(
            ENDPOINT,
            "us-east-1",
            "InService",
            at("18:46"),
            config_name="config-of-its-own-name",
            variants=(EndpointVariant("AllTraffic", 1),),
        ),
    ),
    endpoint_configs=(
        EndpointConfig(
            "config-of-its-own-name",
            "us-east-1",
            at("18:46"),
            (ConfigVariant("AllTraffic", "model-of-its-own-name", "ml.m4.xlarge"),),
        ),
    ),
    models=(Model("model-of-its-own-name", "us-east-1", at("18:46"), IMAGE, ARTIFACT, ROLE),),
    buckets=(
        Bucket(
            BUCKET,
            at("18:20"),
            "us-east-1",
            looked_into=True,
            public_access_block=PublicAccessBlock(True, True, True, True),
            policy_is_public=False,
            acl_is_public=False,
            has_objects=True,
        ),
    ),
    roles=(
        Role(
            ROLE.rsplit("/", 1)[-1],
            ROLE,
            at("18:21"),
            document(
                {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            (
                Policy("AmazonSageMaker-ExecutionPolicy-20190701T182197", "customer", specific(BUCKET)),
                Policy(
                    "AmazonSageMakerFullAccess",
                    "aws",
                    document(statement("Allow", ["s3:GetObject"], ["arn:aws:s3:::*sagemaker*"])),
                    "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
                ),
            ),
        ),
    ),
    jupyter_logs=(
        JupyterLog(
            "sm-test",
            "us-east-1",
            at("18:26"),
            at("18:36"),
            (
                LogLine(at("18:31"), "created"),
                LogLine(at("18:32"), "kernel"),
                LogLine(at("18:34"), "uploaded", "portfolio_planner_part_2.ipynb"),
                LogLine(at("18:36"), "saved", "portfolio_planner_part_2.ipynb"),
            ),
        ),
    ),
    endpoint_logs=(EndpointLog(ENDPOINT, "us-east-1", at("18:51"), 101),),
    invocations=(
        Invocation(ENDPOINT, "us-east-1", LABELS, "application/json", answer(tuple(int(d == 0) for d in LABELS))),
    ),
)


@pytest.fixture(autouse=True)
def own_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the gradebook of whoever runs it, nor into another test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data" / uuid.uuid4().hex))
        yield


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice cloud lets CloudTrail be asked as fast as anybody likes."""
    monkeypatch.setattr(history, "BETWEEN_CALLS_S", 0)


@pytest.fixture(scope="session")
def good() -> Survey:
    """The lesson done well, before the teardown: only the teardown is still to do."""
    return GOOD


@pytest.fixture(scope="session")
def empty(good: Survey) -> Survey:
    """An account in which nothing was ever made."""
    nothing = ("notebook_instances", "training_jobs", "endpoints", "endpoint_configs", "models", "buckets")
    traces = ("roles", "jupyter_logs", "endpoint_logs", "invocations")
    return msgspec.structs.replace(good, **dict.fromkeys((*nothing, *traces), ()))


@pytest.fixture(scope="session")
def torn_down(good: Survey) -> Survey:
    """The lesson done well, then everything deleted that bills by the hour."""
    return msgspec.structs.replace(good, notebook_instances=(), endpoints=(), invocations=())


@pytest.fixture(scope="session")
def lesson() -> Lesson:
    """This repository's own lesson."""
    return Lesson(ROOT)


@pytest.fixture
def one_region(tmp_path: Path) -> Path:
    """A rubric file: the lesson's own rubric in us-east-1 alone, for what has nothing to do with the other regions."""
    file = tmp_path / "one-region.yaml"
    base = ROOT / "rubrics" / "sagemaker-intro.yaml"
    file.write_text(
        f'schema: skymark/rubric/v1\nid: sagemaker-intro\nversion: "1"\ntitle: One region\nextends: {base}\n'
        "regions: [us-east-1]\n",
        "utf-8",
    )
    return file


@functools.cache
def _rubric(lesson: Lesson, name: str) -> Rubric:
    return load_rubric(lesson, name)


def _verdicts(
    lesson: Lesson, survey: Survey, *, final: bool = False, rubric: str = "sagemaker-intro"
) -> dict[str, Verdict]:
    judgement = judge(survey, _rubric(lesson, rubric), lesson, final=final)
    return {verdict.id: verdict for verdict in judgement.verdicts}


@functools.cache
def _outcomes_of_good(lesson: Lesson, **options: Any) -> dict[str, str]:
    return {id: str(verdict.outcome) for id, verdict in _verdicts(lesson, GOOD, **options).items()}


@pytest.fixture
def verdicts(lesson: Lesson) -> Callable[..., dict[str, Verdict]]:
    """Judge a survey; verdicts by criterion."""

    return functools.partial(_verdicts, lesson)


@pytest.fixture
def outcomes(verdicts: Callable[..., dict[str, Verdict]]) -> Callable[..., dict[str, str]]:
    """Judge a survey; outcomes by criterion, as words."""

    def judged(survey: Survey, **options: Any) -> dict[str, str]:
        return {id: str(verdict.outcome) for id, verdict in verdicts(survey, **options).items()}

    return judged


@pytest.fixture(scope="session")
def changed() -> Callable[..., Survey]:
    """Replace fields of the first thing of one kind: `changed(survey, "buckets", region="eu-west-1")`."""

    def change(survey: Survey, kind: str, **fields: Any) -> Survey:
        first, *others = getattr(survey, kind)
        return msgspec.structs.replace(survey, **{kind: (msgspec.structs.replace(first, **fields), *others)})

    return change


@pytest.fixture(scope="session")
def denied() -> Callable[..., Survey]:
    """The survey with one call that was refused."""

    def refuse(survey: Survey, service: str, call: str, region: str | None = None, **known: Any) -> Survey:
        gap = Gap(service, call, region, "AccessDeniedException", f"Grant {service}:{call}.", **known)
        return msgspec.structs.replace(survey, gaps=(*survey.gaps, gap))

    return refuse


@pytest.fixture
def difference(lesson: Lesson, outcomes: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    """The outcomes of a survey that differ from those of the good account."""

    def compare(survey: Survey, **options: Any) -> dict[str, str]:
        before = _outcomes_of_good(lesson, **options)
        return {id: outcome for id, outcome in outcomes(survey, **options).items() if outcome != before[id]}

    return compare


@pytest.fixture(name="answer")
def answer_fixture() -> Callable[[tuple[int, ...]], str]:
    """What a Linear Learner endpoint answers that says these labels."""
    return answer
