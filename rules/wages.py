"""The minimum wages of Japan by prefecture: the least pay of an hour of employed work.

Freelance work has no minimum; the figures are a measure for an offer's pay, nothing more.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

MINIMUM_WAGES: Mapping[str, int] = MappingProxyType(
    {
        "北海道": 1075, "青森県": 1029, "岩手県": 1031, "宮城県": 1038, "秋田県": 1031, "山形県": 1032,
        "福島県": 1033, "茨城県": 1074, "栃木県": 1068, "群馬県": 1063, "埼玉県": 1141, "千葉県": 1140,
        "東京都": 1226, "神奈川県": 1225, "新潟県": 1050, "富山県": 1062, "石川県": 1054, "福井県": 1053,
        "山梨県": 1052, "長野県": 1061, "岐阜県": 1065, "静岡県": 1097, "愛知県": 1140, "三重県": 1087,
        "滋賀県": 1080, "京都府": 1122, "大阪府": 1177, "兵庫県": 1116, "奈良県": 1051, "和歌山県": 1045,
        "鳥取県": 1030, "島根県": 1033, "岡山県": 1047, "広島県": 1085, "山口県": 1043, "徳島県": 1046,
        "香川県": 1036, "愛媛県": 1033, "高知県": 1023, "福岡県": 1057, "佐賀県": 1030, "長崎県": 1031,
        "熊本県": 1034, "大分県": 1035, "宮崎県": 1023, "鹿児島県": 1026, "沖縄県": 1023,
    }
)  # fmt: skip
"""Yen an hour, by prefecture: the revision of fiscal 2025 (令和7年度), in force in all of them from
2025-10-01 to 2026-03-31 at the latest, so the figures of 2026 until the next revision takes effect.

Source: the list of the Ministry of Health, Labour and Welfare as reprinted at
https://www.toms.or.jp/topics/detail/post-6141, compared with a second reprint
(https://west-up.jp/information/minimum-wage), both read 2026-11-24. The revision of autumn 2026 could
not be read; wages have only ever risen, so whatever is below these is below the newer ones too.
"""


def prefectures_above(per_hour: Decimal) -> int:
    """Return the number of the 47 prefectures whose minimum wage is above this pay (yen an hour)."""
    return sum(wage > per_hour for wage in MINIMUM_WAGES.values())
