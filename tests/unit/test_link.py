"""Ableton Link: nobody else jumps, bars come together, tempo goes both ways. On a session in memory."""

import time

import pytest

from legato.control.beat_clock import BeatClock
from legato.control.desk import Desk
from legato.control.link import AaLink, Link, LinkError
from legato.control.servo import MOST_PULL
from legato.control.state import Controls

LOOK_S = 0.04
LATENCY = 8  # looks until a tempo that was asked for is heard: 0.3 s


class Session:
    """A Link session in memory: tempo and beat as functions of time."""

    def __init__(self, bpm=120.0, peers=0, beat=0.0):
        self._bpm, self.peers, self.playing = bpm, peers, False
        self.beat = beat
        self.proposed = []
        self.left = False

    @property
    def bpm(self):
        return self._bpm

    @bpm.setter
    def bpm(self, value):
        self._bpm = value
        self.proposed.append(value)

    def phase(self, beats):
        return self.beat % beats

    def leave(self):
        self.left = True


class Band:
    """An instrument in its controls' tempo, heard a little later, and a Link that follows a session."""

    def __init__(self, session, bpm=120.0, beats=4):
        self.now, self.beats_per_bar, self.session = 0.0, beats, session
        self.controls, self.quantise, self.pending = Controls(bpm=bpm), "now", []
        self.desk, self.clock = Desk(), BeatClock()
        self.desk.connect(lambda: self)
        self.link = Link(session, self.desk, self.clock)
        self.begin()
        self.tempi = []

    def begin(self):
        self.beat, self.generated, self.heard = 0.0, 0, [120.0] * LATENCY

    def steer(self, quantise=None, **changes):
        self.controls = self.controls.steer(**changes)
        return self.controls

    def status(self):
        bar = int(self.beat // self.beats_per_bar)
        start = bar * self.beats_per_bar
        place = {"bar": bar, "start_beat": start, "beat": self.beat - start, "bpm": self.heard[0]}
        place |= {"beats_per_bar": self.beats_per_bar, "sample": self.generated}
        still = {"sample_rate": 48_000, "ring_ms": 0.0, "listener_ms": 0.0, "pending": self.pending}
        return {**still, "generated": self.generated, "beat": place}

    def run(self, seconds):
        for _ in range(round(seconds / LOOK_S)):
            self.now += LOOK_S
            self.session.beat += self.session.bpm / 60 * LOOK_S
            self.heard = [*self.heard[1:], self.controls.bpm or 100.0]
            self.beat += self.heard[0] / 60 * LOOK_S
            self.generated += round(LOOK_S * 48_000)
            self.tempi.append(self.heard[0])
            self.desk.flush()
            self.clock.update(self.now, self.status())
            self.link.look(self.now, self.status())
            self.desk.flush()

    @property
    def apart(self):
        """Beats by which bars are apart."""
        half = self.beats_per_bar / 2
        return (self.session.beat - self.beat + half) % self.beats_per_bar - half


def test_joining_takes_the_tempo_over_and_moves_nobody_else():
    session = Session(bpm=93.5, peers=2, beat=17.3)
    band = Band(session, bpm=128)
    band.run(90)
    assert session.proposed == [] and session.bpm == 93.5
    assert abs(band.apart) < 0.05  # on the bar, not only on the beat
    assert band.controls.bpm == pytest.approx(93.5, rel=0.005)


def test_the_beat_is_drawn_and_never_jumps():
    band = Band(Session(bpm=120, peers=1, beat=1.9))
    band.run(80)
    assert abs(band.apart) < 0.05
    assert max(abs(tempo / 120 - 1) for tempo in band.tempi) <= MOST_PULL + 1e-3


def test_alone_the_session_takes_our_tempo_so_that_who_joins_finds_it():
    session = Session(bpm=120)
    band = Band(session, bpm=87)
    band.run(1)
    assert session.bpm == 87 and band.controls.bpm == 87
    session.peers = 1
    band.steer(bpm=91)  # by the performer, just as somebody joined
    band.run(1)
    assert session.bpm == 87  # what was there when they joined holds


def test_a_tempo_set_here_is_proposed_to_all():
    session = Session(bpm=120, peers=1)
    band = Band(session)
    band.run(20)
    band.steer(bpm=133)
    band.run(20)
    assert session.proposed == [133.0] and band.controls.bpm == pytest.approx(133, rel=MOST_PULL)
    session._bpm = 100.0  # by another peer
    band.run(30)
    assert session.proposed == [133.0] and band.controls.bpm == pytest.approx(100, rel=MOST_PULL)
    band.desk.ask(bpm=140.0)  # a knob of MIDI or OSC
    band.run(5)
    assert session.bpm == 140.0


def test_a_tempo_that_waits_for_its_bar_is_proposed_when_it_is_there():
    session = Session(bpm=120, peers=1)
    band = Band(session)
    band.run(5)
    band.pending = [{"quantise": "bar", "beat": 48.0, "changes": {"bpm": 90.0}}]
    band.steer(bpm=90)
    band.run(1)
    assert session.proposed == [] and band.controls.bpm == 90
    band.pending = []
    band.run(1)
    assert session.proposed == [90.0]


def test_starting_again_in_another_tempo_moves_nobody():
    session = Session(bpm=120, peers=1)
    band = Band(session)
    band.run(5)
    band.begin()  # another stream
    band.steer(bpm=70)
    band.run(5)
    assert session.proposed == [] and band.controls.bpm == pytest.approx(120, rel=MOST_PULL)


def test_a_tempo_beyond_what_is_played_is_taken_in_octaves():
    session = Session(bpm=300, peers=1, beat=3.0)
    band = Band(session)
    band.run(60)
    assert band.controls.bpm == pytest.approx(150, rel=0.005)
    assert (session.beat / 2 - band.beat + 0.5) % 1 - 0.5 == pytest.approx(0, abs=0.05)
    band.steer(bpm=100)
    band.run(1)
    assert session.bpm == 200


class Deck:
    """What starts and stops with the session."""

    def __init__(self, player=None):
        self.player, self.did = player, []

    def start(self):
        self.player = object()
        self.did.append("start")

    def stop(self):
        self.player = None
        self.did.append("stop")


def test_start_and_stop_go_both_ways_but_not_by_joining():
    session = Session(peers=1)
    band = Band(session)
    deck = band.link.transport = Deck(object())
    band.run(0.1)
    assert deck.did == [] and not session.playing  # one plays, the other does not: so be it
    session.playing = True
    band.run(0.1)
    assert deck.did == []  # it plays already
    session.playing = False
    band.run(0.1)
    assert deck.did == ["stop"]
    deck.player = object()  # started from the page
    band.run(0.1)
    assert session.playing and deck.did == ["stop"]
    assert band.link.status() == {"peers": 1, "bpm": 120.0, "playing": True}
    band.link.transport = None
    assert band.link.status()["playing"] is None


def test_without_the_package_it_is_said_how_to_have_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "aalink", None)
    with pytest.raises(LinkError, match=r"pip install 'legato\[link\]'"):
        AaLink()


def test_two_real_peers_find_each_other_and_the_one_that_was_there_stays():
    pytest.importorskip("aalink")
    first = AaLink(bpm=111.0)
    try:
        time.sleep(1.0)  # Link takes peers for equally old within half a second
        second = AaLink(bpm=97.0)
        end = time.monotonic() + 3.0
        while not (first.peers and second.peers) and time.monotonic() < end:
            time.sleep(0.02)
        if not second.peers:
            pytest.skip("no multicast between peers on this machine")
        end = time.monotonic() + 3.0
        while abs(second.bpm - 111.0) > 0.01 and time.monotonic() < end:
            time.sleep(0.02)
        assert first.bpm == pytest.approx(111.0) and second.bpm == pytest.approx(111.0, abs=0.01)
        assert (first.phase(4) - second.phase(4) + 2) % 4 - 2 == pytest.approx(0, abs=0.05)
        second.leave()
        end = time.monotonic() + 3.0
        while first.peers and time.monotonic() < end:
            time.sleep(0.02)
        assert first.peers == 0
    finally:
        first.leave()
