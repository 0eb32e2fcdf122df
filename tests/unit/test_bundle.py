"""A bundle is whole or refused, and gives back what was packed."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from legato.conditioning import WIDTH
from legato.config import load_config, parse_config
from legato.engine.live import BundleModel
from legato.models.adapters import AdapterError, merge
from legato.models.anchors import style_embeddings
from legato.models.bundle import Bundle, BundleError, Card
from legato.models.codec import Codec
from legato.models.generator import Generator
from legato.models.manifest import FILES, embedded_folder, embedded_prompt_folder, write_manifest
from legato.models.storage import read_tensors, write_tensors
from legato.teachers import NativeTeacher
from legato.teachers.native import fingerprint
from legato.training.adapters import load_adapter, save_adapter
from legato.training.average import average_students
from legato.training.checkpoint import CheckpointError
from legato.training.distill import load_generator
from legato.training.latents import load_codec
from legato.training.liveliness import Factors
from legato.training.unpack import unpack

LIMIT_BYTES = 60e6
CONFIG = load_config("test")
PAIR = "blocks.0.qkv.weight"


def parts(seed: int = 0) -> dict:
    torch.manual_seed(seed)
    generator = Generator(CONFIG.generator).state_dict()
    out_size, in_size = generator[PAIR].shape
    rank = CONFIG.distill.rank
    adapter = {
        f"{PAIR}.lora_a": torch.randn(rank, in_size),
        f"{PAIR}.lora_b": torch.randn(out_size, rank),
        "interval.out.bias": torch.full_like(generator["interval.out.bias"], 0.25),
    }
    return {"codec": Codec(CONFIG.codec).state_dict(), "teacher": generator, "adapter": adapter}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return Bundle.pack(
        tmp_path_factory.mktemp("bundles") / "tiny",
        config=CONFIG,
        prompt_folder=embedded_prompt_folder(),
        styles={"house": np.eye(384, dtype=np.float32)[0]},
        centres={"house": np.eye(384, dtype=np.float32)[1]},
        card=Card("tiny", description="For tests.", figures={"rtf": 0.25}, notes="## Limits\n\nNo music."),
        **parts(),
    )


@pytest.fixture
def copied(packed: Bundle, tmp_path: Path) -> Path:
    return shutil.copytree(packed.folder, tmp_path / "copy")


def test_what_was_packed_comes_back(packed: Bundle) -> None:
    loaded = Bundle.load(packed.folder)
    assert loaded.config == CONFIG
    assert loaded.card == Card("tiny", "apache-2.0", "For tests.", {"rtf": 0.25}, "## Limits\n\nNo music.")
    assert loaded.styles["house"][0] == loaded.centres["house"][1] == 1.0
    assert (
        loaded.prompts.blend({"dark techno": 1.0}, loaded.hearing)[1] > 0.5
    )  # nearer to the only style there is
    ends = [loaded.prompts.blend({text: 1.0}, loaded.hearing) for text in ("dark techno", "string quartet")]
    between = loaded.prompts.blend({"dark techno": 1.0, "string quartet": 1.0}, loaded.hearing)
    assert np.allclose(between @ ends[0], between @ ends[1], atol=1e-5)  # half-way, whichever style is nearer
    assert loaded.prompts.encode(["dark techno"]).shape == (1, 384)
    assert not loaded.generator.training and not any(p.requires_grad for p in loaded.generator.parameters())
    for name, tensor in parts()["codec"].items():
        assert_within_a_step(loaded.codec.state_dict()[name], tensor)


def assert_within_a_step(stored: torch.Tensor, tensor: torch.Tensor) -> None:
    """Equal up to half a step of int8 with one scale a row; vectors exactly."""
    if tensor.ndim < 2:
        assert torch.equal(stored, tensor)
    else:
        step = tensor.abs().amax(1, keepdim=True) / 127
        assert ((stored - tensor).abs() <= 0.501 * step).all()


def test_the_student_is_the_teacher_with_its_adapter(packed: Bundle) -> None:
    made = parts()
    teacher, student = packed.teacher().state_dict(), packed.generator.state_dict()
    scale = CONFIG.distill.alpha / CONFIG.distill.rank
    a, b = (made["adapter"][f"{PAIR}.lora_{half}"] for half in "ab")
    assert torch.allclose(student[PAIR], teacher[PAIR] + scale * b @ a, atol=1e-4)
    assert torch.equal(student["interval.out.bias"], made["adapter"]["interval.out.bias"])
    assert torch.equal(student["head_mod.weight"], teacher["head_mod.weight"])
    assert torch.allclose(teacher[PAIR], made["teacher"][PAIR], rtol=2**-8, atol=1e-6)


def test_the_student_plays_with_the_spread_and_temperature_of_its_run(packed: Bundle, tmp_path: Path) -> None:
    assert (packed.generator.spread, packed.generator.temperature) == (1.0, 1.0)
    config = replace(CONFIG, distill=replace(CONFIG.distill, spread=1.03, temperature=1.1))
    other = Bundle.pack(
        tmp_path / "spread",
        config=config,
        prompt_folder=embedded_prompt_folder(),
        styles=packed.styles,
        card=packed.card,
        **parts(),
    )
    assert (other.generator.spread, other.teacher().spread) == (1.03, 1.0)
    assert (other.generator.temperature, other.teacher().temperature) == (1.1, 1.0)
    student = load_generator(unpack(other.folder, tmp_path / "runs")["student"])
    assert (student.spread, student.temperature) == (1.03, 1.1)


def test_a_bundle_sounds_as_loud_as_its_settings_say(packed: Bundle) -> None:
    def sound(bundle: Bundle) -> np.ndarray:
        model = BundleModel(bundle)
        noise, cond = (np.zeros((1, 4, size), np.float32) for size in (model.latent_channels, WIDTH))
        given = [model.embed({"house": 1.0})], np.ones(1, np.float32)
        return model.step(noise, cond, *given, 1, model.init_state(4)).pcm_bn2

    quieter = replace(packed.config, distill=replace(packed.config.distill, level_db=-6.0206))
    loud, quiet = (sound(replace(Bundle.load(packed.folder), config=c)) for c in (packed.config, quieter))
    assert np.abs(loud).max() > 0
    np.testing.assert_allclose(quiet, 0.5 * loud, rtol=1e-4, atol=1e-7)


def test_the_teacher_takes_two_bytes_a_number_and_the_codec_one(packed: Bundle) -> None:
    for part, file, most in (("teacher", "generator", 2.6), ("codec", "codec", 1.6)):
        numbers = sum(tensor.numel() for tensor in parts()[part].values())
        assert (packed.folder / f"{file}.safetensors").stat().st_size < most * numbers + 10_000


def test_int8_rows_keep_a_large_matrix_to_two_decimal_places(tmp_path: Path) -> None:
    tensors = {"w": torch.randn(64, 96), "quiet": 1e-6 * torch.randn(32, 32), "taps": torch.randn(5, 64)}
    tensors |= {"zero": torch.zeros(32, 32), "bias": torch.randn(64), "steps": torch.tensor(3)}
    write_tensors(tensors, tmp_path / "codec.safetensors")
    for name, back in read_tensors(tmp_path / "codec.safetensors").items():
        assert torch.allclose(back, tensors[name], rtol=0, atol=0.02 * float(tensors[name].abs().max())), name
    assert torch.equal(read_tensors(tmp_path / "codec.safetensors")["taps"], tensors["taps"])


def test_a_bundle_unpacks_to_runs_that_pack_again(packed: Bundle, tmp_path: Path) -> None:
    runs = unpack(packed.folder, tmp_path / "runs")
    codec = load_codec(runs["codec"])
    assert torch.equal(
        codec.state_dict()["encoder.stem.weight"], packed.codec.state_dict()["encoder.stem.weight"]
    )
    teacher = load_generator(runs["teacher"])
    assert fingerprint(teacher.state_dict()) == fingerprint(packed.teacher().state_dict())
    assert parse_config(type(CONFIG), json.loads((runs["teacher"] / "config.json").read_text())) == CONFIG
    adapter, *lora = load_adapter(runs["student"] / "adapter.safetensors", NativeTeacher(teacher))
    assert adapter.keys() == parts()["adapter"].keys()
    assert lora == [CONFIG.distill.rank, CONFIG.distill.alpha]
    student = load_generator(runs["student"]).state_dict()
    assert fingerprint(student) == fingerprint(packed.generator.state_dict())
    again = Bundle.pack(
        tmp_path / "again",
        config=CONFIG,
        codec=codec.state_dict(),
        teacher=teacher.state_dict(),
        adapter=adapter,
        prompt_folder=packed.folder / "prompt",
        styles={},
        card=Card("again"),
    )
    assert torch.equal(again.teacher().state_dict()[PAIR], packed.teacher().state_dict()[PAIR])
    assert_within_a_step(
        again.codec.state_dict()["decoder.head.weight"], codec.state_dict()["decoder.head.weight"]
    )
    with pytest.raises(BundleError, match="exists already"):
        unpack(packed.folder, tmp_path / "runs")


def test_students_of_one_teacher_are_averaged(
    packed: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = unpack(packed.folder, tmp_path / "runs")
    first, teacher = runs["student"], runs["teacher"]
    second = shutil.copytree(first, tmp_path / "second")
    owner = NativeTeacher(load_generator(teacher))
    adapter, rank, alpha = load_adapter(first / "adapter.safetensors", owner)
    moved = {name: tensor + 0.5 for name, tensor in adapter.items()}
    save_adapter(second / "adapter.safetensors", moved, owner, rank, alpha)
    average_students([first, second], teacher, tmp_path / "mean")
    mean, *_ = load_adapter(tmp_path / "mean" / "adapter.safetensors", owner)
    assert all(torch.allclose(mean[name], tensor + 0.25) for name, tensor in adapter.items())
    merged = merge(owner.network.state_dict(), mean, rank=rank, alpha=alpha)
    assert fingerprint(load_generator(tmp_path / "mean").state_dict()) == fingerprint(merged)
    monkeypatch.setattr("legato.training.distill.find_factors", lambda *_: Factors(1.01, 1.05))
    average_students([first, second], teacher, tmp_path / "tuned", runs["codec"])
    tuned = load_generator(tmp_path / "tuned")
    assert (tuned.spread, tuned.temperature) == (1.01, 1.05)
    save_adapter(second / "adapter.safetensors", moved, owner, rank, 2 * alpha)
    for wrong, out, sentence in [
        ([first], "other", "two students or more"),
        ([first, second], "other", "differ in rank or alpha"),
        ([first, teacher], "other", "no adapter.safetensors in"),
        ([first, first], "mean", "exists already"),
    ]:
        with pytest.raises(CheckpointError, match=sentence):
            average_students(wrong, teacher, tmp_path / out)


def test_what_another_format_or_storage_means_is_said(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps(manifest | {"format": 1}))
    with pytest.raises(BundleError, match=r"format 1.*pack it again"):
        Bundle.load(copied)
    manifest["files"]["codec.safetensors"]["matrices"] = "int4"
    (copied / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=r"codec\.safetensors.*'int4'.*'int8 rows'"):
        Bundle.load(copied)


@pytest.mark.parametrize("name", FILES)
def test_altered_truncated_and_missing_files_are_refused(copied: Path, name: str) -> None:
    path = copied / name
    content = bytearray(path.read_bytes())
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BundleError, match=f"{name}.*truncated"):
        Bundle.load(copied)
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match=f"{name}.*altered"):
        Bundle.load(copied)
    path.unlink()
    with pytest.raises(BundleError, match=f"lacks {name}"):
        Bundle.load(copied)


def test_parts_of_another_model_are_refused(copied: Path) -> None:
    other = replace(CONFIG, generator=replace(CONFIG.generator, width=64, heads=2))
    tree = json.loads((copied / "config.json").read_text())
    tree["generator"]["width"] = other.generator.width
    (copied / "config.json").write_text(json.dumps(tree))
    write_manifest(copied)
    with pytest.raises(BundleError, match=r"generator .* does not fit its config\.json"):
        Bundle.load(copied)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("config.json", b'{"codec": {"depths": 3}}', "unknown setting 'codec.depths'"),
        ("config.json", b"[1", "config.json"),
        ("generator.safetensors", b"\x80\x04pickle", "no readable safetensors"),
        ("conductor.json", b'{"styles": ["polka"]}', "conductor"),
        ("README.md", b"# no head", "card"),
        ("prompt/model.onnx", b"onnx?", "text model"),
    ],
)
def test_files_that_match_their_hash_but_are_no_model_are_refused(
    copied: Path, name: str, content: bytes, says: str
) -> None:
    (copied / name).write_bytes(content)
    write_manifest(copied)
    with pytest.raises(BundleError, match=says) as caught:
        Bundle.load(copied)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "manifest", ["{", "[]", '{"format": 2}', '{"format": 99, "files": {}}', '{"format": 2, "files": {}}']
)
def test_a_damaged_manifest_is_refused(copied: Path, manifest: str) -> None:
    (copied / "manifest.json").write_text(manifest)
    with pytest.raises(BundleError, match=r"manifest|format 99"):
        Bundle.load(copied)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no bundle at"):
        Bundle.load(tmp_path)
    with pytest.raises(BundleError, match="name a folder, or a hub id"):
        Bundle.load(tmp_path / "nothing")


def test_an_existing_folder_is_not_overwritten_unasked(packed: Bundle, tmp_path: Path) -> None:
    target = packed.save(tmp_path / "saved")
    assert Bundle.load(target).name == "tiny"
    with pytest.raises(BundleError, match="exists already"):
        packed.save(target)


def test_a_failed_pack_leaves_the_old_bundle_and_no_scraps(packed: Bundle, tmp_path: Path) -> None:
    target = packed.save(tmp_path / "saved")
    with pytest.raises(BundleError, match="cannot write"):
        Bundle.pack(
            target,
            config=CONFIG,
            prompt_folder=tmp_path / "nowhere",
            styles={},
            card=Card("broken"),
            replace=True,
            **parts(),
        )
    assert Bundle.load(target).name == "tiny"
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_a_bundle_without_an_encoder_plays_and_says_so(packed: Bundle, tmp_path: Path) -> None:
    lean = Bundle.pack(
        tmp_path / "lean",
        config=CONFIG,
        prompt_folder=embedded_prompt_folder(),
        styles={},
        card=Card("lean"),
        encoder=False,
        **parts(),
    )
    latents = torch.zeros(1, 3, CONFIG.codec.latent_channels)
    assert torch.equal(lean.codec.decode(latents), packed.codec.decode(latents))
    with pytest.raises(BundleError, match="without its codec's encoder"):
        lean.codec.encode(torch.zeros(1, 1920, 2))
    assert lean.bytes < packed.bytes


def test_an_adapter_must_fit_its_base() -> None:
    base = {"w": torch.zeros(3, 2)}
    a, b = torch.ones(1, 2), torch.ones(3, 1)
    assert torch.equal(
        merge(base, {"w.lora_a": a, "w.lora_b": b}, rank=1, alpha=2)["w"], torch.full((3, 2), 2.0)
    )
    bad = [{"v": a}, {"w": a}, {"w.lora_a": a}, {"w.lora_b": b}, {"w.lora_a": b, "w.lora_b": a}]
    for adapter in bad:
        with pytest.raises(AdapterError):
            merge(base, adapter, rank=1, alpha=2)


class FakeHub:
    """Keeps what is uploaded in a folder, as the hub's client would show it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def snapshot_download(
        self, repo_id: str, revision: str | None = None, allow_patterns: list[str] | None = None
    ) -> str:
        if not (self.folder / repo_id).is_dir():
            raise RuntimeError(f"404 Repository Not Found: {repo_id}\nmore lines")
        return str(self.folder / repo_id)

    def HfApi(self, library_name: str) -> SimpleNamespace:
        def upload_folder(
            repo_id: str, folder_path: Path, allow_patterns: list[str], commit_message: str
        ) -> str:
            for name in allow_patterns:
                (self.folder / repo_id / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder_path / name, self.folder / repo_id / name)
            return f"commit of {repo_id}"

        return SimpleNamespace(
            create_repo=lambda repo_id, private, exist_ok: None, upload_folder=upload_folder
        )


