"""The web server of `legato play`: the page, its stream, and a health check."""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from importlib import resources
from pathlib import Path

import numpy as np
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from legato.control.state import Controls
from legato.engine.ear import Sound
from legato.engine.engine import Engine
from legato.engine.model import LiveModel
from legato.engine.player import Player
from legato.engine.speaker import Speaker
from legato.engine.takes import Takes
from legato.io.device import Device
from legato.serving.admission import Places, converse
from legato.serving.audio_prompt import hearing
from legato.serving.door import Door, allowed_hosts, is_loopback
from legato.serving.lean import defer
from legato.serving.remote import Remote
from legato.serving.sockets import web_server
from legato.serving.websocket import Connection, Stage

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8321
MAX_REMOTES = 8  # pages at once where the machine itself sounds
ANY_ADDRESS = ("0.0.0.0", "::", "")
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,128}")


class ServeError(ValueError):
    """The server cannot be started; one sentence says why."""


def create_app(
    engine: Engine,
    controls: Controls | None = None,
    hosts: tuple[str, ...] = (),
    record: bool = False,
    speaker: Speaker | None = None,
    token: str | None = None,
    stage: Stage | None = None,
) -> Starlette:
    """The application. It does not close the engine.

    Args:
        engine: makes the sound; its `max_players` is how many pages may be connected.
        controls: what a stream starts with.
        hosts: names by which the server may be addressed (a guard against foreign pages that resolve their
            own name to this machine); empty: any.
        record: whether each stream is recorded from its first sample on, to the engine's takes.
        speaker: plays on a device of this machine; pages then steer its stream, and play none of their own.
        token: what a client must show, see `Door`; None: nothing.
        stage: scenes and whatever else all clients share.
    """
    start = controls or Controls()

    def connect(websocket: WebSocket, fmt: str) -> Connection:
        if speaker:
            return Remote(websocket, engine, speaker, fmt, stage)
        return Connection(websocket, engine, start, fmt, record, stage=stage)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.places = Places(MAX_REMOTES if speaker else engine.max_players)
        yield

    async def health(request: Request) -> JSONResponse:
        players = {"players": len(engine.players), "max_players": engine.max_players}
        return JSONResponse({"status": "ok", "model": engine.model.name, **players})

    async def ws(websocket: WebSocket) -> None:
        await converse(websocket, websocket.app.state.places, connect)

    form = (page_folder() / "door.html").read_text("utf-8") if token else ""
    return Starlette(
        routes=[
            Route("/health", health),
            Route("/prompts", hearing(), methods=["POST"]),
            WebSocketRoute("/ws", ws),
            Mount("/", StaticFiles(directory=page_folder(), html=True)),
        ],
        middleware=[Middleware(Door, hosts=hosts, token=token, form=form)],
        lifespan=lifespan,
    )


def page_folder() -> Path:
    """Where the built page lies.

    Raises:
        ServeError: it is not there.
    """
    folder = Path(str(resources.files("legato") / "serving" / "static"))
    if not (folder / "index.html").is_file():
        raise ServeError("the page is missing from this installation; build it with `make web`")
    return folder


