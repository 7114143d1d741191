"""A rubric is read exactly, or every mistake of it is named with its line."""

import json
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from jsonschema import Draft202012Validator

from skymark.errors import RubricError, UsageError
from skymark.lesson import Lesson
from skymark.rubric import (
    LinkTemplate,
    Quota,
    QuotaNeed,
    Rubric,
    RubricCriterion,
    SurveyPlan,
    TimetableStep,
    Warning,
)
from skymark.rubric_file import PLACES, load_rubric, load_rubrics
from skymark.rubric_schema import SCHEMA_FILE
from skymark.window import written_times

CHECKS = "def check_name(): ...\ndef check_region(): ...\ndef check_private(): ...\n"
WEEK = """\
schema: skymark/rubric/v1
id: week
version: "1"
title: A week
survey: {buckets: ["*week*"], algorithm: linear-learner, samples: fixtures/digits.csv}
criteria:
  - id: bucket.name
    title: The name
    stage: Bucket
    points: 6.10
    parameters: {prefix: week, dates: [ymd, dmy], share: 0.8, strict: true, least: 3}
    hint: Name it week.
    links: [{title: Buckets, url: "https://{region}.example.com/{bucket}?a=b"}]
    command: aws s3 ls {bucket} --query '{a:b}'
    warning: {unless: [bucket.region], text: It is gone then.}
  - {id: bucket.region, title: The region, stage: Bucket, points: 4, hint: Choose it.}
"""
HEAD = 'schema: skymark/rubric/v1\nid: lab\nversion: "1"\ntitle: Lab\n'


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """A lesson with three checks and a rubric `week`."""
    for name in ("checks", "rubrics", "fixtures"):
        (tmp_path / name).mkdir()
    (tmp_path / "checks" / "bucket.py").write_text(CHECKS)
    (tmp_path / "fixtures" / "digits.csv").touch()
    (tmp_path / "rubrics" / "week.yaml").write_text(WEEK)
    return Lesson(tmp_path)


def write(lesson: Lesson, name: str, text: str | bytes) -> Path:
    """Put a rubric into the lesson."""
    file = lesson.root / "rubrics" / f"{name}.yaml"
    file.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
    return file


def mistakes(lesson: Lesson, name: str) -> list[str]:
    """What is wrong with a rubric, with the folder left out."""
    with pytest.raises(RubricError) as caught:
        load_rubric(lesson, name)
    return [mistake.removeprefix(f"{lesson.root / 'rubrics'}/") for mistake in caught.value.mistakes]


def test_a_valid_rubric_is_read_to_the_last_digit(lesson: Lesson) -> None:
    """Points and other decimals are what is written, not a float near it."""
    rubric = load_rubric(lesson, "week")

    assert rubric == Rubric(
        id="week",
        version="1",
        title="A week",
        survey=SurveyPlan(("*week*",), "linear-learner", "fixtures/digits.csv"),
        criteria=(
            RubricCriterion(
                id="bucket.name",
                title="The name",
                stage="Bucket",
                points=Decimal("6.10"),
                hint="Name it week.",
                parameters={
                    "prefix": "week",
                    "dates": ["ymd", "dmy"],
                    "share": Decimal("0.8"),
                    "strict": True,
                    "least": 3,
                },
                links=(LinkTemplate("Buckets", "https://{region}.example.com/{bucket}?a=b"),),
                command="aws s3 ls {bucket} --query '{a:b}'",
                warning=Warning(("bucket.region",), "It is gone then."),
            ),
            RubricCriterion("bucket.region", "The region", "Bucket", Decimal(4), "Choose it."),
        ),
    )
    assert str(rubric.criteria[0].points) == "6.10"


