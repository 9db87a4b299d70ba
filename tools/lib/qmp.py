#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ask a running QEMU for something: qmp.py SOCKET VERB [ARGUMENT...]

  screendump FILE.png    a picture of the screen
  keys TEXT              type it; \\n is Enter; QEMU is still typing, KEY_MS for
                         each press and each release, when this returns
  key NAME[+NAME...]     press and release, by QEMU's key names
  move X Y               put the pointer there, in pixels
  button NAME            press and release a pointer button where it is
  unplug ID              take a device out, and stay until it is out
  raw COMMAND [JSON]     anything else; an answer is printed
"""
import json
import os
import socket
import sys
import tempfile

SHIFTED = {
    "!": "1", "@": "2", "#": "3", "$": "4", "%": "5", "^": "6", "&": "7",
    "*": "8", "(": "9", ")": "0", "_": "minus", "+": "equal",
    "{": "bracket_left", "}": "bracket_right", "|": "backslash",
    ":": "semicolon", '"': "apostrophe", "~": "grave_accent",
    "<": "comma", ">": "dot", "?": "slash",
}
PLAIN = {
    " ": "spc", "\n": "ret", "\t": "tab", "-": "minus", "=": "equal",
    "[": "bracket_left", "]": "bracket_right", "\\": "backslash",
    ";": "semicolon", "'": "apostrophe", "`": "grave_accent",
    ",": "comma", ".": "dot", "/": "slash",
}
# A guest that is emulated takes events slowly, and what does not fit into the
# keyboard's queue is lost: QEMU spaces the events by itself.
KEY_MS = 30
# What an absolute pointer's axis runs to, whatever the screen's size.
AXIS_MAX = 0x7FFF


class Monitor:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        try:
            self.socket.connect(path)
        except OSError as error:
            sys.exit(f"{path}: {error.strerror}")
        self.lines = self.socket.makefile("r")
        json.loads(self.lines.readline())
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        request = {"execute": command, "arguments": arguments}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        for line in self.lines:
            answer = json.loads(line)
            if "error" in answer:
                sys.exit(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        sys.exit(f"{command}: QEMU went away")

    def wait_for(self, event, **data):
        for line in self.lines:
            answer = json.loads(line)
            if answer.get("event") == event and \
                    data.items() <= answer["data"].items():
                return
        sys.exit(f"{event}: QEMU went away")

    def press(self, names):
        self.ask("send-key", keys=[{"type": "qcode", "data": name}
                                   for name in names], **{"hold-time": KEY_MS})


def screendump(monitor, path):
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        ppm = os.path.join(folder, "screen.ppm")
        monitor.ask("screendump", filename=ppm)
        Image.open(ppm).save(path)


def keys(monitor, text):
    for char in text:
        if char in SHIFTED:
            monitor.press(["shift", SHIFTED[char]])
        elif char.isupper():
            monitor.press(["shift", char.lower()])
        else:
            monitor.press([PLAIN.get(char, char)])


def screen_size(monitor):
    with tempfile.TemporaryDirectory() as folder:
        ppm = os.path.join(folder, "screen.ppm")
        monitor.ask("screendump", filename=ppm)
        with open(ppm, "rb") as file:
            words = file.read(64).split()
        return int(words[1]), int(words[2])


def move(monitor, x, y):
    size = screen_size(monitor)
    monitor.ask("input-send-event", events=[
        {"type": "abs", "data": {
            "axis": axis, "value": int(at) * AXIS_MAX // (extent - 1)}}
        for axis, at, extent in zip("xy", (x, y), size)])


def button(monitor, name):
    for down in (True, False):
        monitor.ask("input-send-event", events=[
            {"type": "btn", "data": {"down": down, "button": name}}])


def main(path, verb, *arguments):
    monitor = Monitor(path)
    if verb == "screendump":
        screendump(monitor, *arguments)
    elif verb == "keys":
        keys(monitor, arguments[0].replace("\\n", "\n"))
    elif verb == "key":
        monitor.press(arguments[0].split("+"))
    elif verb == "move":
        move(monitor, *arguments)
    elif verb == "button":
        button(monitor, *arguments)
    elif verb == "unplug":
        monitor.ask("device_del", id=arguments[0])
        monitor.wait_for("DEVICE_DELETED", device=arguments[0])
    elif verb == "raw":
        more = json.loads(arguments[1]) if len(arguments) > 1 else {}
        answer = monitor.ask(arguments[0], **more)
        if answer:
            print(json.dumps(answer))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
