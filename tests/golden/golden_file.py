"""A file of golden values: written, or compared with values that are made anew."""

import json
import math
import re

RELATIVE_TOLERANCE = 1e-6


def as_json(value):
    """JSON with each innermost list on a line of its own."""
    text = json.dumps(value, indent=1, allow_nan=False)
    innermost = re.compile(r"\[([^\[\]{}]*)\]")
    return innermost.sub(lambda m: "[" + " ".join(m[1].split()) + "]", text) + "\n"


def leaves(value, place=""):
    """Every number and text with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{place}[{key!r}]")
    elif isinstance(value, list):
        yield f"{place}.length", len(value)
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{place}[{index}]")
    else:
        yield place, value


def differences(old, new):
    """Where two JSON values differ by more than the tolerance, in words."""
    old, new = dict(leaves(old)), dict(leaves(new))
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        both = isinstance(a, (int, float)) and isinstance(b, (int, float))
        if not (math.isclose(a, b, rel_tol=RELATIVE_TOLERANCE) if both else a == b):
            yield f"{key}: {a!r} in the file, {b!r} now"


def write_or_check(path, made, check):
    """Writes the values, or says where they differ from the file; returns the exit status."""
    if not check:
        path.write_text(as_json(made), encoding="utf-8")
        return 0
    found = list(differences(json.loads(path.read_text(encoding="utf-8")), made))
    print("\n".join(found) or f"{path.name}: no difference")
    return 1 if found else 0
