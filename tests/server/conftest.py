from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from legato.engine.engine import Engine
from legato.engine.fake import CounterModel
from legato.serving.app import allowed_hosts, background, create_app, listen


class Running:
    """A server in counter mode."""

    def __init__(self, engine: Engine, page: str) -> None:
        self.engine = engine
        self.page = page
        self.ws = page.replace("http", "ws") + "ws"


@pytest.fixture
def server() -> Iterator[Running]:
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        engine = stack.enter_context(Engine(CounterModel(), max_players=2, lead_s=0.1))
        app = create_app(engine, hosts=allowed_hosts("127.0.0.1"))
        yield Running(engine, stack.enter_context(background(app, listener)))
