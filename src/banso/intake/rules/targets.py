"""What a column of a file can become: the facts of each kind, their types, and the names that people give them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

type Type = Literal["text", "email", "date", "moment", "number", "money", "whole", "yes_no", "choice"]

CURRENCY_LENGTH: Final = 3


def _said(*lines: str) -> tuple[str, ...]:
    """Return names that are written many on a line, with bars between."""
    return tuple(name for line in lines for name in line.split("|"))


@dataclass(frozen=True)
class Target:
    """One fact that a column can give. `instead` names facts that may stand for a required one."""

    key: str
    type: Type = "text"
    is_required: bool = False
    instead: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # what such columns are called, in Japanese and English
    length: int = 200


_ACCOUNT_ID = _said(
    "account id|account|customer id|company id|client id|organization id|org id|group id",
    "tenant id|tenant|顧客id|顧客コード|顧客番号|取引先id|取引先コード|会社id|企業id",
    "企業コード|アカウントid|アカウント|契約企業id|得意先コード|テナントid",
)
_ACCOUNT_NAME = _said(
    "account name|company|company name|customer|customer name|client|organization|顧客名",
    "顧客|会社名|企業名|取引先|取引先名|アカウント名|契約企業名|得意先名|法人名|会社",
)
_EMAIL = _said("email|e mail|mail|email address|メール|メールアドレス|eメール|電子メール")
_NAME = _said("name|名前|氏名|名称|お名前|担当者名|担当者|full name|contact name|person name")
_END = _said("end date|ends on|end|contract end|終了日|契約終了日|満了日|契約満了日|利用終了日", "end on")
_LEFT = _said("left on|churn date|churned at|cancelled on|解約日|退会日|離脱日|退職日|異動日", "left at")

ACCOUNT: Final = Target("account", is_required=True, instead=("account_name", "contract"), names=_ACCOUNT_ID)
ACCOUNT_BY_NAME: Final = Target("account_name", names=_ACCOUNT_NAME)
ACCOUNT_BY_CONTRACT: Final = Target(
    "contract", names=_said("subscription id|contract id|subscription|契約id|契約番号|サブスクリプションid")
)

ACCOUNTS: Final = (
    Target("external_id", is_required=True, names=(*_ACCOUNT_ID, *_said("id|external id|code|コード|外部id|法人番号"))),
    Target("name", is_required=True, names=(*_ACCOUNT_NAME, "name", "名称", "社名")),
    Target("reading", names=_said("reading|kana|フリガナ|ふりがな|カナ|よみ|読み|会社名カナ|読み仮名")),
    Target("parent", names=_said("parent|parent id|parent account id|親会社id|親顧客id|親会社|親id|親アカウント")),
    Target("kind", "choice", choices=("company", "department"), names=("kind", "account type", "種別", "区分")),
    Target(
        "segment", names=_said("segment|tier|plan tier|セグメント|顧客区分|規模|ランク|顧客ランク|区分"), length=100
    ),
    Target("stage", names=_said("stage|lifecycle stage|ステージ|段階|フェーズ"), length=100),
    Target("owner", "email", names=_said("owner|owner email|csm|csm email|担当|担当者メール|担当csm|cs担当|担当者")),
    Target(
        "customer_since_on",
        "date",
        names=_said(
            "customer since|signup date|sign up date|created|created at|start date|登録日",
            "利用開始日|契約開始日|導入日|取引開始日|開始日|customer since on",
        ),
    ),
    Target("left_on", "date", names=_LEFT),
)
PEOPLE: Final = (
    Target(
        "external_id",
        names=_said("id|user id|person id|contact id|ユーザーid|担当者id|社員番号|利用者id"),
    ),
    ACCOUNT,
    ACCOUNT_BY_NAME,
    Target("name", is_required=True, names=(*_NAME, "user name", "ユーザー名", "利用者名", "contact")),
    Target("email", "email", names=_EMAIL),
    Target("title", names=_said("title|job title|役職|肩書|肩書き|職位")),
    Target("department", names=_said("department|dept|部署|部署名|部門|所属|所属部署")),
    Target(
        "role",
        "choice",
        choices=("champion", "decider", "administrator", "user"),
        names=_said("role|役割|権限|ロール|立場"),
    ),
    Target("left_on", "date", names=_LEFT),
)
CONTRACTS: Final = (
    Target(
        "external_id", is_required=True, names=(*ACCOUNT_BY_CONTRACT.names, "id", "契約コード", "注文番号", "order id")
    ),
    ACCOUNT,
    ACCOUNT_BY_NAME,
    Target("name", names=_said("contract name|name|契約名|件名|案件名|プラン名|plan name")),
    Target("currency", names=("currency", "通貨", "通貨コード"), length=CURRENCY_LENGTH),
    Target("is_trial", "yes_no", names=_said("trial|is trial|トライアル|試用|お試し|無料期間")),
    Target(
        "starts_on",
        "date",
        is_required=True,
        names=_said("start date|starts on|start|contract start|開始日|契約開始日|契約日|利用開始日", "start on"),
    ),
    Target("ends_on", "date", names=_END),
    Target("last_on", "date", names=("last day", "last on", "最終日", "契約最終日")),
    Target("renews_on", "date", names=_said("renewal date|renews on|renewal|更新日|契約更新日|次回更新日|更新予定日")),
    Target("is_auto_renewing", "yes_no", names=_said("auto renew|auto renew flag|auto renewal|自動更新|自動更新有無")),
    Target(
        "notice_count",
        "whole",
        names=_said("notice|notice days|notice period|解約予告日数|予告期間|解約予告期間|解約通知期間|通知期限"),
    ),
    Target(
        "notice_unit",
        "choice",
        choices=("business_days", "calendar_days", "months"),
        names=("notice unit", "予告単位", "解約予告単位"),
    ),
    Target("cancelled_on", "date", names=_said("cancelled on|cancelled at|解約申込日|解約通知日|解約受付日")),
    Target(
        "amount",
        "money",
        names=_said("amount|mrr|mrr amount|monthly fee|price|金額|月額|月額料金|契約金額|料金|利用料"),
    ),
    Target("term_months", "whole", names=_said("term|term months|billing months|契約月数|期間月数|契約期間|請求月数")),
    Target(
        "seats", "whole", names=_said("seats|licenses|licences|quantity|席数|ライセンス数|契約数|id数|利用人数|数量")
    ),
    Target("line", names=_said("line id|item id|line|明細id|明細番号|行番号")),
    Target("line_name", names=_said("plan|plan tier|product|item|プラン|商品名|品目|明細|商品")),
    Target(
        "line_kind",
        "choice",
        choices=("plan", "option", "seats", "metered", "one_off"),
        names=("line kind", "明細区分", "品目区分"),
    ),
    Target("limit", "whole", names=_said("limit|included|上限|上限数|利用上限")),
    Target("unit", names=("unit", "単位"), length=40),
    Target("meter", names=("meter", "計測", "従量項目"), length=100),
    Target(
        "counting",
        "choice",
        choices=("sum", "count", "people", "assigned", "last"),
        names=_said("counting|counted by|数え方|集計方法|計測方法"),
    ),
    Target(
        "period",
        "choice",
        choices=("month", "billing_month", "term"),
        names=_said("limit period|counting period|集計期間|上限の期間|計測期間"),
    ),
)
USAGE: Final = (
    Target(
        "at",
        "moment",
        is_required=True,
        names=_said(
            "at|time|timestamp|event time|occurred at|date|datetime|usage date|event date|日時",
            "発生日時|利用日時|日付|利用日|操作日時|ログイン日時|アクセス日時|submitted at",
        ),
    ),
    ACCOUNT,
    ACCOUNT_BY_NAME,
    ACCOUNT_BY_CONTRACT,
    Target(
        "person",
        names=_said(
            "user id|person|user|person id|userid|email|ユーザーid|ユーザー|利用者id|利用者",
            "メールアドレス|ログインid",
        ),
    ),
    Target(
        "name",
        is_required=True,
        names=_said(
            "event|event name|feature|feature name|action|name|product|イベント|イベント名|機能",
            "機能名|操作|操作名|アクション|メニュー|画面",
        ),
    ),
    Target("value", "number", names=_said("value|count|usage count|amount|quantity|回数|件数|数量|値|利用回数")),
    Target("message_id", names=_said("message id|messageid|event id|usage id|id|uuid|イベントid|ログid")),
)

SERIES: Final = (
    ACCOUNT,
    ACCOUNT_BY_NAME,
    ACCOUNT_BY_CONTRACT,
    Target(
        "series",
        is_required=True,
        names=_said("series|series name|metric|metric name|indicator|系列|系列名|指標|指標名|時系列"),
        length=190,
    ),
    Target(
        "on",
        "date",
        is_required=True,
        names=_said("on|date|day|measured on|日付|対象日|基準日|計測日|測定日|年月日|日"),
    ),
    Target("value", "number", is_required=True, names=_said("value|score|値|数値|スコア|点数|実績|実績値")),
)

KINDS: Final[dict[str, tuple[Target, ...]]] = {
    "accounts": ACCOUNTS,
    "people": PEOPLE,
    "contracts": CONTRACTS,
    "usage": USAGE,
    "series": SERIES,
}
# Words with which the choices are written, beside their own names; in the form of `plain`.
CHOICE_WORDS: Final[dict[str, str]] = {
    word: meaning
    for meaning, words in {
        "company": "会社|企業|法人",
        "department": "部署|部門",
        "champion": "推進役|推進者|キーマン|チャンピオン",
        "decider": "決裁者|意思決定者|decision maker",
        "administrator": "管理者|admin",
        "user": "利用者|ユーザー|担当者|member",
        "business_days": "営業日|business days",
        "calendar_days": "暦日|日|日前|days|calendar days",
        "months": "か月|ヶ月|カ月|月|month",
        "plan": "プラン|基本",
        "option": "オプション|追加",
        "seats": "席数|席|ライセンス数|ライセンス",
        "metered": "従量|従量課金",
        "one_off": "一時費用|初期費用|一時|one off|スポット",
        "sum": "合計|合計値|total",
        "count": "回数|件数|times",
        "people": "利用人数|人数|people who used it|active people",
        "assigned": "登録人数|割り当て人数|assigned people",
        "last": "最新値|最新|latest",
        "month": "暦月|月次|月間|calendar month|monthly",
        "billing_month": "請求月|契約月|billing month",
        "term": "契約期間|期間|contract term",
    }.items()
    for word in words.split("|")
}
FIELD: Final = "field:"
PROPERTY: Final = "property:"


def target_of(kind: str, key: str) -> Target | None:
    """Return the fact of a kind by its key; custom fields and properties are text until their definition says more."""
    if kind == "accounts" and key.startswith(FIELD) and len(key) > len(FIELD):
        return Target(key, length=2_000)
    if kind == "usage" and key.startswith(PROPERTY) and len(key) > len(PROPERTY):
        return Target(key, length=10_000)
    return next((target for target in KINDS[kind] if target.key == key), None)


def meant_by(word: str, choices: tuple[str, ...]) -> str:
    """Return the choice that a word stands for, in Japanese or English; a word of no choice stands for itself."""
    said = plain(word)
    own = said.replace(" ", "_")
    # A choice's own name counts before what it means elsewhere: a period may be a "month", a notice is in "months".
    return own if own in choices else CHOICE_WORDS.get(said, own)


def plain(name: str) -> str:
    """Return a name as it is compared: NFKC, small letters, and one space for all that only separates."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    folded = apart.casefold()
    return re.sub(r"[\s_\-./()\[\]:*#・【】「」]+", " ", folded).strip()
