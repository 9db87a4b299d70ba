#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print meson's testlog.json as lines of outcome and name.

A name is followed by what did not hold, where the test said it in TAP.
"""
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
            names = [test["name"].split(" / ")[-1]]
            names += [words for words in test.get("stdout", "").splitlines()
                      if words.startswith("not ok")]
            print(outcome, ": ".join(names))


if __name__ == "__main__":
    main(*sys.argv[1:])
