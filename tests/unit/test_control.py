import json
import threading

import pytest

from legato.control.hints import read_hints
from legato.control.mailbox import Mailbox
from legato.control.script import load_script, parse_script
from legato.control.state import FIELDS, ControlError, Controls, parse_prompts


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("lo-fi piano", {"lo-fi piano": 1.0}),
        (["lo-fi piano:0.7", "vinyl drums:0.3"], {"lo-fi piano": 0.7, "vinyl drums": 0.3}),
        (["mood: calm", "mood: calm:2"], {"mood: calm": 3.0}),
        ({" techno ": 2}, {"techno": 2.0}),
    ],
)
def test_prompts_are_read_as_texts_or_weights(given, kept):
    assert parse_prompts(given) == kept
    assert Controls(prompts=given).prompts == kept


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("prompts", "", "empty"),
        ("prompts", "x" * 10_000, "10000 characters"),
        ("prompts", {}, "1 to 8"),
        ("prompts", {"a": 0.0}, "above 0"),
        ("prompts", {"a": float("nan")}, "above 0"),
        ("prompts", ["a:-1"], "above 0"),
        ("prompts", {"a": "loud"}, "number"),
        ("prompts", {3: 1.0}, "text"),
        ("prompts", 7, "mapping"),
        ("prompts", "\ud800", "Unicode"),
        ("prompts", {"a": 10**400}, "at most 100"),
        pytest.param("bpm", 10**9000, "40 to 240", id="unprintable bpm"),
        pytest.param("seed", 10**9000, "2147483647", id="unprintable seed"),
        ("bpm", 0, "40 to 240"),
        ("bpm", 1e9, "40 to 240"),
        ("bpm", float("nan"), "40 to 240"),
        ("bpm", "fast", "40 to 240"),
        ("bpm", True, "40 to 240"),
        ("key", "H minor", "A–G"),
        ("key", "C sideways", "dorian"),
        ("chord", "Cfoo", "maj7"),
        ("density", 1.5, "0 to 1"),
        ("drums", "yes", "true, false or none"),
        ("notes", [20], "21 to 108"),
        ("notes", "C4", "list"),
        ("seed", -1, "2147483647"),
        ("conductor", "off", "on, free"),
        ("steps", 3, "1, 2, 4"),
    ],
)
def test_bad_values_are_refused_in_one_sentence(field, value, says):
    with pytest.raises(ControlError) as error:
        Controls(**{field: value})
    message = str(error.value)
    assert says in message and "\n" not in message and len(message) < 400
    with pytest.raises(ControlError):
        Controls().steer(**{field: value})


def test_unknown_field_names_the_valid_ones():
    with pytest.raises(ControlError, match=r"unknown control 'tempo'; valid: prompts, bpm, key"):
        Controls().steer(tempo=3)


def test_none_opens_a_control_and_restores_defaults():
    controls = Controls(bpm=90, guidance=4.0, drums=False)
    opened = controls.steer(bpm=None, guidance=None, drums=None)
    assert (opened.bpm, opened.guidance, opened.drums) == (None, 2.0, None)
    assert controls.bpm == 90.0  # a value


def test_controls_survive_json():
    controls = Controls(
        prompts={"a": 1, "b": 2}, key="am", chord="Bbmaj7", notes=(60, 64), drums=False, steps=2
    )
    again = Controls(**json.loads(json.dumps(controls.to_dict())))
    assert again == controls
    assert again.key == "A minor"
    assert set(controls.to_dict()) == set(FIELDS)


def test_script_lines_are_ordered_moves():
    moves = parse_script(
        [
            '{"at": 8.0, "prompts": {"dark techno": 1.0}, "bpm": 128, "drums": true}',
            "",
            "# note",
            '{"at": 2, "bpm": 90}',
        ]
    )
    assert [move.at for move in moves] == [2.0, 8.0]
    assert moves[1].changes == {"prompts": {"dark techno": 1.0}, "bpm": 128, "drums": True}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not an object"),
        ('{"bpm": 90}', '"at"'),
        ('{"at": -1, "bpm": 90}', '"at"'),
        ('{"at": NaN}', '"at"'),
        ('{"at": 1, "tempo": 90}', "valid: at, prompts, bpm"),
        ('{"at": 1, "bpm": 0}', "40 to 240"),
    ],
)
def test_a_bad_script_line_is_named(line, says):
    with pytest.raises(ControlError, match="script line 2") as error:
        parse_script(['{"at": 0, "bpm": 90}', line])
    assert says in str(error.value)


def test_unreadable_scripts_are_refused(tmp_path):
    with pytest.raises(ControlError, match="cannot be read"):
        load_script(tmp_path / "none.jsonl")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ControlError, match="UTF-8"):
        load_script(tmp_path / "binary")


def test_mailbox_keeps_last_knob_and_every_note_set():
    mailbox = Mailbox(Controls())
    for bpm in (90, 100, 110):
        mailbox.post(bpm=bpm)
    mailbox.post(notes=[60])
    mailbox.post(notes=[])
    letter = mailbox.collect()
    assert letter.knobs == {"bpm": 110.0}
    assert letter.notes == ((60,), ())
    assert mailbox.controls.bpm == 110.0
    assert mailbox.collect().posted is None


def test_refused_change_leaves_the_mailbox_as_it_was():
    mailbox = Mailbox(Controls(bpm=90))
    with pytest.raises(ControlError):
        mailbox.post(density=0.5, bpm=1000)
    assert mailbox.controls == Controls(bpm=90)
    assert mailbox.collect().knobs == {}


def test_mailbox_takes_floods_from_several_threads():
    mailbox = Mailbox(Controls())

    def flood(low):
        for i in range(300):
            mailbox.post(bpm=60 + i % 100, notes=[low + i % 12])

    threads = [threading.Thread(target=flood, args=(low,)) for low in (40, 60, 80)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    letter = mailbox.collect()
    assert letter.knobs["bpm"] == mailbox.controls.bpm
    assert letter.notes[-1] == mailbox.controls.notes


def test_plain_words_in_prompts_are_heard():
    hints = read_hints({"slow sparse piano in F# minor at 84 bpm, no drums": 1.0})
    assert (hints.bpm, hints.key.name, hints.pace) == (84.0, "F# minor", -1)
    assert hints.gates == {"drums": False}
    assert hints.levels["density"] < 0
    assert read_hints({"a warm evening": 1.0}) == read_hints({"tape": 2.0})
