"""The fields of rules: each is one of a record, or follows from one."""

from typing import get_args

from extractors.records import Client, Contract, Job, Message, Record, Thread
from rules.fields import ENCLOSED_FIELDS, FIELDS, STORED_FIELDS, WORDS, Kind
from rules.lexicon import SUBJECTS

RECORDS: dict[str, type[Record]] = {
    "job": Job,
    "client": Client,
    "message": Message,
    "thread": Thread,
    "contract": Contract,
}


def test_a_stored_field_is_one_of_its_record() -> None:
    for name in STORED_FIELDS:
        record, _, field = name.partition(".")
        assert field in RECORDS[record].model_fields, name


def test_a_derived_field_follows_from_a_field_of_a_record_or_of_the_page() -> None:
    for name, info in FIELDS.items():
        record, _, field = info.origin.partition(".")
        # What was read of a picture or file is a part of its record's `enclosures`.
        if field and name not in {*ENCLOSED_FIELDS, "client.attachments", "client.links"}:
            assert field in RECORDS[record].model_fields, name
        assert info.kind in get_args(Kind)


def test_the_words_of_each_subject_are_texts_of_it() -> None:
    assert set(WORDS) == set(SUBJECTS)
    for subject, names in WORDS.items():
        for name in names:
            assert FIELDS[name].kind == "text"
            assert name.startswith(f"{subject}.")
