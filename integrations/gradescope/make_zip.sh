#!/usr/bin/env bash
# Makes the zip to upload to Gradescope: setup.sh and run_autograder at its root, Skymark beside them.
#
#   integrations/gradescope/make_zip.sh autograder.zip [settings.json] [external-ids.csv]
#
# No key of anybody goes into it: the container enters accounts with the identity that it is run under.
set -euo pipefail

if [ $# -lt 1 ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

here="$(cd "$(dirname "$0")" && pwd)"
repository="$(cd "$here/../.." && pwd)"
stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT

cp "$here/setup.sh" "$here/run_autograder" "$stage/"
for file in "${@:2}"; do
    case "$(basename "$file")" in
        settings.json | external-ids.csv) cp "$file" "$stage/" ;;
        *) echo "$file: only settings.json and external-ids.csv go into the zip." >&2; exit 2 ;;
    esac
done

mkdir "$stage/skymark" "$stage/skymark/simulator"
cd "$repository"
cp -R skymark rubrics checks fixtures grade.py conftest.py pyproject.toml constraints.txt README.md LICENSE "$stage/skymark/"
cp simulator/digits.NOTICE "$stage/skymark/simulator/"
find "$stage" -name __pycache__ -prune -exec rm -rf {} +
chmod 755 "$stage/setup.sh" "$stage/run_autograder"

cd - >/dev/null
target="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
(cd "$stage" && python3 -m zipfile -c "$target.part" ./*)
mv "$target.part" "$target"
echo "$1"
