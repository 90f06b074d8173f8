"""Amounts, dates and counts: what Japanese sites write, and round trips of what they could write."""

import html
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.parsing import (
    JST,
    AmountRange,
    count,
    japanese_date,
    number,
    one_line,
    percent,
    plain,
    relative_date,
    stars,
    yen,
    yen_range,
)
from extractors.unseen import without_unseen

quick = settings(max_examples=150, deadline=None)
amounts = st.integers(min_value=0, max_value=10**12)
FULL_WIDTH = str.maketrans("0123456789,.%:/", "０１２３４５６７８９，．％：／")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=JST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000円", 1000),
        ("¥3,000", 3000),
        ("￥3,000", 3000),
        ("１，０００円", 1000),
        ("1.5万円", 15000),
        ("10万5千円", 105000),
        ("5千円", 5000),
        ("５千", 5000),
        ("2億円", 200_000_000),
        ("1億2,345万6,789円", 123_456_789),
        ("600", 600),
        ("1,100円（税込）", 1100),
        ("税込 5,500円", 5500),
        ("5,000円(税抜き)", 5000),
        (" 30 円 ", 30),
        ("0円", 0),
    ],
)
def test_yen(text: str, expected: int) -> None:
    assert yen(text) == expected


@pytest.mark.parametrize(
    "text", ["", "円", "相談", "ワーカーと相談する", "12,34円", "1 000円", "-5円", "1,000円です", "約1,000円", "〜"]
)
def test_what_is_no_amount(text: str) -> None:
    assert yen(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10,000円 〜 50,000円", 10_000, 50_000),
        ("10,000円  〜  50,000円", 10_000, 50_000),
        ("〜 5,000円", None, 5_000),
        ("～10,000 円", None, 10_000),
        ("1,000,000円  〜", 1_000_000, None),
        ("5千円未満", None, 5_000),
        ("5千円〜1万円", 5_000, 10_000),
        ("5〜10万円", 50_000, 100_000),
        ("10～20円", 10, 20),
        ("3,000円以上", 3_000, None),
        ("3,000円以下", None, 3_000),
        ("1,000円から2,000円まで", 1_000, 2_000),
        ("1,100円", 1_100, 1_100),
    ],
)
def test_yen_range(text: str, low: int | None, high: int | None) -> None:
    found = yen_range(text)
    assert found is not None
    assert (found.min, found.max) == (low, high)


def test_a_range_keeps_its_unit_and_its_tax() -> None:
    assert yen_range("1,000円/時間 〜 1,500円/時間") == AmountRange(Decimal(1000), Decimal(1500), None, "時間")
    assert yen_range("1.2円/文字") == AmountRange(Decimal("1.2"), Decimal("1.2"), None, "文字")
    assert yen_range("〜 5,000円（税込）") == AmountRange(None, Decimal(5000), True, None)
    assert yen_range("5,000円〜8,000円（税抜）") == AmountRange(Decimal(5000), Decimal(8000), False, None)


@pytest.mark.parametrize("text", ["", "〜", "ワーカーと相談する", "3万円〜1万円", "見積り希望", "円〜円"])
def test_what_is_no_range(text: str) -> None:
    assert yen_range(text) is None


