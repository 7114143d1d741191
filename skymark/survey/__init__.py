"""From an account to evidence: the only part of Skymark that calls AWS, and it only reads."""

from skymark.survey.connection import Connection, connect, identify
from skymark.survey.sweep import take_survey

__all__ = ["Connection", "connect", "identify", "take_survey"]
