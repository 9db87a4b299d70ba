# SPDX-License-Identifier: MIT
"""pictures.py DIR: turn each STORY-NNN-WHAT.ppm there into a PNG, and make a
sheet of each story, STORY.png, with all of its pictures and what they are of."""
import pathlib
import re
import sys

from PIL import Image, ImageDraw

COLUMNS = 4
TILE = 450		# its width; a picture is shown at half its size or less
TEXT = 16		# the height of what is written below
WORDS = 70		# so many letters of it


def sheet(pictures):
    tiles = []
    for path, picture in pictures:
        tile = picture.copy()
        tile.thumbnail((TILE, TILE))
        tiles.append((re.sub(r"^.*?-(?=\d{3}-)", "", path.stem), tile))
    height = max(tile.height for _, tile in tiles) + TEXT
    rows = -(-len(tiles) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (TILE + 4), rows * (height + 4)),
                      "white")
    draw = ImageDraw.Draw(whole)
    for n, (name, tile) in enumerate(tiles):
        x, y = n % COLUMNS * (TILE + 4), n // COLUMNS * (height + 4)
        whole.paste(tile, (x, y))
        draw.text((x + 2, y + tile.height + 2), name[:WORDS], fill="black")
    return whole


def main():
    folder = pathlib.Path(sys.argv[1])
    stories = {}
    for path in sorted(folder.glob("*.ppm")):
        picture = Image.open(path).convert("RGB")
        picture.save(path.with_suffix(".png"))
        path.unlink()
        story = re.sub(r"-\d{3}-.*", "", path.stem)
        stories.setdefault(story, []).append((path, picture))
    for story, pictures in stories.items():
        sheet(pictures).save(folder / f"{story}.png")


main()
