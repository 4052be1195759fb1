#!/usr/bin/python3
"""Writes pictures, and files that pretend to be some, into a directory. Needs no library: PNG is written here, JPEG and
WebP stand below as they came from an encoder."""
import base64
import os
import struct
import sys
import zlib

directory = sys.argv[1]


def write(name, content):
    with open(os.path.join(directory, name), "wb") as file:
        file.write(content)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, claimed=None, extra=b"", depth=8, colour=2, after=b""):
    """A picture of one colour; its header may claim another size."""
    claimed_width, claimed_height = claimed or (width, height)
    row = b"\0" + (b"\x20\x80\xc0" * width if colour == 2 else b"".join(bytes((x % 256, 90, 200, x * 7 % 256)) for x in range(width)))
    packed = zlib.compressobj(9 if width * height < 20_000_000 else 1)
    data = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", claimed_width, claimed_height, depth, colour, 0, 0, 0))
            + extra + chunk(b"IDAT", data) + after + chunk(b"IEND", b""))


JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEAYABgAAD//gA7Q1JFQVRPUjogZ2QtanBlZyB2MS4wICh1c2luZyBJSkcgSlBFRyB2NjIpLCBxdWFsaXR5ID0gNjAK/9sA"
    "QwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/9sAQwEODg4TERMmFRUmTzUt"
    "NU9PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P/8AAEQgAMABAAwEiAAIRAQMRAf/EAB8AAAEFAQEBAQEB"
    "AAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBka"
    "JSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TF"
    "xsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQHBQQE"
    "AAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdo"
    "aWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/a"
    "AAwDAQACEQMRAD8A86SHParCW/tViKH2q7Fb+1bYel7UinXsUktvap0tParoVU4A3H0FSJHI/fH04rplTw8Hy/E/I9ClXZWW0AGWwPrUq28YOCR+"
    "HNWUt0X7xAqdIx/DGfxrKSprTlSfzb/A9KlWfcqLBGDwCfoKnS3j/uN+VWliYHkqvHTFTJHz1c/Ssn7NPWK+5f5tnpUqzMCCH2q4Y9iAActwKkto"
    "enFWBDvmPHA4p0Kjhh1y7y0PzWnV1K0NtxkiplQscIMD171Z8rc2xeg6/WpxHj5E69z6UnUjGPLHRL72+y/r8D0qVYqpAicEZb0FTrExGSdi+1WE"
    "iC8KAW/lUyw4b5gWasXUsrbLy2+b3b8kelSqlaOEdETPuamWPn7xPstWRFzhsk/3R0qZYiODx7L1rB1Laf1+n4tvyPSpVjDtosLkjoM1NDDtjLY5"
    "xU8MWISQO2KsCHhF49aIVbU423S/Fu36H5tTq6laOHYgIHzHpUyw7VCgHcf0q0sWXJI+VeKlSIgbsfMx/KplNLRbLT5dX6t6I9KlWK6Q4+RBz3Pp"
    "UqRYGF4A6tVhYcDaOAPvGp1iyASOOy+tYSqdFpb8P66vdvRHpUqpWSLA4+VfXHJqZIcY/hHoOpqwkOSeMt69hUyRY9Rnv3NYurt/X9f1dvY9KlVP"
    "/9k=")
WEBP = base64.b64decode(
    "UklGRkoCAABXRUJQVlA4ID4CAABwEACdASpAADAAPtFaoU0oJSKiMBK8AQAaCWwAnTKEda/D+ZZ03z2X3tRRnMxJ/TP3qvQB5wH8z6zP0APLR9iD"
    "9vfSVwRX8bMyW6rT/c75JemdMWhalsHj3Fx9zR3+ry30cu+cr4sAHGZvvpU8vL6is17pQFhcvXaozC9SwlC8r8OlD+Rnm/MGPRxkAAD+/nHJSlpQ"
    "JgXug4GNXG6K4HeGf7FkcApsJai9AkODkuJWbsoBGcvHz6l/W7926eMwI2hxazJigpHbEXXfQFNpsEmcyrBH32J9QGI2VcKOdvndevOFevA6u5d8"
    "PsH0q5hwjozv1CP8PifKcEJt+11D210yqYRYnngrb/NZ8lncC7zrlgp1KQfcx2eWi9266W2L3mztISQ1mNx4m63tkHb3RKfjzvO+hhN1fx/gz++O"
    "aKHR2J9G/F+Jc91vxDYH/GWcqT3yp0vz6vIo3uSCT7jUgc0wbBgmRUzv/kmdDRiIri6UeXu++/iGsCOGzoyuhHAj5pnHNsg+krKguB0QbMf5Cgwg"
    "4xLqgUjI/YqwrFWphPPPR3IgwaIUkM+TTPSDOgWE1VbRE2sgNteLgxdd9t9LroYYSJTkAvv/8Qsh7HWrbEX2Cx7QHG9P0YBjZY0PzeAY0MbrUHt+"
    "lJxUhD7z9/Mlb/OeKbQKnyb1QWNHEQL/j+7iUHAGZJpg4sSFkxT64buNTDbqBLFABBDrtMA2XIoyXIezwX/2fVvrBdpa8P7E0+95n9ycrtGtgg2z"
    "JnAtQgAA")



