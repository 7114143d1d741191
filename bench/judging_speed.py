"""How long it takes to judge one student, warm, against a pytest session of its own for each.

Run: python bench/judging_speed.py [TIMES]. The sample's survey is judged by all checks of the first lesson.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from skymark import judge as judging  # noqa: E402 - after the path is set
from skymark import survey_file  # noqa: E402
from skymark.lesson import Lesson  # noqa: E402
from skymark.rubric_file import load_rubric  # noqa: E402


def measured(times: int) -> dict[str, float]:
    """Milliseconds of CPU a student: in the open session, and with one opened for each."""
    lesson = Lesson.at(ROOT)
    rubric = load_rubric(lesson, lesson.default_rubric)
    survey = survey_file.load(ROOT / "reports" / "sample" / "survey.json")

    def warm() -> None:
        judging.judge(survey, rubric, lesson)

    def anew() -> None:
        judging._SESSIONS.pop(lesson.root).close()
        judging.judge(survey, rubric, lesson)

    warm()
    open_ms, own_ms = [], []
    for _ in range(times):
        open_ms.append(_milliseconds(warm))
        own_ms.append(_milliseconds(anew))
    return {"open_ms": statistics.median(open_ms), "own_ms": statistics.median(own_ms), "checks": len(rubric.criteria)}


def _milliseconds(do: Callable[[], None]) -> float:
    began = time.process_time()
    do()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 30), indent=2))