def written(amount: int, *, commas: bool, units: bool, full_width: bool) -> str:
    """An amount as a site could write it."""

    def digits(value: int) -> str:
        return f"{value:,}" if commas else str(value)

    text = ""
    if units:
        for scale, unit in ((100_000_000, "億"), (10_000, "万")):
            if amount >= scale:
                text += digits(amount // scale) + unit
                amount %= scale
    if amount or not text:
        text += digits(amount)
    text += "円"
    return text.translate(FULL_WIDTH) if full_width else text


@quick
@given(amounts, st.booleans(), st.booleans(), st.booleans())
def test_an_amount_comes_back(amount: int, commas: bool, units: bool, full_width: bool) -> None:
    assert yen(written(amount, commas=commas, units=units, full_width=full_width)) == amount


@quick
@given(amounts, amounts, st.sampled_from([" 〜 ", "〜", "～", "~", " から "]), st.booleans(), st.booleans())
def test_a_range_comes_back(first: int, second: int, to: str, units: bool, full_width: bool) -> None:
    low, high = sorted((first, second))
    text = to.join(written(n, commas=True, units=units, full_width=full_width) for n in (low, high))
    assert yen_range(text) == AmountRange(Decimal(low), Decimal(high))


@quick
@given(st.integers(1, 9_999), st.sampled_from([("千", 1_000), ("万", 10_000), ("億", 100_000_000)]), st.booleans())
def test_tenths_of_a_unit_come_back(tenths: int, unit: tuple[str, int], full_width: bool) -> None:
    name, scale = unit
    text = f"{tenths // 10}.{tenths % 10}{name}円"
    assert yen(text.translate(FULL_WIDTH) if full_width else text) == Decimal(tenths) * scale / 10


@quick
@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 999), st.booleans())
def test_thousands_written_as_a_unit_come_back(man: int, sen: int, rest: int, full_width: bool) -> None:
    text = f"{man}万" + (f"{sen}千" if sen else "") + (str(rest) if rest else "") + "円"
    expected = man * 10_000 + sen * 1_000 + rest
    assert yen(text.translate(FULL_WIDTH) if full_width else text) == expected


@quick
@given(st.integers(1, 9_999), st.integers(1, 9_999), st.sampled_from([("千", 1_000), ("万", 10_000)]))
def test_a_range_with_one_unit_for_both_ends_comes_back(first: int, second: int, unit: tuple[str, int]) -> None:
    low, high = sorted((first, second))
    name, scale = unit
    assert yen_range(f"{low}〜{high}{name}円") == AmountRange(Decimal(low * scale), Decimal(high * scale))


TAXES = {"税込": True, "税込み": True, "税抜": False, "税抜き": False, "税別": False}


@quick
@given(
    amounts,
    amounts,
    st.sampled_from(sorted(TAXES)),
    st.sampled_from(["{}（{}）", "{}({})", "{} {}", "{1} {0}", "（{1}）{0}"]),
)
def test_the_tax_of_an_amount_and_of_a_range_comes_back(first: int, second: int, word: str, form: str) -> None:
    low, high = sorted((first, second))
    assert yen(form.format(f"{low:,}円", word)) == low
    said = form.format(f"{low:,}円 〜 {high:,}円", word)
    assert yen_range(said) == AmountRange(Decimal(low), Decimal(high), TAXES[word])


UNITS = ["時間", "件", "文字", "記事", "本", "個", "枚", "月", "日", "週", "回"]


@quick
@given(
    st.decimals(0, 10**6, places=1),
    st.decimals(0, 10**6, places=1),
    st.sampled_from(UNITS),
    st.sampled_from(["円/{}", "円 / {}", "円／{}", "円/{}あたり"]),
    st.sampled_from(["", "（税込）"]),
)
def test_the_unit_that_is_paid_for_comes_back(first: Decimal, second: Decimal, unit: str, form: str, tax: str) -> None:
    low, high = sorted((first, second))
    per = form.format(unit)
    included = True if tax else None
    assert yen_range(f"{low}{per}{tax}") == AmountRange(low, low, included, unit)
    assert yen_range(f"{low}{per} 〜 {high}{per}{tax}") == AmountRange(low, high, included, unit)
    assert yen_range(f"{low}{per} 〜{tax}") == AmountRange(low, None, included, unit)


@quick
@given(amounts, st.sampled_from(["{}〜", "{} ～", "{}以上"]))
def test_a_lower_bound_comes_back(amount: int, form: str) -> None:
    assert yen_range(form.format(f"{amount:,}円")) == AmountRange(Decimal(amount), None)


@quick
@given(amounts, st.sampled_from(["〜 {}", "～{}", "{}未満", "{}以下", "{}まで"]))
def test_an_upper_bound_comes_back(amount: int, form: str) -> None:
    assert yen_range(form.format(f"{amount:,}円")) == AmountRange(None, Decimal(amount))


