"""Memory of a running Koban over 10,000 pages: at the end beside after the first 500.

Run `python benchmarks/memory.py [PAGES]`. Pages of a made-up CrowdWorks go through a Koban of its own process, each at
an address of its own, over a few connections that stay open, as a browser's do.
"""

import asyncio
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.addon.proxy.upstream import Answer, Authority, Upstream

HOST = "crowdworks.jp"
PAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
WARM = 500
CONNECTIONS = 4
PAGE = (ROOT / "tests/pages/crowdworks/job/new-client/page.html").read_bytes()
BODY = PAGE.replace(b"</body>", "<p>応募の前に条件をご確認ください。</p>".encode() * 1_500 + b"</body>")


def resident(process: int) -> int:
    """Kilobytes of memory that a process holds (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


async def browse(port: int, trusted: Path, numbers: "count[int]", until: int) -> None:
    """Ask for page after page over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
    while (await reader.readline()).strip():
        pass
    await writer.start_tls(ssl.create_default_context(cafile=str(trusted)), server_hostname=HOST)
    while (number := next(numbers)) < until:
        asked = f"GET /public/jobs/{number + 1} HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Dest: document\r\n\r\n"
        writer.write(asked.encode())
        while (await reader.readline()).strip():
            pass
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    writer.close()


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority = Authority.make()
        upstream = Upstream(authority.issue(folder, HOST), lambda _: Answer([BODY]))
        async with upstream:
            log = folder / "said.txt"
            options = ["--state-dir", str(folder / "state"), "--listen-port", "0", "--api-port", "0"]
            options += ["--upstream-ca", str(authority.save(folder / "ca.pem"))]
            options += ["--resolve", f"{HOST}:443:127.0.0.1:{upstream.port}"]
            with log.open("wb") as said:
                koban = subprocess.Popen(
                    [str(Path(sys.executable).parent / "koban"), "serve", *options],
                    stdout=said,
                    stderr=said,
                    env=os.environ | {"PYTHONUNBUFFERED": "1"},
                )
            try:
                while (found := re.search(r"proxy +http://127\.0\.0\.1:(\d+)", log.read_text())) is None:
                    await asyncio.sleep(0.5)
                trusted = folder / "state/authority/koban-authority.pem"
                numbers = count()
                kept: list[int] = []
                begun = time.monotonic()
                for until in (WARM, PAGES):
                    one = [browse(int(found[1]), trusted, numbers, until) for _ in range(CONNECTIONS)]
                    await asyncio.gather(*one)
                    await asyncio.sleep(1)
                    kept.append(resident(koban.pid))
                    numbers = count(until)
                    print(f"after {until:>6} pages of {len(BODY) // 1000} KB: {kept[-1] / 1000:7.1f} MB")
                print(f"{PAGES / (time.monotonic() - begun):.0f} pages a second")
                print(f"memory at the end beside after {WARM}: {kept[1] / kept[0]:.3f} x   goal 1.05")
            finally:
                koban.terminate()
                koban.wait()


if __name__ == "__main__":
    asyncio.run(main())
