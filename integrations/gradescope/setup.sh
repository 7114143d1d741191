#!/usr/bin/env bash
# Builds the image: Python 3.11 or newer, and Skymark from this zip. Nobody's key is needed, and none is kept.
set -euo pipefail

root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"

python_of_311() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
        then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! python_of_311 >/dev/null; then
    apt-get update
    apt-get install -y --no-install-recommends ca-certificates python3.11 python3.11-venv
fi
"$(python_of_311)" -m venv "$root/venv"
# Editable: the lesson and its rubrics lie beside the package.
"$root/venv/bin/python" -m pip install --quiet --no-cache-dir -c "$source/skymark/constraints.txt" -e "$source/skymark"
"$root/venv/bin/python" -P -c 'import skymark; print("Skymark", skymark.__version__)'
