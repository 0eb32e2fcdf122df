"""Musical time over the socket: changes on the beat, the plan, scenes that every client shares."""

import asyncio

from server.stage import Stage
from unit.test_scenes import scene

from legato.control.scenes import Scenes
from legato.serving.app import create_app
from legato.serving.fake import FakeClient
from legato.serving.websocket import Stage as Shared


def play(act, shared=None):
    """Run `act(stage, client)` on a server whose client plays house at 125 bpm."""

    async def whole():
        stage = Stage()
        stage.app = create_app(stage.engine, stage=shared)
        stage.performer = FakeClient(stage.app)
        async with stage.app.router.lifespan_context(stage.app):
            client = stage.performer
            client.connect()
            client.send({"type": "steer", "prompts": {"house": 1.0}, "bpm": 125})
            client.send({"type": "start"})
            await stage.told(client, "started")
            await stage.play(0.5)
            await act(stage, client)
            await stage.leave(client)

    asyncio.run(whole())


def test_what_a_client_may_ask_is_told_first():
    async def act(stage, client):
        hello = await stage.told(client, "hello")
        assert hello["quantise"] == {"choices": ["now", "beat", "bar"], "default": "now"}
        assert hello["sections"]["house"] == ["intro", "groove", "build", "drop", "break", "outro"]
        assert hello["scenes"] is None and hello["limits"]["bars_ahead"] == 16
        client.send({"type": "scene", "action": "recall", "slot": 0})
        error = await stage.told(client, "error")
        assert error["code"] == "control" and "--scenes FILE" in error["message"]

    play(act)


def test_changes_wait_are_seen_and_withdrawn():
    async def act(stage, client):
        client.send({"type": "quantise", "default": "bar"})
        client.send({"type": "steer", "density": 0.75})
        client.send({"type": "steer", "bass": False, "quantise": "beat"})
        await stage.play(0.3)
        status = client.texts[-1]
        assert status["quantise"] == "bar" and status["beat_known"] is True
        assert {"quantise": "bar", "beat": 4.0, "changes": {"density": 0.75}} in status["pending"]
        assert status["controls"]["density"] == 0.75
        client.send({"type": "cancel", "fields": ["density"]})
        await stage.play(2.0)
        log = stage.engine.players[0].log()
        assert [dict(event.changes) for event in log.events] == [{"bass": False}]
        client.send({"type": "steer", "bpm": 100, "quantise": "tomorrow"})
        assert "now, beat, bar" in (await stage.told(client, "error"))["message"]
        client.send({"type": "start"})  # the default outlives the stream
        await stage.told(client, "started", stream=2)
        await stage.play(0.3)
        assert stage.engine.players[0].quantise == "bar"

    play(act)


def test_the_plan_is_changed_and_shown():
    async def act(stage, client):
        client.send({"type": "plan", "action": "set", "bars": [3], "chords": "Am7", "gates": {"lead": True}})
        client.send({"type": "plan", "action": "lock", "bars": [3, 4]})
        await stage.play(0.6)
        plan = (await stage.told(client, "status"))["plan"]
        assert plan[3]["chords"] == [[0.0, "Am7"]] and plan[3]["edited"] == ["chords", "gates"]
        assert [bar["locked"] for bar in plan[:6]] == [False, False, False, True, True, False]
        client.send({"type": "plan", "action": "lock", "bars": [5], "step": 7})
        for action, locked in (("undo", [3, 4]), ("redo", [3, 4, 5])):
            client.send({"type": "plan", "action": action, "step": 7})
            await stage.play(0.6)
            plan = (await stage.told(client, "status"))["plan"]
            assert [bar["index"] for bar in plan if bar["locked"]] == locked
        for order, says in (
            ({"action": "set", "bars": [0], "chords": "Am"}, "bar 0 has begun already"),
            ({"action": "roll", "bars": [3]}, "bar 3 is locked"),
            ({"action": "dance"}, "set, lock, unlock, roll, reset"),
            ({"action": "set", "bars": [2], "self": 1}, "no field 'self'"),
        ):
            client.send({"type": "plan", **order})
            await stage.play(0.02)
            assert says in (await stage.told(client, "error", code="control"))["message"]
        client.send({"type": "plan", "action": "roll", "bars": [3], "step": 9})
        await stage.play(0.02)
        assert (await stage.told(client, "error", code="control"))["step"] == 9
        client.send({"type": "stop"})
        client.send({"type": "plan", "action": "roll"})
        await stage.play(0.02)
        assert "send start first" in (await stage.told(client, "error"))["message"]

    play(act)


def test_scenes_are_shared_recalled_and_kept(tmp_path):
    scenes = Scenes(tmp_path / "scenes.json")
    scenes.put(7, scene(density=0.5))

    async def act(stage, client):
        assert (await stage.told(client, "hello"))["scenes"] == {"slots": 8, "kept": True}
        assert (await stage.told(client, "scenes"))["slots"][7]["density"] == 0.5
        other = await stage.visitor()
        client.send({"type": "scene", "action": "store", "slot": 0, "scene": scene(bpm=125, drums=False)})
        for _ in range(200):  # the disk is written beside the event loop
            await stage.play(0.02)
            if scenes.revision == 2:
                break
        await stage.play(0.3)
        assert (await stage.told(other, "scenes"))["slots"][0]["drums"] is False
        client.send({"type": "scene", "action": "recall", "slot": 0, "quantise": "bar"})
        await stage.play(0.05)
        player = next(p for p in stage.engine.players if p.controls.drums is False)
        assert player.status()["pending"][0]["changes"]["prompts"] == {"house": 0.731, "ambient": 0.269}
        client.send({"type": "scene", "action": "store", "slot": 1, "scene": scene(bpm=900)})
        await stage.play(0.05)
        assert "bpm is 900" in (await stage.told(client, "error"))["message"]
        client.send({"type": "scene", "action": "store", "slot": 1})
        await stage.play(0.05)
        assert "store needs the scene" in (await stage.told(client, "error"))["message"]
        await stage.leave(other)

    play(act, Shared(scenes))
    assert Scenes(tmp_path / "scenes.json").recall(0)["bpm"] == 125


def test_link_is_told_of():
    async def act(stage, client):
        await stage.play(0.3)
        status = await stage.told(client, "status")
        assert status["link"] == {"peers": 1, "bpm": 120.0, "playing": None}

    play(act, Shared(link=lambda: {"peers": 1, "bpm": 120.0, "playing": None}))


def test_no_field_name_can_end_a_connection():
    async def act(stage, client):
        for name in ("self", "quantise", "changes", "type"):
            client.send({"type": "steer", name: 1} if name != "type" else {"type": ["steer"]})
            await stage.play(0.02)
        assert len([text for text in client.texts if text["type"] == "error"]) == 4
        assert (await stage.told(client, "status"))["playing"]

    play(act)
