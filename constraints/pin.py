"""Write runtime.txt and dev.txt: the exact versions installed here of what Legato needs.

A local build label (`2.13.0+cpu`) is left out, so that any build of that version fits.
"""

from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEADER = "# Written by `make pins`; do not edit.\n"


def closure(extras: set[str]) -> dict[str, str]:
    """Name -> version of every distribution that legato[extras] pulls in on this platform."""
    found: dict[str, str] = {}
    todo: list[tuple[str, set[str]]] = [("legato", extras)]
    seen: set[tuple[str, str]] = set()
    while todo:
        name, wanted = todo.pop()
        package = distribution(name)
        if name != "legato":
            found[name] = package.version.split("+")[0]
        for line in package.requires or []:
            need = Requirement(line)
            key = canonicalize_name(need.name)
            if need.marker and not any(need.marker.evaluate({"extra": extra}) for extra in wanted | {""}):
                continue
            if (key, ",".join(sorted(need.extras))) not in seen:
                seen.add((key, ",".join(sorted(need.extras))))
                todo.append((key, set(need.extras)))
    return found


def main() -> None:
    """Write both files beside this one."""
    for name, extras in (("runtime", set[str]()), ("dev", {"dev"})):
        pins = closure(extras)
        lines = [f"{package}=={pins[package]}\n" for package in sorted(pins)]
        (Path(__file__).parent / f"{name}.txt").write_text(HEADER + "".join(lines))


if __name__ == "__main__":
    main()