@quick
@given(st.integers(0, 100), st.sampled_from(["{}%", "{} %", "{}パーセント"]), st.booleans())
def test_a_percentage_comes_back(value: int, form: str, full_width: bool) -> None:
    text = form.format(value)
    assert percent(text.translate(FULL_WIDTH) if full_width else text) == value / 100


@pytest.mark.parametrize("text", ["", "%", "101%", "-3%", "90", "9 0%", "半分"])
def test_what_is_no_percentage(text: str) -> None:
    assert percent(text) is None


@pytest.mark.parametrize(("text", "expected"), [("4.9", 4.9), ("５", 5.0), ("1.00", 1.0), ("0.5", 0.5)])
def test_a_rating_is_of_up_to_five_stars(text: str, expected: float) -> None:
    assert stars(text) == expected


@pytest.mark.parametrize("text", ["", "-", "0", "0.0", "5.1", "-1", "4.9 (12)", "星4"])
def test_what_is_no_rating(text: str) -> None:
    assert stars(text) is None


@quick
@given(st.integers(0, 10**9), st.sampled_from(["人", " 人", "件", "名", "", " 個"]), st.booleans())
def test_a_count_comes_back(value: int, unit: str, full_width: bool) -> None:
    text = f"{value:,}{unit}"
    assert count(text.translate(FULL_WIDTH) if full_width else text) == value


@quick
@given(st.integers(0, 10**9), st.sampled_from([".0", ".5", ".25", ""]), st.booleans(), st.booleans())
def test_a_number_comes_back(whole: int, rest: str, commas: bool, full_width: bool) -> None:
    text = (f"{whole:,}" if commas else str(whole)) + rest
    assert number(text.translate(FULL_WIDTH) if full_width else text) == Decimal(f"{whole}{rest}")


@quick
@given(st.integers(1, 9_999), st.sampled_from(["万回", "万人", "万 件"]))
def test_a_count_in_ten_thousands_comes_back(tenths: int, unit: str) -> None:
    assert count(f"{tenths // 10}.{tenths % 10}{unit}") == tenths * 1_000


def test_counts_of_other_forms() -> None:
    assert count("21人〜") == 21
    assert count("3.2万回") == 32_000
    for text in ("", "人", "数人", "-", "2.5件", "8 9人", "人8"):
        assert count(text) is None


def test_numbers() -> None:
    assert number("4.80093") == Decimal("4.80093")
    assert number("１，２３４") == 1234
    for text in ("", "-", "1,23", "4.9点", "１" * 400):
        assert number(text) is None


WEEKDAYS = "月火水木金土日"
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@quick
@given(
    days,
    st.sampled_from(["{y}年{m}月{d}日", "{y}年{m:02}月{d:02}日", "{y}/{m}/{d}", "{y}-{m:02}-{d:02}", "{y}.{m}.{d}"]),
    st.sampled_from(["", "({w})", "（{w}）", " {w}曜日"]),
    st.booleans(),
)
def test_a_day_comes_back(day: date, form: str, weekday: str, full_width: bool) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day) + weekday.format(w=WEEKDAYS[day.weekday()])
    assert japanese_date(text.translate(FULL_WIDTH) if full_width else text) == day


@quick
@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), st.sampled_from(["", "(月)", " 金曜日"]))  # noqa: DTZ001
def test_a_time_comes_back_in_japan(moment: datetime, weekday: str) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=JST)
    text = f"{moment.year}年{moment.month}月{moment.day}日{weekday} {moment.hour}:{moment.minute:02}"
    assert japanese_date(text) == moment


@quick
@given(st.integers(0, 364), st.sampled_from(["{m}月{d}日", "{m}/{d}", "{m}月{d}日(水)", "{m}月{d}日まで"]))
def test_a_day_without_its_year_is_the_closest(distance: int, form: str) -> None:
    reference = date(2026, 11, 24)
    day = reference + timedelta(days=distance - 182)
    assert japanese_date(form.format(m=day.month, d=day.day), reference) == day


