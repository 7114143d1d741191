"""The sample digits."""

import pytest

from skymark.errors import UsageError
from skymark.samples import PIXELS, read_samples

ROW = ",".join(["0", "0.5", "1"] + ["0"] * (PIXELS - 3))


def test_the_lessons_digits_are_real_ones_of_every_class(lesson):
    """At least ten zeros and ten others; no two alike."""
    samples = read_samples(lesson.root / "fixtures" / "digits.csv")

    assert samples.labels.count(0) >= 10
    assert sum(label != 0 for label in samples.labels) >= 10
    assert set(samples.labels) == set(range(10))
    assert len(set(samples.rows)) == len(samples.rows)
    assert all(20 < sum(float(pixel) for pixel in row.split(",")) < 300 for row in samples.rows)


def test_labels_and_pixels_are_read_and_comments_are_not(tmp_path):
    """The row stays as it will be sent."""
    file = tmp_path / "digits.csv"
    file.write_text(f"# from MNIST\n7,{ROW}\n\n0,{ROW}\n")

    samples = read_samples(file)

    assert (samples.labels, samples.rows) == ((7, 0), (ROW, ROW))


@pytest.mark.parametrize(
    "line",
    [
        "7",
        "x," + ROW,
        "12," + ROW,
        "7,1,2",
        "7," + ROW.replace("0.5", "256"),
        "7," + ROW.replace("0.5", "nan"),
        "7," + ROW.replace("0.5", "0_1"),
        "7," + ROW.replace("0.5", "\N{ARABIC-INDIC DIGIT ONE}"),
        "7," + ROW + ",",
        "7," + ROW.replace("0.5", "-0.5"),
        "7," + ROW.replace("0.5", " 0.5"),
        "\N{ARABIC-INDIC DIGIT ONE}," + ROW,
    ],
)
def test_a_line_that_is_no_digit_is_named(line, tmp_path):
    """By its number."""
    file = tmp_path / "digits.csv"
    file.write_text(f"7,{ROW}\n{line}\n")

    with pytest.raises(UsageError, match=r"digits\.csv:2"):
        read_samples(file)


def test_a_missing_file_a_folder_and_one_that_is_no_text_are_one_clear_line(tmp_path):
    """No traceback."""
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe")

    for name in ("missing.csv", "", "binary.csv"):
        with pytest.raises(UsageError, match="cannot be read") as error:
            read_samples(tmp_path / name)
        assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n\n"])
def test_a_file_without_digits_is_refused(tmp_path, text):
    """An endpoint would be asked about nothing, and paid for it."""
    (tmp_path / "digits.csv").write_text(text)

    with pytest.raises(UsageError, match="holds no digits"):
        read_samples(tmp_path / "digits.csv")
