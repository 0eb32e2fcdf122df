"""Likeness, notes, regimes and blends on sounds and sets whose answer is known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from untrained import untrained_bundle

from legato.conditioning import GROUPS, VALUES, WIDTH, beat_values, empty, give
from legato.evaluation import blends, musicnn, notes, reference, scores, tracks
from legato.evaluation.classifier import StyleClassifier, nearest_own
from legato.evaluation.codec import compare, verdicts
from legato.evaluation.confusion import confusion
from legato.evaluation.distances import fad, gaussian, kad
from legato.evaluation.guided import solve
from legato.evaluation.player import Player
from legato.evaluation.renders import Command, Take, base_commands
from legato.evaluation.table import Table
from legato.models.bundle import Bundle
from legato.models.sampling import sample_teacher
from legato.models.streaming import Conditions
from legato.teachers import NativeTeacher, Steering
from legato.training.rollout import trajectories

RATE = 48_000
rng = np.random.default_rng(0)


def tone(pitch: int, seconds: float) -> np.ndarray:
    """A plucked note with harmonics."""
    t = np.arange(int(seconds * RATE)) / RATE
    hz = 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * hz * k * t) / k**2 for k in range(1, 6))
    return (0.2 * wave * np.exp(-2 * t) * np.minimum(1, t / 0.005)).astype(np.float32)


# distances


def test_frechet_distance_of_known_gaussians() -> None:
    near, far = rng.standard_normal((4000, 6)), rng.standard_normal((4000, 6)) + 2
    wide = 3 * rng.standard_normal((4000, 6))
    assert fad(near, near) == pytest.approx(0, abs=1e-6)
    assert fad(near, far) == pytest.approx(6 * 4, rel=0.05)
    assert fad(near, wide) == pytest.approx(6 * (3 - 1) ** 2, rel=0.05)


def test_few_embeddings_still_have_a_covariance_near_the_truth() -> None:
    few = gaussian(rng.standard_normal((20, 100)))
    assert np.linalg.eigvalsh(few.covariance).min() > 0.5
    assert np.trace(few.covariance) / 100 == pytest.approx(1, abs=0.1)
    with pytest.raises(ValueError, match="at least 2"):
        gaussian(np.zeros((1, 4)))


def test_kernel_distance_is_unbiased_and_sees_a_shift() -> None:
    draws = [kad(rng.standard_normal((30, 5)), rng.standard_normal((60, 5))) for _ in range(40)]
    assert abs(np.mean(draws)) < 3 * np.std(draws) / 40**0.5
    assert kad(rng.standard_normal((30, 5)) + 1, rng.standard_normal((60, 5))) > 5 * np.std(draws)


# embeddings, classifier


def test_mel_front_end_and_embedding_shapes() -> None:
    audio = np.repeat(tone(69, 6.0)[:, None], 2, 1)
    mel = musicnn.log_mel(audio)
    assert mel.shape == (6 * 16_000 // 256 + 1, 96)
    assert mel[20:80].mean(0).argmax() == pytest.approx(440 / 8000 * 190, abs=8)  # linear below 1 kHz
    assert musicnn.embed(audio).shape == (4, 200)
    assert musicnn.embed(audio, hop=2).shape == (2, 200)
    assert musicnn.embed(audio[:1000]).shape == (1, 200)
    assert sum(musicnn.tags(audio).values()) < 10


def test_tags_tell_a_club_beat_from_a_held_chord() -> None:
    beat = np.zeros(4 * RATE, np.float32)
    for start in np.arange(0, 4, 60 / 128):
        n, t = int(start * RATE), np.arange(RATE // 5) / RATE
        kick = np.sin(2 * np.pi * (50 * t + 8 * (1 - np.exp(-30 * t)))) * np.exp(-12 * t)
        beat[n : n + len(kick)] += 0.6 * kick[: len(beat) - n]
    pad = sum(tone(p, 4.0) * np.exp(2 * np.arange(4 * RATE) / RATE) for p in (48, 55, 60, 64)) * 0.2
    club, still = musicnn.tags(beat), musicnn.tags(pad)
    assert club["dance"] > 2 * still["dance"]
    assert still["ambient"] > 2 * club["ambient"]


def test_classifier_names_styles_it_was_shown() -> None:
    centres = {name: 3 * rng.standard_normal(20) for name in ("jazz", "techno", "folk")}

    def clips(count: int) -> dict[str, list[np.ndarray]]:
        return {n: [c + rng.standard_normal((8, 20)) for _ in range(count)] for n, c in centres.items()}

    model = StyleClassifier.fit(clips(6))
    assert model.accuracy(clips(10)) == 1
    assert model.probabilities(clips(1)["folk"][0]).sum() == pytest.approx(1)
    assert nearest_own(np.array([[1, 2], [3, 0]])) == 1
    assert nearest_own(np.array([[2, 1], [3, 0]])) == 0.5


def test_confusion_shows_which_styles_are_taken_for_which() -> None:
    far, near = 5 * rng.standard_normal((2, 20))
    centres = {"ambient": far, "blues": near, "rock": near}  # the last two sound alike

    def clips(count: int) -> dict[str, list[np.ndarray]]:
        return {n: [c + rng.standard_normal((4, 20)) for _ in range(count)] for n, c in centres.items()}

    told: list[tuple[int, int]] = []
    found = confusion(clips(8), lambda done, total: told.append((done, total)))
    assert found.counts.sum() == 24 and told[-1] == (4, 4)
    assert found.of("ambient") == (1.0, [])
    taken = [name for name, _ in found.of("blues")[1] + found.of("rock")[1]]
    assert set(taken) <= {"blues", "rock"} and found.accuracy < 1
    with pytest.raises(ValueError, match="'ambient' has 3 clips; at least 4"):
        confusion(clips(3))


def test_reference_halves_share_no_clip() -> None:
    clips = {"a": [np.full((2, 3), i) for i in range(4)], "b": [np.full((2, 3), 10 + i) for i in range(4)]}
    one, other = reference.Reference(clips, {"a": [], "b": []}).halves()
    assert not set(one[:, 0]) & set(other[:, 0])
    assert len(one) == len(other) == 8


# notes


def test_note_f1_counts_each_note_once() -> None:
    played = np.array([[60, 1.0, 1.5], [60, 1.5, 2.0], [64, 1.0, 2.0]])
    assert notes.note_f1(played, played) == 1
    assert notes.note_f1(np.add(played, [0, 0.04, 0]), played) == 1
    assert notes.note_f1(np.add(played, [0, 0.06, 0]), played) == 0
    assert notes.note_f1(np.add(played, [12, 0, 0]), played) == 0
    assert notes.note_f1(np.array([[60, 1.0], [60, 1.02]]), played) == pytest.approx(2 / 5)
    assert np.isnan(notes.note_f1(played, np.zeros((0, 3))))


def test_transcription_hears_a_plain_melody() -> None:
    if not notes.available():
        with pytest.raises(notes.TranscriberMissing, match="standalone"):
            notes.transcribe(np.zeros(RATE, np.float32))
        pytest.skip("basic-pitch is not installed")
    pitches = [60, 64, 67, 72, 69, 65, 62, 59]
    played = np.array([[pitch, 0.5 * (i + 1)] for i, pitch in enumerate(pitches)])
    audio = np.concatenate([np.zeros(RATE // 2, np.float32), *(tone(pitch, 0.5) for pitch in pitches)])
    assert notes.note_f1(notes.transcribe(audio), played) > 0.8


# tracks, scores, player


def steady(seconds: float, bpm: float = 120.0) -> tracks.Track:
    """A track of a beat, a C major chord and one held A."""
    frames = int(seconds * 25)
    cond = empty(frames)
    give(cond, "beat", beat_values(np.arange(frames) * bpm / 1500, 4, bpm))
    chord = np.zeros(24)
    chord[[0, 4, 7, 12]] = 1
    give(cond, "harmony", chord)
    held = np.zeros(176)
    held[69 - 21] = 1
    give(cond, "notes", held)
    return tracks.Track(np.zeros((frames // 4, 384), np.float32), cond, cond)


def test_regimes_take_groups_back_and_keep_what_was_meant() -> None:
    track = steady(8)
    chord = track.only(tracks.REGIMES["chord"])
    assert (chord.cond_td[:, VALUES:].sum(1) == 1).all()
    assert chord.cond_td[0, VALUES + GROUPS["harmony"].index] == 1
    assert chord.full_td is track.full_td
    assert set(scores.chroma_target(track.full_td, ["harmony"])[0].nonzero()[0]) == {0, 4, 7}
    assert list(scores.chroma_target(track.full_td, ["notes"])[0].nonzero()[0]) == [9]
    assert scores.chroma_target(track.full_td, []) is None
    beats, bpm = tracks.beats_of(track.full_td)
    assert bpm == pytest.approx(120)
    assert beats[25] - beats[0] == pytest.approx(2, abs=1e-3)
    assert track.first(3.0).frames == 72


def test_scores_of_a_sound_that_does_as_told() -> None:
    beat = np.zeros(8 * RATE, np.float32)
    for i in range(16):
        beat[i * RATE // 2 : i * RATE // 2 + 2000] += (
            0.5 * rng.standard_normal(2000) * np.exp(-np.arange(2000) / 300)
        )
    t = np.arange(8 * RATE) / RATE
    chord = sum(0.1 * np.sin(2 * np.pi * 440 * 2 ** ((p - 69) / 12) * t) for p in (60, 64, 67))
    audio = np.repeat((beat + chord)[:, None], 2, 1).astype(np.float32)
    track = steady(8)
    right = scores.score(audio, track, ["beat", "harmony"])
    assert right["beat_lock"] > 0.8
    assert right["chroma"] > 0.8
    assert right["tempo_error"] < 0.01
    assert right["tonality"] > 0.4
    free = scores.score(audio, track, [])
    assert free["beat_lock"] > 0.8  # of its own tempo
    assert np.isnan(free["chroma"])
    wrong = replace(track, full_td=steady(8, 97.0).full_td)
    assert scores.score(audio, wrong, ["beat"])["beat_lock"] < 0.3


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """An untrained model."""
    return Bundle.load(untrained_bundle(tmp_path_factory.mktemp("measures") / "model"))


def test_both_branches_in_one_pass_give_the_guided_solution(bundle: Bundle) -> None:
    teacher = bundle.teacher()
    torch.manual_seed(0)
    channels, frames, rows = teacher.config.latent_channels, 4, 3
    torch.nn.init.normal_(teacher.head.weight, std=0.2)
    state = teacher.init_state(rows, frames)
    conditions = Conditions(
        torch.randn(rows, teacher.config.prompt_dim),
        torch.tensor([True, False, True]),
        torch.randn(rows, 4, WIDTH),
    )
    weight = torch.tensor([1.5, 2.0, 3.0])
    with torch.inference_mode():
        for _ in range(3):
            noise = torch.randn(rows, frames, channels)
            expected, _ = sample_teacher(teacher, noise, state, conditions, weight, 3)
            found = solve(teacher, noise, state, conditions, weight, 3)
            torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-3)
            state = teacher.commit(expected, state)


def test_the_teacher_that_measures_is_the_one_that_teaches(bundle: Bundle) -> None:
    """Sixteen steps of another solver end elsewhere, and the student would be blamed for it."""
    teacher = bundle.teacher()
    torch.manual_seed(0)
    torch.nn.init.normal_(teacher.head.weight, std=0.2)
    prompt, cond = torch.randn(2, teacher.config.prompt_dim), torch.randn(2, 4, WIDTH)
    given, weight = torch.ones(2, dtype=torch.bool), torch.tensor([1.0, 3.0])
    noise = torch.randn(2, 4, teacher.config.latent_channels)
    with torch.inference_mode():
        state, conditions = teacher.init_state(2, 4), Conditions(prompt, given, cond)
        measuring, _ = sample_teacher(teacher, noise, state, conditions, weight, 5)
        steering = Steering(
            prompt[:, None], given[:, None], torch.zeros(2, 4, dtype=torch.long), cond, weight
        )
        teaching = trajectories(NativeTeacher(teacher), noise, None, steering, 0, 4, 5)[-1][1]
    torch.testing.assert_close(measuring, teaching, atol=1e-4, rtol=1e-3)


def test_a_batch_renders_each_command_for_its_length(bundle: Bundle) -> None:
    commands = base_commands(3)
    player = Player(bundle, rows=2)
    heard: list[float] = []
    audio = list(player.render_many(commands, 1.0, heard.append))
    assert [len(one) for one in audio] == [RATE] * 3
    assert sum(heard) == pytest.approx(3 * 1.12)  # whole chunks
    alone = next(Player(bundle, rows=1).render_many(commands[:1], 1.0))
    assert np.abs(alone).max() <= 1
    with pytest.raises(ValueError, match="1, 2 or 4"):
        Player(bundle, steps=16)
    with pytest.raises(ValueError, match="student and a teacher"):
        Player(bundle, of="pupil")


def test_commands_are_laid_out_as_the_engine_would(bundle: Bundle) -> None:
    command = Command("calm piano", {"bpm": 90.0, "seed": 3}, ({"at": 0.5, "bpm": 120.0},))
    track = tracks.command_track(bundle, command, 1.0)
    tempo = track.cond_td[:, GROUPS["beat"].slice][:, 4]
    assert tempo[15] == pytest.approx(np.log2(90 / 120), abs=1e-5)
    assert tempo[16] == pytest.approx(0, abs=1e-5)  # the first chunk that begins after the move


# blends, codec


def test_a_blend_that_moves_and_one_that_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def takes(places: Sequence[float]) -> Iterator[Take]:
        for place in places:
            yield Take(Command("", {}, style="a → b"), np.full((RATE * 2, 2), place, np.float32))

    monkeypatch.setattr(musicnn, "embed", lambda audio: np.full((2, 3), float(audio[0, 0])))
    table = Table()
    blends.measure_blends(table, [*takes([0, 0.2, 0.5, 0.9, 1]), *takes([0, 0, 0, 0, 0])])
    assert table.measures["blend_rank"].value == pytest.approx(0.5)
    assert table.measures["blend_middle"].value == pytest.approx(0.5)


def test_codec_measures_see_a_lost_side_signal_by_octave() -> None:
    mid, side = (torch.from_numpy(rng.standard_normal(RATE)).float() * 0.1 for _ in range(2))
    wide = torch.stack([mid + 0.5 * side, mid - 0.5 * side], 1)
    narrow = torch.stack([mid + 0.25 * side, mid - 0.25 * side], 1)
    found = compare(wide, narrow)
    assert found["side_level_db_1000"] == pytest.approx(6, abs=0.3)
    assert found["side_level_db"] == pytest.approx(6, abs=0.5)
    assert compare(wide, wide)["coherence_500"] == 0
    judged = verdicts(found | {"floor_mel_db": 2.0, "transients": 1.0}, 0.6)
    assert judged["side/mid level error, worst octave (dB)"][2] is False
    assert judged["transient energy ratio"][2] is True
