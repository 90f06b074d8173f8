"""Extraction beside BeautifulSoup: time of a 120 KB job page and a 50-job list, memory of a 5 MB page.

Run `python benchmarks/extraction.py`. Both sides read the same bytes in the same process, in turns; the
pages are made here, from a fixed seed. `--memory` measures in a process of its own.
"""

import argparse
import gc
import html
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bs4 import BeautifulSoup

from extractors import extract
from extractors.page import Page

ROUNDS = 15
GOALS = {"job": 0.08, "job-list": 0.12, "memory": 6.0}
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
JOB_URL = "https://crowdworks.jp/public/jobs/13500001"
LIST_URL = "https://crowdworks.jp/public/jobs?order=new"

WORDS = (
    "記事作成 在宅 資料 データ入力 画像加工 動画編集 丁寧 経験者 初心者歓迎 継続 マニュアル 確認 納期 報酬 相談 連絡 "
    "商品 説明 文章 調査 一覧 表計算 デザイン 翻訳 校正 取材 撮影 集計 作業 手順 例文 見本 条件 応募 質問 週 月 本 件"
).split()


def sentence(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(WORDS) for _ in range(length)) + "です。"


def frame(chance: random.Random, main: str, size: int) -> bytes:
    """A page of about `size` bytes around `main`: header, menus, related jobs, footer, scripts."""
    head = (
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>仕事</title>'
        + "".join(
            f'<link rel="stylesheet" href="/vite/packs/{n}.css"><meta name="m{n}" content="{sentence(chance, 6)}">'
            for n in range(12)
        )
        + f"<script>window.settings = {json.dumps({f'key{n}': n for n in range(size // 100)})};</script></head><body>"
    )
    menu = "".join(
        f'<li class="cw-nav_item"><a class="cw-nav_link" href="/public/jobs/category/{n}">'
        f"<span>{sentence(chance, 1)}</span></a></li>"
        for n in range(120)
    )
    page = f'{head}<header><nav><ul class="cw-nav">{menu}</ul></nav></header><main>{main}<ul class="related">'
    foot = "</ul></main><footer><p>©</p></footer></body></html>"
    parts, length = [page], len(page.encode()) + len(foot)
    while length < size:
        number = 13_000_000 + len(parts)
        part = (
            f'<li class="related_job"><h3><a href="/public/jobs/{number}?ref=related">{sentence(chance, 6)}</a></h3>'
            f'<p class="digest">{sentence(chance, 20)}</p><ul class="facts"><li><b>{chance.randrange(1, 99)},000円</b>'
            f"</li><li>固定報酬制</li><li>あと {chance.randrange(1, 14)} 日</li></ul></li>"
        )
        parts.append(part)
        length += len(part.encode())
    return "".join([*parts, foot]).encode()


def job_page(size: int = 120_000) -> bytes:
    chance = random.Random(20261124)
    client = {
        "userId": 5000001,
        "userDisplayName": "みなと編集室",
        "isCertifiedEmployer": False,
        "isIdentityVerified": True,
        "isEmployerRuleCheckSucceeded": True,
        "userThanksCount": 12,
        "averageScore": 4.87654,
        "jobOfferAchievementCount": 21,
        "projectFinishedRate": 95,
        "companyProfileDescription": sentence(chance, 40),
    }
    body = "<br>\n".join(sentence(chance, chance.randrange(4, 14)) for _ in range(60))
    posting = {
        "@type": "JobPosting",
        "description": body,
        "datePosted": "2026-11-20 10:15:00 +0900",
        "validThrough": "2026-12-04",
    }
    main = f"""
<script type="application/ld+json">{json.dumps(posting)}</script>
<ol class="cw-breadcrumb"><li><a href="/public/jobs/category/14">記事作成の仕事・求人</a></li></ol>
<div id="job_offer_detail"><section class="job_offer_summary">
<h1>{sentence(chance, 6)}<span class="subtitle"><a href="/public/jobs/category/14">記事作成</a>の仕事の依頼</span></h1>
<table class="cw-table summary"><tr><th><div>固定報酬制</div></th>
<td><div class="fixed_price_budget">10,000円 〜 50,000円</div></td></tr>
<tr><th><div>納品希望日</div></th><td>-</td></tr><tr><th><div>掲載日</div></th><td>2026年11月20日</td></tr>
<tr><th><div>応募期限</div></th><td>2026年12月04日</td></tr></table></section>
<section class="detail_information"><table class="job_offer_detail_table">
<tr><td class="confirm_outside_link">{body}</td></tr></table></section>
<section class="application_status"><table class="application_status_table">
<tr><th>応募した人</th><td>18 人</td></tr><tr><th>契約した人</th><td>1 人</td></tr>
<tr><th>募集人数</th><td>3 人</td></tr></table></section>
<div id="client_detail_information_container" data="{html.escape(json.dumps(client))}"></div></div>"""
    return frame(chance, main, size)


