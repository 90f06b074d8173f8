from itertools import islice

from addon.bulk.rows import table_text
from benchmarks.bulk import made_rows


def test_made_rows_are_the_same_each_time_and_each_is_another() -> None:
    rows = list(islice(made_rows(2_000), 300))
    assert rows == list(islice(made_rows(2_000), 300))
    texts = [table_text(row, {}, None) for row in rows]
    assert len({text.text for text in texts}) == len(texts)
    assert len({text.client for text in texts}) > 50
    assert all(text.at is not None and text.pay is not None for text in texts)
