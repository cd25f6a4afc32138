"""Runs the whole suite on both engines and holds what it covers to the thresholds: `python -m tests.covered`.

Some branches are one engine's alone, so the two runs are put together before anything is said of them.
"""

import sys

from coverage import Coverage

from tests.engines import COVERED, ENGINES, main

EVERYTHING = 95
"""Percent of all lines and branches, at least."""

WHOLLY = (
    # permissions
    "claims/accounts.py",
    "claims/permissions.py",
    # versioning
    "articles/history.py",
    "articles/models/history.py",
    "articles/models/locked.py",
    "articles/triggers.py",
    "claims/restoring.py",
    # sanitising
    "articles/links.py",
    "articles/text.py",
    "claims/cells.py",
    "claims/erasing.py",
    "claims/markup.py",
    "claims/scrubbing.py",
    # import
    "articles/importers/*.py",
    "claims/importers/*.py",
    "claims/loading.py",
    # search parsing
    "articles/search/expression.py",
    "articles/search/terms.py",
    "articles/search/words.py",
    "claims/search/language.py",
    "claims/search/periods.py",
    "claims/search/pieces.py",
    "claims/search/terms.py",
)
"""The files of which every line and branch is covered."""


def together() -> Coverage:
    """What the runs on both engines covered."""
    both = Coverage(data_file=str(COVERED / "both"))
    both.combine([str(COVERED / engine) for engine in ENGINES], keep=True)
    return both


def objections(both: Coverage) -> list[str]:
    """Prints the tables; says which threshold is missed."""
    everything = both.report()
    print()
    wholly = both.report(include=list(WHOLLY))
    missed = [] if everything >= EVERYTHING else [f"{everything:.2f} % are covered, {EVERYTHING} % should be."]
    return missed + ([] if wholly == 100 else [f"{wholly:.2f} % are covered of what should be wholly."])


if __name__ == "__main__":
    failed = main(["--cov", "--cov-report=", *sys.argv[1:]])
    missed = objections(together())
    print("\n".join(missed) or "Enough is covered.")
    sys.exit(failed or bool(missed))
