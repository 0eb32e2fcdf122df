"""Many players, one model: sessions that are due go through the model together, and none can harm another."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from legato.engine.chunk import Inputs
from legato.engine.model import LiveModel
from legato.engine.session import Session

logger = logging.getLogger(__name__)


class Made(NamedTuple):
    """One player's new chunk."""

    session: Session
    audio_n2: np.ndarray  # ready for the ring
    posted: float | None  # when the oldest change heard in it was asked for
    started: float  # when its controls were bound, seconds
    generate_s: float  # this player's share
    decode_s: float
    failed: bool  # the model raised, or gave something not finite


class _Job(NamedTuple):
    session: Session
    inputs: Inputs | None  # None: they could not be laid out
    posted: float | None
    started: float


def make_chunks(
    model: LiveModel, sessions: Sequence[Session], now: Callable[[], float] = time.perf_counter
) -> Iterator[Made]:
    """The next chunk of each session, in groups of at most `model.max_rows` shaped alike.

    Controls are bound as late as possible: when a session's own group starts.
    """
    waiting = list(sessions)
    while waiting:
        group = [_job(session, now) for session in waiting[: model.max_rows]]
        waiting = waiting[model.max_rows :]
        ready = [(job, job.inputs) for job in group if job.inputs is not None]
        yield from (_finish(job, None, None, 0.0, 0.0) for job in group if job.inputs is None)
        # Rows of one step are shaped alike: as many steps, and as many frames of the chunk before.
        kinds = [(inputs.steps, job.session.behind) for job, inputs in ready]
        for kind in sorted(set(kinds)):
            yield from _run(model, [one for one, of in zip(ready, kinds, strict=True) if of == kind])


def _job(session: Session, now: Callable[[], float]) -> _Job:
    started = now()
    try:
        return _Job(session, *session.prepare(), started)
    except Exception:  # one player's trouble (a text encoder that fails) must not become the others'
        logger.exception("a chunk's controls could not be laid out")
        return _Job(session, None, None, started)


def _run(model: LiveModel, ready: list[tuple[_Job, Inputs]]) -> list[Made]:
    rows = [inputs for _, inputs in ready]
    states: list[Any] = [None] * len(rows)
    pcm: Sequence[np.ndarray | None] = [None] * len(rows)
    generate_s = decode_s = 0.0
    try:
        stepped = model.step(
            np.stack([row.noise_fc for row in rows]),
            np.stack([row.cond_fd for row in rows]),
            [row.steering for row in rows],
            np.array([row.guidance for row in rows], np.float32),
            rows[0].steps,
            model.join([job.session.state for job, _ in ready]),
        )
        pcm, states = list(stepped.pcm_bn2), model.split(stepped.state)
        generate_s, decode_s = stepped.generate_s / len(rows), stepped.decode_s / len(rows)
    except Exception:  # whatever it is, sound goes on: the guard fades, and the next chunk is tried
        logger.exception("the model failed on a chunk")
    return [
        _finish(job, pcm_n2, state, generate_s, decode_s)
        for (job, _), pcm_n2, state in zip(ready, pcm, states, strict=True)
    ]


def _finish(job: _Job, pcm_n2: np.ndarray | None, state: Any, generate_s: float, decode_s: float) -> Made:
    counts = job.session.output.counts
    bad_before = counts.bad_chunks
    audio_n2 = job.session.finish(pcm_n2, state)
    failed = counts.bad_chunks > bad_before
    return Made(job.session, audio_n2, job.posted, job.started, generate_s, decode_s, failed)
