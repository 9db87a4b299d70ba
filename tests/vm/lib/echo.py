#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The host's side for a device of old: echo.py PATH

Gives back every byte of a connection. One that begins with "flood" is told
FLOOD small messages with a descriptor each instead, and then the end.
"""
import os
import socket
import sys
import threading

FLOOD = 6000


def flood(connection):
    with open(os.devnull, "rb") as nothing:
        for _ in range(FLOOD):
            socket.send_fds(connection, [b"x"], [nothing.fileno()])


def serve(connection):
    with connection:
        try:
            while data := connection.recv(65536):
                if data.startswith(b"flood"):
                    flood(connection)
                    return
                connection.sendall(data)
        except OSError as error:
            print(error, flush=True)


def main(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    print("listening", flush=True)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=[connection], daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1])
