"""Students to put into the practice cloud: each one's story, what they did there, and the verdict that is right."""

from simulator.students.catalogue import CATALOGUE, CLASS, student
from simulator.students.student import Student

__all__ = ["CATALOGUE", "CLASS", "Student", "student"]
