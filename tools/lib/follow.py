#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print a growing file until its writer is gone: follow.py FILE PID

Like tail -f --pid, which takes a dead process for a living one as long as its
parent has not waited for it; a shell that reads our output is such a parent.
"""
import ctypes
import os
import select
import sys

IN_MODIFY = 2


def main(path, pid):
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_CLOEXEC)
    if libc.inotify_add_watch(watch, os.fsencode(path), IN_MODIFY) < 0:
        sys.exit(f"{path}: {os.strerror(ctypes.get_errno())}")
    poll = select.poll()
    poll.register(watch, select.POLLIN)
    try:
        writer = os.pidfd_open(int(pid))
        poll.register(writer, select.POLLIN)
    except ProcessLookupError:
        writer = -1
    gone = writer < 0
    with open(path, "rb", buffering=0) as file:
        while True:
            # After the end as well: its last words count.
            os.write(1, file.read())
            if gone:
                return
            for fd, _ in poll.poll():
                if fd == writer:
                    gone = True
                else:
                    os.read(fd, 65536)


if __name__ == "__main__":
    main(*sys.argv[1:])
