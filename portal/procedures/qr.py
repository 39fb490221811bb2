"""A page's address as a QR code for its printed form."""

import io

import segno


def svg(address: str) -> str:
    """Return the address as one inline SVG path (error correction M, two modules of margin)."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, svgclass="qr", lineclass=None, nl=False
    )
    return out.getvalue().decode()
