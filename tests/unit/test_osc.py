"""The OSC namespace without sockets: every control, answers in sentences, floods."""

import pytest

from legato.control.desk import Desk
from legato.control.osc import ADDRESSES, CONTROLS, EVENTS, MAX_LISTENERS, OscSpace
from legato.control.state import FIELDS, ControlError, Controls

ME = ("127.0.0.1", 5000)


class Player:
    """Keeps what it is steered to."""

    def __init__(self):
        self.controls = Controls()
        self.steers = []
        self.quantise = "now"
        self.orders = []

    def order(self, order):
        self.orders.append(order)

    def cancel(self, *fields):
        self.orders.append(("cancel", *fields))

    def steer(self, quantise=None, **changes):
        self.controls = self.controls.steer(**changes)
        self.steers.append(changes)
        return self.controls

    def status(self):
        return {}


@pytest.fixture
def player():
    return Player()


@pytest.fixture
def desk(player):
    desk = Desk()
    desk.connect(lambda: player)
    return desk


@pytest.fixture
def space(desk):
    return OscSpace(desk)


def send(space, desk, address, *arguments):
    answers = space.handle(address, arguments, ME)
    desk.flush()
    return answers


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("bpm", [128], 128.0),
        ("bpm", ["open"], None),
        ("bpm", [None], None),
        ("density", [0.25], 0.25),
        ("drums", [0.0], False),
        ("bass", [1], True),
        ("lead", [True], True),
        ("key", ["A minor"], "A minor"),
        ("key", ["f#", "minor"], "F# minor"),
        ("chord", ["Am7"], "Am7"),
        ("seed", [7.0], 7),
        ("steps", [2.0], 2),
        ("conductor", ["free"], "free"),
        ("guidance", [3], 3.0),
        ("prompts", ["dub techno"], {"dub techno": 1.0}),
        ("prompts", ["rain:0.5", "choir"], {"rain": 0.5, "choir": 1.0}),
        ("prompts", ["rain", 0.5, "choir", "bells", 2], {"rain": 0.5, "choir": 1.0, "bells": 2.0}),
        ("notes", [60.0, 64], (60, 64)),
    ],
)
def test_every_kind_of_value_is_taken(space, desk, player, name, arguments, value):
    assert send(space, desk, f"/legato/{name}", *arguments) == []
    assert getattr(player.controls, name) == value
    assert send(space, desk, f"/legato/{name}/") == [(f"/legato/{name}", told(value))]


def told(value):
    if isinstance(value, dict):
        return [part for pair in value.items() for part in pair]
    return list(value) if isinstance(value, tuple) else ["open" if value is None else value]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bpm", 1000.0),
        ("bpm", "fast"),
        ("bpm", float("nan")),
        ("drums", 0.5),
        ("key", "H minor"),
        ("notes", 12),
        ("steps", 3),
        ("prompts", ""),
        ("seed", b"\x00"),
        ("density", True),
        ("guidance", [1.0, [2.0]]),
    ],
)
def test_a_bad_value_is_answered_as_anywhere_else(space, desk, player, name, value):
    answers = send(space, desk, f"/legato/{name}", value)
    wanted = [value] if name in ("notes", "prompts") else value
    with pytest.raises(ControlError) as error:
        Controls().steer(**{name: wanted})
    assert answers == [("/legato/error", [str(error.value)])]
    assert player.controls == Controls()


@pytest.mark.parametrize(
    ("address", "arguments", "says"),
    [
        ("/legato/bpm", [1, 2], "bpm takes one value, not 2"),
        ("/legato/note", [60], "60 100"),
        ("/legato/note", [60, "hard"], "velocity"),
        ("/legato/note/on", [200], "21 to 108"),
        ("/legato/prompts", [1.0], "texts"),
        ("/legato/subscribe", [0], "1 to 65535"),
        ("/legato/help", [80, 81], "1 to 65535"),
        ("/legato/midi/learn", ["bpm"], "--midi"),
    ],
)
def test_other_mistakes_get_a_sentence(space, desk, address, arguments, says):
    ((where, (sentence,)),) = send(space, desk, address, *arguments)
    assert where == "/legato/error" and says in sentence and "\n" not in sentence


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/legato/bmp", "/legato/bpm"),
        ("/legato/brightnes", "/legato/brightness"),
        ("/density", "/legato/density"),
        ("/legato/tempo", "/legato/bpm?"),
    ],
)
def test_an_unknown_address_is_answered_with_near_ones(space, desk, address, near):
    ((where, (sentence,)),) = send(space, desk, address, 1.0)
    assert where == "/legato/error" and address in sentence and f"did you mean {near}" in sentence
    ((_, (sentence,)),) = send(space, desk, "/xyzzy/9", 1.0)
    assert "did you mean" not in sentence and "/legato/help" in sentence


