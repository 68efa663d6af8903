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


def of_list(place):
    """The place of the list that a place is in, or None."""
    of, _, index = place.rpartition("[")
    return of if index[:-1].isdigit() else None


def largest(values):
    """The largest magnitude in each list, by the place of the list."""
    found = {None: 0.0}
    for place, value in values.items():
        of = of_list(place)
        if of and isinstance(value, (int, float)):
            found[of] = max(found.get(of, 0.0), abs(value))
    return found


def differences(old, new, of_largest=0.0):
    """Where two JSON values differ by more than the tolerance, in words; of_largest is relative to the list."""
    old, new = dict(leaves(old)), dict(leaves(new))
    sizes = largest(old)
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        both = isinstance(a, (int, float)) and isinstance(b, (int, float))
        absolute = of_largest * sizes.get(of_list(key), 0.0)
        if not (math.isclose(a, b, rel_tol=RELATIVE_TOLERANCE, abs_tol=absolute) if both else a == b):
            yield f"{key}: {a!r} in the file, {b!r} now"


def write_or_check(path, made, check, of_largest=0.0):
    """Writes the values, or says where they differ from the file; returns the exit status."""
    if not check:
        path.write_text(as_json(made), encoding="utf-8")
        return 0
    found = list(differences(json.loads(path.read_text(encoding="utf-8")), json.loads(json.dumps(made)), of_largest))
    print("\n".join(found) or f"{path.name}: no difference")
    return 1 if found else 0