def segment(marker, data):
    return bytes((0xff, marker)) + struct.pack(">H", len(data) + 2) + data


def size(width, height):
    return struct.pack(">HH", height, width)


TABLE = b"\1" + b"\0" * 16  # a Huffman code of one bit, for nothing


def progressive(width, height, scans, factors=(0x11,)):
    """A progressive JPEG in which every scan is empty: each costs the decoder a pass over all blocks."""
    components = range(1, len(factors) + 1)
    frame = b"".join(bytes((component, factor, 0)) for component, factor in zip(components, factors))
    first = bytes((len(factors),)) + b"".join(bytes((component, 0)) for component in components)
    return (b"\xff\xd8" + segment(0xdb, b"\0" + b"\1" * 64)
            + segment(0xc2, b"\x08" + size(width, height) + bytes((len(factors),)) + frame)
            + segment(0xc4, b"\0" + TABLE) + segment(0xc4, b"\x10" + TABLE)
            + segment(0xda, first + b"\0\0\0") + segment(0xda, b"\1\1\0\1\x3f\0") * (scans - 1) + b"\xff\xd9")


def baseline(width, height):
    """A grey baseline JPEG, two bits for each block."""
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    return (b"\xff\xd8" + segment(0xdb, b"\0" + b"\1" * 64)
            + segment(0xc0, b"\x08" + size(width, height) + b"\1\1\x11\0")
            + segment(0xc4, b"\0" + TABLE) + segment(0xc4, b"\x10" + TABLE)
            + segment(0xda, b"\1\1\0\0\x3f\0") + bytes(blocks // 4 + 1) + b"\xff\xd9")


def lossless_webp(width, height):
    """One colour: five Huffman codes of one symbol each, and no bit for any pixel."""
    number, at = 0, 0
    fields = [(0x2f, 8), (width - 1, 14), (height - 1, 14), (0, 1 + 3 + 1 + 1 + 1)]  # alpha, version, transform, cache, meta
    for symbol in 120, 200, 40, 255, 0:
        fields += [(0b101, 3), (symbol, 8)]  # a simple code of one symbol, which has eight bits
    for value, bits in fields:
        number |= value << at
        at += bits
    return riff(riff_chunk(b"VP8L", number.to_bytes((at + 7) // 8 + 4, "little")))


def riff_chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def riff(chunks):
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def webp_header(flags, width, height):
    return riff_chunk(b"VP8X", struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))


def gif_frame(width, height):
    """Codes of eight bits that are never combined: a clear code comes before there would be longer ones."""
    codes = b""
    for at in range(0, width * height, 100):
        codes += b"\x80" + bytes((pixel * 7 % 128) for pixel in range(at, min(at + 100, width * height)))
    codes += b"\x81"
    blocks = b"".join(bytes((len(codes[at:at + 255]),)) + codes[at:at + 255] for at in range(0, len(codes), 255))
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\7" + blocks + b"\0"


def gif(width, height, frames=1):
    colours = b"".join(bytes((2 * i, 255 - 2 * i, 90)) for i in range(128))
    pause = b"\x21\xf9\4\0\x0a\0\0\0"
    return (b"GIF89a" + struct.pack("<HHBBB", width, height, 0xf6, 0, 0) + colours
            + (pause + gif_frame(width, height)) * frames + b";")


def exif(orientation):
    return b"MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1" + struct.pack(">HHI", orientation, 0, 0)


good = {"png": png(300, 200, extra=chunk(b"tEXt", b"Comment\0GPS <script>alert(1)</script>")), "jpeg": JPEG, "webp": WEBP,
        "gif": gif(90, 60)}
for kind, content in good.items():
    write(f"good.{kind}", content)
    write(f"truncated.{kind}", content[:-9])
    write(f"polyglot.{kind}", content + b"<script>alert(1)</script>")
write("garbage.png", png(300, 200)[:60] + b"\xff" * 40 + chunk(b"IEND", b""))
write("lying.png", png(10, 10, claimed=(64, 64)))
write("garbage.jpeg", JPEG[:2] + b"\xff\xc0\0\x0b\x08\0\x10\0\x10\1\1\x11\0\xff\xda\0\x08\1\1\0\0\x3f\0" + b"A" * 99 + b"\xff\xd9")
write("garbage.webp", WEBP[:20] + b"\xff\xff\xff" + WEBP[23:])
write("garbage.gif", gif(90, 60)[:-1] + b"?;")
write("motion.jpeg", JPEG + b"\0\0\0\x18ftypmp42" + bytes(200_000))  # a film after the picture
write("newline.jpeg", JPEG + b"\n")
write("two.jpeg", JPEG + JPEG)
frame = bytes(6) + (63).to_bytes(3, "little") + (47).to_bytes(3, "little") + (100).to_bytes(3, "little") + b"\0" + WEBP[12:]
write("moving.webp", riff(webp_header(2, 64, 48) + riff_chunk(b"ANIM", bytes(6)) + riff_chunk(b"ANMF", frame) * 2))
write("frameless.webp", riff(webp_header(2, 64, 48) + riff_chunk(b"ANIM", bytes(6))))
write("moving.gif", gif(90, 60, frames=3))
fctl = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)
write("moving.png", png(8, 8, extra=chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", fctl),
                        after=chunk(b"fcTL", b"\0\0\0\1" + fctl[4:]) + chunk(b"fdAT", b"\0\0\0\2" + b"x" * 30)))
for orientation in 3, 6:
    write(f"held-{orientation}.jpeg", JPEG[:2] + segment(0xe1, b"Exif\0\0" + exif(orientation)) + JPEG[2:])
    write(f"held-{orientation}.png", png(300, 200, extra=chunk(b"eXIf", exif(orientation))))
    write(f"held-{orientation}.webp", riff(webp_header(8, 64, 48) + WEBP[12:] + riff_chunk(b"EXIF", exif(orientation))))
write("alpha.png", png(512, 512, colour=6))
write("pixels-50m.png", png(8192, 6144))
write("pixels-50m.jpeg", baseline(8192, 6144))
write("pixels-50m.webp", lossless_webp(8192, 6144))
write("pixels-50m-progressive.jpeg", progressive(8192, 6144, 10, (0x22, 0x11, 0x11)))
write("pixels-50m-memory.jpeg", progressive(8192, 6144, 20, (0x21, 0x11, 0x11)))
write("past-50m.png", png(8, 8, claimed=(8192, 6145)))
write("past-50m.jpeg", baseline(8192, 6145))
write("past-50m.webp", lossless_webp(8192, 6145))
write("past-50m.gif", gif(8, 8).replace(struct.pack("<HHHHB", 0, 0, 8, 8, 0), struct.pack("<HHHHB", 0, 0, 8192, 6145, 0)))
write("past-memory.jpeg", progressive(8192, 6144, 10, (0x11, 0x11, 0x11)))
write("past-scans.jpeg", progressive(8192, 6144, 21))
write("side-65535.png", png(65535, 16))
write("side-65536.png", png(65536, 1))
write("huge.png", png(8, 8, claimed=(65535, 65535)))
write("bomb.png", png(4000, 4000))
largest = 12 * 1024 * 1024
write("largest.jpeg", baseline(8192, 6144).ljust(largest, b"."))
write("past-largest.jpeg", baseline(8192, 6144).ljust(largest + 1, b"."))
write("largest.png", png(8, 8, extra=chunk(b"tEXt", b"k\0" + b"x" * (largest - 200))).ljust(largest, b"."))
for scans in 64, 65, 100_000:
    write(f"scans-{scans}.jpeg", progressive(4000, 4000, scans))
write("chunks-5000.png", png(8, 8, extra=chunk(b"tEXt", b"") * 5000))
inflating = b"k\0\0" + zlib.compress(bytes(2 * 1024 * 1024), 9)  # a thousandth of what it inflates to
write("texts.png", png(8, 8, extra=chunk(b"zTXt", inflating) * 900))
write("bad.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
write("bad.html", b"<!doctype html><script>alert(1)</script>")
write("bad.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
write("bad.bmp", b"BM" + bytes(60))
write("bad.pdf", b"%PDF-1.7\n")
write("bad.json", b'{"avatar":"https://evil.example/x.png"}')
write("bad.empty", b"")
