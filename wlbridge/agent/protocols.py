#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turn protocol XML into one C file of wl_interface tables.

usage: protocols.py SCANNER OUTPUT DEPFILE XML...

wayland-scanner writes the tables; this adds what it does not: an index of all
interfaces by name. The first file that defines an interface wins, so list the
stable before the staging and the unstable: a later file with an interface of
the same name (xdg-shell's drafts, say) is left out whole.
"""
import subprocess
import sys
import xml.etree.ElementTree as ET


def main(scanner, output, depfile, *files):
    known = set()
    code = []
    for path in files:
        names = {i.get("name") for i in ET.parse(path).iter("interface")}
        if names & known:
            continue
        known |= names
        code.append(subprocess.run(
            [scanner, "private-code", path, "/dev/stdout"],
            check=True, capture_output=True, text=True).stdout)
    with open(output, "w", encoding="utf-8") as out:
        out.writelines(code)
        out.write('\n#include "protocols.h"\n\n')
        out.write("const struct wl_interface *const "
                  "wlb_protocols_interfaces[] = {\n")
        for name in sorted(known):
            out.write(f"\t&{name}_interface,\n")
        out.write("};\n\nconst unsigned wlb_protocols_count =\n"
                  f"\t{len(known)};\n")
    with open(depfile, "w", encoding="utf-8") as out:
        out.write(f"{output}: {' '.join(files)}\n")


main(*sys.argv[1:])
