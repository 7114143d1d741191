"""CloudTrail as moto has it, with an event history."""

import datetime as dt
import threading
from typing import ClassVar

from moto.cloudtrail.models import CloudTrailBackend

from simulator.cloudtrail.exceptions import ThrottlingException
from simulator.cloudtrail.history import EventHistory

CALLS_PER_SECOND = 2


class PracticeCloudTrailBackend(CloudTrailBackend):
    """CloudTrail of one account in one region.

    `lateness` is that of the histories made from now on, `throttled` whether AWS's limit holds of two lookups a
    second; both are set for all accounts at the class, or for one at its backend (and `history.lateness`).
    """

    lateness: ClassVar[dt.timedelta] = dt.timedelta(0)
    throttled: bool = False

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.history = EventHistory(self.lateness)
        self._lock = threading.Lock()
        self._lookups: list[float] = []
        self._sessions: dict[str, dt.datetime] = {}

    def admit_lookup(self, at: float) -> None:
        """Count a lookup at this time, in seconds of a clock that only goes forward.

        Raises:
            ThrottlingException: there were two in the second before, and the limit holds.
        """
        with self._lock:
            self._lookups = [earlier for earlier in self._lookups if at - earlier < 1]
            if self.throttled and len(self._lookups) >= CALLS_PER_SECOND:
                raise ThrottlingException
            self._lookups.append(at)

    def session_began(self, access_key: str, at: dt.datetime) -> dt.datetime:
        """Since when these temporary keys are known: since they were given out, else since their first call."""
        with self._lock:
            return self._sessions.setdefault(access_key, at)
