"""From a folder of adapters to sound, on small random models of the real classes: load, refuse, play."""

import asyncio
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import open_models
import pytest

import legato
from legato.cli import doctor
from legato.cli.show import describe
from legato.control.state import ControlError
from legato.engine.clock import VirtualClock
from legato.engine.engine import Engine
from legato.engine.instrument import Instrument
from legato.models.card import Card
from legato.teachers.instrument import (
    ADAPTER,
    CARD,
    RECORD,
    InstrumentRecord,
    SavedInstrument,
    read_record,
    write_record,
)
from legato.teachers.playable import TeacherError
from legato.teachers.tiny import write_tiny

TRAINED = {"chunk": 4, "window": 8}


@pytest.fixture(scope="session")
def folder(opened, tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instrument on the family's small model, distilled by nobody."""
    made = tmp_path_factory.mktemp("instruments") / "toy"
    open_models.write_instrument(made, opened.source.family, opened.network, str(tiny_folder), **TRAINED)
    return made


@pytest.fixture(scope="session")
def instrument(folder: Path) -> Instrument:
    return legato.load(folder, device="cpu")


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "copy")


def test_it_plays_exactly_and_repeatably_from_the_first_sample(instrument: Instrument, family: str) -> None:
    model = instrument.model
    assert model.sample_rate == {"ace-step": 48_000}.get(family, 44_100)
    made, again = (instrument.render("slow piano", 0.6, seed=1).audio for _ in range(2))
    assert made.shape == (round(0.6 * model.sample_rate), 2) and np.array_equal(made, again)
    assert np.isfinite(made).all() and made.std() > 1e-4 and np.abs(made[: model.frame_samples]).max() > 0
    assert not np.array_equal(made, instrument.render("fast rock drums", 0.6, seed=1).audio)
    assert not np.array_equal(made, instrument.render("slow piano", 0.6, seed=1, steps=2).audio)


def test_a_change_of_prompts_is_heard_from_its_chunk_on(instrument: Instrument) -> None:
    model = instrument.model
    chunk = model.chunk_frames * model.frame_samples
    at = 3 * chunk / model.sample_rate
    seconds = at + 3 * chunk / model.sample_rate
    same = instrument.render("jazz", seconds).audio
    moved = instrument.render(
        "jazz", seconds, script=[{"at": at, "prompts": {"rock:": 1.0, "jazz": 0.5}}]
    ).audio
    assert np.array_equal(
        same[: 3 * chunk - model.latency_samples], moved[: 3 * chunk - model.latency_samples]
    )
    assert not np.array_equal(same[3 * chunk :], moved[3 * chunk :])


