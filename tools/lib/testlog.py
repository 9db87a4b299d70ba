#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print meson's testlog.json as lines of outcome and name."""
import json
import os
import sys

OUTCOMES = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def main(path):
    if not os.path.exists(path):
        sys.exit(1)
    with open(path) as file:
        for line in file:
            test = json.loads(line)
            outcome = OUTCOMES.get(test["result"], "failed")
            # "project:suite / name"
            print(outcome, test["name"].split(" / ")[-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
