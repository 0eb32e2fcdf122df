"""Who may come in: by which names the server answers, to which pages, and with which token."""

from __future__ import annotations

import hmac
import html
import ipaddress
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from legato.serving.admission import turn_away

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
NO_NAME = "This server does not answer to that name."
NO_PAGE = "Only this server's own page may open its socket, or send it anything, from a browser."
WRONG_TOKEN = "That is not the token of this server; one that was restarted has a new one."
NO_TOKEN = "This server asks for a token: open the address ending in ?token=… that it printed at its start."
READING = ("GET", "HEAD")
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


class Door:
    """Middleware before everything the server offers: page, health check and socket.

    The name in `Host` guards against foreign pages that resolve their own name to this machine, `Origin`
    against foreign pages that open the socket, or post, by its right name, the token against everybody else.

    Args:
        app: what lies behind.
        hosts: names by which the server may be addressed; empty: any.
        token: what must be shown, as `?token=` or as the cookie that the page is then given; None: nothing.
        form: HTML shown to a browser that opens the page without the token, with `{problem}` where to say
            what is wrong with the one it showed; empty: one sentence of text.
    """

    def __init__(
        self, app: ASGIApp, hosts: tuple[str, ...] = (), token: str | None = None, form: str = ""
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, or refuse in one sentence."""
        if scope["type"] == "http":
            request = HTTPConnection(scope)
            await (self._answer(request) or self._app)(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            if await self._admits(WebSocket(scope, receive, send)):
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _answer(self, request: HTTPConnection) -> Response | None:
        if not _host_allowed(request.headers.get("host"), self._hosts):
            return PlainTextResponse(NO_NAME, 421)
        if request.scope["method"] not in READING and not _same_origin(
            request.headers.get("origin"), request.headers.get("host")
        ):
            return PlainTextResponse(NO_PAGE, 403)
        if not self._knows_token(request):
            return self._ask(request)
        if self._token and request.url.path == "/" and "token" in request.query_params:
            return self._welcome(request)
        return None

    def _ask(self, request: HTTPConnection) -> Response:
        if not self._form or request.url.path != "/" or "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse(NO_TOKEN, 403)
        problem = WRONG_TOKEN if request.query_params.get("token") else ""
        return HTMLResponse(self._form.replace("{problem}", problem), 403)

    async def _admits(self, websocket: WebSocket) -> bool:
        host, origin = websocket.headers.get("host"), websocket.headers.get("origin")
        if not _host_allowed(host, self._hosts):
            await websocket.send_denial_response(PlainTextResponse(NO_NAME, 403))
        elif not _same_origin(origin, host):
            await websocket.send_denial_response(PlainTextResponse(NO_PAGE, 403))
        elif not self._knows_token(websocket):
            await websocket.accept()  # a browser does not show its page what a refused handshake says
            await turn_away(websocket, "token", NO_TOKEN, 1008)
        else:
            return True
        return False

    def _knows_token(self, request: HTTPConnection) -> bool:
        if self._token is None:
            return True
        shown = (request.query_params.get("token", ""), request.cookies.get(_cookie(request), ""))
        return any([hmac.compare_digest(one.encode(), self._token.encode()) for one in shown])

    def _welcome(self, request: HTTPConnection) -> Response:
        """Hands out the cookie and goes on to the page, so that the token does not stay in the address.

        By a page of its own: a browser that came from a link elsewhere would follow a redirect without it.
        """
        wishes = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "token"])
        address = html.escape(f"/?{wishes}" if wishes else "/")
        page = f'<!doctype html><title>Legato</title><meta http-equiv="refresh" content="0; url={address}">'
        response = HTMLResponse(page)
        assert self._token is not None
        response.set_cookie(
            _cookie(request),
            self._token,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response


def allowed_hosts(host: str) -> tuple[str, ...]:
    """Names under which a server on `host` may be addressed: on loopback only loopback's, else any."""
    return (*LOOPBACK_NAMES, host) if is_loopback(host) else ()


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _with_headers(send: Send) -> Send:
    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sealed


def _cookie(request: HTTPConnection) -> str:
    """Its name; browsers keep one jar for all ports of a machine, and two servers may run on it."""
    server = request.scope.get("server")
    return f"legato_{server[1]}" if server else "legato"


def _host_allowed(header: str | None, hosts: tuple[str, ...]) -> bool:
    return not hosts or _split(f"//{header or ''}")[0] in hosts


def _same_origin(origin: str | None, host: str | None) -> bool:
    """Browsers say which page a socket is opened from; other clients say nothing and are let in."""
    return origin is None or (bool(host) and _split(origin)[1] == host)


def _split(address: str) -> tuple[str, str]:
    """Host name, and host with port, of an address; empty if it is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "", parts.netloc
    except ValueError:
        return "", ""