def test_an_extending_rubric_says_only_what_differs(lesson: Lesson) -> None:
    """Given keys replace, parameters merge, `without` drops, what is new comes last; the rest is inherited."""
    extra = "criteria:\n  - {id: bucket.name, points: 8, parameters: {share: 1}}\n"
    new = "  - {id: bucket.private, title: Private, stage: Bucket, points: 2.5, hint: Shut it.}\n"
    write(
        lesson,
        "lab",
        HEAD + "extends: week\nlearner_lab: true\nregions: [us-east-1]\nwithout: [bucket.region]\n" + extra + new,
    )

    week, lab = load_rubric(lesson, "week"), load_rubric(lesson, "lab")

    name = week.criteria[0]
    assert lab == Rubric(
        id="lab",
        version="1",
        title="Lab",
        learner_lab=True,
        regions=("us-east-1",),
        survey=week.survey,
        criteria=(
            RubricCriterion(
                id="bucket.name",
                title=name.title,
                stage=name.stage,
                points=Decimal(8),
                hint=name.hint,
                parameters=name.parameters | {"share": 1},
                links=name.links,
                command=name.command,
                warning=None,  # it warned unless a criterion had passed that is left out here
            ),
            RubricCriterion("bucket.private", "Private", "Bucket", Decimal("2.5"), "Shut it."),
        ),
    )


