"""Commands as a shell takes them."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.cost.commands import aws, for_each, joined, separate, until_none

# A shell takes no NUL, and nothing that is no Unicode can be written.
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1)


@given(NAMES)
def test_whatever_a_name_holds_it_stays_one_word(name: str) -> None:
    """Pasted into a shell it is an option's value, and neither a command nor an option of its own."""
    words = shlex.split(aws("sagemaker", "delete-model", {"--model-name": name}, "us-east-1"))

    value = [f"--model-name={name}"] if name.startswith("-") else ["--model-name", name]
    assert words == ["aws", "sagemaker", "delete-model", *value, "--region", "us-east-1"]


@given(st.lists(NAMES, min_size=1))
def test_a_line_comes_apart_where_it_was_joined(names: list[str]) -> None:
    """Not where a name holds the same characters."""
    steps = tuple(aws("sagemaker", "delete-model", {"--model-name": name}) for name in names)

    assert separate(joined(steps)) == steps


@pytest.mark.parametrize("name", ["a && b", "' && '", "\" && '", "a'b && c", "\\' && x"])
def test_quotes_in_a_name_do_not_take_a_line_apart(name: str) -> None:
    """Each kind of quote may stand within the other."""
    steps = (aws("s3", "rb", {"--x": name}), 'echo "$name" && true'.partition(" && ")[0], aws("s3", "rb", {}))

    assert separate(joined(steps)) == steps
    assert separate("") == ()


@pytest.mark.parametrize("name", ["x; touch broken", "$(touch broken)", "`touch broken`", "'; touch broken; '", "a\nb"])
def test_a_real_shell_runs_no_name(tmp_path, name: str) -> None:
    """Within a loop, too."""
    query = "Apps[?Status==`Deleting`].AppName"
    line = joined(
        (
            aws("sagemaker", "delete-app", {"--app-name": name}, "us-east-1"),
            until_none("sagemaker", "list-apps", {"--domain-id-equals": name}, "us-east-1", query),
            for_each("iam", "list-policy-versions", {"--policy-arn": name}, None, query, do="true", each="version"),
        )
    )

    subprocess.run(["sh", "-c", f"aws() {{ true; }}\n{line}"], cwd=tmp_path, check=True)

    assert list(tmp_path.iterdir()) == []


def test_a_wait_ends_when_nothing_is_found_any_more(tmp_path) -> None:
    """Or when the call is refused: the next command says why."""
    wait = until_none("efs", "describe-mount-targets", {}, "us-east-1", "MountTargets[].MountTargetId")
    aws_says = 'n=$(cat n); echo $((n - 1)) > n; [ "$n" = 0 ] || echo found'
    (tmp_path / "n").write_text("3")

    script = f"aws() {{ {aws_says}; }}\nsleep() {{ echo slept; }}\n{wait} && echo over"
    ended = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ended.stdout.split() == ["slept", "slept", "slept", "over"]
    refused = subprocess.run(["sh", "-c", f"aws() {{ false; }}\n{wait} && echo over"], capture_output=True, check=True)
    assert refused.stdout == b"over\n"


def test_each_row_is_acted_upon_alone() -> None:
    """The AWS CLI writes a list of names into one line, and rows of columns into one each."""
    one = for_each("iam", "list", {}, None, "x", do='echo "<$v>"', each="v")
    two = for_each("s3api", "list", {}, None, "x", do='echo "<$key|$version>"', each="key version")

    names = subprocess.run(["sh", "-c", f"aws() {{ printf 'v1\\tv2\\n'; }}\n{one}"], capture_output=True, check=True)
    rows = subprocess.run(
        ["sh", "-c", f"aws() {{ printf 'a b\\tv1\\nc\\\\d\\tnull\\n'; }}\n{two}"], capture_output=True, check=True
    )

    assert names.stdout == b"<v1>\n<v2>\n"
    assert rows.stdout == b"<a b|v1>\n<c\\d|null>\n"
