"""Stalls of the generator, and a session of hours on virtual time: what is lost, and what grows.

    python benchmarks/soak.py [HOURS]

Both by `legato.evaluation.soak`, on a model that counts: a day (HOURS 24, the default) takes half an hour.
"""

from __future__ import annotations

import json
import sys
import time

from legato.evaluation.soak import soak, stalls

STALLS = (0.5, 1, 2, 3, 5)


def main(hours: float = 24.0) -> None:
    """Print both tables."""
    print("| stall, chunks | gaps of 5 | longest, ms | latency before ms | after | samples wrong |")
    print("|---|---|---|---|---|---|")
    for chunks in STALLS:
        found = stalls(chunks)
        longest = max(found["missing_ms"], default=0.0)
        print(
            f"| {chunks:g} | {found['gaps']} | {longest:.0f} | {found['latency_before_ms']:.0f} "
            f"| {found['latency_after_ms']:.0f} | {found['wrong']} |"
        )
    began = time.perf_counter()
    found = soak(hours, lambda done, total: print(f"{done:.1f} of {total:g} hours", file=sys.stderr))
    print(json.dumps({**found, "took_s": round(time.perf_counter() - began)}, indent=1))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
