"""Names of risks for warnings where meaning alone speaks: 「言い回しから、…と読めます」, “the wording reads as …”."""

from collections.abc import Mapping
from types import MappingProxyType

from rules.model import Text

READ_AS: Mapping[str, Text] = MappingProxyType(
    {
        "account-rental": Text(ja="アカウントの貸し借りの誘い", en="an offer to lend or rent an account"),
        "adult": Text(ja="性的な内容を含む誘い", en="an invitation of a sexual kind"),
        "bank-account-trade": Text(ja="口座の売り買いや貸し借りの誘い", en="an offer to sell or lend a bank account"),
        "client-no-history": Text(ja="実績のない発注者の言葉", en="the words of a client without a history"),
        "copyright": Text(ja="他人の作品を写し取る依頼", en="a request to copy the work of others"),
        "crypto-task": Text(ja="暗号資産の入金を求める作業", en="tasks that want a deposit in crypto"),
        "delivered-unpaid": Text(ja="納品した仕事への不払い", en="a refusal to pay for delivered work"),
        "direct-contract": Text(ja="サイト外での取引の誘い", en="an invitation to deal outside the site"),
        "engagement-manipulation": Text(ja="再生数や評価の水増しの依頼", en="a request to inflate views or ratings"),
        "escrow-excuse": Text(ja="仮払いをしない理由", en="a reason for not funding escrow"),
        "fake-cheque": Text(ja="払いすぎた分を返させる話", en="an overpayment to be sent back"),
        "fake-review": Text(ja="偽の口コミの依頼", en="a request for fake reviews"),
        "fee-upfront": Text(ja="先にお金を払うことの求め", en="a request to pay first"),
        "free-trial-work": Text(ja="無償での試し作業の依頼", en="a request for unpaid trial work"),
        "harassment": Text(ja="脅しや嫌がらせ", en="a threat or harassment"),
        "impersonation": Text(ja="別の人や会社へのなりすまし", en="posing as someone else"),
        "info-product": Text(ja="教材や講座の売り込み", en="a sale of courses or know-how"),
        "malware": Text(ja="危険なファイルを開かせる誘い", en="an invitation to open a harmful file"),
        "mlm": Text(ja="人の紹介で稼ぐ仕組みへの勧誘", en="an invitation to earn by recruiting others"),
        "money-transfer-reimburse": Text(ja="お金の立て替えや送金の依頼", en="a request to advance or pass on money"),
        "off-platform-contact": Text(ja="サイト外での連絡の誘い", en="an invitation to talk outside the site"),
        "payment-delay": Text(ja="支払いの先延ばし", en="a payment that is put off"),
        "personal-documents": Text(ja="身分証や個人情報の求め", en="a request for identity papers"),
        "phishing-link": Text(ja="偽のページへの誘い", en="a lead to a false page"),
        "purchase-proxy": Text(ja="商品の購入代行の依頼", en="a request to buy goods for the client"),
        "remote-control": Text(ja="端末の遠隔操作の求め", en="a request to control your device"),
        "report-needed": Text(ja="事務局へ知らせるべき内容", en="something to report"),
        "reshipping": Text(ja="荷物の受け取りや転送の依頼", en="a request to receive or forward parcels"),
        "stealth-marketing": Text(ja="広告であることを隠す依頼", en="a request to hide that it is advertising"),
        "suspected-lure": Text(ja="別の目的のための誘い", en="a lead to something else than the work"),
        "too-good-pay": Text(ja="仕事に見合わない高い報酬の話", en="pay that is too high for the work"),
        "unlimited-revisions": Text(ja="際限のない修正の求め", en="a request for revisions without end"),
        "vague-scope": Text(ja="中身のはっきりしない依頼", en="a request that leaves the work open"),
        "work-before-escrow": Text(ja="仮払い前の作業の依頼", en="a request to work before escrow"),
        "yami-baito": Text(ja="犯罪に関わる仕事の誘い", en="an invitation to take part in a crime"),
    }
)
"""A short noun phrase by risk, as 「と読めます」 and “reads as” take it."""