def test_extends_takes_a_path_seen_from_the_file(lesson: Lesson, tmp_path: Path) -> None:
    """A teacher's own variant can lie anywhere."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "base.yaml").write_text(WEEK)
    (tmp_path / "mine" / "own.yaml").write_text(HEAD + "extends: ./base.yaml\n")

    assert load_rubric(lesson, tmp_path / "mine" / "own.yaml").criteria == load_rubric(lesson, "week").criteria


def test_every_mistake_is_reported_at_once(lesson: Lesson) -> None:
    """One round is enough to mend a file: nothing hides behind the first mistake."""
    write(
        lesson,
        "bad",
        """\
        schema: skymark/rubric/v2
        id: Bad
        version: 1
        titel: x
        survey: [a]
        without: [bucket.name]
        criteria:
          - id: bucket.regoin
            title: yes
            stage: Bucket
            points: 0.333
            hint:
            parameters: {A: 1, b: [[1]], c: {d: 1}}
            command: ls {buckt}
            links: [{title: a, url: "http://x"}, {title: b, url: "https://{regio}.x/{"}]
            foo: 1
            warning: {unless: [bucket.nam], text: ""}
          - {id: bucket.name, points: true}
          - []
          - {id: bucket.name, points: .nan, title: a, stage: b, hint: c}
        """,
    )
    places = ", ".join(f"{{{place}}}" for place in PLACES)
    points = "Points are a number from 0 to 1000 with at most two decimals, such as 6 or 2.5; 0 is advice."

    assert mistakes(lesson, "bad") == [
        'bad.yaml:1: schema is "skymark/rubric/v2". The line that opens every rubric is: schema: skymark/rubric/v1.',
        "bad.yaml:1: the rubric has no title. A rubric has schema, id, version, title and criteria; "
        "one that extends another gives only what differs.",
        'bad.yaml:2: id is "Bad". A rubric\'s id is a text of small letters, digits and dashes.',
        'bad.yaml:3: version is 1. The version is a text in quotes, such as "1".',
        'bad.yaml:4: the rubric has an unknown key "titel". Did you mean "title"?',
        "bad.yaml:5: survey is a list. "
        "Say what the survey looks into more closely: "
        "about, buckets, bucket, settings, objects, algorithm, samples, instance.",
        "bad.yaml:6: without stands in a rubric that extends no other. "
        "Only a rubric that extends another can leave criteria out: add extends, or remove without.",
        'bad.yaml:8: no check is called "bucket.regoin". Did you mean "bucket.region"?',
        "bad.yaml:9: yes can mean true/false or a word. Write true or false, or put it in quotes.",
        f"bad.yaml:11: points is 0.333. {points}",
        "bad.yaml:12: hint is empty. Write a text that says what to do about it.",
        'bad.yaml:13: a parameter is called "A". '
        "A parameter's name is made of small letters, digits and _, and begins with a letter.",
        "bad.yaml:13: b holds a list. In a parameter's list stand texts, numbers, true and false.",
        "bad.yaml:13: c is a mapping. A parameter is a text, a number, true, false, or a list of these.",
        f'bad.yaml:14: command has a place {{buckt}} that is not known. Did you mean "bucket"? Allowed: {places}.',
        f"bad.yaml:15: url has a brace that belongs to no place. Allowed: {places}.",
        f'bad.yaml:15: url has a place {{regio}} that is not known. Did you mean "region"? Allowed: {places}.',
        'bad.yaml:15: url is "http://x". '
        "A link begins with https:// and has no spaces; it may use places such as {region}.",
        'bad.yaml:16: the criterion "bucket.regoin" has an unknown key "foo". '
        "Allowed: id, title, stage, points, parameters, expected, why, hint, links, command, warning, calls.",
        'bad.yaml:17: text is "". Write a text.',
        'bad.yaml:17: unless names "bucket.nam", which is not in this rubric. Did you mean "bucket.name"?',
        f"bad.yaml:18: points is true. {points}",
        'bad.yaml:18: the criterion "bucket.name" has no title and no stage and no hint. '
        "A criterion needs id, title, stage, points and hint.",
        "bad.yaml:19: criteria holds a list. "
        "Write one criterion: id, title, stage, points, hint and what else it needs.",
        "bad.yaml:20: .nan is no plain number. Write it like 6 or 2.5, with at most 12 digits, or put it in quotes.",
        'bad.yaml:20: the id "bucket.name" is already in line 18. Each id stands once.',
    ]


@pytest.mark.parametrize(
    "points",
    ["six", '"6"', "-1", "-0.01", "0.001", "true", "no", "", "[6]", ".inf", "1e3", "1.0e+3", "0x6", "010", "1_0"],
)
def test_points_are_plain_numbers(lesson: Lesson, points: str) -> None:
    """What is no number from 0 with two decimals at most is refused on its line, and nothing is made of it."""
    write(lesson, "bad", WEEK.replace("points: 6.10", f"points: {points}"))

    found = mistakes(lesson, "bad")

    assert [mistake.split(": ")[0] for mistake in found] == ["bad.yaml:10"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bad.yaml:1: the file is empty. A rubric begins with: schema: skymark/rubric/v1."),
        ("- a\n", "bad.yaml:1: the file holds a list. A rubric begins with: schema: skymark/rubric/v1."),
        ("a: b: c\n", "bad.yaml:1: the YAML is broken at column 5 ("),
        ("a:\n\t- b\n", "bad.yaml:2: the YAML is broken at column 1 ("),
        ('a: 1\nb: "x\nc: 3\n', "bad.yaml:2: the YAML is broken at column 4 ("),
        (b"a: 1\nb: \xff\n", "bad.yaml:2: this is no UTF-8 text. "),
        ("a: 1\r\nb: \0\r\n", "bad.yaml:2: there is a control character ('\\x00') in this line. "),
        ('a: 1\nb: "\\e[31m"\n', "bad.yaml:2: there is a control character ('\\x1b') in this text. "),
        ("a: &b 1\n", "bad.yaml:1: this is an anchor or alias (& or *). "),
        ("a: !!python/object/apply:os.system [ls]\n", "bad.yaml:1: this has a tag "),
        ("a: 1\n---\nb: 2\n", "bad.yaml:2: a second document begins here. "),
        ("a: " + "[" * 100_000, "bad.yaml:1: this is nested more than 20 levels deep. "),
        ("#" * 1024 * 1024 + "\n", "bad.yaml:1: the file is larger than 1 MiB. "),
    ],
)
def test_what_is_no_plain_yaml_is_one_clear_line(lesson: Lesson, text: str | bytes, said: str) -> None:
    """Broken, dangerous and huge files are refused with line and words before anything is built from them."""
    write(lesson, "bad", text)

    assert any(mistake.startswith(said) for mistake in mistakes(lesson, "bad"))


def test_an_alias_bomb_does_not_go_off(lesson: Lesson) -> None:
    """Nine levels of nine aliases would be 387 million items."""
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    write(lesson, "bad", "\n".join(["a0: &a0 [x]", *levels]))

    found = mistakes(lesson, "bad")

    assert all("this is an anchor or alias" in mistake for mistake in found)


def test_a_key_written_twice_names_both_lines(lesson: Lesson) -> None:
    """YAML would silently take the last."""
    write(lesson, "bad", WEEK + "title: Another\n")

    assert mistakes(lesson, "bad") == ['bad.yaml:17: the key "title" is already in line 4. Write it once.']


def test_rubrics_that_extend_each_other_show_the_circle(lesson: Lesson) -> None:
    """The whole way round is named."""
    write(lesson, "one", HEAD + "extends: two\n")
    write(lesson, "two", HEAD + "extends: one\n")

    assert mistakes(lesson, "one") == [
        "two.yaml:5: the rubrics extend each other in a circle (one.yaml → two.yaml → one.yaml). "
        "One of them must extend none."
    ]


def test_extending_what_is_not_there(lesson: Lesson) -> None:
    """The line, and the name that was meant."""
    write(lesson, "lab", HEAD + "extends: weak\n")

    assert mistakes(lesson, "lab") == [
        'lab.yaml:5: extends is "weak". No rubric is called "weak". '
        'Did you mean "week"? The lesson\'s rubrics: lab, week.'
    ]


def test_an_extending_rubric_names_only_what_the_other_has(lesson: Lesson) -> None:
    """Leaving out or changing what is not there is a slip of the pen, and is said so."""
    changes = "criteria:\n  - {id: bucket.private, points: 3}\n  - {id: bucket.region, points: 3}\n"
    write(lesson, "lab", HEAD + "extends: week\nwithout: [bucket.nam, bucket.region]\n" + changes)

    assert mistakes(lesson, "lab") == [
        'lab.yaml:6: "bucket.region" is left out here and changed in line 9. Do one of the two.',
        'lab.yaml:6: without names "bucket.nam", which is not in the rubric week. Did you mean "bucket.name"?',
        'lab.yaml:8: "bucket.private" is not in the rubric week, so it is new, and it has no title and no stage and no '
        'hint. A new criterion needs title, stage, points and hint. Did you mean "bucket.name"?',
    ]


def test_mistakes_of_the_other_rubric_are_listed_too(lesson: Lesson) -> None:
    """Each with its own file."""
    write(lesson, "week", WEEK.replace("points: 4", "points: four"))
    write(lesson, "lab", HEAD.replace("Lab", '""') + "extends: week\n")

    assert [mistake.split(". ")[0] for mistake in mistakes(lesson, "lab")] == [
        'lab.yaml:4: title is ""',
        'week.yaml:16: points is "four"',
    ]


def test_sample_digits_that_are_not_there(lesson: Lesson) -> None:
    """The file is looked for before a student waits for the survey."""
    (lesson.root / "fixtures" / "digits.csv").unlink()

    (said,) = mistakes(lesson, "week")

    assert said.startswith('week.yaml:5: samples is "fixtures/digits.csv", and there is no such file')


def test_several_rubrics_are_looked_at_together(lesson: Lesson) -> None:
    """The mistakes of all of them, and the files that are not there."""
    write(lesson, "bad", WEEK.replace("id: week", "id: Week"))

    with pytest.raises(RubricError) as caught:
        load_rubrics(lesson, ["week", "bad", "worse"])

    assert [mistake.rpartition("/")[2][:24] for mistake in caught.value.mistakes] == [
        'bad.yaml:2: id is "Week"',
        'No rubric is called "wor',
    ]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("about: [ec2]", 'about holds "ec2". A lesson can be about s3 and sagemaker.'),
        ("about: []", "about is an empty list."),
        ("settings: [cors]", 'settings holds "cors". A setting is one of encryption, lifecycle, ownership,'),
        ("settings: [tags, tags]", "settings names something twice."),
        ('objects: ["my page.html"]', "An object's key, or a pattern of keys, is a text without spaces"),
        ("objects: ['a[b]']", "An object's key, or a pattern of keys, is a text without spaces, brackets and $"),
        ("setings: [tags]", 'Did you mean "settings"?'),
    ],
)
def test_what_a_plan_cannot_ask_for_is_told(lesson: Lesson, plan: str, told: str) -> None:
    """With what it can."""
    write(lesson, "lab", HEAD + f"extends: week\nsurvey: {{{plan}}}\n")

    (mistake,) = mistakes(lesson, "lab")

    assert told in mistake


def test_the_schema_is_a_schema_that_allows_no_unknown_key() -> None:
    """Editors can use it as it is; each object is closed, each part says what is allowed."""
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)

    parts = [schema, *schema["$defs"].values()]
    objects = [part for part in parts if part.get("type") == "object"]
    assert all("additionalProperties" in part for part in objects)
    assert all("description" in part for part in parts)


QUOTAS = """\
quotas:
  - service: sagemaker
    for: the endpoint
    any_of: [{name: ml.m4.xlarge for endpoint usage, code: L-97CF11BE}, {name: ml.m5.large for endpoint usage}]
  - {service: ec2, for: two machines, any_of: [{name: Running On-Demand}], at_least: 2}
