"""The labels of texts, which the reader of meaning predicts."""

from typing import Literal, get_args

Language = Literal["ja", "en", "es", "pt", "fr"]
Kind = Literal["message", "job", "profile", "thread"]
Act = Literal["asks", "offers", "refuses", "warns", "reports", "describes-work", "right-order", "own-words", "neutral"]
"""The act of the sentence that matters; `own-words` are the freelancer's."""
Answer = Literal["gives-in", "declines"]
"""What an answer does: a client's gives up what was asked for, a freelancer's declines it."""
Risk = Literal[
    "account-rental",
    "adult",
    "bank-account-trade",
    "client-no-history",
    "copyright",
    "crypto-task",
    "delivered-unpaid",
    "direct-contract",
    "engagement-manipulation",
    "escrow-excuse",
    "fake-cheque",
    "fake-review",
    "fee-upfront",
    "free-trial-work",
    "harassment",
    "impersonation",
    "info-product",
    "malware",
    "mlm",
    "money-transfer-reimburse",
    "off-platform-contact",
    "payment-delay",
    "personal-documents",
    "phishing-link",
    "purchase-proxy",
    "remote-control",
    "report-needed",
    "reshipping",
    "stealth-marketing",
    "suspected-lure",
    "too-good-pay",
    "unlimited-revisions",
    "vague-scope",
    "work-before-escrow",
    "yami-baito",
]

LANGUAGES: tuple[Language, ...] = get_args(Language)
RISKS: tuple[Risk, ...] = get_args(Risk)
GIVES_IN: Answer = "gives-in"
DECLINES: Answer = "declines"
ANSWERS: tuple[Answer, ...] = get_args(Answer)
