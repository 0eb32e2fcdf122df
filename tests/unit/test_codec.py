"""The codec's parts: analysis and synthesis, phase, stereo, training losses, reconstruction measures."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from legato.config import CodecConfig, ConfigError, load_config
from legato.evaluation.codec import compare, evaluate_codec, log_mel_error, transient_ratio
from legato.models.codec import Codec, analyse, reconstruct_analysis
from legato.models.phase import PhaseState, integrate, noise_carrier
from legato.models.stereo import squash, stereo_edges, unsquash
from legato.models.stft import bin_magnitudes, log_features, overlap_add, pooled_edges, spectrum, time_frames
from legato.training.codec import train_codec
from legato.training.codec_features import prepare_features
from legato.training.codec_losses import spectral_losses
from legato.training.loop import StopFlag

CONFIG = CodecConfig()
SECOND = torch.arange(48_000) / 48_000


def tone(hertz: float, level: float = 0.3, seconds: float = 1.0) -> torch.Tensor:
    return level * torch.sin(2 * torch.pi * hertz * torch.arange(int(48_000 * seconds)) / 48_000)


def noise(seed: int, level: float = 0.1, count: int = 48_000) -> torch.Tensor:
    return level * torch.randn(count, generator=torch.Generator().manual_seed(seed))


@dataclass
class FakeClip:
    name: str
    seed: int
    count: int = 48_000

    def audio(self) -> np.ndarray:
        mid, side = noise(self.seed, count=self.count), noise(self.seed + 50, 0.03, count=self.count)
        return (torch.stack([mid + side, mid - side], 1).clamp(-1, 1) * 32767).to(torch.int16).numpy()


class FakeCorpus:
    def __init__(self, count: int = 48_000) -> None:
        self.train = [FakeClip(f"clip{i}", i, count) for i in range(3)]


def test_synthesis_inverts_analysis() -> None:
    audio = torch.stack([noise(1), tone(440)])
    spectra = spectrum(audio, 1920, 480)
    assert spectra.shape == (2, 100, 961)
    out, _ = overlap_add(time_frames(spectra, 1920), torch.zeros(2, 1440), 1920, 480)
    torch.testing.assert_close(out[:, 720 + 720 : 40_000], audio[:, 720 : 40_000 - 720], rtol=0, atol=1e-5)


def test_a_full_scale_sine_reads_one() -> None:
    magnitude = spectrum(tone(1000, 1.0)[None], 1920, 480).abs()[0, 50]
    assert int(magnitude.argmax()) == 40
    assert float(magnitude.max()) == pytest.approx(1.0, rel=1e-3)


def test_bands_keep_power() -> None:
    power = torch.rand(1, 3, 961, generator=torch.Generator().manual_seed(2))
    expanded = bin_magnitudes(log_features(power, CONFIG), CONFIG).square()
    low, high = CONFIG.linear_bins, int(pooled_edges(CONFIG)[-1])
    torch.testing.assert_close(expanded[..., :low], power[..., :low])
    torch.testing.assert_close(expanded[..., low:high].sum(-1), power[..., low:high].sum(-1))
    assert not expanded[..., high:].any()


@pytest.mark.parametrize("setting", [{"pooled_bands": 4000}, {"stereo_bands": 400}])
def test_too_many_bands_are_refused(setting: dict[str, int]) -> None:
    config = replace(CONFIG, **setting)
    with pytest.raises(ValueError, match="too many"):
        pooled_edges(config)
        stereo_edges(config)


def test_audio_of_a_wrong_shape_is_refused() -> None:
    for shape in ((1, 1921, 2), (1, 1920), (1, 1920, 1)):
        with pytest.raises(ValueError, match="multiple of 1920"):
            analyse(torch.zeros(shape), CONFIG)


def test_a_sine_keeps_its_pitch_and_level_through_phase_integration() -> None:
    for hertz in (220.0, 1003.0, 5012.5):
        audio = torch.stack([tone(hertz)] * 2, 1)[None]
        out = reconstruct_analysis(audio, CONFIG)[0, 9_600:38_400, 0]
        window = torch.hann_window(len(out))
        heard = torch.fft.rfft(out * window).abs()
        assert float(heard.argmax()) * 48_000 / len(out) == pytest.approx(hertz, abs=1.7)
        assert float(out.std()) == pytest.approx(0.3 / 2**0.5, rel=0.1)


def test_noise_keeps_its_spectrum() -> None:
    audio = torch.stack([noise(4)] * 2, 1)
    out = reconstruct_analysis(audio[None], CONFIG)[0]
    true, heard = (spectrum(x[None, :, 0], 1920, 480)[0, 10:90].abs().square().mean(0) for x in (audio, out))
    for low, high in ((10, 300), (340, 790)):
        ratio = heard[low:high].sum() / true[low:high].sum()
        assert 10 * abs(float(ratio.log10())) < 1.0


def test_an_impulse_stays_in_place() -> None:
    audio = torch.full((1, 48_000, 2), 0.0)
    audio[0, 24_000] = 0.9
    out = reconstruct_analysis(audio, CONFIG)[0, :, 0].square()
    assert abs(int(out.argmax()) - 24_000) < 240
    assert float(out[23_520:24_480].sum()) > 0.5 * float(out.sum())


def test_phase_is_the_same_for_any_split_and_any_replay() -> None:
    logs = torch.randn(2, 30, 64, generator=torch.Generator().manual_seed(3))
    state = PhaseState.initial(2, 64)
    whole, _ = integrate(logs, state, n_fft=1920, hop=480)
    parts = []
    for part in logs.split([1, 12, 17], dim=1):
        phases, state = integrate(part, state, n_fft=1920, hop=480)
        parts.append(phases)
    assert torch.equal(torch.cat(parts, 1), whole)
    assert whole.abs().max() <= torch.pi + 1e-6


def test_noise_carrier_follows_the_frame_index() -> None:
    a = noise_carrier(torch.tensor([0, 5]), 10, 320, 1920, 480)
    b = noise_carrier(torch.tensor([5, 405]), 5, 320, 1920, 480)
    assert torch.equal(a[0, 5:], b[0])
    assert torch.equal(b[0], b[1])
    torch.testing.assert_close(a.abs(), torch.ones_like(a.abs()))


@pytest.mark.parametrize("pan", [0.0, 0.25, 0.5, 1.0])
def test_panning_survives(pan: float) -> None:
    mono = noise(6)
    audio = torch.stack([mono * (1 - pan), mono * pan], 1)
    out = reconstruct_analysis(audio[None], CONFIG)[0][4_800:-4_800]
    left, right = out.square().mean(0).sqrt().tolist()
    total = left + right
    assert right / total == pytest.approx(pan, abs=0.06)


def test_width_survives_and_a_cancelling_mid_still_sounds() -> None:
    wide = torch.stack([noise(7), noise(8)], 1)
    measured = compare(wide, reconstruct_analysis(wide[None], CONFIG)[0])
    assert measured["side_level_db"] < 1.0
    assert measured["coherence"] < 0.2
    opposed = torch.stack([noise(9), -noise(9)], 1)
    out = reconstruct_analysis(opposed[None], CONFIG)[0]
    assert float((out[:, 0] - out[:, 1]).std()) == pytest.approx(0.2, rel=0.25)


def test_squash_is_inverted() -> None:
    x = torch.linspace(-8, 8, 33)
    torch.testing.assert_close(unsquash(squash(x)), x, rtol=1e-4, atol=1e-5)
    assert squash(x).abs().max() < 1


def test_losses_vanish_on_the_target_and_ignore_the_inaudible() -> None:
    target = torch.randn(2, 16, 368, generator=torch.Generator().manual_seed(4)) - 3
    target[..., 50:60] = -11.0
    assert all(float(v) == 0 for v in spectral_losses(target, target, CONFIG).values())
    loud = target - 0.5
    quiet = target.clone()
    quiet[..., 50:60] -= 3.0
    wrong, unheard = (spectral_losses(x, target, CONFIG) for x in (loud, quiet))
    assert float(wrong["bins"]) > 0.3
    # 80 dB below this crop's peak is about -9.2 - 3 + 4 = -8 nats: those bins lie under it.
    assert float(unheard["bins"]) < 0.02 * float(wrong["bins"])


def test_features_are_stored_once_and_match_the_analysis(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    store = prepare_features(CONFIG, corpus, tmp_path, 16)  # type: ignore[arg-type]
    stamp = (tmp_path / "logs.npy").stat().st_mtime_ns
    crop = prepare_features(CONFIG, corpus, tmp_path, 16).crop(1, 4, 8)  # type: ignore[arg-type]
    assert (tmp_path / "logs.npy").stat().st_mtime_ns == stamp
    audio = torch.from_numpy(corpus.train[1].audio().astype(np.float32) / 32768.0)[None]
    true = analyse(audio, CONFIG)
    torch.testing.assert_close(crop.logs, true.logs[0, 16:48], rtol=0, atol=0.01)
    torch.testing.assert_close(crop.stereo, true.stereo[0, 4:12], rtol=0, atol=0.002)
    assert len(store) == 3


def test_a_corpus_of_short_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="crop of 64"):
        prepare_features(CONFIG, FakeCorpus(9_600), tmp_path, 64)  # type: ignore[arg-type]


@pytest.mark.parametrize("critic", [0.0, 0.4])
def test_training_runs_resumes_exactly_and_leaves_a_usable_codec(tmp_path: Path, critic: float) -> None:
    config = load_config("test", ["train_codec.optim.steps=6", f"train_codec.critic={critic}"])
    corpus = FakeCorpus()
    whole = train_codec(config, corpus, tmp_path / "a")  # type: ignore[arg-type]

    class Stop:
        steps = 0

        def __enter__(self) -> "Stop":
            return self

        def __exit__(self, *exc: object) -> None: ...

        def __bool__(self) -> bool:
            return self.steps >= 3

    stop = Stop()

    def count(done: int, total: int, figures: dict[str, float]) -> None:
        stop.steps = done
        assert total == 6
        assert np.isfinite(figures["loss"])

    first = train_codec(config, corpus, tmp_path / "b", progress=count, stop=stop)  # type: ignore[arg-type]
    assert first is None
    resumed = train_codec(config, corpus, tmp_path / "b")  # type: ignore[arg-type]
    assert whole is not None and resumed is not None
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    assert len((tmp_path / "a" / "log.jsonl").read_text().splitlines()) >= 1
    saved = Codec(config.codec)
    saved.load_state_dict(load_file(tmp_path / "b" / "model.safetensors"))
    latents = saved.encode(torch.from_numpy(corpus.train[0].audio()[:19_200] / 32768.0).float()[None])
    assert latents.shape == (1, 10, config.codec.latent_channels)
    assert torch.isfinite(saved.decode(latents)).all()
    with pytest.raises(ValueError, match="another codec"):
        train_codec(load_config("test", ["codec.width=40"]), corpus, tmp_path / "b")  # type: ignore[arg-type]
    assert json.loads((tmp_path / "a" / "config.json").read_text())["codec"]["width"] == 32


def test_a_new_encoder_learns_before_the_old_decoder_moves(tmp_path: Path) -> None:
    """Bundles ship decoders whose latents a teacher knows: they must survive the first wild encoder."""
    settings = ["train_codec.optim.steps=3", "train_codec.thaw=3"]
    old = Codec(load_config("test").codec).state_dict()
    decoder = {name: value for name, value in old.items() if not name.startswith("encoder.")}
    save_file(decoder, tmp_path / "model.safetensors")
    corpus = FakeCorpus()
    trained = train_codec(load_config("test", settings), corpus, tmp_path / "run", init=tmp_path)  # type: ignore[arg-type]
    assert trained is not None
    for name, value in trained.decoder.state_dict().items():
        assert torch.equal(value, old[f"decoder.{name}"]), name
    both = ["train_codec.optim.steps=3", "train_codec.thaw=1"]
    moved = train_codec(load_config("test", both), corpus, tmp_path / "both", init=tmp_path)  # type: ignore[arg-type]
    assert moved is not None
    assert not torch.equal(moved.decoder.head.weight, old["decoder.head.weight"])


def test_a_kept_encoder_means_the_same_after_training(tmp_path: Path) -> None:
    """Teacher and student speak its latents: a better decoder must not ask for new ones."""
    corpus = FakeCorpus()
    settings = load_config("test", ["train_codec.optim.steps=4", "train_codec.encoder=false"])
    with pytest.raises(ConfigError, match="--init"):
        train_codec(settings, corpus, tmp_path / "none")  # type: ignore[arg-type]
    old = Codec(settings.codec)
    old.set_statistics(torch.full((settings.codec.latent_channels,), 0.3), torch.tensor(2.0))
    save_file(old.state_dict(), tmp_path / "model.safetensors")
    halted = StopFlag()
    train_codec(
        settings,
        corpus,  # type: ignore[arg-type]
        tmp_path / "run",
        init=tmp_path,
        progress=lambda step, *_: halted.set() if step == 2 else None,
        stop=halted,
    )
    trained = train_codec(settings, corpus, tmp_path / "run")  # type: ignore[arg-type]
    assert trained is not None
    for name, value in trained.encoder.state_dict().items():
        assert torch.equal(value, old.encoder.state_dict()[name]), name
    assert torch.equal(trained.latent_mean, old.latent_mean)
    assert torch.equal(trained.latent_std, old.latent_std)
    assert not torch.equal(trained.decoder.head.weight, old.decoder.head.weight)


def test_measures_tell_good_from_bad() -> None:
    reference = tone(440) * torch.exp(-SECOND * 8) + noise(5, 0.01)
    assert log_mel_error(reference, reference) == 0
    assert log_mel_error(reference, 2 * reference) == pytest.approx(6.02, abs=0.7)
    click = torch.zeros(48_000)
    click[10_000:10_100] = 0.5
    smeared = torch.nn.functional.avg_pool1d(click[None], 2401, 1, 1200)[0]
    assert transient_ratio(click, click) == pytest.approx(1.0)
    assert transient_ratio(click, smeared) < 0.3


def test_evaluation_reports_reconstruction_beside_the_floor() -> None:
    torch.manual_seed(1)
    codec = Codec(load_config("test").codec).eval()
    result = evaluate_codec(codec, [FakeClip("x", 1).audio(), FakeClip("y", 2).audio()], seconds=0.5)
    assert result["floor_mel_db"] < result["mel_db"]
    assert {"mel_mid_db", "mel_side_db", "stft", "transients", "side_level_db", "coherence"} <= set(result)
    with pytest.raises(ValueError, match="no recordings"):
        evaluate_codec(codec, [])


def test_decoded_features_are_differentiable() -> None:
    codec = Codec(load_config("test").codec)
    z = torch.randn(1, 4, 8, requires_grad=True)
    features = codec.decode_features(z)
    assert features["logs"].shape == (1, 16, 368)
    features["logs"][:, :8].sum().backward()
    assert z.grad is not None
    assert z.grad[:, :2].abs().sum() > 0
    assert not z.grad[:, 2:].any()
