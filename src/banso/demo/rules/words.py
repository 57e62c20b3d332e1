"""The words that the lifelike company is made of. All names are made up; a likeness to a real firm is chance."""

from typing import Final

# How a company's name begins, and how that is read.
NAME_STARTS: Final = (
    ("空野", "ソラノ"), ("月瀬", "ツキセ"), ("灯里", "アカリ"), ("霧ヶ丘", "キリガオカ"), ("水鏡", "ミカガミ"),
    ("風見野", "カザミノ"), ("星舟", "ホシフネ"), ("若葉台", "ワカバダイ"), ("木ノ芽", "コノメ"), ("白波瀬", "シラハセ"),
    ("千鳥橋", "チドリバシ"), ("花筏", "ハナイカダ"), ("雪待", "ユキマチ"), ("朝凪", "アサナギ"), ("夕映", "ユウバエ"),
    ("瑠璃川", "ルリカワ"), ("琥珀堂", "コハクドウ"), ("山吹谷", "ヤマブキダニ"), ("三日月坂", "ミカヅキザカ"), ("鈴懸", "スズカケ"),
    ("菜の花原", "ナノハナバラ"), ("東雲原", "シノノメハラ"), ("常盤森", "トキワモリ"), ("虹ヶ浜", "ニジガハマ"), ("藍染", "アイゾメ"),
)  # fmt: skip
NAME_ENDS: Final = (
    ("製作所", "セイサクショ", "製造"), ("物流", "ブツリュウ", "物流"), ("フーズ", "フーズ", "食品"),
    ("メディカル", "メディカル", "医療"), ("建設", "ケンセツ", "建設"), ("システムズ", "システムズ", "IT"),
    ("不動産", "フドウサン", "不動産"), ("トラベル", "トラベル", "旅行"), ("教育社", "キョウイクシャ", "教育"),
    ("印刷", "インサツ", "印刷"), ("商事", "ショウジ", "商社"), ("電機", "デンキ", "製造"),
    ("人材サービス", "ジンザイサービス", "人材"), ("保険事務所", "ホケンジムショ", "保険"),
)  # fmt: skip
PREFECTURES: Final = (
    "東京都",
    "大阪府",
    "愛知県",
    "福岡県",
    "北海道",
    "宮城県",
    "神奈川県",
    "京都府",
    "広島県",
    "長野県",
)
# What the company keeps about its customers in custom fields: key, label, kind, choices.
FIELDS: Final = (
    ("industry", "業種", "choice", tuple(dict.fromkeys(industry for _name, _reading, industry in NAME_ENDS))),
    ("prefecture", "都道府県", "choice", PREFECTURES),
    ("employees", "従業員数", "number", ()),
    ("visited_on", "直近の訪問日", "date", ()),
    ("may_be_named", "事例掲載の許可", "boolean", ()),
)
FAMILY_NAMES: Final = (
    "青山", "石橋", "上野", "榎本", "大西", "片山", "木下", "久保", "小松", "酒井", "柴田", "杉山", "関口", "高木", "千葉", "津田",
    "寺田", "中島", "西村", "野口", "服部", "平野", "古川", "星野", "松尾", "宮崎", "村田", "森本", "安田", "横山", "吉村", "和田",
)  # fmt: skip
GIVEN_NAMES: Final = (
    "葵", "彩", "郁", "絵里", "薫", "和也", "恭子", "健太", "沙織", "翔", "慎一", "千尋", "智子", "直樹", "望", "春香",
    "光", "文", "真由美", "誠", "美穂", "恵", "優", "陽子", "亮太", "玲奈",
)  # fmt: skip
DEPARTMENTS: Final = ("営業部", "営業企画部", "カスタマーサポート部", "情報システム部", "経営企画室", "管理部")
TITLES: Final = ("部長", "課長", "主任", "担当", "担当", "担当")

SEGMENTS: Final = ("エンタープライズ", "ミドル", "スモール")
STAGES: Final = ("導入", "活用", "定着", "更新準備")

# (e-mail name, name, role, team)
STAFF: Final = (
    ("sakura", "佐倉 玲", "admin", None),
    ("mishima", "三島 亮", "manager", None),
    ("takase", "高瀬 美咲", "csm", "エンタープライズチーム"),
    ("onodera", "小野寺 健", "csm", "エンタープライズチーム"),
    ("mizuno", "水野 彩", "csm", "グロースチーム"),
    ("fujimoto", "藤本 大地", "csm", "グロースチーム"),
    ("murakami", "村上 理恵", "read_only", None),
)

