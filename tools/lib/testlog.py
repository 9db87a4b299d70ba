#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print meson's testlog.json as lines of outcome, suite and name."""
import json
import sys

OUTCOMES = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def main(path):
    with open(path) as file:
        for line in file:
            test = json.loads(line)
            outcome = OUTCOMES.get(test["result"], "failed")
            # "project:suite / name", and the suites once more in a list
            suite = test["suite"][0].split(":")[-1]
            name = test["name"].split(" / ")[-1]
            print(outcome, suite, name, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
