#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Look at pixels of a screenshot: pixels.py FILE VERB ARGUMENT...

  same X,Y X,Y WxH      the two areas hold the same picture, pixel for pixel,
                        and it is more than one plain colour
  colour X,Y RRGGBB     the pixel has that colour
"""
import sys

from PIL import Image, ImageChops


def area(image, corner, size):
    x, y = map(int, corner.split(","))
    width, height = map(int, size.split("x"))
    return image.crop((x, y, x + width, y + height))


def same(image, one, other, size):
    first, second = area(image, one, size), area(image, other, size)
    if len(first.getcolors(1 << 24)) < 4:
        return "nothing is drawn there"
    differing = ImageChops.difference(first, second).getbbox()
    return None if differing is None else f"they differ within {differing}"


def colour(image, at, wanted):
    x, y = map(int, at.split(","))
    found = "%02x%02x%02x" % image.getpixel((x, y))
    return None if found == wanted.lower() else f"it is {found}"


def main(path, verb, *arguments):
    image = Image.open(path).convert("RGB")
    verdict = {"same": same, "colour": colour}[verb](image, *arguments)
    if verdict is not None:
        print(f"# {verb} {' '.join(arguments)}: {verdict}")
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
