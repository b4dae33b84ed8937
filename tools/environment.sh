#!/bin/sh
# Make .venv and install weaklink into it from the pinned constraints.
#
#   tools/environment.sh PYTHON [EXTRA GROUP]
#
# uv does it faster where it is present; venv and pip do it everywhere else.
set -eu
python=$1
extra=${2:+[$2]}
group=${3:-}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "weaklink needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." >&2
  echo "Name another one: make PYTHON=/path/to/python3.12" >&2
  exit 2
}

if command -v uv >/dev/null 2>&1; then
  [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
  VIRTUAL_ENV=.venv uv pip install --quiet --constraints constraints.txt --editable ".$extra" \
    ${group:+--group "$group"}
else
  [ -x .venv/bin/pip ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
    --editable ".$extra" ${group:+--group "$group"}
fi
