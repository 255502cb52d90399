#!/usr/bin/env bash
# Puts Stretch Coach into the menu of this user's desktop, and opens *.stretchplan.toml with it on a double click.
# Run after packaging/run.sh has made .venv; `install.sh --remove` takes everything away again.
set -eu

here=$(CDPATH='' cd -- "${BASH_SOURCE[0]%/*}" && pwd -P)
root=${here%/packaging/desktop}
share=${XDG_DATA_HOME:-$HOME/.local/share}
id=io.github.stretch_coach.StretchCoach
entry=$share/applications/$id.desktop
mime=$share/mime/packages/$id.xml
icon=$share/icons/hicolor/scalable/apps/$id.svg

refresh() {
    command -v update-mime-database >/dev/null && update-mime-database "$share/mime"
    command -v update-desktop-database >/dev/null && update-desktop-database -q "$share/applications"
    return 0
}

if [[ ${1:-} == --remove ]]; then
    rm -f -- "$entry" "$mime" "$icon"
    refresh
    echo "Stretch Coach is no longer in the menu. Your plans and your journal are untouched."
    exit 0
fi

mkdir -p -- "${entry%/*}" "${mime%/*}" "${icon%/*}"
# A path in an Exec line is quoted, and its special characters escaped.
coach=$root/.venv/bin/coach
coach=${coach//\\/\\\\\\\\}
coach=${coach//\"/\\\\\"}
coach=${coach//\`/\\\\\`}
coach=${coach//\$/\\\\\$}
coach=${coach//%/%%}
while IFS= read -r line; do
    case $line in
    "Exec=coach "*) printf 'Exec="%s" %s\n' "$coach" "${line#Exec=coach }" ;;
    TryExec=*) ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$here/$id.desktop" >"$entry"
cp -- "$here/$id.mime.xml" "$mime"
cp -- "$root/assets/icons/icon.svg" "$icon"
refresh
echo "Stretch Coach is in the menu, and opens *.stretchplan.toml."
