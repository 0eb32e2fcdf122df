"""MIDI bytes in, changes of controls out; which knob turns what; and the tempo of a clock."""

import json
import random

import pytest

from legato.control.bindings import DEFAULTS, TARGETS, Binding, Bindings
from legato.control.midi import PROGRAMS, MidiTranslator
from legato.control.midi_clock import ClockIn
from legato.control.state import ControlError, Controls

ON, OFF, CC, PROGRAM = 0x90, 0x80, 0xB0, 0xC0


def hear(translator, *messages):
    """The notes after each message that changed them, and every knob's change."""
    changes = [change for message in messages for change in translator.hear(message, 0.0)]
    notes = [change["notes"] for change in changes if "notes" in change]
    return notes, [change for change in changes if "notes" not in change]


def play(*messages, **settings):
    return hear(MidiTranslator(**settings), *messages)[0]


def test_keys_sound_while_they_are_down():
    assert play((ON, 60, 90), (ON, 64, 1), (OFF, 60, 64), (ON, 64, 0)) == [(60,), (60, 64), (64,), ()]


def test_the_sustain_pedal_keeps_notes_until_it_comes_up():
    played = play((CC, 64, 127), (ON, 60, 90), (OFF, 60, 0), (ON, 67, 90), (CC, 64, 63))
    assert played == [(60,), (60, 67), (67,)]


def test_a_note_struck_anew_under_the_pedal_starts_anew():
    assert play((ON, 60, 90), (CC, 64, 127), (OFF, 60, 0), (ON, 60, 90)) == [(60,), (), (60,)]


def test_a_pedal_holds_its_own_channel_alone():
    played = play((CC, 64, 127), (ON + 1, 60, 90), (ON, 64, 9), (OFF + 1, 60, 0), (OFF, 64, 0))
    assert played == [(60,), (60, 64), (64,)]


def test_a_note_held_on_two_channels_sounds_until_both_let_go():
    translator = MidiTranslator()
    hear(translator, (ON, 60, 90), (ON + 1, 60, 90), (OFF, 60, 0))
    assert hear(translator, (OFF, 60, 0))[0] == []
    assert hear(translator, (OFF + 1, 60, 0))[0] == [()]


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ((CC, 123, 0), [(48, 60)]),  # all notes off leaves what the pedal holds
        ((CC, 120, 0), [(48,)]),  # all sound off leaves nothing of its channel
        ((CC, 121, 0), [(48, 64)]),  # reset controllers lifts the pedal
        ((0xFF,), [()]),
    ],
)
def test_ways_to_silence(message, left):
    translator = MidiTranslator()
    hear(translator, (ON + 2, 48, 9), (CC, 64, 127), (ON, 60, 9), (OFF, 60, 0), (ON, 64, 9))
    if message[1:2] == (123,):
        assert hear(translator, message)[0] == []
        hear(translator, (CC, 64, 0))
        assert hear(translator, (ON + 2, 50, 1))[0] == [(48, 50)]
    else:
        assert hear(translator, message)[0] == left


def test_channels_and_the_drum_channel():
    assert play((ON, 60, 9), (ON + 1, 61, 9), channel=2) == [(61,)]
    assert play((ON + 9, 36, 9), (ON + 8, 37, 9)) == [(37,)]
    assert play((ON + 9, 36, 9), channel=10) == [(36,)]


@pytest.mark.parametrize(
    "message",
    [
        (),
        (60,),
        (ON,),
        (ON, 60),
        (ON, 60, 1, 1),
        (ON, 200, 1),
        (ON, 60, -1),
        (0xF2, 1),
        (0xF0, 1, 2),
        (0xF7,),
    ],
)
def test_what_is_no_message_is_passed_over(message):
    translator = MidiTranslator(clock=ClockIn())
    assert translator.hear(message, 0.0) == []
    assert hear(translator, (ON, 60, 1))[0] == [(60,)]


def test_random_bytes_never_leave_a_note_stuck():
    rng, translator = random.Random(1), MidiTranslator(clock=ClockIn())
    for i in range(5000):
        size = rng.choice((1, 2, 3, 3, 3, 4))
        for change in translator.hear([rng.randrange(256) for _ in range(size)], i * 0.001):
            if "notes" not in change:
                Controls().steer(**change)
    for channel in range(16):
        translator.hear((CC + channel, 120, 0), 9.0)
    assert hear(translator, (ON, 60, 1))[0] == [(60,)]


