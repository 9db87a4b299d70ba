#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A tone for each VM, and what is heard of each in the mix of all.

  sound.py tone HZ AMPLITUDE FILE
     A second of a sine, raw: S16, stereo, 48 kHz.
  sound.py judge RAW SECONDS WAV PNG VM:HZ:COLOUR...
     Measure the first SECONDS of that recording in which all tones sound, and
     print a table; keep it as WAV, and a picture of it as PNG. Fails when a
     VM's tone is missing.

Tones are multiples of 500 Hz. Seen through a window of 2 ms each of them is a
whole number of periods, so a VM's amplitude is had from 96 samples, and the
other VMs' tones are not in it at all. Where a tone is absent for longer than
1 ms, and for exactly as long, less than half of it is left in the window: that
is what is called a gap. Where sound was left out, or came twice, the tone goes on
with another phase: that is a jump.
"""
import sys
import wave

import numpy
from PIL import Image, ImageDraw, ImageFont

RATE = 48000
STEP_HZ = 500
WINDOW = RATE // STEP_HZ
MISSING_DBFS = -60
SEARCH_HZ = 200
JUMP_RADIANS = 0.3
BLOCK = RATE // 50

FONTS = "/usr/share/fonts/truetype/dejavu/DejaVuSans"
BACKGROUND, INK, PALE = "#14161a", "#f6f5f4", "#8b9099"
SIZE = (1200, 640)
LEFT, RIGHT, TOP, BETWEEN, BOTTOM = 110, 20, 56, 40, 56
LANE = 34
FFT, HOP = 4096, 512
FLOOR_DB = -90


def tone(hz, amplitude, path):
    phase = 2 * numpy.pi * hz * numpy.arange(RATE) / RATE
    left = numpy.rint(32767 * amplitude * numpy.sin(phase))
    numpy.stack([left, left], 1).astype("<i2").tofile(path)


def dbfs(amplitude):
    return 20 * numpy.log10(max(amplitude, 1e-6))


def vectors(sound, hz):
    """Amplitude and phase of that tone, in a window around each sample."""
    turns = numpy.exp(-2j * numpy.pi * hz * numpy.arange(len(sound)) / RATE)
    total = numpy.cumsum(numpy.concatenate([[0], sound * turns]))
    return 2 * (total[WINDOW:] - total[:-WINDOW]) / WINDOW


def strongest_hz(sound, hz):
    """The frequency of the strongest line around there, by its peak."""
    spectrum = numpy.abs(numpy.fft.rfft(sound * numpy.hanning(len(sound))))
    bin_hz = RATE / len(sound)
    low, high = int((hz - SEARCH_HZ) / bin_hz), int((hz + SEARCH_HZ) / bin_hz)
    at = low + int(numpy.argmax(spectrum[low:high]))
    a, b, c = numpy.log(spectrum[at - 1:at + 2] + 1e-12)
    return (at + (a - c) / (2 * (a - 2 * b + c))) * bin_hz


def stretches(where):
    """First and length of each run of True."""
    edges = numpy.diff(numpy.concatenate([[0], where.astype(int), [0]]))
    first = numpy.flatnonzero(edges == 1)
    return list(zip(first, numpy.flatnonzero(edges == -1) - first))


class Tone:
    def __init__(self, word, sound):
        self.vm, hz, self.colour = word.split(":")
        self.hz = int(hz)
        self.sound = sound
        self.vectors = vectors(sound, self.hz)
        self.envelope = numpy.abs(self.vectors)
        self.level = float(numpy.median(self.envelope))
        self.is_missing = dbfs(self.level) < MISSING_DBFS

    def begin(self):
        return int(numpy.argmax(self.envelope > self.level / 2))

    def end(self):
        return len(self.envelope) - int(
            numpy.argmax(self.envelope[::-1] > self.level / 2))

    def longest_ms(self):
        return max((length for _, length in self.gaps), default=0) \
            * 1000 / RATE

    def measure(self, first, last):
        part = self.envelope[first:last]
        self.level = float(numpy.median(part))
        self.measured_hz = strongest_hz(self.sound[first:last], self.hz)
        self.gaps = [(first + at, length) for at, length
                     in stretches(part < self.level / 2)
                     if length > RATE // 1000]
        self.jumps = self.count_jumps(first, last)
        self.is_missing |= abs(self.measured_hz - self.hz) > 1

    def count_jumps(self, first, last):
        """Of the phase, for good: what others' gaps do to it is over soon."""
        whole = (last - first) // BLOCK * BLOCK
        blocks = self.vectors[first:first + whole].reshape(-1, BLOCK).mean(1)
        there = numpy.abs(blocks) > self.level / 2
        turned = numpy.abs(numpy.angle(blocks[2:] * blocks[:-2].conj()))
        return len(stretches((turned > JUMP_RADIANS) & there[2:]
                             & there[:-2]))

    def row(self):
        if self.is_missing:
            return f"{self.vm:12}{self.hz:>12}   MISSING"
        return (f"{self.vm:12}{self.hz:>12}{self.measured_hz:>12.2f}"
                f"{dbfs(self.level):>12.2f}{len(self.gaps):>14}"
                f"{self.longest_ms():>12.1f}{self.jumps:>7}")

    def rebuilt(self, first, last):
        """The tone alone, as it should be in that stretch."""
        turns = numpy.exp(2j * numpy.pi * self.hz
                          * numpy.arange(first, last) / RATE)
        return (numpy.median(self.vectors[first:last].real) * turns.real
                - numpy.median(self.vectors[first:last].imag) * turns.imag)


