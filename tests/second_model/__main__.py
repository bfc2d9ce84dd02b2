"""Ask both models everything: `python -m tests.second_model [WORD …]`; with words, questions that have all of them.

    python -m tests.second_model                        # all, in some eight minutes
    python -m tests.second_model 2019-07-01 reefer_40   # some

Prints progress, counts and the largest difference; exit code 1 when any is above 0.005 USD, hours, kg or km.
"""

import sys
import time

from .compare import TOLERANCE, Outcome, baselines, compare, days, named, options


def main() -> int:
    """Compare and report."""
    began, total = time.monotonic(), Outcome()
    for title, make in (("baselines and scenarios", baselines), ("days", days), ("options", options)):
        cases = [case for case in make() if set(sys.argv[1:]) <= set(named(case).split())]
        outcome = Outcome()
        for number, case in enumerate(cases, 1):
            compare(case, outcome)
            if number % 50 == 0 or number == len(cases):
                told = f"{title}: {number:,} of {len(cases):,} questions, {outcome.answers:,} answers"
                print(f"\r{told}, largest difference {outcome.largest:.2g}, {len(outcome.faults):,} faults", end="")
                sys.stdout.flush()
        print()
        total.answers += outcome.answers
        total.faults += outcome.faults
        if outcome.largest > total.largest:
            total.largest, total.where = outcome.largest, outcome.where
    for fault in total.faults[:40]:
        print("  " + fault)
    print(f"{total.answers:,} answers in {time.monotonic() - began:,.0f} s; largest difference {total.largest:.3g}")
    print(f"  {total.where}")
    if not total.answers:
        print("no question has all of these words")
        return 1
    verdict = f"{len(total.faults):,} differ by more than {TOLERANCE}" if total.faults else "the two models agree"
    print(verdict)
    return 1 if total.faults else 0


if __name__ == "__main__":
    sys.exit(main())
