"""Bodies of forms."""

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"


def part(name: str, content: bytes, filename: str = "", content_type: str = "") -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"'
    head += f'; filename="{filename}"' if filename else ""
    head += f"\r\nContent-Type: {content_type}" if content_type else ""
    return b"--XX\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"
