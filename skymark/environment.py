"""One at a time for whatever reads or changes this process's environment as a whole.

A pytest session sets and removes variables; botocore walks through all of them when it makes a session or a client,
and loses its place when one is removed meanwhile.
"""

import threading
from typing import Final

ENVIRONMENT: Final = threading.RLock()