"""


def test_what_an_account_must_allow_is_read_and_taken_over(lesson: Lesson) -> None:
    """One that extends it has the same, or its own instead; one is enough where no number stands."""
    write(lesson, "week", WEEK + QUOTAS)
    write(lesson, "same", f"{HEAD}extends: week\n")
    write(lesson, "none", f"{HEAD}extends: week\nquotas: []\n")

    needs = (
        QuotaNeed(
            "sagemaker",
            "the endpoint",
            (Quota("ml.m4.xlarge for endpoint usage", "L-97CF11BE"), Quota("ml.m5.large for endpoint usage")),
            1,
        ),
        QuotaNeed("ec2", "two machines", (Quota("Running On-Demand"),), 2),
    )
    assert [load_rubric(lesson, name).quotas for name in ("week", "same", "none")] == [needs, needs, ()]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{service: sagemaker, for: it}", "a quota has no any_of."),
        ("{service: sagemaker, for: it, any_of: []}", "any_of is an empty list."),
        ("{service: sagemaker, for: it, any_of: [{name: x, code: L-1}]}", 'code is "L-1".'),
        (
            "{service: sagemaker, for: it, any_of: [{nmae: x}]}",
            'a quota has an unknown key "nmae". Did you mean "name"?',
        ),
        ("{service: sagemaker, for: it, any_of: [{name: x}], at_least: 0}", "at_least is 0."),
    ],
)
def test_a_quota_that_is_none_is_named(lesson: Lesson, written: str, said: str) -> None:
    """In the words of whoever wrote it."""
    write(lesson, "week", f"{WEEK}quotas:\n  - {written}\n")

    assert any(said in mistake for mistake in mistakes(lesson, "week"))


def test_several_rubrics_are_read_in_the_order_in_which_they_are_named(lesson: Lesson) -> None:
    """By name or by file."""
    write(lesson, "lab", HEAD + "extends: week\n")

    rubrics = load_rubrics(lesson, ["week", lesson.root / "rubrics" / "lab.yaml"])

    assert rubrics == (load_rubric(lesson, "week"), load_rubric(lesson, "lab"))


def test_a_file_that_cannot_be_read_says_why(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words of the system. Whoever runs the tests may be allowed to read everything."""

    def refuse(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(UsageError) as caught:
        load_rubric(lesson, "week")

    assert str(caught.value) == f"{lesson.root / 'rubrics' / 'week.yaml'}: cannot be read (Permission denied)."


LONG = """\
criteria:
  - title: Another name
    points: 3
    id: bucket.name
"""


def test_what_is_left_out_and_changed_names_the_line_of_the_id(lesson: Lesson) -> None:
    """Wherever in its criterion it stands."""
    write(lesson, "lab", HEAD + "extends: week\nwithout: [bucket.name]\n" + LONG)

    assert mistakes(lesson, "lab") == [
        'lab.yaml:6: "bucket.name" is left out here and changed in line 10. Do one of the two.',
    ]


def test_an_id_that_stands_twice_names_the_line_of_the_first(lesson: Lesson) -> None:
    """Wherever in its criterion it stands."""
    twice = LONG + LONG.removeprefix("criteria:\n")
    write(lesson, "lab", HEAD + "extends: week\n" + twice)

    assert mistakes(lesson, "lab") == [
        'lab.yaml:12: the id "bucket.name" is already in line 9. Each id stands once.',
    ]


NEW = """\
criteria:
  - points: 3
    title: It is private
    stage: Bucket
    id: bucket.private
"""


def test_a_new_criterion_that_lacks_something_is_named_in_the_line_of_its_id(lesson: Lesson) -> None:
    """Only what it lacks is named; no other id is like it here."""
    (lesson.root / "checks" / "zone.py").write_text("def check_private(): ...\n")
    write(lesson, "lab", HEAD + "extends: week\n" + NEW.replace("bucket.private", "zone.private"))

    assert mistakes(lesson, "lab") == [
        'lab.yaml:10: "zone.private" is not in the rubric week, so it is new, and it has no hint. '
        "A new criterion needs title, stage, points and hint.",
    ]


def test_leaving_everything_out_leaves_no_rubric(lesson: Lesson) -> None:
    """Something new has to come in its place."""
    head = HEAD + "extends: week\nwithout: [bucket.name, bucket.region]\n"
    write(lesson, "lab", head)
    write(lesson, "new", head + NEW + "    hint: Shut it.\n")

    assert mistakes(lesson, "lab") == [
        "lab.yaml:6: nothing is left of the rubric. It needs at least one criterion.",
    ]
    assert [one.id for one in load_rubric(lesson, "new").criteria] == ["bucket.private"]


def test_leaving_out_what_is_like_nothing_shows_what_there_is(lesson: Lesson) -> None:
    """All of it."""
    write(lesson, "lab", HEAD + "extends: week\nwithout: [endpoint.prediction]\n")

    assert mistakes(lesson, "lab") == [
        'lab.yaml:6: without names "endpoint.prediction", which is not in the rubric week. '
        "It has: bucket.name, bucket.region.",
    ]


def test_a_check_that_is_like_none_shows_what_there_is(lesson: Lesson) -> None:
    """All of them."""
    write(
        lesson,
        "lab",
        WEEK.replace("bucket.region,", "endpoint.prediction,").replace("[bucket.region]", "[bucket.name]"),
    )

    assert mistakes(lesson, "lab") == [
        'lab.yaml:16: no check is called "endpoint.prediction". There are: bucket.name, bucket.region, bucket.private.',
    ]


def test_checks_that_have_mistakes_are_named_and_hide_no_others(lesson: Lesson) -> None:
    """Whether ids have a check, nobody knows then; the rest of the rubric is looked at all the same."""
    (lesson.root / "checks" / "bucket.py").write_text("def check_name(:\n")
    write(lesson, "week", WEEK.replace("[bucket.region]", "[bucket.nam]"))

    found = mistakes(lesson, "week")

    assert found[0] == (
        'week.yaml:15: unless names "bucket.nam", which is not in this rubric. Did you mean "bucket.name"?'
    )
    assert [one.partition("checks/")[2][:12] for one in found[1:]] == ["bucket.py:1:"]


def test_a_warning_forgets_what_is_left_out_and_keeps_the_rest(lesson: Lesson) -> None:
    """What is not asked for can never have passed."""
    write(lesson, "week", WEEK.replace("[bucket.region]", "[bucket.region, bucket.name]"))
    write(lesson, "lab", HEAD + "extends: week\nwithout: [bucket.region]\n")

    assert load_rubric(lesson, "lab").criteria[0].warning == Warning(("bucket.name",), "It is gone then.")


TIMETABLE = """\
timetable:
  - {step: Name it, minutes: 5, shown_by: [bucket.name, bucket.region]}
  - {step: Rest, minutes: 10}
"""


def test_a_timetable_is_read_and_taken_over_without_what_is_left_out(lesson: Lesson) -> None:
    """Or there is another instead."""
    write(lesson, "week", WEEK + TIMETABLE)
    write(lesson, "lab", HEAD + "extends: week\nwithout: [bucket.region]\n")
    write(lesson, "own", HEAD + "extends: week\ntimetable: [{step: All of it, minutes: 30}]\n")

    assert [load_rubric(lesson, name).timetable for name in ("week", "lab", "own")] == [
        (TimetableStep("Name it", 5, ("bucket.name", "bucket.region")), TimetableStep("Rest", 10)),
        (TimetableStep("Name it", 5, ("bucket.name",)), TimetableStep("Rest", 10)),
        (TimetableStep("All of it", 30),),
    ]


def test_a_step_names_only_criteria_of_the_rubric(lesson: Lesson) -> None:
    """Those that are left out are none of it; nothing is guessed where no id is like it."""
    steps = "timetable:\n  - {step: Name it, minutes: 5, shown_by: [bucket.region, endpoint.x, bucket.nam]}\n"
    write(lesson, "lab", HEAD + "extends: week\nwithout: [bucket.region]\n" + steps)

    assert mistakes(lesson, "lab") == [
        'lab.yaml:8: shown_by names "bucket.nam", which is not in this rubric. Did you mean "bucket.name"?',
        'lab.yaml:8: shown_by names "bucket.region", which is not in this rubric. Did you mean "bucket.name"?',
        'lab.yaml:8: shown_by names "endpoint.x", which is not in this rubric.',
    ]


def test_times_are_the_same_wherever_a_rubric_is_read(lesson: Lesson) -> None:
    """They name a date and a time zone, or are no times."""
    write(lesson, "week", WEEK + "window:\n  since: 2026-11-24 09:00\n  until: at noon\n")

    found = mistakes(lesson, "week")

    assert found[0] == (
        'week.yaml:18: since is "2026-11-24 09:00", which has no date or no time zone. '
        'Write such as "2026-11-24 09:00 Europe/Berlin".'
    )
    assert found[1].startswith('week.yaml:19: until: "at noon"')
    assert len(found) == 2


def test_times_regions_and_learner_lab_are_taken_over_or_replaced(lesson: Lesson) -> None:
    """Each by itself."""
    since = "2026-11-24 09:00 Europe/Berlin"
    write(lesson, "week", WEEK + f"regions: [us-east-1]\nlearner_lab: true\nwindow: {{since: {since}}}\n")
    write(lesson, "same", HEAD + "extends: week\n")
    write(lesson, "own", HEAD + "extends: week\nregions: [eu-west-1]\nlearner_lab: false\nwindow: {until: 3h}\n")

    same, own = load_rubric(lesson, "same"), load_rubric(lesson, "own")

    assert (same.regions, same.learner_lab) == (("us-east-1",), True)
    assert same.times == written_times(since, None, None)
    assert (own.regions, own.learner_lab) == (("eu-west-1",), False)
    assert own.times == written_times(None, "3h", None)
    assert load_rubric(lesson, "own").survey == load_rubric(lesson, "week").survey


def test_a_plan_is_taken_over_key_by_key(lesson: Lesson) -> None:
    """Only what is given replaces something."""
    write(lesson, "lab", HEAD + "extends: week\nsurvey: {algorithm: xgboost}\n")

    assert load_rubric(lesson, "lab").survey == SurveyPlan(("*week*",), "xgboost", "fixtures/digits.csv")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("criteria: [{title: x}]", "bad.yaml:5: a criterion has no stage and no points and no hint. "),
        ("criteria: [{id: bucket.name, links: [{url: 'https://x'}]}]", "bad.yaml:5: a link has no title. "),
        ("criteria: [{id: bucket.name, warning: {text: x}}]", "bad.yaml:5: the warning has no unless. "),
        ("timetable: [{step: x}]", "bad.yaml:5: a step has no minutes. "),
        ("quotas: [{service: x}]", "bad.yaml:5: a quota has no for and no any_of. "),
        ("quotas: [{service: x, for: y, any_of: [{code: L-97CF11BE}]}]", "bad.yaml:5: a quota has no name. "),
        ("survey: {samples: [a]}", "bad.yaml:5: samples is a list. "),
        ("regions: [us-east-1, us-east-1]", "bad.yaml:5: regions names something twice. "),
        ("regions: [us-east-1, 5]", "bad.yaml:5: regions holds 5. "),
    ],
)
def test_each_part_of_a_rubric_is_called_by_its_name(lesson: Lesson, written: str, said: str) -> None:
    """So that it is found in its line."""
    write(lesson, "bad", f"{HEAD}{written}\n")

    assert any(mistake.startswith(said) for mistake in mistakes(lesson, "bad"))


