#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Become COMMAND with a listening socket as descriptor 3, as wlbridged would
start it: listen.py PATH COMMAND ARGUMENT...

Says "listening" first, so that nobody comes too early.
"""
import os
import socket
import sys

server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
# Python's descriptors are close-on-exec; this one, if it is 3, is not to be.
os.dup2(server.detach(), 3)
os.set_inheritable(3, True)
print("listening", flush=True)
os.execv(sys.argv[2], sys.argv[2:])
