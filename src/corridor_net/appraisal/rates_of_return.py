"""Internal rates of return: every one there is, isolated exactly (Descartes' rule of signs, Vincent-Collins-Akritas).

With `x = 1 / (1 + r)` the net present value is the polynomial `c_0 + c_1 x + ... + c_n x^n`, and every rate above
-100% is a root `x > 0`. The number of changes of sign in a list of coefficients bounds the number of positive roots
and has its parity (Descartes 1637): none means no root, one means exactly one. Otherwise intervals are halved, each
tested by the same rule after `x = a + (b - a) / (1 + y)`, until each holds one root or none (Collins & Akritas 1976).
All of this is done in whole numbers, so that no root is missed and none is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, isfinite

from corridor_net.errors import BadValue

_Whole = list[int]
MOST_YEARS = 120
CLOSE = Fraction(1, 2**52)
"""How wide the interval of a root is left, as a share of it."""


def rates_of_return(flows: Sequence[float]) -> tuple[float, ...]:
    """Return every rate above -1 at which the flows of successive years are worth 0, rising; () when there is none.

    Raises BadValue for flows that are all 0 (any rate would do), not finite, or of more than 120 years.

    >>> rates_of_return([-1600.0, 10000.0, -10000.0])
    (0.25, 4.0)
    >>> rates_of_return([-100.0, 10.0, 10.0])
    (-0.6298437881283576,)
    >>> rates_of_return([100.0, -150.0, 100.0])
    ()
    """
    whole = _whole_numbers(flows)
    if _changes(whole) == 0:
        return ()
    if _changes(whole) > 1:
        whole = _square_free(whole)
    intervals, exact = _isolated(whole)
    found = [_refined(whole, low, high) for low, high in intervals]
    return tuple(sorted(float(1 / root - 1) for root in (*found, *exact)))


def _whole_numbers(flows: Sequence[float]) -> _Whole:
    """Return the flows as whole numbers in the same proportions, from the first to the last that is not 0."""
    if len(flows) > MOST_YEARS:
        raise BadValue(f"{len(flows)} years of flows", hint=f"{MOST_YEARS} at most")
    if not all(isfinite(flow) for flow in flows):
        raise BadValue("a flow is not a finite number")
    exact = [Fraction(flow) for flow in flows]
    if not any(exact):
        raise BadValue("all flows are 0: they are worth 0 at any rate")
    first = next(n for n, flow in enumerate(exact) if flow)
    last = next(n for n in range(len(exact) - 1, -1, -1) if exact[n])
    scale = 1
    for flow in exact:
        scale = scale * flow.denominator // gcd(scale, flow.denominator)
    return _primitive([int(flow * scale) for flow in exact[first : last + 1]])


def _primitive(p: _Whole) -> _Whole:
    shared = 0
    for coefficient in p:
        shared = gcd(shared, coefficient)
    return [coefficient // shared for coefficient in p] if shared > 1 else p


def _changes(p: _Whole) -> int:
    signs = [coefficient > 0 for coefficient in p if coefficient]
    return sum(a != b for a, b in pairwise(signs))


def _square_free(p: _Whole) -> _Whole:
    """Return the polynomial with each root once: divided by what it shares with its derivative."""
    shared = _common(p, _derivative(p))
    if len(shared) == 1:
        return p
    quotient, rest = [Fraction(0)] * (len(p) - len(shared) + 1), [Fraction(c) for c in p]
    for n in range(len(quotient) - 1, -1, -1):
        quotient[n] = rest[n + len(shared) - 1] / shared[-1]
        for k, coefficient in enumerate(shared):
            rest[n + k] -= quotient[n] * coefficient
    scale = 1
    for c in quotient:
        scale = scale * c.denominator // gcd(scale, c.denominator)
    return _primitive([int(c * scale) for c in quotient])


def _derivative(p: _Whole) -> _Whole:
    return [n * c for n, c in enumerate(p)][1:]


def _common(p: _Whole, q: _Whole) -> _Whole:
    """Return the greatest common divisor of two polynomials (Euclid, remainders kept primitive)."""
    while any(q):
        p, q = q, _remainder(p, q)
    return p


def _remainder(p: _Whole, q: _Whole) -> _Whole:
    left = p[:]
    while len(left) >= len(q):
        lead, shift = left[-1], len(left) - len(q)
        left = [c * q[-1] for c in left]
        for k, coefficient in enumerate(q):
            left[k + shift] -= lead * coefficient
        left.pop()
        while left and not left[-1]:
            left.pop()
    return _primitive(left) if left else [0]


def _isolated(p: _Whole) -> tuple[list[tuple[Fraction, Fraction]], list[Fraction]]:
    """Return open intervals that hold one positive root each, and roots that were hit exactly."""
    power = (1 + max(abs(c) for c in p) // abs(p[-1])).bit_length()  # Cauchy: no root above 2 ** power
    scaled = [c << (power * n) for n, c in enumerate(p)]
    work, found, exact = [(scaled, Fraction(0), Fraction(1 << power))], [], []
    while work:
        q, low, width = work.pop()
        changes = _changes(_shifted(q[::-1]))
        if changes == 1:
            found.append((low, low + width))
        if changes <= 1:
            continue
        half = _primitive([c << (len(q) - 1 - n) for n, c in enumerate(q)])
        upper = _shifted(half)
        if not upper[0]:
            exact.append(low + width / 2)
            upper = upper[1:]
        work += [(half, low, width / 2), (upper, low + width / 2, width / 2)]
    return found, exact


def _shifted(p: _Whole) -> _Whole:
    """Return the coefficients of p(x + 1)."""
    q = p[:]
    for n in range(len(q) - 1):
        for k in range(len(q) - 2, n - 1, -1):
            q[k] += q[k + 1]
    return q


def _refined(p: _Whole, low: Fraction, high: Fraction) -> Fraction:
    """Return a root between `low` and `high` by halving; the signs are exact."""
    rising = _sign(p, high) or -_sign(_derivative(p), high)  # another root at the end: what p is just below it
    while not low or high - low > CLOSE * low:
        middle = (low + high) / 2
        sign = _sign(p, middle)
        if not sign:
            return middle
        low, high = (low, middle) if sign == rising else (middle, high)
    return (low + high) / 2


def _sign(p: _Whole, x: Fraction) -> int:
    a, b, total, scale = x.numerator, x.denominator, 0, 1
    for coefficient in reversed(p):
        total = total * a + coefficient * scale
        scale *= b
    return (total > 0) - (total < 0)