@quick
@given(
    st.integers(-180, 180),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["{m}月{d}日 {h}:{n:02}", "{m}月{d}日({w}) {h:02}:{n:02}", "{m}月{d}日 {w}曜日 {h}時{n:02}分"]),
    st.booleans(),
)
def test_a_moment_without_its_year_is_the_closest(
    distance: int, hour: int, minute: int, form: str, full_width: bool
) -> None:
    day = NOW.date() + timedelta(days=distance)
    text = form.format(m=day.month, d=day.day, h=hour, n=minute, w=WEEKDAYS[day.weekday()])
    expected = datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)
    assert japanese_date(text.translate(FULL_WIDTH) if full_width else text, NOW) == expected


@quick
@given(days, st.sampled_from(["月", "火", "水", "木", "金", "土", "日"]))
def test_a_weekday_is_read_over_even_where_it_is_wrong(day: date, weekday: str) -> None:
    assert japanese_date(f"{day.year}年{day.month}月{day.day}日({weekday})") == day


@quick
@given(st.dates(date(2019, 5, 1), date(2099, 12, 31)), st.booleans())
def test_a_day_of_the_era_comes_back(day: date, first_year_named: bool) -> None:
    year = day.year - 2018
    shown = "元" if year == 1 and first_year_named else str(year)
    assert japanese_date(f"令和{shown}年{day.month}月{day.day}日") == day


@quick
@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)), st.integers(-12, 14))  # noqa: DTZ001
def test_a_moment_of_another_zone_comes_back(moment: datetime, hours: int) -> None:
    moment = moment.replace(microsecond=0).astimezone(timezone(timedelta(hours=hours)))
    assert japanese_date(moment.isoformat()) == moment
    assert japanese_date(moment.strftime("%Y-%m-%d %H:%M:%S %z")) == moment


def test_a_day_without_its_year_needs_a_reference() -> None:
    assert japanese_date("5月29日 22:15") is None
    assert japanese_date("5月29日 22:15", date(2026, 6, 1)) == datetime(2026, 5, 29, 22, 15, tzinfo=JST)
    assert japanese_date("1月3日", NOW) == date(2027, 1, 3)


def test_dates_of_other_forms() -> None:
    assert japanese_date("令和8年6月10日") == date(2026, 6, 10)
    assert japanese_date("令和元年5月1日") == date(2019, 5, 1)
    assert japanese_date("2026-06-10 23:22:02 +0900") == datetime(2026, 6, 10, 23, 22, 2, tzinfo=JST)
    assert japanese_date("2026-09-10T00:00:00Z") == datetime(2026, 9, 10, tzinfo=UTC)
    assert japanese_date("2026-04-27T10:02:01+09:00") == datetime(2026, 4, 27, 10, 2, 1, tzinfo=JST)


@pytest.mark.parametrize(
    "text", ["", "-", "2026年2月30日", "2026年13月1日", "未定", "2026", "6月", "2026年6月1日25:00"]
)
def test_what_is_no_date(text: str) -> None:
    assert japanese_date(text, NOW) is None


@quick
@given(st.integers(0, 400), st.sampled_from(["あと{}日", "あと {} 日", "残り{}日"]))
def test_days_left_come_back(left: int, form: str) -> None:
    assert relative_date(form.format(left), NOW) == NOW.date() + timedelta(days=left)


@quick
@given(
    st.integers(0, 1000),
    st.sampled_from([("時間", 3600), ("分", 60), ("秒", 1)]),
    st.sampled_from(["あと{}{}", "残り {} {}", "あと {}{}"]),
    st.booleans(),
)
def test_hours_left_come_back(left: int, unit: tuple[str, int], form: str, full_width: bool) -> None:
    name, seconds = unit
    text = form.format(left, name)
    expected = NOW + timedelta(seconds=left * seconds)
    assert relative_date(text.translate(FULL_WIDTH) if full_width else text, NOW) == expected


@quick
@given(st.integers(0, 1000), st.sampled_from([("日", 86400), ("週間", 604800), ("時間", 3600), ("分", 60)]))
def test_time_gone_by_comes_back(gone: int, unit: tuple[str, int]) -> None:
    name, seconds = unit
    then = NOW - timedelta(seconds=gone * seconds)
    expected = then.date() if name in ("日", "週間") else then
    assert relative_date(f"{gone}{name}前", NOW) == expected