def test_a_fade_encodes_each_prompt_once(instrument: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    student, encoded = instrument.model.playable, []
    plain = student._text.encode
    monkeypatch.setattr(
        student._text, "encode", lambda texts, fields: encoded.extend(texts) or plain(texts, fields)
    )
    chunk_s = instrument.model.chunk_frames * instrument.model.frame_samples / instrument.sample_rate
    fade = [{"at": k * chunk_s, "prompts": {"fast drums": 1 + k, "warm guitar": 4 - k}} for k in range(4)]
    free = {"conductor": "free"} if "conductor" in instrument.model.honours else {}
    instrument.render({"fast drums": 1.0, "warm guitar": 5.0}, 5 * chunk_s, script=fade, **free)
    assert sorted(encoded) == ["fast drums", "warm guitar"]


def test_it_honours_what_its_base_reads(instrument: Instrument, folder: Path, family: str) -> None:
    told = describe(folder)
    assert set(told["controls"]) == instrument.model.honours and told["base"] == read_record(folder).base
    if family == "ace-step":
        assert {"bpm", "key", "conductor"} <= instrument.model.honours and told["lyrics"].startswith("none")
        fast, slow = (instrument.render("jazz", 0.3, bpm=bpm, key="C major").audio for bpm in (60, 180))
        assert not np.array_equal(fast, slow)
    else:
        assert not {"bpm", "key", "conductor"} & instrument.model.honours and "seconds" in told
        with pytest.raises(ControlError, match="'toy' does not follow bpm; it follows"):
            instrument.render("jazz", 0.3, bpm=120)


def test_a_live_page_plays_it(instrument: Instrument) -> None:
    engine = Engine(instrument.model, lead_s=0.1, clock=VirtualClock())
    told, audio_n2 = asyncio.run(asyncio.wait_for(open_models.play_on_a_page(engine, 0.5), 100))
    live = audio_n2[: instrument.sample_rate // 2]
    assert told["hello"]["sample_rate"] == instrument.sample_rate
    assert "chord" not in told["hello"]["honours"] and told["status"]["underruns"] == 0
    rendered = instrument.render(legato.Controls().prompts, 0.5).audio
    np.testing.assert_allclose(live, rendered, atol=1 / 32768)


def test_the_doctor_measures_it_in_its_own_chunks(folder: Path, moved: Path, family: str) -> None:
    if family != "stable-audio-3":
        pytest.skip("tried on stable-audio-3")
    told = doctor.bundle(str(folder))
    assert told.verdict == "ok" and read_record(folder).base in told.found
    assert f"at {1000 * 4 * 4096 / 44_100:.0f} ms" in doctor.speed(str(folder)).found
    assert "is not to be had" in doctor.speed(str(moved)).found


def test_it_is_saved_shared_and_named_after_its_card(instrument: Instrument, tmp_path: Path) -> None:
    saved = instrument.save(tmp_path / "again")
    assert sorted(path.name for path in saved.iterdir()) == sorted([ADAPTER, CARD, RECORD])
    card = Card.parse((saved / CARD).read_text())
    assert card.name == instrument.name == "toy"
    with pytest.raises(TeacherError, match="is a folder of this machine"):
        instrument.push_to_hub("someone/toy")
    with pytest.raises(TeacherError, match="exists already"):
        instrument.save(tmp_path / "again")


def test_a_base_from_a_hub_is_named_to_the_hub(copied: Path) -> None:
    write_record(copied, replace(read_record(copied), base="org/model", revision="0a1b"))
    assert Card.parse((copied / CARD).read_text()).base == "org/model"
    assert "base_model_relation: adapter" in (copied / CARD).read_text()


class Shelf:
    """As much of huggingface_hub as sharing needs: repositories are folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def HfApi(self, library_name: str) -> "Shelf":
        return self

    def create_repo(self, repo_id: str, **_: object) -> None:
        (self.folder / repo_id).mkdir(parents=True)

    def upload_folder(self, repo_id: str, folder_path: Path, allow_patterns: list[str], **_: object) -> str:
        for name in allow_patterns:
            shutil.copyfile(folder_path / name, self.folder / repo_id / name)
        return f"commit of {repo_id}"

    def snapshot_download(self, repo_id: str, revision: str | None, allow_patterns: list[str]) -> str:
        assert {RECORD, ADAPTER, CARD} <= set(allow_patterns)
        return str(self.folder / repo_id)


def test_it_is_shared_on_a_hub_and_played_from_there(
    copied: Path, tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path / "hub")
    monkeypatch.setattr("legato.models.hub._client", lambda: shelf)
    (copied / "run").mkdir()  # a checkpoint is not for sharing
    write_record(copied, replace(read_record(copied), base="org/model", revision="0a1b"))
    assert SavedInstrument(copied).push_to_hub("someone/toy") == "commit of someone/toy"
    assert sorted(path.name for path in (tmp_path / "hub/someone/toy").iterdir()) == sorted(
        [ADAPTER, CARD, RECORD]
    )
    fetched = legato.load("someone/toy", device="cpu", base=str(tiny_folder))
    assert fetched.name == "copy" and fetched.render("jazz", 0.1).audio.any()


def test_another_base_is_refused(folder: Path, family: str, tmp_path: Path) -> None:
    other = write_tiny(family, tmp_path / "other", seed=7)
    with pytest.raises(TeacherError, match=r"is not the base of .* was trained on"):
        legato.load(folder, device="cpu", base=str(other))


def rewrite(change: Callable[[dict], object]) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        tree = json.loads((folder / RECORD).read_text())
        change(tree)
        (folder / RECORD).write_text(json.dumps(tree))

    return damage


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / ADAPTER).unlink(), "lacks adapter.safetensors"),
        (lambda folder: (folder / ADAPTER).write_bytes(b"short"), "truncated"),
        (
            lambda folder: (folder / ADAPTER).write_bytes((folder / ADAPTER).read_bytes()[:-1] + b"x"),
            "was altered",
        ),
        (lambda folder: (folder / CARD).unlink(), "no readable README.md"),
        (lambda folder: (folder / RECORD).write_text("{"), "instrument.json is damaged"),
        (rewrite(lambda tree: tree.update(format=9)), "format 9; this Legato reads format 1"),
        (rewrite(lambda tree: tree.update(chunk="four")), "chunk"),
        (rewrite(lambda tree: tree.update(tempo=1)), "unknown setting 'tempo'; valid here: family, base"),
        (rewrite(lambda tree: tree.update(family="polka")), "no family of models 'polka'; choose ace-step"),
        (rewrite(lambda tree: tree["files"].clear()), "instrument.json is damaged"),
    ],
)
def test_a_damaged_instrument_is_refused_in_one_sentence(copied: Path, damage, words: str) -> None:
    damage(copied)
    with pytest.raises(TeacherError, match=words) as refused:
        legato.load(copied, device="cpu")
    assert "\n" not in str(refused.value)


def test_a_folder_without_an_adapter_does_not_become_one(tmp_path: Path) -> None:
    record = InstrumentRecord("ace-step", "here", "", "0" * 64, 4, 8.0, 4, 8, (1.0, 2.0))
    with pytest.raises(TeacherError, match="has no adapter"):
        write_record(tmp_path, record)
    assert not list(tmp_path.iterdir())
