# shellcheck shell=bash
# Makes the project ready to run, for run.sh and test.sh: system libraries, a Python, the project's .venv.
# Sourced, never run. Sets nothing outside .venv but apt packages; runs on the bash 3.2 of macOS too.
#
#   set_up app|dev     returns when everything stands; ends the script with one sentence when it cannot
#
# Everything said goes to stderr, so that `run.sh plans list --json | ...` stays clean.
# .venv/ready and .venv/ready-dev hold what was installed (see `wanted`); .venv/unfinished says that a
# set-up began and did not end, so the next one starts afresh.

root=$(CDPATH='' cd -- "${BASH_SOURCE[0]%/*}/.." && pwd -P) || exit 1
venv=$root/.venv
log=$venv/setup.log

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$*"
    [[ -s $log ]] && say "Details: $log"
    exit 1
}

# What must have been installed for this place and these dependencies. The interpreter needs no line:
# .venv/bin/python links to a path with its version in it, and is gone when that version is.
wanted() {
    printf '%s\n' "$root"
    cat "$root/pyproject.toml"
}

is_ready() { # app|dev
    local stamp=$venv/ready
    [[ $1 == dev ]] && stamp=$venv/ready-dev
    [[ -x $venv/bin/python && -r $stamp && "$(<"$stamp")" == "$(wanted)" ]]
}

# Prints the path of a Python that can make a .venv, with its version in the name; fails if there is none.
find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3 python3.14 python; do
        "$name" -I - 2>/dev/null <<'PY' && return 0
import os, sys
if sys.version_info < (3, 11):
    sys.exit(1)
import ensurepip, venv
print(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
PY
    done
    return 1
}

# Prints the packages named in the given lists that are not installed, each by the name this system knows.
missing_packages() { # FILE...
    local installed line name choice have
    installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ')"
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/|/ /g' "$@" | while read -r line; do
        have=no choice=
        for name in $line; do
            [[ $installed == *" $name "* ]] && have=yes
        done
        [[ $have == yes ]] && continue
        for name in $line; do
            choice=$name
            [[ $line == *" "* ]] && apt-cache show --no-all-versions "$name" >/dev/null 2>&1 && break
        done
        printf '%s\n' "$choice"
    done
}

install_system_packages() { # FILE...
    local needed line
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        [[ $(uname -s) == Linux ]] || return 0
        say "This system has no apt. Should the window not open, install what these Debian names stand for:"
        say "  $(sed -e 's/#.*//' -e 's/.*| *//' "$@" | tr -s '[:space:]' ' ')"
        return 0
    fi
    needed=$(missing_packages "$@")
    find_python >/dev/null || needed="$needed python3-venv"
    [[ -n ${needed//[[:space:]]/} ]] || return 0

    local apt="apt-get -q -o DPkg::Lock::Timeout=120"
    if [[ $(id -u) == 0 ]]; then
        say "Installing the system libraries that are missing."
        $apt update >>"$log" 2>&1 </dev/null
        needed=$(missing_packages "$@") # the fresh lists may know better names
        find_python >/dev/null || needed="$needed python3-venv"
        # shellcheck disable=SC2086 # a list of words is meant
        DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends $needed >>"$log" 2>&1 </dev/null &&
            return 0
    else
        line="sudo sh -c 'apt-get update; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(
            tr -s '[:space:]' ' ' <<<"$needed" | sed 's/ $//')'"
        say "Some system libraries are missing. This installs them:"
        say "  $line"
        if ! command -v sudo >/dev/null; then
            say "There is no sudo here: run what stands in quotes as root, then this again. Going on without."
            return 0
        fi
        eval "$line" >>"$log" 2>&1 && return 0
    fi
    say "Not all system libraries could be installed (see $log). Going on without them."
}

# Whether the tests have all they need: without it those of real peers are skipped, and nobody may notice.
# Where we could have installed it, that is a failure; elsewhere it is only said.
all_installed() { # FILE...
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This system has no apt: tests of programs that are not here are skipped."
        return 0
    fi
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0
    say "Not installed, so that tests are skipped: $(tr -s '[:space:]' ' ' <<<"$missing")"
    [[ $(id -u) != 0 ]]
}

# One sentence for what stopped pip, read from its own words in the log.
pip_failure() {
    local words
    words=$(tail -n 200 "$log")
    case $words in
    *"No space left on device"* | *"Disk quota exceeded"*)
        echo "The disk is full: about 700 MB are needed. Make room and run this again." ;;
    *SSLError* | *CERTIFICATE_VERIFY_FAILED*)
        echo "The packages could not be downloaded: something on the way shows a certificate this system does not trust." ;;
    *NewConnectionError* | *"Failed to establish"* | *ConnectTimeout* | *"name resolution"* | *ProxyError* | \
        *"Connection refused"* | *"Network is unreachable"* | *"timed out"* | *NameResolutionError*)
        echo "The packages could not be downloaded. Check the connection and run this again." ;;
    *"No matching distribution found for PySide6"*)
        echo "There is no ready-made Qt for this system: it needs Debian 12, Ubuntu 22.04 or newer on x86-64," \
            "Debian 13 or Ubuntu 24.04 on ARM, or a current macOS." ;;
    *) echo "Setting up did not work." ;;
    esac
}

set_up() { # app|dev
    local lists what=.
    lists=("$root/packaging/system-packages.txt")
    [[ $1 == dev ]] && lists+=("$root/packaging/system-packages-test.txt") && what='.[dev]'

    unset PYTHONHOME PYTHONPATH
    trap 'say "Stopped half-way. Run it again to go on."; exit 130' INT TERM
    if command -v flock >/dev/null; then # a second start waits for the first to finish setting up
        exec 9<"$root"
        flock 9
    fi
    if ! { mkdir -p "$venv" && : >"$log"; } 2>/dev/null; then
        fail "Nothing can be written in $root. Copy the project to a folder of your own and run it from there."
    fi
    { [[ $1 == dev ]] || ! is_ready "$1"; } && install_system_packages "${lists[@]}"
    if ! is_ready "$1"; then
        install_project "$what"
        wanted >"$venv/ready" || fail "$(pip_failure)"
        [[ $1 == dev ]] && wanted >"$venv/ready-dev"
        rm -f "$venv/unfinished"
    fi
    exec 9<&-
    trap - INT TERM
}

install_project() { # . or .[dev]
    local python
    # An unfinished or broken .venv is made anew; a sound one is brought up to date.
    if [[ -e $venv/unfinished ]] || ! "$venv/bin/python" -I -c 'import pip' 2>/dev/null; then
        say "Setting up, about a minute, only this once."
        find "$venv/" -mindepth 1 -maxdepth 1 ! -name setup.log -exec rm -rf {} +
        : >"$venv/unfinished"
        python=$(find_python) ||
            fail "Python 3.11 or newer is needed, with its venv module (on Debian and Ubuntu: apt install python3-venv)."
        "$python" -I -m venv "$venv" >>"$log" 2>&1 || fail "$(pip_failure)"
    else
        say "Bringing the set-up up to date."
        : >"$venv/unfinished"
    fi
    (cd "$root" && "$venv/bin/python" -I -m pip install --disable-pip-version-check --no-input --no-user --retries 3 \
        -e "$what") >>"$log" 2>&1 </dev/null || fail "$(pip_failure)"
    # Qt's binding unpacks and compiles its Python part at every start unless it may once leave it on the disk.
    SBK_EMBED=0 "$venv/bin/python" -I -c 'import PySide6.QtWidgets' >>"$log" 2>&1
    "$venv/bin/python" -I -m compileall -q "$root/coach" >>"$log" 2>&1
}
