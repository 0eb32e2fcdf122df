"""The page of examples, played by the counter."""

import wave
from pathlib import Path

import pytest

from legato.control.script import parse_script
from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.evaluation.demo import Move, Piece, demo, gestures, styles
from legato.music.grammar import STYLES


def test_the_page_shows_every_piece_with_its_moves(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    told: list[tuple[int, int]] = []
    pieces = {
        "Styles": styles(["house"]),
        "Steering": [Piece("p", "Chords", "piano", {"chord": "Am"}, [Move(0.5, "to F", {"chord": "F"})])],
    }
    page = demo(
        Instrument(CounterModel()), tmp_path, pieces, seconds=1.0, told=lambda *step: told.append(step)
    )
    assert told == [(1, 2), (2, 2)]
    text = page.read_text()
    for words in ("House", "Chords", "to F", "“piano”".strip("“”"), "audio/p.wav", "pictures/house.png"):
        assert words.lower() in text.lower(), words
    with wave.open(str(tmp_path / "audio" / "p.wav")) as sound:
        assert (sound.getnframes(), sound.getnchannels()) == (48_000, 2)
    # The chord given at 0.5 s is heard from the first chunk that begins after it, at 0.64 s.
    assert 'left:0.00%;width:64.00%" title="Am"' in text and 'left:64.00%;width:36.00%" title="F"' in text


def test_gestures_are_valid_controls_in_order_of_time() -> None:
    for piece in gestures():
        times = [move.at for move in piece.moves]
        assert times == sorted(times) and 0 < times[-1] < 12
        parse_script([{"at": 0.0, **piece.controls}, *({"at": m.at, **m.changes} for m in piece.moves)])
    assert {piece.name for piece in styles(STYLES)} == set(STYLES)
