#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print files as they grow, until a writer is gone:
follow.py [--since TIME] FILE PID [FILE PID]...

Like tail -f --pid, which takes a dead process for a living one as long as its
parent has not waited for it; a shell that reads our output is such a parent.
Several files, each with its writer, come as one stream of whole lines; with
--since, each line begins with the seconds from then (in seconds since 1970)
to now; guests' own clocks go wrong where the processor is emulated.
"""
import ctypes
import os
import select
import sys
import time

IN_MODIFY = 2


def watch_files(paths):
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_CLOEXEC)
    for path in paths:
        if libc.inotify_add_watch(watch, os.fsencode(path), IN_MODIFY) < 0:
            sys.exit(f"{path}: {os.strerror(ctypes.get_errno())}")
    return watch


class Lines:
    def __init__(self, path, since):
        self.file = open(path, "rb", buffering=0)
        self.since = since
        self.rest = b""

    def print_new(self):
        whole, newline, self.rest = (
            self.rest + self.file.read()).rpartition(b"\n")
        if self.since and whole:
            now = b"%.1f " % (time.time() - self.since)
            whole = b"\n".join(now + line for line in whole.split(b"\n"))
        os.write(1, whole + newline)


def main(since, paths, pids):
    watch = watch_files(paths)
    poll = select.poll()
    poll.register(watch, select.POLLIN)
    gone = False
    for pid in pids:
        try:
            poll.register(os.pidfd_open(int(pid)), select.POLLIN)
        except ProcessLookupError:
            gone = True
    files = [Lines(path, since) for path in paths]
    while True:
        # After the end as well: last words count.
        for file in files:
            file.print_new()
        if gone:
            return
        for fd, _ in poll.poll():
            if fd == watch:
                os.read(fd, 65536)
            else:
                gone = True


if __name__ == "__main__":
    arguments = sys.argv[1:]
    since = None
    if arguments[:1] == ["--since"]:
        since = float(arguments[1])
        del arguments[:2]
    main(since, arguments[::2], arguments[1::2])
