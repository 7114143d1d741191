"""AWS's codes of quotas: the lesson's own are AWS's, the others are made up, and always the same.

Source of the former: a listing of an account's quotas of November 2025 in a public repository.
"""

import hashlib
from typing import Final

_AWSS: Final = {
    "ml.c4.xlarge for training job usage": "L-85D4BAF3",
    "ml.m4.xlarge for endpoint usage": "L-97CF11BE",
    "ml.m4.xlarge for training job usage": "L-A373146E",
    "ml.m5.large for endpoint usage": "L-614B09FD",
    "ml.m5.large for training job usage": "L-611FA074",
    "ml.m5.xlarge for training job usage": "L-CCE2AFA6",
    "ml.t2.medium for endpoint usage": "L-29C181D7",
    "ml.t2.medium for notebook instance usage": "L-7B2FD69B",
    "ml.t3.medium for notebook instance usage": "L-E17566B7",
}


def code_of(name: str) -> str:
    """`L-`, and eight hexadecimal digits."""
    return _AWSS.get(name) or f"L-{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"