def list_page(jobs: int = 50, size: int = 200_000) -> bytes:
    chance = random.Random(20261124)
    rows = [
        {
            "job_offer": {
                "id": 13_500_000 + n,
                "title": sentence(chance, 8),
                "description_digest": "\r\n".join(sentence(chance, 8) for _ in range(5)) + "...",
                "category_id": 14,
                "genre": None,
                "skills": [],
                "options": [],
                "status": "released",
                "expired_on": "2026-12-04",
                "last_released_at": "2026-11-20T10:15:00+09:00",
                "is_login_required": False,
            },
            "payment": {"fixed_price_payment": {"min_budget": 10000.0, "max_budget": 50000.0}},
            "entry": {
                "project_entry": {
                    "num_contracts": 0,
                    "project_contract_hope_number": 2,
                    "num_application_conditions": 7,
                }
            },
            "client": {
                "user_id": 5_000_000 + n,
                "username": sentence(chance, 2),
                "user_picture_url": "/attachments/1.png?height=27&width=27",
                "is_employer_certification": False,
            },
        }
        for n in range(jobs)
    ]
    data = {"isMobile": False, "searchResult": {"job_offers": rows}, "isBeginner": False}
    escaped = html.escape(json.dumps(data, ensure_ascii=False).replace("&", r"\u0026"))
    return frame(chance, f'<div id="vue-container" data="{escaped}"></div>', size)


def took(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(name: str, url: str, body: bytes) -> bool:
    page = Page(url, body, "text/html; charset=utf-8", NOW)
    extract(page)
    BeautifulSoup(body, "lxml")
    # As timeit has it: in turns, without the collector (so that neither side clears away what the other
    # left behind), and the best of all, since whatever else the machine does only ever adds.
    ours = theirs = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()
        ours = min(ours, *(took(lambda: extract(page)) for _ in range(5)))
        theirs = min(theirs, *(took(lambda: BeautifulSoup(body, "lxml")) for _ in range(3)))
        gc.enable()
    ratio = ours / theirs
    print(
        f"{name:<9} {len(body) / 1000:7.0f} KB   extract {ours * 1000:7.2f} ms   "
        f"BeautifulSoup {theirs * 1000:7.2f} ms   ratio {ratio:.3f}   goal {GOALS[name]}"
    )
    return ratio <= GOALS[name]


def peak_of(kind: str) -> int:
    """Bytes by which the peak of a fresh process grows while it extracts one 5 MB page."""
    done = subprocess.run([sys.executable, __file__, "--memory", kind], check=True, capture_output=True, text=True)
    return int(done.stdout)


def measure_memory(kind: str) -> None:
    if kind == "job":
        url, body = JOB_URL, job_page(5_000_000)
    else:
        url, body = LIST_URL, list_page(3_100)
    page = Page(url, body, "text/html; charset=utf-8", NOW)
    small = job_page() if kind == "job" else list_page()
    extract(Page(url, small, "text/html; charset=utf-8", NOW))
    # The page was made in this process: its own peak is forgotten first (Linux).
    Path("/proc/self/clear_refs").write_text("5")
    before = int(
        next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line).split()[1]
    )
    extract(page)
    after = int(next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line).split()[1])
    print((after - before) * 1024)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--memory", choices=["job", "job-list"])
    given = options.parse_args()
    if given.memory:
        measure_memory(given.memory)
        return 0
    good = compare("job", JOB_URL, job_page())
    good &= compare("job-list", LIST_URL, list_page())
    for kind, size in (("job", len(job_page(5_000_000))), ("job-list", len(list_page(3_100)))):
        peak = peak_of(kind)
        print(
            f"memory    {size / 1e6:7.1f} MB {kind:<9} peak {peak / 1e6:.1f} MB   "
            f"ratio {peak / size:.2f}   goal {GOALS['memory']}"
        )
        good &= peak / size <= GOALS["memory"]
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
