#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Unpack the ELF kernel out of a bzImage: vmlinux.py BZIMAGE VMLINUX

A guest that is started at the ELF's PVH entry need not unpack itself, which
costs three seconds where the processor is emulated. Where the packed kernel
lies is told by the setup header (Linux, "The Linux/x86 Boot Protocol").
"""
import struct
import subprocess
import sys

UNPACKERS = {
    b"\x28\xb5\x2f\xfd": ["zstd", "-dc"],
    b"\xfd7zX": ["xz", "-dc"],
}


def main(bzimage, vmlinux):
    with open(bzimage, "rb") as file:
        image = file.read()
    if image[0x202:0x206] != b"HdrS":
        sys.exit(f"{bzimage}: no Linux boot header")
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (image[0x1F1] + 1) * 512 + offset
    # The build appends the unpacked size; it is no part of the stream.
    payload = image[start : start + length - 4]
    unpacker = UNPACKERS.get(payload[:4])
    if unpacker is None:
        sys.exit(f"{bzimage}: packed in a way this script does not know")
    with open(vmlinux, "wb") as out:
        subprocess.run(unpacker, input=payload, stdout=out, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