def heat(level):
    """A colour for 0 .. 1: black, violet, orange, white."""
    stops = numpy.array([[20, 22, 26], [70, 30, 110], [230, 97, 0],
                         [255, 245, 230]], float)
    place = numpy.clip(level, 0, 1) * (len(stops) - 1)
    low = numpy.minimum(place.astype(int), len(stops) - 2)
    share = (place - low)[..., None]
    return (stops[low] * (1 - share) + stops[low + 1] * share).astype("uint8")


def spectrogram(sound, top_hz, width, height):
    frames = numpy.lib.stride_tricks.sliding_window_view(sound, FFT)[::HOP]
    spectrum = numpy.abs(numpy.fft.rfft(frames * numpy.hanning(FFT)))
    spectrum = spectrum[:, :int(top_hz * FFT / RATE)].T[::-1] * 4 / FFT
    level = 1 - 20 * numpy.log10(numpy.maximum(spectrum, 1e-9)) / FLOOR_DB
    return Image.fromarray(heat(level)).resize((width, height))


def picture(sound, tones, measured, path):
    image = Image.new("RGB", SIZE, BACKGROUND)
    draw = ImageDraw.Draw(image)
    title = ImageFont.truetype(FONTS + "-Bold.ttf", 18)
    bold = ImageFont.truetype(FONTS + "-Bold.ttf", 14)
    plain = ImageFont.truetype(FONTS + ".ttf", 13)
    width = SIZE[0] - LEFT - RIGHT
    lanes_top = SIZE[1] - BOTTOM - LANE * len(tones)
    height = lanes_top - BETWEEN - TOP
    top_hz = max(tone.hz for tone in tones) + STEP_HZ

    def x_of(sample):
        return LEFT + int(sample * width / len(sound))

    draw.text((LEFT, 16), "The mix, as the speakers have it", INK, title)
    image.paste(spectrogram(sound, top_hz, width, height), (LEFT, TOP))
    for tone in tones:
        y = TOP + height - int(tone.hz * height / top_hz)
        draw.text((LEFT - 10, y), f"{tone.hz} Hz", tone.colour, bold, "rm")
    draw.text((LEFT, lanes_top - 24), "Each VM in it: the amplitude of its "
              "tone, millisecond by millisecond", PALE, plain)
    for i, tone in enumerate(tones):
        base = lanes_top + LANE * (i + 1) - 4
        draw.text((LEFT - 10, base - LANE // 2), tone.vm, tone.colour, bold,
                  "rm")
        shown = tone.envelope[:len(tone.envelope) // WINDOW * WINDOW]
        low = shown.reshape(-1, WINDOW).min(1) / max(tone.level, 1e-6)
        for x in range(LEFT, LEFT + width):
            first = (x - LEFT) * len(low) // width
            last = max((x - LEFT + 1) * len(low) // width, first + 1)
            high = min(low[first:last].min(), 1.2)
            draw.line((x, base, x, base - int(high * (LANE - 10))),
                      tone.colour)
        for at, _ in tone.gaps:
            draw.line((x_of(at), base, x_of(at), base - LANE + 8), "#ff0000")
    bottom = SIZE[1] - BOTTOM + 6
    for second in range(0, len(sound) // RATE + 1):
        draw.text((x_of(second * RATE), bottom), str(second), PALE, plain,
                  "ma")
    draw.line((x_of(measured[0]), bottom + 22, x_of(measured[1]),
               bottom + 22), INK, 2)
    draw.text((x_of(measured[0]), bottom + 28), "s; the stretch that was "
              "measured", PALE, plain)
    image.save(path)


def keep_wav(frames, path):
    with wave.open(path, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames.astype("<i2").tobytes())


def judge(raw, seconds, wav, png, words):
    frames = numpy.fromfile(raw, "<i2").reshape(-1, 2)
    keep_wav(frames, wav)
    sound = frames.mean(1) / 32768
    if len(sound) < 2 * RATE:
        sys.exit("there is less than two seconds of sound")
    tones = [Tone(word, sound) for word in words]
    first = max(tone.begin() for tone in tones) + WINDOW
    last = min(first + seconds * RATE, len(sound) - WINDOW)
    for tone in tones:
        tone.measure(first, last)
    rest = sound[first:last] - sum(tone.rebuilt(first, last)
                                   for tone in tones)
    print(f"{'VM':12}{'expected Hz':>12}{'measured Hz':>12}"
          f"{'level dBFS':>12}{'gaps > 1 ms':>14}{'longest ms':>12}"
          f"{'jumps':>7}")
    for tone in tones:
        print(tone.row())
    print(f"In {(last - first) / RATE:.1f} s; 0 dBFS is a sine of full scale."
          f" What is none of these tones: "
          f"{dbfs(float(numpy.sqrt(2 * numpy.mean(rest ** 2)))):.1f} dBFS.")
    picture(sound, tones, (first, last), png)
    return 1 if any(tone.is_missing for tone in tones) else 0


def main(verb, *arguments):
    if verb == "tone":
        hz, amplitude, path = arguments
        return tone(int(hz), float(amplitude), path)
    raw, seconds, wav, png, *words = arguments
    return judge(raw, int(seconds), wav, png, words)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
