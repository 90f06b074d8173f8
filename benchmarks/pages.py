"""Pages of a made-up CrowdWorks, the same from each seed: a job's page and a list of jobs, of any size."""

import html
import json
import random

HOST = "crowdworks.jp"
JOB_URL = "https://crowdworks.jp/public/jobs/13500001"
LIST_URL = "https://crowdworks.jp/public/jobs?order=new"
SEED = 20261124
TRAP = "手数料がもったいないので、次回からは直接契約でお願いできますか。"

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


def client_of(chance: random.Random, number: int) -> dict[str, object]:
    """A client as the data of a job's page has one."""
    return {
        "userId": 5_000_001 + number,
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


def job_page(size: int = 120_000, number: int = 0) -> bytes:
    """A job's page; each `number` is another client's, and every fourth asks for a direct contract."""
    chance = random.Random(SEED + number)
    client = client_of(chance, number)
    sentences = [sentence(chance, chance.randrange(4, 14)) for _ in range(60)]
    if number % 4 == 3:
        sentences[30] = TRAP
    body = "<br>\n".join(sentences)
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
    """A list of jobs, each of another client."""
    chance = random.Random(SEED)
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
