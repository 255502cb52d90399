#!/usr/bin/env bash
# Everything that must hold before a change lands, on any machine: sets up (see setup.sh), runs every check
# even when one fails, and ends with a summary and exit code 1 if any did. Arguments go to pytest.
set -u

case ${BASH_SOURCE[0]} in
*/*) here=${BASH_SOURCE[0]%/*} ;;
*) here=. ;;
esac
# shellcheck source-path=SCRIPTDIR source=setup.sh
source "$here/setup.sh"
set_up dev
cd "$root" || exit 1

failed=()
check() { # NAME COMMAND...
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" </dev/null || failed+=("$name")
}

# A session bus and a screen of their own, so that no test can reach the real ones.
on_a_desktop() {
    if [[ $(uname -s) == Linux ]]; then
        env -u WAYLAND_DISPLAY -u DBUS_SESSION_BUS_ADDRESS -u QT_QPA_PLATFORM \
            dbus-run-session -- xvfb-run -a -s "-screen 0 1280x800x24" "$@"
    else
        "$@"
    fi
}

bin=$venv/bin
check "nothing is missing (apt)" all_installed packaging/system-packages.txt packaging/system-packages-test.txt
check "scripts (shellcheck)" shellcheck packaging/*.sh .ci/run
check "style (ruff)" "$bin/python" -m ruff check .
check "format (ruff)" "$bin/python" -m ruff format --check .
check "types (mypy)" "$bin/python" -m mypy
check "layers (import-linter)" "$bin/python" "$bin/lint-imports" --no-logo
check "Qt and Python go together" env QT_QPA_PLATFORM=offscreen "$bin/python" packaging/checks/toolkit_check.py
# Two at a time, each file as a whole: what shares a bus or a sound server stays together.
check "tests (pytest)" on_a_desktop timeout -k 30 1500 \
    "$bin/python" -m pytest -rs -n 2 --dist loadfile --cov --cov-report= "$@"
# The guided search for plan files that do harm; without a build of it here the tests' own search has to do.
guided() {
    "$bin/python" -c 'import atheris' 2>/dev/null ||
        "$bin/pip" install -q --only-binary=:all: 'atheris>=2.3' 2>/dev/null
}
if [[ $# == 0 ]]; then # a part of the tests covers only a part of the code
    if guided; then
        check "hostile plan files (atheris)" "$bin/python" packaging/fuzz/plans.py --atheris 10
    fi
    check "rules fully covered" "$bin/python" -m coverage report \
        --include='coach/domain/*,coach/services/*' --show-missing --skip-covered --fail-under=100
fi

printf '\n== summary\n'
if [[ ${#failed[@]} == 0 ]]; then
    echo "All checks hold."
else
    printf 'Failed: %s\n' "${failed[@]}"
    exit 1
fi
