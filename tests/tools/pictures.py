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


def png(width, height, claimed=None, extra=b"", depth=8, colour=2):
    """A picture of one colour; its header may claim another size."""
    claimed_width, claimed_height = claimed or (width, height)
    row = b"\0" + (b"\x20\x80\xc0" * width if colour == 2 else b"".join(bytes((x % 256, 90, 200, x * 7 % 256)) for x in range(width)))
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", claimed_width, claimed_height, depth, colour, 0, 0, 0))
            + extra + chunk(b"IDAT", data) + chunk(b"IEND", b""))


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


def progressive(side, scans):
    """A grey progressive JPEG in which every scan is empty: each costs the decoder a pass over all blocks."""
    table = b"\1" + b"\0" * 16
    return (b"\xff\xd8" + segment(0xdb, b"\0" + b"\1" * 64) + segment(0xc2, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0")
            + segment(0xc4, b"\0" + table) + segment(0xc4, b"\x10" + table)
            + segment(0xda, b"\1\1\0\0\0\0") + segment(0xda, b"\1\1\0\1\x3f\0") * (scans - 1) + b"\xff\xd9")


good = {"png": png(300, 200, extra=chunk(b"tEXt", b"Comment\0GPS <script>alert(1)</script>")), "jpeg": JPEG, "webp": WEBP}
for kind, content in good.items():
    write(f"good.{kind}", content)
    write(f"truncated.{kind}", content[:-9])
    write(f"polyglot.{kind}", content + b"<script>alert(1)</script>")
write("garbage.png", png(300, 200)[:60] + b"\xff" * 40 + chunk(b"IEND", b""))
write("lying.png", png(10, 10, claimed=(64, 64)))
write("garbage.jpeg", JPEG[:2] + b"\xff\xc0\0\x0b\x08\0\x10\0\x10\1\1\x11\0\xff\xda\0\x08\1\1\0\0\x3f\0" + b"A" * 99 + b"\xff\xd9")
write("garbage.webp", WEBP[:20] + b"\xff\xff\xff" + WEBP[23:])
moving = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + b"\x0f\0\0\x0f\0\0" + b"ANIM" + struct.pack("<I", 6) + b"\0" * 6
write("moving.webp", b"RIFF" + struct.pack("<I", 4 + len(moving)) + b"WEBP" + moving)
write("alpha.png", png(512, 512, colour=6))
write("side-4096.png", png(4096, 16))
write("side-4097.png", png(4097, 1))
write("tall-4097.png", png(1, 4097))
write("pixels-17m.png", png(8, 8, claimed=(4096, 4096)))
write("huge.png", png(8, 8, claimed=(65535, 65535)))
write("bomb.png", png(4000, 4000))
write("large.png", png(8, 8, extra=chunk(b"tEXt", b"k\0" + b"x" * (2 * 1024 * 1024))))
write("almost-2m.png", png(8, 8, extra=chunk(b"tEXt", b"k\0" + b"x" * (2 * 1024 * 1024 - 200))) + b"x")
for scans in 64, 65, 100_000:
    write(f"scans-{scans}.jpeg", progressive(4000, scans))
write("chunks-5000.png", png(8, 8, extra=chunk(b"tEXt", b"") * 5000))
inflating = b"k\0\0" + zlib.compress(bytes(2 * 1024 * 1024), 9)  # a thousandth of what it inflates to
write("texts.png", png(8, 8, extra=chunk(b"zTXt", inflating) * 900))
write("bad.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
write("bad.html", b"<!doctype html><script>alert(1)</script>")
write("bad.gif", b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
write("bad.bmp", b"BM" + bytes(60))
write("bad.pdf", b"%PDF-1.7\n")
write("bad.json", b'{"avatar":"https://evil.example/x.png"}')
write("bad.empty", b"")
