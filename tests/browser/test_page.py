"""The page in real headless Chromium against the real server in counter mode."""

import json
import shutil
import subprocess
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import legato
from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.engine.log import SessionLog
from legato.io.recorder import write_wav
from legato.serving.app import allowed_hosts, background, create_app, listen

WEB = Path(__file__).parents[2] / "web"
DRIVER = Path(__file__).with_name("drive.mjs")
PICTURES = Path(__file__).with_name("pictures")  # kept for looking at, out of the repository
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _missing() -> str | None:
    if CHROMIUM is None:
        return "no Chromium on this machine"
    if shutil.which("node") is None:
        return "no Node.js on this machine"
    if not (WEB / "node_modules" / "playwright-core").is_dir():
        return "the page's tools are not installed (`make web` installs them)"
    return None


pytestmark = [pytest.mark.browser, pytest.mark.skipif(_missing() is not None, reason=str(_missing()))]


@contextmanager
def serving(port: int = 0, takes: Path | None = None, token: str | None = None) -> Iterator[str]:
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", port))
        engine = stack.enter_context(Engine(CounterModel(), max_players=2, lead_s=0.3, takes=takes))
        app = create_app(engine, hosts=allowed_hosts("127.0.0.1"), token=token)
        yield stack.enter_context(background(app, listener))


