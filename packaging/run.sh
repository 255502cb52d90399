#!/usr/bin/env bash
# Opens Stretch Coach. The first time this sets up all it needs (setup.sh says what); after that it only
# starts the app. Arguments are handed on: packaging/run.sh run five-stretches --terminal
set -u

self=${BASH_SOURCE[0]}
while [[ -L $self ]]; do # called through a link, from a folder of one's own commands perhaps
    target=$(readlink "$self")
    [[ $target == /* ]] && self=$target || self=$(dirname "$self")/$target
done
case $self in
*/*) here=${self%/*} ;;
*) here=. ;;
esac
root=$(CDPATH='' cd -- "$here/.." && pwd -P) || exit 1

# The same test as is_ready in setup.sh, without starting a single program: this is every later start.
[[ -x $root/.venv/bin/python && -r $root/.venv/ready &&
    "$(<"$root/.venv/ready")" == "$root"$'\n'"$(<"$root/pyproject.toml")" ]] || {
    # shellcheck source-path=SCRIPTDIR source=setup.sh
    source "$here/setup.sh"
    set_up app
}
# Through the interpreter, as the line that names it in the script has no room for long paths or spaces.
exec "$root/.venv/bin/python" "$root/.venv/bin/coach" "$@"
