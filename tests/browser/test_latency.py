"""The page's row of the bench: real clocks of a real browser."""

import pytest

from legato.engine.fake import CounterModel
from legato.engine.instrument import Instrument
from legato.serving.latency import PageError, _tools, page_row


def _missing() -> str:
    try:
        _tools()
    except PageError as error:
        return str(error)
    return ""


pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(_missing()), reason=_missing())]


def test_the_page_times_its_gestures_by_its_own_clock() -> None:
    row = page_row(Instrument(CounterModel(latency_samples=720)), 4, 10.0)
    assert row.key == "page_160ms"
    assert row.gestures > 0
    assert list(row.terms)[-1] == "network + page"
    assert row.total[0] > 15  # the codec's windows alone
