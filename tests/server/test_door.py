"""Who is let in where others than this machine can reach the server."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from server.client import Listener
from server.conftest import Running
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.serving import app as serving
from legato.serving.app import ServeError, background, create_app, listen, serve

TOKEN = "the-word-that-opens"
WRONG = ("", "?token=", "?token=" + TOKEN[:-1], "?token=%ff%00é")


@pytest.fixture(scope="module")
def guarded() -> Iterator[Running]:
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        engine = stack.enter_context(Engine(CounterModel()))
        app = create_app(engine, token=TOKEN)  # any name, as on an address that others can reach
        yield Running(engine, stack.enter_context(background(app, listener)))


def assert_turned_away(address: str, **headers: str) -> None:
    with connect(address, additional_headers=headers) as connection:
        error = json.loads(connection.recv(5))
        assert (error["type"], error["code"]) == ("error", "token")
        assert "?token=" in error["message"]
        with pytest.raises(ConnectionClosed) as caught:
            connection.recv(5)
        assert caught.value.rcvd and caught.value.rcvd.code == 1008


@pytest.mark.parametrize("path", ["", "health", "assets/index.js", "no-such-file"])
def test_nothing_is_shown_without_the_token(guarded: Running, path: str) -> None:
    with httpx.Client() as browser:
        answers = [browser.get(guarded.page + path + query) for query in WRONG]
    for answer in answers:
        assert answer.status_code == 403
        assert answer.text.startswith("This server asks for a token") and answer.text.count(". ") == 0
        assert "set-cookie" not in answer.headers


def test_a_browser_without_the_token_is_asked_for_it(guarded: Running) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml"}
    asked = httpx.get(guarded.page, headers=browser)
    assert asked.status_code == 403 and "set-cookie" not in asked.headers
    assert 'name="token"' in asked.text and "not the token" not in asked.text
    assert "not the token" in httpx.get(f"{guarded.page}?token=guess", headers=browser).text
    part = httpx.get(guarded.page + "assets/index.js", headers=browser)
    assert part.headers["content-type"].startswith("text/plain")


def test_the_printed_address_opens_the_page_and_then_the_cookie_does(guarded: Running) -> None:
    with httpx.Client() as browser:
        welcome = browser.get(f"{guarded.page}?buffer=300&token={TOKEN}")
        cookie = welcome.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert 'url=/?buffer=300"' in welcome.text and TOKEN not in welcome.text
        assert "<legato-app>" in browser.get(guarded.page).text
        assert browser.get(guarded.page + "assets/index.js").status_code == 200
        assert browser.get(guarded.page + "health").json()["status"] == "ok"
        jar = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    origin = guarded.page.rstrip("/")
    with connect(guarded.ws, additional_headers={"Cookie": jar, "Origin": origin}) as connection:
        Listener(connection).wait("hello")
    with connect(f"{guarded.ws}?token={TOKEN}") as connection:
        Listener(connection).wait("hello")


def test_a_socket_without_the_token_is_told_so_and_closed(guarded: Running) -> None:
    assert_turned_away(guarded.ws)
    assert_turned_away(guarded.ws + "?token=guess")
    assert_turned_away(guarded.ws, Cookie="legato_1=" + TOKEN)
    assert guarded.engine.players == ()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://["])
def test_a_foreign_page_is_refused_even_with_the_token(guarded: Running, origin: str) -> None:
    with (
        pytest.raises(InvalidStatus) as caught,
        connect(f"{guarded.ws}?token={TOKEN}", additional_headers={"Origin": origin}),
    ):
        pass
    assert caught.value.response.status_code == 403
    assert b"own page" in caught.value.response.body


def test_a_page_that_resolves_its_own_name_to_this_machine_stays_outside(guarded: Running) -> None:
    """Its origin matches the name it asks for, and a browser gives it no cookie of another name."""
    port = guarded.page.rstrip("/").rpartition(":")[2]
    name = f"evil.example:{port}"
    assert httpx.get(guarded.page, headers={"Host": name}).status_code == 403
    with socket.create_connection(("127.0.0.1", int(port))) as link:
        assert_turned_away_as(name, link)


def assert_turned_away_as(name: str, link: socket.socket) -> None:
    with connect(f"ws://{name}/ws", sock=link, additional_headers={"Origin": f"http://{name}"}) as connection:
        assert json.loads(connection.recv(5))["code"] == "token"


def said(monkeypatch: pytest.MonkeyPatch, **settings: object) -> list[str]:
    """What a start announces; nothing is served."""
    lines: list[str] = []
    monkeypatch.setattr(serving, "run", lambda app, listener: None)
    serve(port=0, fake=True, announce=lines.append, **settings)  # type: ignore[arg-type]
    return lines


def token_in(line: str) -> str:
    return line.partition("?token=")[2].partition(" ")[0]


def test_a_token_is_made_where_others_can_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    first, hint = said(monkeypatch, host="0.0.0.0")
    second, _ = said(monkeypatch, host="0.0.0.0")
    assert first.startswith("Legato plays at http://localhost:") and "in place of localhost" in hint
    assert len(token_in(first)) >= 32 and token_in(first) != token_in(second)


def test_this_machine_alone_needs_none_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "token" not in said(monkeypatch, host="127.0.0.1")[0]
    assert token_in(said(monkeypatch, host="127.0.0.1", token=TOKEN)[0]) == TOKEN
    for bad in ("", "short", "with space", "ünïcödé-token", "a" * 129, "semi;colon"):
        with pytest.raises(ServeError, match="choose 8 to 128 letters"):
            serve(port=0, fake=True, token=bad)