@contextmanager
def driving(page: str, scenario: str, *words: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Runs a scenario of `drive.mjs`; gives what it says, as it says it."""
    command = ["node", str(DRIVER), str(WEB), str(CHROMIUM), page, scenario, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as driver:
        assert driver.stdout and driver.stderr
        try:
            yield map(json.loads, driver.stdout)
            errors = driver.stderr.read()
            assert driver.wait(timeout=60) == 0, errors
        finally:
            driver.kill()


def told(scenario: str, *words: str, takes: Path | None = None) -> list[dict[str, Any]]:
    with serving(takes=takes) as page, driving(page, scenario, *words) as lines:
        said = list(lines)
    assert not [line for line in said if "pageError" in line]
    return said


def assert_whole(heard: dict[str, Any]) -> None:
    """Every sample that was sent is accounted for, and those listened to were right."""
    stats = heard["stats"]
    assert heard["wrong"] == 0
    assert heard["underruns"] == 0
    assert (stats["gaps"], stats["lost"], stats["refused"]) == (0, 0, 0)
    assert stats["received"] == stats["played"] + stats["depth"]
    assert stats["index"] == stats["played"]


def test_every_sample_reaches_the_sound_card_once_and_in_order() -> None:
    (heard,) = told("count")
    assert heard["frames"] == 5 * 48_000
    assert_whole(heard)


def test_a_larger_buffer_of_the_sound_card_is_changed_to_while_it_plays_and_kept() -> None:
    smallest, heard, relaxed = told("relax")
    assert heard["wrong"] == 0
    assert (heard["stats"]["gaps"], heard["stats"]["lost"]) == (0, 0)
    assert heard["stats"]["received"] == heard["stats"]["played"] + heard["stats"]["depth"]
    assert relaxed["relaxed"] > smallest["smallest"]
    assert relaxed["kept"] == "yes"
    assert relaxed["back"] < 0.2 * 48_000  # the pictures go on: no start of the stream in between


def test_knobs_and_prompts_reach_the_music() -> None:
    heard, controls, stopped = told("steer")
    assert_whole(heard)
    assert heard["tempo"] == 150
    assert controls["bpm"] == 150
    assert isinstance(controls["drums"], bool)
    assert controls["prompts"] == {"dark techno": 1.0}
    assert stopped == {"stopped": True}


def test_the_plane_of_prompts_says_how_much_of_each_is_heard_and_so_do_the_faders() -> None:
    near, moved, faded, removed = told("plane")
    assert len(near["near"]) == 2
    assert sum(near["near"].values()) == pytest.approx(1, abs=0.01)
    assert moved["moved"] == pytest.approx(0.02)
    assert sum(faded["faded"].values()) == pytest.approx(1, abs=0.01)
    assert list(removed["removed"].values()) == [1.0]


def test_a_sound_file_becomes_prompts(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).standard_normal((3 * 44_100, 2)).astype(np.float32)
    write_wav(tmp_path / "rain.wav", 0.1 * noise, 44_100)
    heard, undone = told("sound", str(tmp_path / "rain.wav"))
    expected = legato.prompts_of(tmp_path / "rain.wav")
    assert heard["prompts"] == pytest.approx(expected, abs=0.15)  # the page sends one channel
    assert f"rain.wav sounds like {next(iter(expected))}" in heard["said"]
    assert undone["undone"] == dict(legato.Controls().prompts)


def test_scenes_are_stored_recalled_crossfaded_undone_and_kept_in_files() -> None:
    recalled, undone, half, dice, refused, kept = told("scenes")
    assert recalled["recalled"]["drums"] is None
    assert isinstance(undone["undone"]["drums"], bool)
    assert half["half"]["drums"] == undone["undone"]["drums"]
    assert dice == {"dice": True, "reverted": True}
    assert "lacks the field" in refused["refused"]
    assert "90 bpm" in kept["kept"]


def test_notes_solo_and_panic_reach_the_server() -> None:
    mouse, letters, solo, panic = told("notes")
    assert mouse == {"mouse": [64]}
    assert letters == {"letters": [60, 64]}
    band = {family: solo["solo"][family] for family in ("drums", "bass", "chords", "lead")}
    assert band == {"drums": False, "bass": True, "chords": False, "lead": False}
    assert panic == {"panic": True}


def test_a_midi_controller_plays_and_its_knobs_are_taught_for_good() -> None:
    played, density, moved, again = told("midi")
    assert played == {"played": [67]}
    assert density == {"density": None}
    assert moved == {"moved": 1.0}
    assert again == {"again": 0.0}


def test_a_browser_without_midi_is_told_so_and_keys_open_help_and_change_colours() -> None:
    toast, theme = told("noMidi")
    assert "no Web MIDI" in toast["toast"]
    assert theme == {"theme": "light"}


def test_takes_are_recorded_marked_and_kept_from_the_page(tmp_path: Path) -> None:
    narrow, written, kept = told("takes", takes=tmp_path)
    assert narrow["needed"] <= 360
    files = [written["written"], kept["kept"]]
    assert "riff" in files[0] and "riff" not in files[1]
    for name in files:
        sound, log = tmp_path / name, SessionLog.load((tmp_path / name).with_suffix(".jsonl"))
        with wave.open(str(sound)) as file:
            assert (file.getnchannels(), file.getframerate()) == (2, 48_000)
            assert file.getnframes() > 48_000
        assert [note.value for note in log.notes if note.kind == "mark"] == ["mark 1", "chorus - 2"]
    assert {path.name for path in tmp_path.glob("*.wav")} == set(files)


def test_a_refused_value_is_explained_and_the_sound_goes_on() -> None:
    toast, heard = told("refused")
    assert "H7" in toast["toast"]
    assert_whole(heard)


def test_two_pages_play_their_own_streams_and_a_third_waits_its_turn() -> None:
    one, two, turned_away, joined = told("two")
    for heard, tempo in ((one, 90), (two, 140)):
        assert_whole(heard)
        assert heard["tempo"] == tempo
    assert "all players are taken" in turned_away["toast"]
    assert joined == {"joined": True}


def test_a_lost_connection_is_said_and_mended_with_everything_as_it_was() -> None:
    with ExitStack() as first, ExitStack() as second:
        page = first.enter_context(serving())
        lines = second.enter_context(driving(page, "reconnect"))
        assert next(lines) == {"playing": True}
        first.close()
        second.enter_context(serving(int(page.rstrip("/").rpartition(":")[2])))
        assert list(lines) == [{"lost": True}, {"again": True}]


def test_the_plan_is_edited_locked_rolled_given_back_undone_and_left_to_the_model() -> None:
    edited, rolled, back, undone, redone, free = told("plan")
    bar, was = edited["set"], edited["was"]
    assert bar["chords"] == [[0.0, "C"], [2.0, "Fmaj7"]]
    assert bar["gates"]["drums"] is not was["gates"]["drums"]
    assert "C, Fmaj7" in edited["shown"] and "set by hand" in edited["shown"]
    assert rolled["rolled"]["chords"] == bar["chords"] and rolled["rolled"]["locked"]
    assert back["back"]["chords"] != bar["chords"]
    assert undone["undone"]["chords"] == bar["chords"]
    assert redone["redone"]["chords"] == back["back"]["chords"]
    assert free == {"free": "free"}


def test_changes_wait_for_the_bar_in_sight_and_can_be_withdrawn() -> None:
    waiting, bound, withdrawn, now = told("quantise")
    (entry,) = waiting["waiting"]
    assert entry["quantise"] == "bar" and entry["beat"] % 4 == 0 and set(entry["changes"]) == {"drums"}
    assert "drums" in waiting["shown"]
    assert bound["bound"] is entry["changes"]["drums"]
    assert withdrawn == {"withdrawn": 40}
    assert "at once" in now["toast"]


def test_the_timeline_shows_the_spectrum_of_what_is_heard_and_folds_away() -> None:
    spectrum, unfolded = told("timeline")
    assert spectrum["before"] < 0.02
    assert spectrum["heard"] > spectrum["before"] + 0.05
    assert unfolded == {"unfolded": True}


def test_a_token_is_asked_for_at_the_door_and_by_a_page_whose_server_has_a_new_one() -> None:
    first, second = "the-first-token", "the-second-token"
    with ExitStack() as before, ExitStack() as after:
        page = before.enter_context(serving(token=first))
        lines = after.enter_context(driving(page, "door", first, second))
        assert next(lines) == {"refused": True}
        assert next(lines) == {"address": page}  # the token is not left standing in it
        before.close()
        after.enter_context(serving(int(page.rstrip("/").rpartition(":")[2]), token=second))
        assert list(lines) == [{"locked": "a token is needed"}, {"again": True}]


def test_pictures_of_the_main_states_are_kept_for_looking_at() -> None:
    PICTURES.mkdir(exist_ok=True)
    for picture in told("pictures", str(PICTURES)):
        assert picture["bytes"] > 20_000, picture


def test_it_fits_phones_and_large_screens_and_starts_by_keyboard() -> None:
    *widths, keyboard = told("narrow")
    assert [line["width"] for line in widths] == [360, 1440]
    assert all(line["needed"] <= line["width"] for line in widths)
    assert keyboard == {"byKeyboard": True, "takes": 0}  # this server has no folder for them
