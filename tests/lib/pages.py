"""The gateway's HTML pages as a test sees them: their elements, and what must hold of every one."""
import base64
import hashlib
import html.parser
import re
import subprocess
import tempfile
from pathlib import Path

VOID = {"meta", "input", "br"}
MOST = 15 * 1024


class Page(html.parser.HTMLParser):
    """A page as its elements; complains about what is left open, closed twice, or could run."""

    def __init__(self, answer):
        super().__init__(convert_charrefs=True)
        self.headers = answer.headers
        self.open, self.faults, self.texts, self.attributes = [], [], {}, []
        self.feed(answer.body.decode())
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.text = " ".join(" ".join(texts) for tag, texts in self.texts.items() if tag != "style")

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "script" or any(name.startswith("on") or name in ("src", "style") for name, _ in attrs):
            self.faults.append(f"<{tag} {attrs}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data.strip())

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data}")

    @property
    def title(self):
        return "".join(self.texts["h1"])


def checked_page(case, client, status, path, method="GET", **more):
    """The page at that address, which is small, well-formed, without script, and of the style that its policy allows."""
    answer = client.send(method, path, **more)
    case.assertEqual(answer.status, status, answer.body[:500])
    case.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
    case.assertLess(len(answer.body), MOST)
    page = Page(answer)
    case.assertEqual(page.faults, [])
    case.assertIn(("html", "lang", "id"), page.attributes)
    policy = answer.headers["Content-Security-Policy"]
    style = hashlib.sha256("".join(page.texts["style"]).encode()).digest()
    case.assertIn(f"style-src 'sha256-{base64.b64encode(style).decode()}'", policy)
    case.assertIn("default-src 'none'", policy)
    return page


def qr_addresses_of_page(page):
    """What a phone reads from the page's drawn QR code: its strokes become pixels."""
    strokes = next(value for tag, name, value in page.attributes if (tag, name) == ("path", "d") and "h" in value and "z" not in value)
    left, _, size, _ = (int(number) for number in next(value for _, name, value in page.attributes if name == "viewbox").split())
    dark = {(int(x) + step, int(y)) for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", strokes) for step in range(int(width))}
    pixels = "\n".join(" ".join(str(int((x // 4 + left, y // 4 + left) in dark)) for x in range(4 * size)) for y in range(4 * size))
    with tempfile.NamedTemporaryFile("w", suffix=".pbm") as file:
        file.write(f"P1\n{4 * size} {4 * size}\n{pixels}\n")
        file.flush()
        return subprocess.run(["zbarimg", "-q", "--raw", file.name], capture_output=True, text=True, check=True).stdout.split()


def qr_addresses(pdf):
    """What a phone reads from the printed pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "150", "-png", path, Path(folder) / "page"], check=True)
        pages = sorted(Path(folder).glob("page*.png"))
        return subprocess.run(["zbarimg", "-q", "--raw", *pages], capture_output=True, text=True, check=True).stdout.split()