def test_a_lesson_s_rubric_for_learner_labs_is_named_by_the_others(lesson: Lesson) -> None:
    """That itself needs no other."""
    write(lesson, "lab", HEAD + "extends: week\nlearner_lab: true\n")

    assert load_rubric(lesson, "week").for_learner_labs == "lab"
    assert load_rubric(lesson, "lab").for_learner_labs is None


def test_a_place_that_is_like_none_is_told_what_there_is(lesson: Lesson) -> None:
    """Nothing is guessed, and nothing is left blank."""
    write(lesson, "week", WEEK.replace("ls {bucket}", "ls {zzzzzz}"))

    places = ", ".join(f"{{{place}}}" for place in PLACES)
    assert mistakes(lesson, "week") == [
        f"week.yaml:14: command has a place {{zzzzzz}} that is not known. Allowed: {places}.",
    ]


def test_an_id_that_is_none_is_one_mistake(lesson: Lesson) -> None:
    """Nothing else is said of it."""
    write(lesson, "week", WEEK.replace("id: bucket.region,", "id: Bucket,").replace("[bucket.region]", "[bucket.name]"))

    assert [mistake.split(". ")[0] for mistake in mistakes(lesson, "week")] == ['week.yaml:16: id is "Bucket"']


def test_where_the_other_rubric_is_not_there_nothing_is_said_of_what_it_may_have(lesson: Lesson) -> None:
    """A warning may name what would be inherited."""
    criterion = "{id: bucket.name, warning: {unless: [bucket.region], text: Mind it.}}"
    write(lesson, "lab", HEAD + f"extends: weak\ncriteria: [{criterion}]\n")

    assert [mistake.split(". ")[0] for mistake in mistakes(lesson, "lab")] == ['lab.yaml:5: extends is "weak"']