def test_every_default_knob_reaches_both_ends_of_a_valid_control():
    for cc, control in DEFAULTS.items():
        for data in (0, 64, 127):
            _, (change,) = hear(MidiTranslator(), (CC + 5, cc, data))
            assert change.keys() == {control}
            Controls().steer(**change)
    assert hear(MidiTranslator(), (CC, 74, 127))[1] == [{"brightness": 1.0}]
    assert hear(MidiTranslator(), (CC, 16, 0))[1] == [{"bpm": 40.0}]
    assert hear(MidiTranslator(), (CC, 80, 127), (CC, 80, 0))[1] == [{"drums": True}, {"drums": False}]


def test_program_change_chooses_a_style():
    assert hear(MidiTranslator(), (PROGRAM, 2))[1] == [{"prompts": {PROGRAMS[2]: 1.0}}]
    assert hear(MidiTranslator(programs=("rain",)), (PROGRAM, 1))[1] == []


def test_learning_binds_the_next_knobs_one_after_the_other():
    told = []
    translator = MidiTranslator(learned=told.append)
    translator.learn(["brightness", "bpm"])
    _, changes = hear(translator, (CC + 3, 21, 127), (CC + 3, 21, 64), (CC + 3, 64, 127), (CC + 3, 22, 127))
    assert changes == [{"brightness": 1.0}, {"brightness": 0.504}, {"bpm": 240.0}]
    assert told == [Binding(21, "brightness", 4), Binding(22, "bpm", 4)]
    assert translator.learning is None
    assert hear(translator, (CC + 3, 74, 9), (CC, 21, 9))[1] == []  # the old knob, and another channel's
    with pytest.raises(ControlError, match=r"no knob can turn 'prompts'; choose one of bpm, density"):
        translator.learn(["prompts"])


def test_bindings_survive_their_file(tmp_path):
    bindings = Bindings(
        [Binding(7, "bpm", None, 90, 130), Binding(7, "density", 3, 1.0, 0.0), Binding(9, "steps")]
    )
    bindings.save(tmp_path / "new" / "midi.json")
    again = Bindings.load(tmp_path / "new" / "midi.json")
    assert list(again) == list(bindings)
    assert again.find(7, 1).value(127) == 130 and again.find(7, 3).value(127) == 0.0
    assert [again.find(9, 1).value(data) for data in (0, 64, 127)] == [1, 2, 4]
    learned = again.bound(Binding(20, "bpm", 2))
    assert learned.find(20, 2).value(0) == 90  # limits outlive a change of knob
    assert learned.find(7, 1) is None


