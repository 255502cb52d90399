"""The figure on its stage, as a person sees it: side, light, pause, motion, and what happens without a file.

It compares pictures only roughly; the figures themselves are checked in tests/shipped.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from coach.ui.figure_view import LARGEST_FILE, FigureView, Frames, Stills, mixed, own_picture
from coach.ui.icons import Icon
from coach.ui.theme import THEMES
from tests.conftest import ExpectWarning

FIGURES = Path(__file__).parents[2] / "assets" / "figures"
DARK, LIGHT, NIGHT = THEMES["dark"], THEMES["light"], THEMES["night"]

ViewMaker = Callable[..., FigureView]


@pytest.fixture
def make_view(qtbot: QtBot) -> ViewMaker:
    """A view on show in the given light, with nothing on its stage yet."""

    def make(theme: str = "dark", folder: Path = FIGURES, *, reduced: bool = False) -> FigureView:
        view = FigureView(folder)
        qtbot.addWidget(view)
        view.resize(320, 256)
        view.set_motion(reduced)
        view.set_theme(THEMES[theme])
        with qtbot.waitExposed(view):
            view.show()
        return view

    return make


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[FigureView], QImage]:
    """What the view shows once nothing moves any more."""

    def wait(view: FigureView) -> QImage:
        qtbot.waitUntil(lambda: not view.animating and not view.busy, timeout=5000)
        return picture(view)

    return wait


def picture(view: FigureView) -> QImage:
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)


def unlike(a: QImage, b: QImage) -> float:
    """Mean difference of two pictures, 0 to 255."""
    one, two = bytes(a.constBits()), bytes(b.constBits())
    return sum(abs(p - q) for p, q in zip(one, two, strict=True)) / len(one)


def channel(image: QImage, number: int) -> float:
    """Mean of red (0), green (1) or blue (2), 0 to 255; the width must be a multiple of four."""
    part = bytes(image.constBits())[number::3]
    return sum(part) / len(part)


Settled = Callable[[FigureView], QImage]


def test_the_left_leg_is_the_mirror_image_of_the_right_stage_included(
    make_view: ViewMaker, settled: Settled
) -> None:
    view = make_view(reduced=True)
    view.show_figure("calf_wall", "right", entering=False)
    right = settled(view)
    view.show_figure("calf_wall", "left", entering=False)
    left = settled(view)
    assert unlike(left, right) > 8
    assert unlike(left.flipped(Qt.Orientation.Horizontal), right) < 2


def test_a_figure_walks_into_its_stretch_and_then_holds_it(
    make_view: ViewMaker, settled: Settled, qtbot: QtBot
) -> None:
    view = make_view()
    view.show_figure("quad_stand", "right", entering=True)
    qtbot.waitUntil(lambda: view.animating)
    qtbot.waitUntil(lambda: view.way_in > 0.3, timeout=5000)
    underway = picture(view)
    held = settled(view)
    assert view.way_in == 1
    assert unlike(underway, held) > 1


def test_the_figure_breathes_only_while_the_session_runs(
    make_view: ViewMaker, settled: Settled, qtbot: QtBot
) -> None:
    view = make_view()
    view.show_figure("ham_floor", "right", entering=False)
    settled(view)
    view.set_running(True)
    assert view.animating
    before = picture(view)
    qtbot.waitUntil(lambda: unlike(picture(view), before) > 0.02, timeout=8000)
    view.set_running(False)
    assert not view.animating


def test_nothing_moves_while_the_view_is_hidden(make_view: ViewMaker, qtbot: QtBot) -> None:
    view = make_view()
    view.set_running(True)
    view.show_figure("ham_floor", "right", entering=True)
    qtbot.waitUntil(lambda: view.way_in < 1 and view.animating)
    view.hide()
    assert not view.animating
    view.show()
    assert view.animating


def test_nothing_moves_while_the_window_is_minimised(make_view: ViewMaker, qtbot: QtBot) -> None:
    view = make_view()
    view.show_figure("ham_floor", "right", entering=False)
    view.set_running(True)
    qtbot.waitUntil(lambda: view.animating)
    view.showMinimized()
    qtbot.waitUntil(lambda: not view.animating)


def test_a_pause_dims_the_figure_and_stills_it(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view()
    view.show_figure("ham_floor", "right", entering=False)
    bright = settled(view)
    view.set_running(True)
    view.set_dimmed(True)
    dim = settled(view)
    assert channel(dim, 0) < channel(bright, 0)
    view.set_dimmed(False)
    view.set_running(False)
    assert unlike(settled(view), bright) < 1


def test_with_reduced_motion_the_figure_is_simply_there_and_does_not_sway(
    make_view: ViewMaker, settled: Settled
) -> None:
    view = make_view(reduced=True)
    view.set_running(True)
    view.show_figure("calf_wall", "right", entering=True)
    there = settled(view)
    assert view.way_in == 1
    view.show_figure("calf_wall", "right", entering=False)
    assert unlike(settled(view), there) < 1


def test_night_has_hardly_any_blue(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view("night")
    view.show_figure("calf_wall", "left", entering=False)
    seen = settled(view)
    assert channel(seen, 2) < 0.35 * channel(seen, 0)
    dark = make_view("dark")
    dark.show_figure("calf_wall", "left", entering=False)
    assert channel(settled(dark), 2) > 4 * channel(seen, 2)


def test_the_muscle_still_stands_out_at_night(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view("night")
    view.show_figure("calf_wall", "right", entering=False)
    seen = settled(view)
    calf, thigh = seen.pixelColor(116, 204), seen.pixelColor(142, 150)
    assert calf.red() > 1.6 * thigh.red()


def test_the_stage_follows_the_light(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view("dark")
    view.show_figure("ham_floor", "right", entering=False)
    dark = settled(view)
    view.set_theme(LIGHT)
    light = settled(view)
    assert light.pixelColor(160, 8).lightness() > 240
    assert dark.pixelColor(160, 8).lightness() < 40


def test_without_a_frame_the_ground_stays_clear(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view("dark")
    view.set_framed(False)
    view.show_figure("ham_floor", "right", entering=False)
    settled(view)
    ground = view.palette().color(view.backgroundRole())
    assert picture(view).pixelColor(160, 4) == ground


def test_an_unknown_figure_leaves_the_stage_empty(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view()
    empty = picture(view)
    view.show_figure("somebody_elses_stretch", "left", entering=True)
    assert unlike(settled(view), empty) < 1


def copy_of_figures(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIGURES, tmp_path / "figures"))


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "nonsense"])
def test_a_damaged_figure_shows_its_stage_and_is_named_in_the_log(
    make_view: ViewMaker, settled: Settled, tmp_path: Path, expected_warnings: ExpectWarning, damage: str
) -> None:
    folder = copy_of_figures(tmp_path)
    path = folder / "ham_floor.webp"
    whole = path.read_bytes()
    match damage:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(whole[:2000])
        case "nonsense":
            path.write_bytes(b"RIFF" + b"\x00" * 5000)
    expected_warnings(r"ham_floor\.webp is missing or damaged")
    view = make_view(folder=folder)
    empty = picture(view)
    view.show_figure("ham_floor", "right", entering=True)
    # The mat is there, the person is not.
    assert 0.1 < unlike(settled(view), empty) < 6


def test_without_an_index_there_are_no_figures_and_one_line_in_the_log(
    make_view: ViewMaker, settled: Settled, tmp_path: Path, expected_warnings: ExpectWarning
) -> None:
    expected_warnings("figures cannot be shown")
    view = make_view(folder=tmp_path)
    empty = picture(view)
    view.show_figure("calf_wall", "left", entering=True)
    assert unlike(settled(view), empty) < 1
    assert view.still("calf_wall", "left", QSize(64, 64), DARK).toImage().pixelColor(32, 32).alpha() == 0


def test_frames_are_read_ahead_one_at_a_time_and_few_figures_are_kept(qtbot: QtBot) -> None:
    frames = Frames(FIGURES)
    arrived: list[str] = []
    frames.arrived.connect(arrived.append)
    clips = [frames.clip(name, "dark") for name in ("calf_wall", "ham_floor", "quad_stand")]
    assert all(clip is not None and clip.frame(0) is None for clip in clips), "nothing is read at once"
    qtbot.waitUntil(lambda: not frames.reading, timeout=10_000)
    assert arrived.count("quad_stand") == 27
    assert frames.kept() == ["ham_floor", "quad_stand"]


def test_the_figure_after_this_one_is_there_at_once(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view()
    view.show_figure("calf_wall", "right", entering=False)
    view.preload(["calf_wall", "ham_floor"])
    settled(view)
    view.show_figure("ham_floor", "right", entering=True)
    assert view.way_in < 1, "it starts moving without waiting for its file"


def test_thumbnails_are_made_once_in_the_sharpness_of_the_screen(qtbot: QtBot) -> None:
    stills = Stills(FIGURES)
    once = stills.pixmap("calf_wall", "left", QSize(64, 64), DARK, ratio=2.0)
    assert once.size() == QSize(128, 128)
    assert once.devicePixelRatio() == 2.0
    again = stills.pixmap("calf_wall", "left", QSize(64, 64), DARK, ratio=2.0)
    assert again.cacheKey() == once.cacheKey()
    assert stills.pixmap("calf_wall", "left", QSize(64, 64), NIGHT, ratio=2.0).cacheKey() != once.cacheKey()
    assert once.toImage().pixelColor(64, 64).alpha() > 0


def test_figures_of_the_set_up_strip_stand_on_one_floor(qtbot: QtBot) -> None:
    stills = Stills(FIGURES)

    def floor(name: str) -> int:
        image = stills.pixmap(name, "right", QSize(200, 360), DARK).toImage()
        return max(y for y in range(360) if image.pixelColor(100, y).alpha() > 128)

    assert abs(floor("setup_stand") - floor("setup_sit")) <= 1
    assert abs(floor("setup_stand") - floor("setup_kneel")) <= 1


def test_by_day_the_figure_is_brighter_than_in_the_dark(qtbot: QtBot) -> None:
    stills = Stills(FIGURES)
    dark, light = (
        stills.pixmap("ham_floor", "right", QSize(200, 200), theme).toImage() for theme in (DARK, LIGHT)
    )
    shirt = max(
        ((x, y) for x in range(60, 100) for y in range(60, 120) if dark.pixelColor(x, y).alpha() == 255),
        key=lambda at: dark.pixelColor(*at).green() - dark.pixelColor(*at).red(),
    )
    assert light.pixelColor(*shirt).lightness() > dark.pixelColor(*shirt).lightness() + 8


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.8, 1.0])
def test_a_cross_fade_of_two_opaque_pictures_lets_nothing_shine_through(share: float) -> None:
    one = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    one.fill(QColor("#83958a"))
    middle = mixed(one, one, share).pixelColor(4, 4)
    assert middle.alpha() >= 253
    assert abs(middle.red() - 0x83) <= 2


# ---------------------------------------------------------------- strokes, spots, own pictures


def test_the_hands_follow_a_stroke_and_nothing_moves_by_itself(
    make_view: ViewMaker, settled: Settled
) -> None:
    view = make_view()
    view.show_figure("calf_glide", "right", entering=False)
    view.set_running(True)
    view.lead(stroke=0.0)
    start = settled(view)
    view.lead(stroke=0.5)
    middle = settled(view)
    view.lead(stroke=1.0)
    end = settled(view)
    assert unlike(start, middle) > 0.1 and unlike(middle, end) > 0.1
    view.lead(stroke=0.0)
    assert unlike(settled(view), start) < 0.05


def test_a_step_too_small_to_see_draws_nothing_anew(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view()
    view.show_figure("calf_glide", "right", entering=False)
    settled(view)
    view.lead(stroke=0.5)
    settled(view)
    drawn = view.drawn
    view.lead(stroke=0.501)
    assert view.drawn == drawn
    view.lead(stroke=0.7)
    assert view.drawn == drawn + 1


def test_the_belly_follows_the_breath_that_is_led(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view()
    view.show_figure("breathe_slow", "right", entering=False)
    settled(view)
    view.set_running(True)
    assert view.animating
    view.lead(breath=0.0)
    out = settled(view)
    view.lead(breath=0.4)
    full = settled(view)
    assert unlike(out, full) > 0.02
    view.lead()
    assert view.animating


def test_with_reduced_motion_a_led_figure_stands_still(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view(reduced=True)
    view.show_figure("calf_glide", "right", entering=False)
    view.lead(stroke=0.0)
    before = settled(view)
    view.lead(stroke=1.0)
    assert unlike(settled(view), before) == 0


def test_a_figure_without_strokes_sways_on(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view()
    view.show_figure("calf_wall", "right", entering=False)
    settled(view)
    view.set_running(True)
    view.lead(stroke=0.5)
    assert view.animating


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("figure", "marks"),
    [("calf_glide", {"arrow": True, "spot": False}), ("calf_trigger", {"arrow": False, "spot": True})],
)
def test_arrow_and_spot_are_drawn_in_amber_beside_the_leg_that_works(
    make_view: ViewMaker, settled: Settled, figure: str, marks: dict[str, bool], side: str
) -> None:
    view = make_view(reduced=True)
    view.show_figure(figure, side, entering=False)
    plain = settled(view)
    view.set_marks(**marks)
    marked = settled(view)
    changed = [
        (x, y)
        for x in range(0, plain.width(), 2)
        for y in range(0, plain.height(), 2)
        if plain.pixel(x, y) != marked.pixel(x, y)
    ]
    assert len(changed) > 20
    middle = sum(x for x, _y in changed) / len(changed) - plain.width() / 2
    assert (middle < 0) is (_middle_of(figure, side) < 0)
    x, y = max(changed, key=lambda at: marked.pixelColor(*at).red())
    shown = marked.pixelColor(x, y)
    assert shown.red() > 200 > shown.blue()
    view.set_marks(arrow=False, spot=False)
    assert unlike(settled(view), plain) == 0


def _middle_of(figure: str, side: str) -> float:
    """Where the arrow or spot of a figure lies beside the middle of the frame, in px."""
    index = Frames(FIGURES).index
    entry = index.figures[figure]
    points = entry.arrow or ((entry.spot,) if entry.spot else ())
    middle = sum(point.x() for point in points) / len(points) - index.size.width() / 2
    return -middle if side == "left" else middle


def test_a_figure_without_arrow_or_spot_is_drawn_as_it_is(make_view: ViewMaker, settled: Settled) -> None:
    view = make_view(reduced=True)
    view.show_figure("calf_wall", "right", entering=False)
    plain = settled(view)
    view.set_marks(arrow=True, spot=True)
    assert unlike(settled(view), plain) == 0


def a_picture(path: Path, colour: str = "#2060C0", width: int = 200) -> Path:
    image = QImage(width, width // 2, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    assert image.save(str(path))
    return path


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_an_exercise_of_ones_own_shows_its_picture(
    make_view: ViewMaker, settled: Settled, tmp_path: Path, ending: str
) -> None:
    view = make_view(reduced=True)
    view.show_own(a_picture(tmp_path / f"mine.{ending}"), Icon.FLOOR)
    shown = settled(view).pixelColor(160, 128)
    assert shown.blue() > 150 > shown.red()


def test_an_svg_is_shown_too(make_view: ViewMaker, settled: Settled, tmp_path: Path) -> None:
    path = tmp_path / "mine.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        '<rect width="40" height="20" fill="#2060C0"/></svg>'
    )
    view = make_view(reduced=True)
    view.show_own(path, Icon.FLOOR)
    assert settled(view).pixelColor(160, 128).blue() > 150


def test_at_night_an_own_picture_glows_like_everything_else(
    make_view: ViewMaker, settled: Settled, tmp_path: Path
) -> None:
    view = make_view("night", reduced=True)
    view.show_own(a_picture(tmp_path / "mine.png", "#FFFFFF"), Icon.FLOOR)
    shown = settled(view).pixelColor(160, 128)
    assert shown.red() > shown.green() > shown.blue() and shown.red() < 200


HOSTILE = {
    "image": '<image href="/etc/hostname" width="9" height="9"/>',
    "entity": '<!ENTITY a "b">',
    "script": "<script>1</script>",
}


@pytest.mark.parametrize("inside", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_svg_that_reaches_for_more_than_itself_is_not_shown(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "mine.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>')
    assert own_picture(path, QSize(100, 100)) is None


def test_what_is_no_picture_or_too_large_or_gone_is_an_icon(
    make_view: ViewMaker, settled: Settled, tmp_path: Path
) -> None:
    wrong = tmp_path / "text.png"
    wrong.write_text("hello")
    cut = a_picture(tmp_path / "cut.png", width=400)
    cut.write_bytes(cut.read_bytes()[:60])
    bmp = a_picture(tmp_path / "other.bmp")
    vast = tmp_path / "vast.svg"
    vast.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>')
    heavy = a_picture(tmp_path / "heavy.png")
    with heavy.open("ab") as file:
        file.truncate(LARGEST_FILE + 1)
    for path in (wrong, cut, bmp, vast, heavy, tmp_path / "gone.png"):
        assert own_picture(path, QSize(100, 100)) is None, path.name
    assert own_picture(a_picture(tmp_path / "ok.png"), QSize(0, 0)) is None
    view = make_view(reduced=True)
    view.show_own(None, Icon.CHAIR)
    empty = settled(view)
    view.show_own(wrong, Icon.CHAIR)
    assert unlike(settled(view), empty) == 0
    colours = {empty.pixel(x, 128) for x in range(100, 220)}
    assert len(colours) > 1  # the icon is there


def test_an_own_picture_gives_way_to_the_next_figure(
    make_view: ViewMaker, settled: Settled, tmp_path: Path
) -> None:
    view = make_view(reduced=True)
    view.show_figure("calf_wall", "right", entering=False)
    plain = settled(view)
    view.show_own(a_picture(tmp_path / "mine.png"), Icon.FLOOR)
    assert unlike(settled(view), plain) > 5
    view.show_figure("calf_wall", "right", entering=False)
    assert unlike(settled(view), plain) == 0
