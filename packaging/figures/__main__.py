"""The command of the figure workshop: check poses, draw stills, animations and a sheet to look at.

    python packaging/figures check               judge every pose
    python packaging/figures stills [ID ...]     held poses only, quick
    python packaging/figures render [ID ...]     the animations the app ships (minutes)
    python packaging/figures index               write the index anew from the files
    python packaging/figures sheet OUT.png       held poses side by side, on dark and on light

It draws nothing by itself; see `picture` and `animate`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image

from figures import animate, check, pose
from figures.picture import HEIGHT, WIDTH, draw


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="figures", description="Poses and figures of Stretch Coach.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="judge every pose")
    verbs.add_parser("index", help="write the index anew from the files")
    for verb in ("stills", "render"):
        verbs.add_parser(verb, help=f"{verb} of all figures or of those named").add_argument("ids", nargs="*")
    verbs.add_parser("sheet", help="held poses side by side").add_argument("out", type=Path)
    given = parser.parse_args(arguments)
    poses = pose.shipped()
    if given.verb == "check":
        found = [line for p in poses.values() for line in check.all_problems(p)]
        print("\n".join(found) if found else f"{len(poses)} poses hold.")
        return 1 if found else 0
    if given.verb == "sheet":
        sheet(list(poses.values()), given.out)
        return 0
    if given.verb == "index":
        for p in poses.values():
            animate.reindex(p)
        return 0
    unknown = [name for name in given.ids if name not in poses]
    if unknown:
        print(f"No pose called {', '.join(unknown)}. There are: {', '.join(poses)}", file=sys.stderr)
        return 2
    for name in given.ids or poses:
        path = animate.render(poses[name]) if given.verb == "render" else animate.render_still(poses[name])
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB", flush=True)
    return 0


def sheet(poses: list[pose.Pose], out: Path) -> None:
    columns = 5
    rows = -(-len(poses) // columns)
    image = Image.new("RGB", (columns * WIDTH, 2 * rows * HEIGHT))
    pictures = [draw(p, 2) for p in poses]
    for half, ground in enumerate(("#221A16", "#FFFDF8")):
        for i, picture in enumerate(pictures):
            tile = Image.new("RGBA", picture.size, ground)
            tile.alpha_composite(picture)
            at = (i % columns * WIDTH, (half * rows + i // columns) * HEIGHT)
            image.paste(tile.convert("RGB"), at)
    image.save(out)


if __name__ == "__main__":
    sys.exit(main())
