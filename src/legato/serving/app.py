"""The web server of `legato play`: the page, its stream, and a health check."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles

from legato.control.state import Controls
from legato.engine.engine import Engine
from legato.engine.model import LiveModel
from legato.engine.speaker import Speaker
from legato.engine.takes import Takes
from legato.io.device import Device
from legato.serving.remote import Remote
from legato.serving.websocket import Connection, Places, converse

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8321
PAGE_LEAD_S, DEVICE_LEAD_S = 0.08, 0.2
MAX_REMOTES = 8  # pages at once where the machine itself sounds
# Messages are judged, and refused in words, up to this size; beyond it the connection is cut.
CUT_BYTES = 1024 * 1024
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class ServeError(ValueError):
    """The server cannot be started; one sentence says why."""


def create_app(
    engine: Engine,
    controls: Controls | None = None,
    hosts: tuple[str, ...] = (),
    record: bool = False,
    speaker: Speaker | None = None,
) -> FastAPI:
    """The application. It does not close the engine.

    Args:
        engine: makes the sound; its `max_players` is how many pages may be connected.
        controls: what a stream starts with.
        hosts: names by which the server may be addressed (a guard against foreign pages that resolve their
            own name to this machine); empty: any.
        record: whether each stream is recorded from its first sample on, to the engine's takes.
        speaker: plays on a device of this machine; pages then steer its stream, and play none of their own.
    """
    start = controls or Controls()

    def connect(websocket: WebSocket, fmt: str) -> Connection:
        if speaker:
            return Remote(websocket, engine, speaker, fmt)
        return Connection(websocket, engine, start, fmt, record)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.places = Places(MAX_REMOTES if speaker else engine.max_players)
        yield

    app = FastAPI(title="Legato", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        if not _host_allowed(request.headers.get("host"), hosts):
            return PlainTextResponse("This server does not answer to that name.", 421)
        response = await answer(request)
        response.headers.update(HEADERS)
        return response

    @app.get("/health")
    async def health() -> dict[str, Any]:
        return {
            "status": "ok",
            "model": engine.model.name,
            "players": len(engine.players),
            "max_players": engine.max_players,
        }

    @app.websocket("/ws")
    async def ws(websocket: WebSocket) -> None:
        host, origin = websocket.headers.get("host"), websocket.headers.get("origin")
        if not _host_allowed(host, hosts) or not _same_origin(origin, host):
            await websocket.close(1008)  # before accepting: the client sees HTTP 403
            return
        await converse(websocket, websocket.app.state.places, connect)

    app.mount("/", StaticFiles(directory=page_folder(), html=True), name="page")
    return app


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
    chunk: int = 4,
    max_players: int = 2,
    lead_s: float | None = None,
    controls: Controls | None = None,
    open_browser: bool = False,
    fake: bool = False,
    takes: Takes | None = None,
    record: bool = False,
    device: Device | None = None,
    announce: Callable[[str], None] = print,
    beside: Callable[[Engine], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Play on a web page until interrupted.

    Args:
        host: address to listen on.
        port: 0 takes a free one.
        model: a bundle's folder or hub id; None: the embedded one.
        chunk: frames of 40 ms per chunk, 2–8.
        max_players: pages that may play at once.
        lead_s: seconds of sound kept ahead in the engine; by default 0.08 besides the page's own buffer, and
            0.2 for a device, which has none.
        controls: what a stream starts with.
        open_browser: whether to open the page.
        fake: a test signal (a counter) instead of a model.
        takes: where recordings go; None: there are none.
        record: whether each stream is recorded from its first sample on.
        device: plays one stream from now on, which pages then steer; None: each page plays its own.
        announce: told the page's address once it can be opened.
        beside: entered while the server runs: what else plays the engine's players, such as MIDI.

    Raises:
        ServeError: the address cannot be listened on, or there is no folder to record to.
        BundleError: the model is not there, or damaged.
        ControlError: a setting is out of range.
    """
    page_folder()
    if record and takes is None:
        raise ServeError("recording needs a folder for takes")
    if lead_s is None:
        lead_s = DEVICE_LEAD_S if device else PAGE_LEAD_S
    with (
        listen(host, port) as listener,
        Engine(_model(model, fake), max_players, chunk, lead_s, takes=takes) as engine,
    ):
        speaker = Speaker(engine, device, controls, record) if device else None
        app = create_app(engine, controls, allowed_hosts(host), record, speaker)
        address = _address(host, listener.getsockname()[1])
        announce(f"Legato plays at {address} (Ctrl-C ends it)")
        if device:
            announce(f"Sound comes from {device.name!r}; the page steers it")
        if record and takes:
            announce(f"Everything played is recorded to {takes.folder}")
        if open_browser:
            webbrowser.open(address)
        with beside(engine), speaker.playing() if speaker else nullcontext():
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


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serve an application on a listening socket until interrupted."""
    try:
        _server(app).run(sockets=[listener])
    except KeyboardInterrupt:
        return


@contextmanager
def background(app: FastAPI, listener: socket.socket) -> Iterator[str]:
    """Serve from a thread of its own while the block runs; gives the address of the page."""
    server = _server(app)
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


def _server(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=CUT_BYTES,
        ws_per_message_deflate=False,  # sound does not compress, and the attempt costs time
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def allowed_hosts(host: str) -> tuple[str, ...]:
    """Names under which a server on `host` may be addressed: on loopback only loopback's, else any."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return (*LOOPBACK_NAMES, host) if loopback else ()


def _model(source: str | None, fake: bool) -> LiveModel:
    if fake:
        from legato.engine.fake import CounterModel

        return CounterModel()
    from legato.engine.instrument import Instrument  # torch takes seconds, and the fake does without

    return Instrument.load(source).model


def _address(host: str, port: int) -> str:
    shown = "localhost" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _host_allowed(header: str | None, hosts: tuple[str, ...]) -> bool:
    return not hosts or _split(f"//{header or ''}")[0] in hosts


def _same_origin(origin: str | None, host: str | None) -> bool:
    """Browsers say which page a socket is opened from; other clients say nothing and are let in."""
    return origin is None or _split(origin)[1] == host


def _split(address: str) -> tuple[str, str]:
    """Host name, and host with port, of an address; empty if it is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "", parts.netloc
    except ValueError:
        return "", ""