def test_a_mistake_names_its_own_line_however_the_file_is_written(lesson: Lesson) -> None:
    """Samples, a check and the end of the time, each in a line of its own; the rest is as it should be."""
    survey = 'survey:\n  buckets: ["*week*"]\n  samples: fixtures/none.csv\n'
    whole = WEEK.replace(WEEK.splitlines()[4] + "\n", survey).replace("[bucket.region]", "[bucket.name]")
    second = "  - title: The region\n    stage: Bucket\n    points: 4\n    hint: Choose it.\n    id: bucket.regoin\n"
    text = whole.replace(whole.splitlines()[-1] + "\n", second) + "window:\n  until: at noon\n"
    write(lesson, "week", text)

    lines = text.splitlines()
    assert [lines[int(mistake.split(":")[1]) - 1].strip() for mistake in mistakes(lesson, "week")] == [
        "samples: fixtures/none.csv",
        "id: bucket.regoin",
        "until: at noon",
    ]


def test_an_address_may_have_letters_of_both_cases(lesson: Lesson) -> None:
    """Only a brace that belongs to no place is wrong."""
    write(lesson, "week", WEEK.replace("{bucket}?a=b", "{bucket}?X=Ab"))

    assert load_rubric(lesson, "week").criteria[0].links[0].url == "https://{region}.example.com/{bucket}?X=Ab"