def serve(
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    *,
    model: str | None = None,
    base: str | None = None,
    chunk: int | None = None,
    max_players: int = 2,
    lead_s: float | None = None,
    controls: Controls | None = None,
    open_browser: bool = False,
    fake: bool = False,
    takes: Takes | None = None,
    record: bool = False,
    device: Device | None = None,
    token: str | None = None,
    sound: Callable[[Player], Sound] | None = None,
    before: np.ndarray | None = None,
    announce: Callable[[str], None] = print,
    stage: Stage | None = None,
    beside: Callable[[Engine, Speaker | None], AbstractContextManager[object]] = lambda *_: nullcontext(),
) -> None:
    """Play on a web page until interrupted.

    Args:
        host: address to listen on. Where others than this machine can reach it, they need a token.
        port: 0 takes a free one.
        model: a bundle's folder or hub id; None: the embedded one.
        base: another place of the open model that an instrument stands on.
        chunk: latent frames per chunk; None: what the model usually has.
        max_players: pages that may play at once.
        lead_s: seconds of sound kept ahead in the engine; by default what its chunks turn out to need.
        controls: what a stream starts with.
        open_browser: whether to open the page.
        fake: a test signal (a counter) instead of a model.
        takes: where recordings go; None: there are none.
        record: whether each stream is recorded from its first sample on.
        device: plays one stream from now on, which pages then steer; None: each page plays its own.
        token: what clients must show: 8–128 letters, digits, hyphens or underscores. None: a new one, or on
            a loopback address none.
        sound: makes what each stream listens to; None: nothing comes in.
        before: sound [N, 2] that each stream goes on from; None: they begin anew.
        announce: told the page's address once it can be opened.
        stage: scenes and whatever else all clients share.
        beside: entered while the server runs: what else plays the engine's players, such as MIDI. Given the
            engine and, where a device plays, its speaker.

    Raises:
        ServeError: the address cannot be listened on, the token is none, or there is no folder to record to.
        BundleError: the model is not there, or damaged, or has no encoder to listen with.
        TeacherError: an instrument is damaged, or the model under it is not to be had or another one.
        ControlError: a setting is out of range.
    """
    page_folder()
    if record and takes is None:
        raise ServeError("recording needs a folder for takes")
    if token is not None and not TOKEN.fullmatch(token):
        raise ServeError("the token is not usable; choose 8 to 128 letters, digits, hyphens or underscores")
    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    with (
        listen(host, port) as listener,
        Engine(
            _model(model, base, fake), max_players, chunk, lead_s, takes=takes, sound=sound, before=before
        ) as engine,
    ):
        speaker = Speaker(engine, device, controls, record) if device else None
        app = create_app(engine, controls, allowed_hosts(host), record, speaker, token, stage)
        address = _address(host, listener.getsockname()[1])
        if token:
            address += f"?token={token}"
        announce(f"Legato plays at {address} (Ctrl-C ends it)")
        if device:
            announce(f"Sound comes from {device.name!r}; the page steers it")
        if host in ANY_ADDRESS:
            announce("From another machine, put this one's name or address in place of localhost.")
        if record and takes:
            announce(f"Everything played is recorded to {takes.folder}")
        if open_browser:
            webbrowser.open(address)
        with beside(engine, speaker), speaker.playing() if speaker else nullcontext():
            run(app, listener)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ServeError: the port is in use or reserved, or the address is not this machine's.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, proto)
    except OSError as error:
        raise ServeError(f"cannot listen on {host!r}: {error.strerror}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise ServeError(f"cannot listen on {host}:{port}: {error.strerror}; choose another port") from error
    return listener


def run(app: Starlette, listener: socket.socket) -> None:
    """Serve an application on a listening socket until interrupted."""
    try:
        web_server(app).run(sockets=[listener])
    except KeyboardInterrupt:
        return


@contextmanager
def background(app: Starlette, listener: socket.socket) -> Iterator[str]:
    """Serve from a thread of its own while the block runs; gives the address of the page."""
    server = web_server(app)
    thread = threading.Thread(target=server.run, args=([listener],), name="legato-server")
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        host, port = listener.getsockname()[:2]
        yield _address(host, port)
    finally:
        server.should_exit = True
        thread.join()


def _model(source: str | None, base: str | None, fake: bool) -> LiveModel:
    if fake:
        from legato.engine.fake import CounterModel

        return CounterModel()
    from legato.engine.instrument import Instrument  # torch takes seconds, and the fake does without
    from legato.models.manifest import is_instrument
    from legato.models.opening import find

    folder = find(source)
    if not is_instrument(folder):  # what an open model's own code asks of torch, nobody here knows
        defer()
    return Instrument.load(folder, base=base).model


def _address(host: str, port: int) -> str:
    shown = "localhost" if host in ANY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"
