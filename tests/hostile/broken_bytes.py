"""Valid files with their bytes disturbed, as transfer, disks and fuzzers do: flips, cuts, splices, holes, noise."""

from __future__ import annotations

from random import Random

from tests.hostile.material import good, parts, rich, series, zipped


def _source(chance: Random) -> bytes:
    return chance.choice((good, rich))()


def flipped(seed: int) -> bytes:
    """One to twenty bytes changed anywhere."""
    chance = Random(f"flip {seed}")
    content = bytearray(_source(chance))
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    return bytes(content)


def flipped_in_the_directory(seed: int) -> bytes:
    """Bytes changed where the zip lists its entries."""
    chance = Random(f"directory {seed}")
    content = bytearray(_source(chance))
    start = content.index(b"PK\x01\x02")
    for _ in range(chance.choice((1, 2, 8))):
        content[chance.randrange(start, len(content))] = chance.randrange(256)
    return bytes(content)


def cut(seed: int) -> bytes:
    """The file up to some place, or from some place on."""
    chance = Random(f"cut {seed}")
    content = _source(chance)
    at = chance.randrange(len(content))
    return content[:at] if chance.random() < 0.7 else content[at:]


def spliced(seed: int) -> bytes:
    """A stretch of one file in the place of a stretch of another."""
    chance = Random(f"splice {seed}")
    first, second = good(), rich()
    a, b = sorted(chance.randrange(len(first)) for _ in range(2))
    c, d = sorted(chance.randrange(len(second)) for _ in range(2))
    return first[:a] + second[c:d] + first[b:]


def with_a_hole(seed: int) -> bytes:
    """A stretch of zeros, as a disk error or an interrupted download leaves it."""
    chance = Random(f"hole {seed}")
    content = bytearray(_source(chance))
    at = chance.randrange(len(content))
    length = min(chance.choice((1, 16, 512, 4096)), len(content) - at)
    content[at : at + length] = bytes(length)
    return bytes(content)


def with_noise_inside(seed: int) -> bytes:
    """A sound zip whose parts were disturbed before they were packed."""
    chance = Random(f"noise {seed}")
    members = parts(_source(chance))
    for name in chance.sample(sorted(members), chance.choice((1, 1, 2, 4))):
        data = bytearray(members[name])
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        members[name] = bytes(data)
    return zipped(members)


def with_more_around(seed: int) -> bytes:
    """Noise before or behind the file."""
    chance = Random(f"around {seed}")
    noise = chance.randbytes(chance.choice((1, 100, 70_000)))
    return noise + good() if chance.random() < 0.5 else good() + noise


def noise(seed: int) -> bytes:
    """Nothing but noise, sometimes with the beginning of a known format."""
    chance = Random(f"pure {seed}")
    start = chance.choice(
        (b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF", b"<")
    )
    return start + chance.randbytes(chance.choice((1, 30, 5_000, 200_000)))


CASES = [
    *series("flipped", 60, flipped),
    *series("flipped-in-the-directory", 40, flipped_in_the_directory),
    *series("cut", 30, cut),
    *series("spliced", 30, spliced),
    *series("hole", 20, with_a_hole),
    *series("noise-inside", 50, with_noise_inside),
    *series("more-around", 8, with_more_around),
    *series("noise", 16, noise),
]
