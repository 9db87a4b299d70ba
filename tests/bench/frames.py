#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Frames and processor time of runs that frames.sh made.

  frames.py snapshot NAME=PID[:EXCEPT_PID]...
     The time, and the processor time that each process and those it made have
     used; not EXCEPT_PID and what that one made; and the whole machine has.
  frames.py table DIRECTORY
     SIZE.WAY.ROUND.{before,after,trace} there, as one table for each size. A
     trace has a line "PID TIME sendmsg(…" for each frame.
"""
import collections
import json
import os
import pathlib
import statistics
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")
CLIENT = "weston-simple-shm"
COMPOSITOR = "compositor"
MACHINE = "machine"


def processor_seconds(pid, besides=None):
    if pid == besides:
        return 0
    try:
        with open(f"/proc/{pid}/stat") as file:
            # utime, stime and the same of children that are gone; the name
            # before them may have blanks
            fields = file.read().rpartition(")")[2].split()
        children = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                children += file.read().split()
    except FileNotFoundError:
        return 0
    return (sum(map(int, fields[11:15])) / TICKS
            + sum(processor_seconds(child, besides) for child in children))


def machine_seconds():
    with open("/proc/stat") as file:
        # user, nice, system, idle, iowait, irq, softirq, steal
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def snapshot(specs):
    used = {MACHINE: machine_seconds()}
    for spec in specs:
        name, _, pids = spec.partition("=")
        pid, _, besides = pids.partition(":")
        used[name] = processor_seconds(pid, besides)
    json.dump({"time": time.time(), "used": used}, sys.stdout)
    print()


class Run:
    def __init__(self, stem):
        before = json.loads(stem.with_name(stem.name + ".before").read_text())
        after = json.loads(stem.with_name(stem.name + ".after").read_text())
        elapsed = after["time"] - before["time"]
        with open(stem.with_name(stem.name + ".trace")) as trace:
            shown = [float(line.split()[1]) for line in trace
                     if "sendmsg(" in line]
        frames = sum(before["time"] <= at < after["time"] for at in shown)
        self.per_second = frames / elapsed
        self.load = {name: (after["used"][name] - used) / elapsed * 100
                     for name, used in before["used"].items()}


def ratio(value, other):
    return f"{value / other:.2f}" if other else "-"


def print_size(size, ways):
    rate = {way: statistics.median(run.per_second for run in runs)
            for way, runs in ways.items()}
    rounds = max(map(len, ways.values()))
    print(f"\n{CLIENT}, {size}, median of {rounds} "
          "(frames/s; processor use in % of one core)")
    print(f"{'':9}{'frames/s':>9}{'least':>8}{'most':>8}{'/direct':>9}"
          f"{'/waypipe':>9}{'client':>8}{'between':>8}{'compos.':>8}"
          f"{'ms/frame':>9}{'others':>8}")
    details = []
    for way, runs in ways.items():
        load = {name: statistics.mean(run.load[name] for run in runs)
                for name in runs[0].load}
        # Whatever else the machine did: the counting, and other people.
        machine = load.pop(MACHINE)
        others = max(machine - sum(load.values()), 0)
        between = {name: part for name, part in load.items()
                   if name not in (CLIENT, COMPOSITOR)}
        each = [run.per_second for run in runs]
        print(f"{way:9}{rate[way]:9.1f}{min(each):8.1f}{max(each):8.1f}"
              f"{ratio(rate[way], rate.get('direct')):>9}"
              f"{ratio(rate[way], rate.get('waypipe')):>9}"
              f"{load[CLIENT]:8.0f}{sum(between.values()):8.0f}"
              f"{load[COMPOSITOR]:8.0f}"
              f"{sum(load.values()) * 10 / max(statistics.mean(each), 1):9.2f}"
              f"{others:8.0f}")
        if between:
            details.append(f"  between, {way}: " + ", ".join(
                f"{name} {part:.0f}" for name, part in between.items()))
    print("\n".join(details))


def table(directory):
    sizes = collections.defaultdict(lambda: collections.defaultdict(list))
    for path in sorted(pathlib.Path(directory).glob("*.after"),
                       key=lambda path: path.stat().st_mtime_ns):
        size, way, _ = path.stem.split(".")
        sizes[size][way].append(Run(path.with_suffix("")))
    for size, ways in sizes.items():
        print_size(size, ways)


if __name__ == "__main__":
    if sys.argv[1] == "snapshot":
        snapshot(sys.argv[2:])
    else:
        table(sys.argv[2])
