#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What sound.sh and sound-vm.sh measure, as tables.

  sound-table.py latency QUANTUM PERIOD PERIODS WAY=LOG...
     From a write to the speakers, by logs of click-ear; the last way is the one
     that the others are compared to.
  sound-table.py cost SECONDS NAME=PID...
     Processor time of processes in the SECONDS from now; the last one is the
     one that the others are compared to.
  sound-table.py snapshot NAME=PID...
     Processor time so far, thread by thread, and the time.
  sound-table.py tones DIRECTORY WAY...
     What became of a tone: tone-WAY.raw, what was recorded; WAY.lost, frames
     that the recorder did not hear; WAY.xruns, what the guest counted;
     WAY.before and WAY.after, snapshots. The last way is the one that the others
     are compared to.
  sound-table.py crowd SECONDS NAME=PID... PAGE...
     The same, of groups that have one name, and what the status pages of
     wlbridge-snd say was missed meanwhile.
"""
import collections
import json
import os
import pathlib
import struct
import sys
import time

import numpy

from frames import machine_seconds

# The one that judges the demo's mix.
sys.path.append(str(pathlib.Path(__file__).parents[2] / "tools/lib"))
import sound  # noqa: E402

RATE = 48000
COST_AIM = 1		# % of a core
TONE_HZ = 1000
LATE_NS = 700_000_000	# numbers of clicks come again after 16 x 55 ms
# audio/status.h: frames_played and what follows, to frames_late
PAGE_COUNTERS = struct.Struct("6Q")
PAGE_OFFSET = 56


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def latencies(log):
    """Milliseconds from each click that was written to the same one heard; how
    many were not, and what the guest says of its buffer."""
    notes, xruns = {"written": [], "heard": []}, "-"
    for line in pathlib.Path(log).read_text().splitlines():
        what, *words = line.split()
        if what in notes:
            number, ns = map(int, words)
            notes[what].append((ns, number))
        elif what == "xruns":
            xruns = " ".join(words)
    taken, lost, heard = [], 0, notes["heard"]
    for ns, number in notes["written"]:
        times = [at for at, what in heard
                 if what == number and ns <= at < ns + LATE_NS]
        if times:
            taken.append((times[0] - ns) / 1e6)
        else:
            lost += 1
    return taken, lost, xruns


def print_latency(quantum, period, periods, ways):
    limit = (periods * period + quantum) * 1000 / RATE
    print(f"\nWrite to speakers, quantum {quantum}, buffer {periods} x {period};"
          f" limit {limit:.1f} ms (the buffer and a quantum)")
    print(f"{'':14}{'clicks':>8}{'lost':>6}{'p50 ms':>9}{'p99 ms':>9}"
          f"{'most':>8}{'p50/limit':>11}{'p99/limit':>11}{'p50/peer':>10}"
          f"{'p99/peer':>10}  xruns")
    measured = {way: latencies(log) for way, log in ways}
    peer = measured[ways[-1][0]][0] if len(ways) > 1 else []
    for way, (taken, lost, xruns) in measured.items():
        if not taken:
            print(f"{way:14}{0:8}{lost:6}{'-':>9}{'-':>9}{'-':>8}{'-':>11}"
                  f"{'-':>11}{'-':>10}{'-':>10}  {xruns}")
            continue
        p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
        versus = "".join(
            f"{value / percentile(peer, share):10.2f}" if peer else f"{'-':>10}"
            for value, share in ((p50, 0.5), (p99, 0.99)))
        print(f"{way:14}{len(taken):8}{lost:6}{p50:9.1f}{p99:9.1f}"
              f"{max(taken):8.1f}{p50 / limit:11.3f}{p99 / limit:11.3f}"
              f"{versus}  {xruns}")


def thread_seconds(pid):
    """Processor time of a process so far, by the names of its threads."""
    used = collections.Counter()
    for task in os.listdir(f"/proc/{pid}/task"):
        base = pathlib.Path(f"/proc/{pid}/task/{task}")
        try:
            name = (base / "comm").read_text().strip()
            used[name] += int((base / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return collections.Counter(
        {name: ns / 1e9 for name, ns in used.items()})


def processor_seconds(pid):
    return sum(thread_seconds(pid).values())


def used_meanwhile(seconds, pairs):
    """% of a core for each name, over so long; and of everybody else."""
    def all_of_them():
        used = collections.Counter()
        for name, pid in pairs:
            used[name] += processor_seconds(pid)
        return used, machine_seconds(), time.monotonic()
    before, machine_before, began = all_of_them()
    time.sleep(seconds)
    after, machine_after, ended = all_of_them()
    used = {name: (after[name] - before[name]) * 100 / (ended - began)
            for name in before}
    machine = (machine_after - machine_before) * 100 / (ended - began)
    return used, others(machine, used)


def others(machine, used):
    return max(machine - sum(used.values()), 0)


def print_cost(seconds, pairs):
    used, rest = used_meanwhile(seconds, pairs)
    *names, peer = used
    print(f"\nOne stream at 48 kHz, stereo, {seconds} s, % of a core; "
          f"others: {rest:.0f}")
    for name in used:
        print(f"{name:14}{used[name]:8.2f}")
    for name in names:
        beyond = used[name] - used[peer]
        print(f"{name} beyond {peer}: {beyond:.2f}; aim {COST_AIM}: "
              f"x{beyond / COST_AIM:.2f}; to {peer}: "
              f"x{used[name] / max(used[peer], 1e-6):.2f}")


def snapshot(pairs):
    json.dump({"time": time.monotonic(), "machine": machine_seconds(),
               "used": {name: thread_seconds(pid) for name, pid in pairs}},
              sys.stdout)
    print()


def is_guest(thread):
    return thread.startswith("CPU ")


def load(stem):
    """% of a core: each process but for the guest's processor, that one, and
    everybody else."""
    before, after = (json.loads(pathlib.Path(stem + end).read_text())
                     for end in (".before", ".after"))
    elapsed = after["time"] - before["time"]
    used = collections.Counter()
    for name, threads in after["used"].items():
        for thread, seconds in threads.items():
            seconds -= before["used"][name].get(thread, 0)
            used["guest" if is_guest(thread) else name] \
                += seconds * 100 / elapsed
    used["others"] = others(
        (after["machine"] - before["machine"]) * 100 / elapsed, used)
    return used


def print_tones(directory, *ways):
    loads = {way: load(f"{directory}/{way}") for way in ways}
    names = [name for name in loads[ways[0]]
             if name not in ("guest", "others")]
    hosts = {way: sum(used[name] for name in names)
             for way, used in loads.items()}
    print("\nA tone with aplay's own buffer, quantum 1024; % of a core of each"
          " process, without the guest's processor, which is by itself")
    print(f"{'':14}{'s':>7}{'gaps > 1 ms':>13}{'longest ms':>12}{'xruns':>7}"
          f"{'unheard':>9}"
          + "".join(f"{name:>14}" for name in names)
          + f"{'sum/peer':>10}{'guest':>8}{'others':>8}")
    for way in ways:
        frames = numpy.fromfile(f"{directory}/tone-{way}.raw", "<i2")
        heard = sound.Tone(f"{way}:{TONE_HZ}:", frames[::2] / 32768)
        first, last = heard.begin(), heard.end()
        heard.measure(first, last)
        xruns, lost = (pathlib.Path(f"{directory}/{way}.{what}").read_text()
                       .strip() for what in ("xruns", "lost"))
        print(f"{way:14}{(last - first) / RATE:7.2f}{len(heard.gaps):13}"
              f"{heard.longest_ms():12.1f}{xruns:>7}{lost:>9}"
              + "".join(f"{loads[way][name]:14.2f}" for name in names)
              + f"{hosts[way] / hosts[ways[-1]]:10.2f}"
              f"{loads[way]['guest']:8.1f}{loads[way]['others']:8.0f}")


def counters(page):
    with open(page, "rb") as file:
        file.seek(PAGE_OFFSET)
        return PAGE_COUNTERS.unpack(file.read(PAGE_COUNTERS.size))


def print_crowd(seconds, pairs, pages):
    before = [counters(page) for page in pages]
    used, rest = used_meanwhile(seconds, pairs)
    after = [counters(page) for page in pages]
    played, _, missed, stalls, _, late = (
        [late - early for early, late in zip(*one)]
        for one in zip(zip(*before), zip(*after)))
    print(f"\n{len(pages)} VMs at once, {seconds} s, 48 kHz, stereo")
    print(f"VMs that missed a frame {sum(m > 0 for m in missed)}; frames missed "
          f"{sum(missed)} of {sum(played)}, by us {sum(late)}, by guests "
          f"{sum(missed) - sum(late)}; stalls {sum(stalls)}; the least that "
          f"one played {min(played) / RATE / seconds:.3f} of its time")
    print("% of a core: " + ", ".join(
        f"{name} {part:.1f}" for name, part in used.items())
        + f"; others: {rest:.0f}")


def pairs_of(words):
    return [tuple(word.split("=", 1)) for word in words]


def main(verb, *words):
    if verb == "latency":
        print_latency(*map(int, words[:3]), pairs_of(words[3:]))
    elif verb == "cost":
        print_cost(int(words[0]), pairs_of(words[1:]))
    elif verb == "snapshot":
        snapshot(pairs_of(words))
    elif verb == "tones":
        print_tones(*words)
    elif verb == "crowd":
        print_crowd(int(words[0]),
                    pairs_of(word for word in words[1:] if "=" in word),
                    [word for word in words[1:] if "=" not in word])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
