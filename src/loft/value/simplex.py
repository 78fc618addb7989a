"""Weights that are 0 or more and sum to 1, so that a mix of columns follows another column."""

import numpy as np

from loft.value.cells import Floats


def simplex_weights(
    a: Floats,
    b: Floats,
    *,
    zeta: float = 0.0,
    intercept: bool = True,
    start: Floats | None = None,
    least: float = 0.0,
    most: int = 10_000,
) -> Floats:
    """Weights w (k,) that make *a* (n, k) · w follow *b* (n,), by the Frank–Wolfe algorithm.

    What is made small is ζ²·Σw² + mean((a·w − b)²), each column centred first where there is an *intercept*. Steps go on from *start* (k,;
    equal weights if not given) until one of them lowers this by less than *least*², or *most* are made. The weights are close to the
    best but not there to the last digit: *least* is part of the definition of the estimate, as in R's ``synthdid``.

    Source: Arkhangelsky et al. (2021), eqs 4 and 6; Frank & Wolfe (1956) with exact line search.
    """
    n, k = a.shape
    w = np.full(k, 1 / k) if start is None else np.array(start, dtype=np.float64)
    if intercept:
        a, b = a - a.mean(axis=0), b - b.mean()
    # Only the products of columns are needed, and of these only a few change in a step: it costs k, not n·k.
    h = np.asfortranarray(a.T @ a + n * zeta**2 * np.eye(k))
    aim = a.T @ b
    for made in range(most):
        if made % 100 == 0:  # afresh now and then, so that rounding does not add up
            hw = h @ w
            length_of_mix, towards_aim = float(w @ hw), float(w @ aim)
        slope = hw - aim
        i = int(slope.argmin())
        gain = length_of_mix - towards_aim - float(slope[i])
        curve = float(h[i, i]) - 2 * float(hw[i]) + length_of_mix
        if curve <= 0 or gain <= 0:
            break
        step = min(1.0, gain / curve)
        length_of_mix += 2 * step * (float(hw[i]) - length_of_mix) + step**2 * curve
        towards_aim += step * (float(aim[i]) - towards_aim)
        w *= 1 - step
        w[i] += step
        hw += step * (h[:, i] - hw)
        if made > 0 and step * (2 * gain - step * curve) / n <= least**2:
            break
    return w
