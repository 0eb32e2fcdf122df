"""Scenes of the server: the page's file, what a scene asks of the controls, and files that are not right."""

import json

import pytest

from legato.control.scenes import SLOTS, Scenes, shares
from legato.control.state import ControlError, Controls

SURFACE = {
    "pads": [
        {"id": 1, "text": "house", "x": 0.4, "y": 0.3},
        {"id": 2, "text": " ambient ", "x": 0.7, "y": 0.5},
        {"id": 3, "text": "", "x": 0.1, "y": 0.1},
    ],
    "cursor": {"x": 0.45, "y": 0.35},
}


def scene(**changes):
    fields = Controls().to_dict()
    del fields["prompts"], fields["notes"], fields["listen"]
    return {**fields, "surface": SURFACE, **changes}


def text(slots, **changes):
    slots = [*slots, *[None] * (SLOTS - len(slots))]
    return json.dumps({"kind": "legato scenes", "version": 1, "scenes": slots, **changes})


def test_a_scene_of_the_page_is_a_whole_state_of_the_controls(tmp_path):
    path = tmp_path / "scenes.json"
    path.write_text(text([None, scene(bpm=92, drums=False, key="E minor")]))
    changes = Scenes(path).recall(1)
    controls = Controls(bpm=140, lead=True, notes=(60,)).steer(**changes)
    assert (controls.bpm, controls.drums, controls.key, controls.lead) == (92.0, False, "E minor", None)
    assert controls.notes == (60,)  # fingers are no part of a scene
    assert controls.prompts == {"house": 0.731, "ambient": 0.269}  # as web/src/state/surface.ts has it


def test_shares_follow_the_cursor_as_on_the_page():
    def at(x, y, *pads):
        return shares({"pads": [{"text": t, "x": u, "y": v} for t, u, v in pads], "cursor": {"x": x, "y": y}})

    assert at(0, 0, ("house", 0.4, 0.3), ("ambient", 1, 0.75)) == {"house": 1.0}
    assert at(0, 0, ("house", 1, 0.75)) == {"house": 1.0}
    assert at(0.5, 0.5, ("house", 0.4, 0.5), ("jazz", 0.6, 0.5)) == {"house": 0.5, "jazz": 0.5}
    assert at(0.5, 0.5, ("house", 0.4, 0.5), (" house ", 0.6, 0.5)) == {"house": 1.0}


def test_what_is_stored_is_in_the_file_and_read_again(tmp_path):
    path = tmp_path / "deep" / "scenes.json"
    scenes = Scenes(path)
    assert scenes.kept and scenes.slots == [None] * SLOTS and scenes.revision == 0
    scenes.put(2, scene(chord="Am7"))
    scenes.put(3, scene())
    scenes.put(3, None)
    assert scenes.revision == 3
    again = Scenes(path)
    assert again.slots == scenes.slots and again.recall(2)["chord"] == "Am7"
    assert [file.name for file in path.parent.iterdir()] == ["scenes.json"]
    assert json.loads(path.read_text())["scenes"][2]["surface"] == SURFACE
    memory = Scenes()
    memory.put(0, scene())
    assert not memory.kept and memory.recall(0)["steps"] == 1


def test_slots_that_are_empty_or_not_there_are_named():
    scenes = Scenes()
    scenes.put(4, scene())
    with pytest.raises(ControlError, match="scene 1 is empty; not empty: 5"):
        scenes.recall(0)
    with pytest.raises(ControlError, match="no scene 9; choose 1 to 8"):
        scenes.recall(8)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (scene(bpm=900), "scene 1: bpm is 900"),
        (scene(notes=[60]), "scene 1 has an unknown field 'notes'"),
        ({k: v for k, v in scene().items() if k != "seed"}, "scene 1 lacks the field 'seed'"),
        (scene(surface={"pads": [], "cursor": {"x": 0, "y": 0}}), "at least one pad"),
        (
            scene(surface={**SURFACE, "cursor": {"x": 0, "y": 0.9}}),
            "cursor: y must be a number from 0 to 0.75",
        ),
        (scene(surface={**SURFACE, "pads": SURFACE["pads"] * 3}), "at most 8"),
        (scene(surface={**SURFACE, "pads": [{"id": 1, "text": 5, "x": 0, "y": 0}]}), "text must be words"),
        ("verse", "scene 1 must be a JSON object"),
    ],
)
def test_a_scene_that_is_not_right_is_refused_and_nothing_is_changed(tmp_path, broken, says):
    path = tmp_path / "scenes.json"
    path.write_text(text([broken]))
    with pytest.raises(ControlError, match=says) as told:
        Scenes(path)
    assert str(path) in str(told.value)
    scenes = Scenes(tmp_path / "other.json")
    with pytest.raises(ControlError, match=says):
        scenes.put(0, broken)
    assert scenes.revision == 0 and not (tmp_path / "other.json").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not valid JSON"),
        ("[]", "the file must be a JSON object"),
        (text([], version=2), "no scenes of version 1"),
        (text([None] * 9), "must hold 8 scenes"),
    ],
)
def test_what_is_no_file_of_scenes_is_refused(tmp_path, content, says):
    path = tmp_path / "scenes.json"
    path.write_text(content)
    with pytest.raises(ControlError, match=says):
        Scenes(path)


def test_a_disk_that_refuses_is_named_and_nothing_is_changed(tmp_path):
    (tmp_path / "scenes.json").mkdir()
    scenes = Scenes(tmp_path / "gone" / "scenes.json")
    (tmp_path / "gone").write_text("a file where a folder should be")
    with pytest.raises(ControlError, match="cannot be written"):
        scenes.put(0, scene())
    assert scenes.slots[0] is None and scenes.revision == 0
    with pytest.raises(ControlError, match="cannot be read"):
        Scenes(tmp_path / "scenes.json")
