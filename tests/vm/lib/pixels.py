#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Look at pixels of a screenshot: pixels.py FILE VERB ARGUMENT...

  same X,Y X,Y WxH      the two areas hold the same picture, pixel for pixel,
                        and it is more than one plain colour
  size WxH              it is as large
  colour X,Y RRGGBB     the pixel has that colour
  order Y RRGGBB,...    labels that the row meets, from the left: what is grey,
                        black or white is none, but for the colours given
"""
import itertools
import sys

from PIL import Image, ImageChops


def area(image, corner, size):
    x, y = map(int, corner.split(","))
    width, height = map(int, size.split("x"))
    return image.crop((x, y, x + width, y + height))


def same(image, one, other, extent):
    first, second = area(image, one, extent), area(image, other, extent)
    if len(first.getcolors(1 << 24)) < 4:
        return "nothing is drawn there"
    differing = ImageChops.difference(first, second).getbbox()
    return None if differing is None else f"they differ within {differing}"


def size(image, wanted):
    found = f"{image.width}x{image.height}"
    return None if found == wanted else f"it is {found}"


def colour(image, at, wanted):
    x, y = map(int, at.split(","))
    found = "%02x%02x%02x" % image.getpixel((x, y))
    return None if found == wanted.lower() else f"it is {found}"


def order(image, row, wanted):
    wanted = wanted.lower().split(",")
    pixels = [image.getpixel((x, int(row))) for x in range(image.width)]
    found = [colour for colour, _ in itertools.groupby(
        name for name, pixel in (("%02x%02x%02x" % p, p) for p in pixels)
        if name in wanted or max(pixel) - min(pixel) > 64)]
    return None if found == wanted else f"it is {','.join(found)}"


def main(path, verb, *arguments):
    image = Image.open(path).convert("RGB")
    verbs = {"same": same, "size": size, "colour": colour, "order": order}
    verdict = verbs[verb](image, *arguments)
    if verdict is not None:
        print(f"# {verb} {' '.join(arguments)}: {verdict}")
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
