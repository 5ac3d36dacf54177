"""The language of a text does not depend on the Unicode form it is sent in."""

import unicodedata

from archive.text.language import language_of, words_known

STORY = (
    "Chính quyền cho biết các cuộc bàn bạc về muối sẽ kéo dài đến mùa xuân và không ai nên chờ câu trả lời nhanh về "
    "biển trước lúc đó. Những người dân đã chờ nhiều tháng nói với phóng viên rằng muối quan trọng với họ hơn biển và "
    "xin hội đồng quyết định ngay lập tức. "
) * 3


def test_decomposed_words_are_words() -> None:
    """Accents that are sent apart from their letters do not make a text one of another language."""
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, STORY)
        assert words_known(text, "vi"), form
        assert language_of(text) == language_of(STORY), form