@pytest.mark.parametrize(
    ("bindings", "says"),
    [
        ([{"cc": 64, "control": "bpm"}], "binding 1: .* 0 to 119, but not 64"),
        ([{"cc": 1.0, "control": "bpm"}], "0 to 119"),
        ([{"cc": 1, "control": "tempo"}], "'tempo'; choose one of " + ", ".join(TARGETS)),
        ([{"cc": 1, "control": "bpm"}, {"cc": 1, "control": "bpm", "chanel": 1}], "binding 2: .*'chanel'"),
        ([{"cc": 1, "control": "bpm", "channel": 17}], "1 to 16"),
        ([{"cc": 1, "control": "bpm", "low": 10}], "40 to 240"),
        ([{"cc": 1, "control": "drums", "low": 0.5}], "controls with a range"),
        ([{"cc": 1, "control": "bpm"}, {"cc": 1, "control": "density"}], "bound twice"),
        ([7], "object"),
        (7, "no list"),
    ],
)
def test_a_bad_file_of_bindings_is_refused(tmp_path, bindings, says):
    file = tmp_path / "midi.json"
    file.write_text(json.dumps({"legato_midi": 1, "bindings": bindings}))
    with pytest.raises(ControlError, match=says) as error:
        Bindings.load(file)
    assert "midi.json" in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", '{"legato_midi": 2, "bindings": []}', "[" * 100_000, None])
def test_what_is_no_file_of_bindings_is_refused(tmp_path, text):
    if text is not None:
        (tmp_path / "midi.json").write_text(text)
    with pytest.raises(ControlError, match=r"MIDI bindings .*midi\.json"):
        Bindings.load(tmp_path / "midi.json")


def pulses(bpm, beats, start=0.0, jitter=0.003, seed=1):
    rng = random.Random(seed)
    return [start + i * 60 / (24 * bpm) + rng.uniform(-jitter, jitter) for i in range(round(beats * 24))]


def follow(clock, times):
    return [bpm for at in times if (bpm := clock.pulse(at)) is not None]


@pytest.mark.parametrize("bpm", [60.0, 97.3, 120.0, 174.0, 220.0])
def test_tempo_is_found_under_jitter(bpm):
    for seed in range(3):
        clock, times = ClockIn(), pulses(bpm, bpm / 10, seed=seed)
        settled = sum(at < 2.5 for at in times)
        follow(clock, times[:settled])
        for at in times[settled:]:
            clock.pulse(at)
            assert abs(clock.bpm - bpm) < 0.5


def test_a_steady_clock_asks_for_one_tempo():
    assert follow(ClockIn(), pulses(123.4, 16, jitter=0.0)) == [123.4]


def test_a_new_tempo_is_followed_within_two_beats():
    times = pulses(120, 8)
    clock = ClockIn()
    follow(clock, times + pulses(150, 2, start=times[-1] + 60 / (24 * 150)))
    assert clock.bpm == pytest.approx(150, abs=3)
    follow(clock, pulses(150, 8, start=times[-1] + 60 / (24 * 150) + 2 * 60 / 150))
    assert clock.bpm == pytest.approx(150, abs=0.5)


def test_a_burst_after_a_stall_does_not_move_the_tempo():
    times = pulses(120, 12, jitter=0.001)
    late = times[200] + 0.04
    times = [max(at, late) if 200 <= i < 202 else at for i, at in enumerate(times)]
    clock = ClockIn()
    for i, at in enumerate(sorted(times)):
        clock.pulse(at)
        if i > 100:
            assert abs(clock.bpm - 120) < 0.5


def test_a_clock_that_was_away_begins_anew():
    clock = ClockIn()
    asked = follow(clock, pulses(100, 4, jitter=0) + pulses(140, 4, start=60, jitter=0))
    assert asked == [100.0, 140.0]


def test_tempo_stays_within_what_the_instrument_plays():
    assert follow(ClockIn(), pulses(300, 8, jitter=0)) == [240.0]


def test_beats_are_drawn_together_once_started():
    """An instrument half a beat off, whose tempo is what the clock asks for."""

    class Instrument:
        at = beat = 0.0
        bpm = 120.0

        def heard(self, now):
            self.beat += (now - self.at) * self.bpm / 60
            self.at = now
            return self.beat

    band = Instrument()
    band.beat = 0.45
    translator = MidiTranslator(clock=ClockIn(band.heard))
    translator.hear((0xFA,), 0.0)
    for at in pulses(120, 64, jitter=0.002):
        for change in translator.hear((0xF8,), at):
            band.heard(at)
            band.bpm = change["bpm"]
            assert abs(band.bpm - 120) <= 3.8
    assert abs((band.heard(at) - 2 * at + 0.5) % 1 - 0.5) < 0.03


@pytest.mark.parametrize(("messages", "tempo"), [([], 120), ([(0xFA,), (0xFC,)], 120), ([(0xFB,)], 123.6)])
def test_only_a_running_song_draws_the_beat(messages, tempo):
    translator = MidiTranslator(clock=ClockIn(lambda at: at * 2 - 0.3))
    for message in messages:
        translator.hear(message, 0.0)
    asked = [c["bpm"] for at in pulses(120, 8, jitter=0) for c in translator.hear((0xF8,), at)]
    assert asked[-1] == tempo


def test_a_song_position_says_where_the_song_goes_on():
    heard = ClockIn(lambda at: 2 * at + 0.5)  # half a beat ahead of a song that starts at 0
    translator = MidiTranslator(clock=heard)
    translator.hear((0xF2, 2, 0), 0.0)  # two sixteenths: half a beat in
    translator.hear((0xFB,), 0.0)
    asked = [c["bpm"] for at in pulses(120, 4, jitter=0) for c in translator.hear((0xF8,), at)]
    assert asked == [120.0]
