"""Text as it is compared: one form for widths, kana, cases and the many ways to write one company."""

import re
import unicodedata
from typing import Final

# What stands before or after a company's name and says nothing about which company it is. Written in folded form.
_JAPANESE_FORMS: Final = (
    "特定非営利活動法人",
    "国立研究開発法人",
    "地方独立行政法人",
    "独立行政法人",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "国立大学法人",
    "社会福祉法人",
    "特定目的会社",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "医療法人",
    "学校法人",
    "宗教法人",
    "npo法人",
    # The same words in a reading.
    "かぶしきがいしゃ",
    "ゆうげんがいしゃ",
    "ごうどうがいしゃ",
)
_SHORT_FORMS: Final = (
    "株",
    "有",
    "同",
    "資",
    "名",
    "社",
    "財",
    "一社",
    "一財",
    "公社",
    "公財",
    "医",
    "学",
    "福",
    "宗",
    "独",
    "特非",
)
_LATIN_FORMS: Final = (
    r"co\.?\s*,?\s*ltd\.?",
    r"k\.?\s?k\.?",
    r"inc(?:orporated)?\.?",
    r"corp(?:oration)?\.?",
    r"ltd\.?",
    r"limited",
    r"l\.?l\.?c\.?",
    r"l\.?l\.?p\.?",
    r"plc\.?",
    r"pty\.?",
    r"pte\.?",
    r"gmbh",
    r"a\.?g\.?",
    r"s\.?a\.?",
    r"s\.?a\.?s\.?",
    r"s\.?r\.?l\.?",
    r"b\.?v\.?",
    r"co\.?",
    r"company",
)
_LATIN_END: Final = re.compile(r"(?:[\s,]+(?:" + "|".join(_LATIN_FORMS) + r"))+\s*$")
_IN_BRACKETS: Final = re.compile(r"\(\s*(?:" + "|".join((*_JAPANESE_FORMS, *_SHORT_FORMS)) + r")\s*\)")
_SPELT_OUT: Final = re.compile(r"^(?:" + "|".join(_JAPANESE_FORMS) + r")|(?:" + "|".join(_JAPANESE_FORMS) + r")$")
_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_SMALL: Final = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
# Old and personal forms of characters in names, which NFKC keeps apart.
_VARIANTS: Final = str.maketrans(
    "髙﨑邊邉澤齋齊斉濵濱德廣國學圓櫻惠塚嶋嶌冨渕", "高崎辺辺沢斎斎斎浜浜徳広国学円桜恵塚島島富淵"
)
_V_SOUNDS: Final = (("ゔぁ", "ば"), ("ゔぃ", "び"), ("ゔぇ", "べ"), ("ゔぉ", "ぼ"), ("ゔ", "ぶ"))
_VOWELS: Final = {
    kana: vowel
    for vowel, row in (
        ("あ", "あかがさざただなはばぱまやらわ"),
        ("い", "いきぎしじちぢにひびぴみり"),
        ("う", "うくぐすずつづぬふぶぷむゆるゔ"),
        ("え", "えけげせぜてでねへべぺめれ"),
        ("お", "おこごそぞとどのほぼぽもよろを"),
    )
    for kana in row
}
_KEPT_CONTROLS: Final = frozenset("\t\n")
_BIDI: Final = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
# No XML may hold them: a single one makes a whole workbook unreadable.
_NO_CHARACTERS: Final = frozenset("\ufffe\uffff")
_LEFT_OUT: Final = _BIDI | _NO_CHARACTERS


def clean(text: str) -> str:
    """Return text that every database, renderer and browser can hold.

    Line ends become line feeds; other control characters, marks that turn or hide text, lone surrogates and what is no
    character go.
    """
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in joined if _may_stay(char))


def one_line(text: str) -> str:
    """Return cleaned text on one line, in NFC, with runs of white space (全角 too) made one space, trimmed."""
    return " ".join(unicodedata.normalize("NFC", clean(text)).split())


def fold(text: str) -> str:
    """Return the form in which texts are compared: NFKC, lower case, katakana as hiragana, old forms as new ones."""
    lowered = unicodedata.normalize("NFKC", clean(text)).casefold()
    # Casefolding may leave a sequence that NFKC would compose: once more makes folding idempotent.
    folded = unicodedata.normalize("NFKC", lowered).translate(_HIRAGANA).translate(_VARIANTS)
    return " ".join(folded.split())


def search_key(text: str) -> str:
    """Return text for finding: folded, small kana as large, without long vowels, spaces and punctuation."""
    return _bare(fold(text))


def company_key(name: str) -> str:
    """Return what is left of a company's name without its legal form: 株式会社アクメ, (株)アクメ and ｱｸﾒ are one.

    A name that is nothing but a legal form keeps it, so that the key is empty only where the name has no letters.
    """
    folded = fold(name)
    return _bare(_without_form(folded)) or _bare(folded) or folded


def sort_key(reading_or_name: str) -> str:
    """Return the key by which names sort as in a Japanese directory (after JIS X 4061, simplified).

    The legal form is left out, long vowels count as the vowel they lengthen; voiced and small kana decide only between
    names that are otherwise equal.
    """
    named = _without_form(fold(reading_or_name)) or fold(reading_or_name)
    spoken = _lengthened("".join(char for char in named if char == "ー" or not _is_mark(char)))
    plain = unicodedata.normalize("NFD", spoken.translate(_SMALL)).replace("\u3099", "").replace("\u309a", "")
    return f"{unicodedata.normalize('NFC', plain)} {spoken}"


def _may_stay(char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return True
    return char not in _LEFT_OUT and unicodedata.category(char) not in {"Cc", "Cs"}


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PZSC"


def _without_form(folded: str) -> str:
    named = _IN_BRACKETS.sub(" ", folded).strip()
    before = None
    while before != named:
        before = named
        named = _LATIN_END.sub("", _SPELT_OUT.sub("", named)).strip(" ,")
    return named


def _bare(folded: str) -> str:
    for sound, plain in _V_SOUNDS:
        folded = folded.replace(sound, plain)
    bare = "".join(char for char in folded.translate(_SMALL) if char != "ー" and not _is_mark(char))
    return unicodedata.normalize("NFC", bare)


def _lengthened(spoken: str) -> str:
    out: list[str] = []
    for char in spoken:
        out.append(_VOWELS.get(out[-1], char) if char == "ー" and out else char)
    return "".join(out)
