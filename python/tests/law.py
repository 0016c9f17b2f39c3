"""An experiment of a second."""

from __future__ import annotations

from typing import Any

#: The variance law on a small grid, with claims that hold and one that must be refuted.
LAW: dict[str, Any] = {
    "title": "A small law",
    "study": "selection",
    "seed": 7,
    "measures": ["mode-mass", "mode-mass-by-mode"],
    "world": {"kind": "dirichlet", "modes": 4, "concentration": 8.0},
    "arms": {"grid": {"prompts": [4, 16], "responses": [1, 4]}},
    "run": {"replicates": 4096},
    "claims": [
        {"kind": "agrees", "name": "law", "estimand": "mode-mass.variance", "margin": 0.2},
    ],
    "figures": [
        {"kind": "line", "name": "law", "x": "responses", "y": "mode-mass.variance", "series": "prompts", "exact": True},
    ],
}