def test_relative_dates() -> None:
    assert relative_date("あと6時間", NOW) == NOW + timedelta(hours=6)
    assert relative_date("25分前", NOW) == NOW - timedelta(minutes=25)
    assert relative_date("３日前", NOW) == date(2026, 11, 21)
    assert relative_date("本日", NOW) == date(2026, 11, 24)
    # A day is a day in Japan, whatever the reference's zone.
    assert relative_date("本日", datetime(2026, 11, 23, 22, tzinfo=UTC)) == date(2026, 11, 24)
    for text in ("", "3日", "あと3日前", "あと日", "募集終了", "あと99999999999日"):
        assert relative_date(text, NOW) is None


@pytest.mark.parametrize("unit", ["か月", "ヶ月", "ヵ月", "カ月", "ケ月", "ｹ月", "箇月"])
def test_component_bug_1_months_are_counted_by_the_calendar(unit: str) -> None:
    assert relative_date(f"あと6{unit}", NOW) == date(2027, 5, 24)
    assert relative_date(f"残り 1 {unit}", datetime(2027, 1, 31, 12, tzinfo=JST)) == date(2027, 2, 28)
    assert relative_date(f"11{unit}前", NOW) == date(2025, 12, 24)


def test_component_bug_1_years_are_counted_by_the_calendar() -> None:
    assert relative_date("1年前", NOW) == date(2025, 11, 24)
    assert relative_date("あと1年", datetime(2028, 2, 29, 12, tzinfo=JST)) == date(2029, 2, 28)
    for text in ("3000年前", "あと9000年", "あと99999ヶ月", "99999年前"):
        assert relative_date(text, NOW) is None


@pytest.mark.slow
@quick
@given(
    st.text(max_size=100).filter(lambda text: "\r" not in text), st.sampled_from(["{}", "<p>{}</p>", "<b>{}</b><br>"])
)
def test_text_written_as_html_comes_back(text: str, form: str) -> None:
    assert plain(form.format(html.escape(text))) == text.strip()


def test_plain_text_of_a_piece_of_html() -> None:
    assert plain("<p>一行目<br>二行目</p>A &amp; B") == "一行目\n二行目\nA & B"


@quick
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (yen, yen_range, percent, count, number, plain):
        read(text)
    japanese_date(text, NOW)
    relative_date(text, NOW)


JOINED = [
    "👨\u200d👩\u200d👧 の家",
    "🏳\ufe0f\u200d🌈",
    "👩🏽\u200d💻 sample",
    "❤\ufe0f\u200d🔥",
    "می\u200cخواهم",
    "نامه\u200cای",
    "क्\u200dष",
    "क्\u200cष",
    "ශ්\u200dරී",
]
NOT_JOINED = [
    "直\u200d接\u200c契約",
    "L\u200dI\u200cN\u200dE",
    "👨\u200d",
    "\u200d👨",
    "👨\u200dさん",
    "👨\u200d\u200d👩",
    "می\u200c",
    "\u200cمی",
    "\U00050000\u200cय",
]


@pytest.mark.parametrize("name", JOINED)
def test_attack_23_joiners_that_join_stay_in_a_name(name: str) -> None:
    assert one_line(f"{name}\n\u202e") == name
    assert without_unseen(name).replace("\ufe0f", "") == name.replace("\ufe0f", "")


@pytest.mark.parametrize("name", NOT_JOINED)
def test_attack_23_joiners_that_join_nothing_are_dropped(name: str) -> None:
    plain = name.replace("\u200c", "").replace("\u200d", "")
    assert one_line(name) == plain
    assert without_unseen(name) == plain


@given(st.text(st.sampled_from("\u200c\u200d\u0301\u094dकمa👨\ufe0f")))
def test_attack_23_a_name_of_joiners_is_survived(name: str) -> None:
    assert one_line(one_line(name)) == one_line(name) or len(one_line(one_line(name))) < len(name)
