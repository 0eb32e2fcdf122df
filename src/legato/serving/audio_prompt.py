"""`POST /prompts`: a sound in, prompts for music like it out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from legato.io.sounds import SoundError, parse_wav

logger = logging.getLogger(__name__)

MOST_BYTES = 16 * 2**20  # a minute and a half of 16-bit stereo at 48 kHz
NAME = "the sound"  # in what is said of it


def hearing() -> Callable[[Request], Awaitable[Response]]:
    """The route's endpoint. One sound is heard at a time: the music needs the machine too."""
    turn = asyncio.Lock()

    async def prompts(request: Request) -> Response:
        try:
            data = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if data is None:
            return _refused(413, f"{NAME} has more than {MOST_BYTES // 2**20} MB; send a shorter piece of it")
        async with turn:
            try:
                return JSONResponse({"prompts": await run_in_threadpool(_prompts_of, data)})
            except SoundError as error:
                return _refused(400, str(error))
            except Exception:
                logger.exception("a sound could not be heard")
                return _refused(500, f"{NAME} could not be heard; the server's log says why")

    return prompts


async def _body(request: Request) -> bytes | None:
    """All of it; None if it is too long."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            return None
    return bytes(data)


def _prompts_of(data: bytes) -> dict[str, float]:
    audio_n2 = parse_wav(data, NAME)
    from legato.evaluation.audio_prompt import prompts_of  # torch takes seconds; a test signal needs none

    return prompts_of(audio_n2)


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)
