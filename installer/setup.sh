#!/bin/sh
# Makes .venv with everything natvakt needs, from requirements.lock, and installs the checkout into it.
#   installer/setup.sh [VENV]
# Needs python3 >= 3.11 with venv and pip, or uv. Run it as often as you like: what is there already is left alone.
set -eu
cd "$(dirname "$0")/.."
venv=${1:-.venv}
python=${PYTHON:-python3}

say() { printf 'setup: %s\n' "$*" >&2; }

have_venv() { "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if have_venv; then
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    say "installing the locked packages with pip (the first time takes a minute or two)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
elif command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python '>=3.11' "$venv"
    say "python3 lacks venv or pip: installing the locked packages with uv"
    uv pip install --quiet --native-tls --python "$venv/bin/python" --require-hashes -r requirements.lock
    uv pip install --quiet --native-tls --python "$venv/bin/python" --no-build-isolation --no-deps -e .
else
    say "python3 (3.11 or newer) with venv and pip is missing, and so is uv. This line installs it on Debian and Ubuntu:"
    say "    sudo apt-get install -y python3 python3-venv python3-pip"
    exit 1
fi
touch "$venv/.installed"
say "done"