# What the product can do: the event's name and what a Japanese reader calls it, most used first.
FEATURES: Final = (
    ("activity_logged", "活動記録"), ("deal_updated", "商談更新"), ("pipeline_viewed", "案件ボード"),
    ("contact_added", "顧客登録"), ("deal_created", "商談登録"), ("task_created", "タスク作成"),
    ("dashboard_opened", "ダッシュボード"), ("report_viewed", "レポート閲覧"), ("mail_sent", "メール送信"),
    ("meeting_scheduled", "日程調整"), ("comment_posted", "コメント"), ("quote_made", "見積作成"),
    ("card_scanned", "名刺読み取り"), ("file_shared", "ファイル共有"), ("calendar_synced", "カレンダー連携"),
    ("mobile_opened", "モバイル利用"), ("approval_requested", "承認申請"), ("template_used", "テンプレート利用"),
    ("forecast_viewed", "売上予測"), ("csv_exported", "CSV出力"), ("workflow_run", "ワークフロー"),
    ("segment_mailed", "一斉配信"), ("api_called", "API連携"), ("audit_viewed", "操作ログ閲覧"),
)  # fmt: skip
# What came when: (release, days before today, its features, the plans that include them; none: all of them).
RELEASES: Final = (
    ("モバイル 2.0", 420, ("mobile_opened", "card_scanned"), ()),
    ("春の大型アップデート", 240, ("forecast_viewed", "template_used"), ()),
    ("ワークフロー正式版", 110, ("workflow_run",), ("エンタープライズプラン", "ビジネスプラン")),
)
METER: Final = ("mails_delivered", "配信通数")
TICKET: Final = ("ticket.opened", "問い合わせ")
# A series of accounts: its name, and the measure that reads it.
SURVEY: Final = ("満足度", "満足度（90日の平均）", "Satisfaction (mean of 90 days)")
# How urgent tickets are, in turn.
PRIORITIES: Final = ("normal", "normal", "high", "low", "normal")

# What a CSM writes down, by the course that the account is on.
NOTES: Final = {
    "steady": (
        "定例を実施。営業会議で案件ボードを毎週使っているとのこと。現状で満足度は高い。",
        "四半期の振り返り。商談更新が習慣になっている。次は売上予測の活用を提案する。",
    ),
    "growing": (
        "他部署からも使いたいという声が出ている。ライセンスの追加を見積もり中。",
        "利用者が増えてライセンスが足りなくなりそう。部長が前向きで、来月の会議で諮るとのこと。",
    ),
    "declining": (
        "担当者の異動後、入力が現場任せになっている。活用の目的をもう一度そろえる場を提案した。",
        "定例が二度続けて延期。別のツールを試している部署があるらしい。",
    ),
    "dropped": (
        "推進役だった方が退職。後任は未定とのこと。部長に直接ご連絡する。",
        "急にログインが減った。引き継ぎ資料をこちらで用意して訪問したい。",
    ),
    "stuck": (
        "導入から進んでいない。初期データの取り込みで止まっている。作業会を提案。",
        "キックオフ後に連絡が途絶えがち。目標と最初の一歩を一枚にまとめて送った。",
    ),
    "recovering": (
        "勉強会の後から利用が戻ってきた。新任の課長が週次で数字を見ている。",
        "活用の相談会に三名が参加。テンプレートを整えてから入力率が上がった。",
    ),
}
# Why a CSM judged a customer as they did: first what they say who are worried or undecided, then who are content.
PULSE_REASONS: Final = {
    "steady": ("運用は回っているが、活用が広がっていない", "運用が回っており、不満の声はない"),
    "growing": ("利用は増えているが、決裁者とまだ話せていない", "他部署への展開に前向き"),
    "declining": ("推進役の関心が薄れている", "定例には出席しており、大きな不満は聞いていない"),
    "dropped": ("窓口が不在で、次の打ち手が決まっていない", "先月までは順調で、担当者の評価も高い"),
    "stuck": ("導入の目的がまだ共有されていない", "キックオフの反応はよく、これから本格利用の予定"),
    "recovering": ("立て直しの途中で、まだ様子を見たい", "新しい担当者が熱心に立て直している"),
}
