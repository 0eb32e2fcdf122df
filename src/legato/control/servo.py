"""Drawing the instrument's beat to another clock's: by tempo alone, so that nothing jumps."""

from __future__ import annotations

PULL = 0.15  # of the distance between two beats that is made good per beat
MOST_PULL = 0.03  # of the tempo
TOGETHER = 0.02  # beats


class Servo:
    """No control moves the instrument's beat: it plays up to 3 % faster or slower until the beats meet.

    Attributes:
        factor: by which to play faster than the other clock; 1 once they are together.
    """

    def __init__(self) -> None:
        self.factor = 1.0

    def draw(self, beat: float, heard: float | None, cycle: float = 1.0) -> None:
        """Take in where both are, about once a beat.

        Args:
            beat: of the other clock.
            heard: the instrument's, as it is heard at that moment; None while it is not known.
            cycle: beats after which both begin anew: 1 to meet on any beat, a bar's beats to meet on bars.
        """
        if heard is None:
            self.rest()
            return
        apart = (beat - heard + 0.5 * cycle) % cycle - 0.5 * cycle
        pull = PULL * apart if abs(apart) > TOGETHER else 0.0
        self.factor = 1.0 + min(MOST_PULL, max(-MOST_PULL, pull))

    def rest(self) -> None:
        """There is nothing to be drawn to."""
        self.factor = 1.0
