"""All students, and the class of the demo."""

from dataclasses import replace

from simulator.students.half_way import HALF_WAY
from simulator.students.mistakes import MISTAKES
from simulator.students.right import RIGHT
from simulator.students.student import Student
from simulator.students.unlucky import UNLUCKY

CATALOGUE: tuple[Student, ...] = (*RIGHT, *MISTAKES, *UNLUCKY, *HALF_WAY)
_BY_NAME = {student.name: student for student in CATALOGUE}

# Who waits for AWS comes last, and who waits the longest first: built one after the other by a standing clock, all
# three still wait when the last one is there.
_CLASS = {
    "ada": "done-well",
    "basil": "jupyter-only",
    "chiara": "no-date",
    "dmitri": "any-bucket",
    "emeka": "m5-xlarge",
    "farah": "bucket-elsewhere",
    "goro": "wrong-answers",
    "hana": "endpoint-left",
    "ines": "everything-gone",
    "jonas": "not-begun",
    "karim": "creating",
    "lena": "training",
    "mei": "pending",
}


def student(name: str) -> Student:
    """The student of this name.

    Raises:
        KeyError: there is none.
    """
    return _BY_NAME[name]


CLASS: tuple[Student, ...] = tuple(replace(student(kind), name=name) for name, kind in _CLASS.items())