def test_help_tells_every_address_with_its_value_now(space, desk):
    send(space, desk, "/legato/bpm", 93.5)
    send(space, desk, "/legato/prompts", "rain", 0.5)
    lines = {arguments[0]: arguments for _, arguments in send(space, desk, "/legato")}
    assert send(space, desk, "/legato/help") == send(space, desk, "/legato")
    assert lines.keys() == {line.address for line in (*ADDRESSES, *EVENTS)}
    assert lines["/legato/bpm"] == ["/legato/bpm", "f", "40–240, or open", "93.5", "tempo"]
    assert lines["/legato/prompts"][3] == "rain 0.5"
    assert lines["/legato/key"][3] == "open"
    assert [line.address.rpartition("/")[2] for line in CONTROLS] == list(FIELDS)


def test_notes_are_struck_held_and_let_go(space, desk, player):
    for address, arguments, held in [
        ("note/on", [60, 64], (60, 64)),
        ("note", [67.0, 0.8], (60, 64, 67)),
        ("note", [60, 0], (64, 67)),
        ("note/off", [64, 50], (67,)),
        ("notes", [40, 43], (40, 43)),
        ("notes", ["open"], ()),
        ("note/on", [70], (70,)),
        ("panic", [], ()),
    ]:
        assert send(space, desk, f"/legato/{address}", *arguments) == []
        assert player.controls.notes == held


def test_notes_of_several_sources_sound_together(space, desk, player):
    desk.hold("midi", [60, 5, 120])  # the range of the instrument is that of a piano
    send(space, desk, "/legato/note/on", 64)
    assert player.controls.notes == (60, 64)
    send(space, desk, "/legato/panic")
    assert player.controls.notes == (60,)


def test_the_newest_sixteen_notes_are_held(space, desk, player):
    for note in range(40, 60):
        send(space, desk, "/legato/note/on", note)
    assert player.controls.notes == tuple(range(44, 60))


def test_a_flood_ends_with_the_last_value_and_no_stuck_note(space, desk, player):
    for i in range(6000):
        space.handle("/legato/brightness", [i / 5999], ME)
        space.handle("/legato/note/on", [40 + i % 50], ME)
        space.handle("/legato/note/off", [40 + i % 50], ME)
        if i % 2000 == 1999:
            desk.flush()
    assert player.controls.brightness == 1.0 and player.controls.notes == ()
    assert len(player.steers) <= 3 * 5  # what the player is asked for does not grow with the flood


def test_a_flood_of_mistakes_is_not_answered_with_one(desk):
    time = 0.0
    space = OscSpace(desk, now=lambda: time)
    answered = [space.handle(f"/legato/{i}", [], ME) for i in range(1000)]
    assert 0 < sum(map(len, answered)) <= 50
    time = 1.0
    assert space.handle("/legato/bpm", [0], ME)


def test_short_notes_and_chords_keep_their_shape(space, desk, player):
    desk.flush()
    space.handle("/legato/note/on", [60], ME)
    space.handle("/legato/note/off", [60], ME)
    for note in (50, 53, 57):
        space.handle("/legato/note/on", [note], ME)
    desk.flush()
    assert [change["notes"] for change in player.steers] == [{60}, set(), {50, 53, 57}]


def test_what_is_asked_while_nobody_listens_waits():
    desk, player = Desk(), None
    desk.connect(lambda: player, Controls(bpm=90))
    space = OscSpace(desk)
    send(space, desk, "/legato/density", 0.1)
    send(space, desk, "/legato/density", 0.2)
    send(space, desk, "/legato/note/on", 60)
    assert send(space, desk, "/legato/density") == [("/legato/density", [0.2])]
    assert send(space, desk, "/legato/bpm") == [("/legato/bpm", [90.0])]
    player = Player()
    desk.flush()
    assert (player.controls.density, player.controls.notes) == (0.2, (60,))
    player = Player()  # another stream: its own controls, but the key is still down
    desk.flush()
    assert (player.controls.density, player.controls.notes) == (None, (60,))
    restored, player = player.controls, None
    send(space, desk, "/legato/note/off", 60)  # while the page is stopped
    player = Player()
    player.controls = restored
    desk.flush()
    assert player.controls.notes == ()


def test_listeners_are_told_where_they_want(space):
    other = ("10.0.0.2", 6000)
    space.handle("/legato/subscribe", [9001.0], ME)
    space.handle("/legato/subscribe", [], other)
    space.handle("/legato/subscribe", [], other)
    assert space.subscribers == (("127.0.0.1", 9001), other)
    assert space.answer_to(ME) == ("127.0.0.1", 9001)
    space.handle("/legato/unsubscribe", [], ME)
    assert space.subscribers == (other,)
    for port in range(1, 100):
        space.handle("/legato/subscribe", [port], ("10.0.0.3", port))
    assert len(space.subscribers) == MAX_LISTENERS


def test_midi_learn_is_passed_on(desk):
    taught = []
    assert OscSpace(desk, learn=taught.extend).handle("/legato/midi/learn", ["bpm", "drums"], ME) == []
    assert taught == ["bpm", "drums"]