def test_pushed_to_a_hub_and_fetched_again(
    packed: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", FakeHub(tmp_path))
    assert packed.push_to_hub("someone/tiny") == "commit of someone/tiny"
    for fetched in (Bundle.load("someone/tiny"), Bundle.from_pretrained("someone/tiny", revision="main")):
        assert torch.equal(fetched.generator.state_dict()[PAIR], packed.generator.state_dict()[PAIR])
    with pytest.raises(BundleError, match="404 Repository Not Found") as caught:
        Bundle.load("someone/else")
    assert "\n" not in str(caught.value)


def test_hub_ids_without_the_package_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(BundleError, match=r"legato\[hub\]"):
        Bundle.load("someone/tiny")


def test_styles_lie_where_their_names_do(packed: Bundle) -> None:
    styles = style_embeddings(packed.prompts)
    for prompt, style in {
        "jazz trio in a small club": "jazz",
        "bossa nova": "bossa",
        "string quartet": "quartet",
    }.items():
        vector = packed.prompts.encode([prompt])[0]
        nearest = max(styles, key=lambda name: float(styles[name] @ vector))
        assert style in nearest, (prompt, nearest)


def test_the_small_preset_fits_a_package() -> None:
    config = load_config("small")
    with torch.device("meta"):
        codec, generator = Codec(config.codec).state_dict(), Generator(config.generator)
    kept = [tensor for name, tensor in codec.items() if not name.startswith("encoder.")]
    lora = sum(config.distill.rank * sum(p.shape) for p in generator.blocks.parameters() if p.ndim == 2)
    in_full = [p for n, p in generator.named_parameters() if n.startswith(NativeTeacher.embeddings)]
    numbers = sum(tensor.numel() for tensor in [*kept, *in_full, *generator.state_dict().values()]) + lora
    prompt = sum(path.stat().st_size for path in embedded_prompt_folder().iterdir())
    assert 2 * numbers + prompt < LIMIT_BYTES


@pytest.mark.skipif(embedded_folder() is None, reason="no embedded bundle")
def test_the_embedded_bundle_loads_and_is_small() -> None:
    bundle = Bundle.load()
    assert bundle.bytes < LIMIT_BYTES
