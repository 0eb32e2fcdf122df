"""Models to distil from, behind one protocol: the embedded one here, open ones by name in `registry`."""

from legato.teachers.native import NativeTeacher
from legato.teachers.protocol import Context, Steering, Teacher

__all__ = ["Context", "NativeTeacher", "Steering", "Teacher"]
