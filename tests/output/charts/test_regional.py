"""Pictures show the signs of East Asia in the forms of their language, whatever the font shows where nobody asks."""

import pytest

from corridor_net.output.charts.fonts import Face
from corridor_net.output.charts.regional import file_of

pytest.importorskip("cvttf_NotoSansCJK_Regular")


def test_each_language_has_its_own_form_of_a_sign():
    """The full stop stands in the middle in Taiwan, and at the foot of the line in Japan, China and Korea."""
    import cvttf_NotoSansCJK_Regular as folder
    from fontTools.ttLib import TTFont

    packaged = Face(f"{next(iter(folder.__path__))}/NotoSansCJKtc-Regular.otf", 0, "Noto Sans CJK TC")

    def middle(path, sign):
        with TTFont(path) as font:
            outline = font["CFF "].cff[0].CharStrings[font.getBestCmap()[ord(sign)]]
            _, low, _, high = outline.calcBounds(None)
        return (low + high) / 2

    whole = middle(packaged.path, "。")
    made = file_of(packaged, "ja", "。、新潟")
    assert middle(made, "。") < whole / 2
    assert middle(made, "、") < middle(packaged.path, "、") / 2
    assert middle(made, "一") == middle(packaged.path, "一")
    assert file_of(packaged, "ja", "新潟") == made, "made once"
    with TTFont(made) as font:
        assert set(map(ord, "40ft（)")) <= set(font.getBestCmap()), "lines with letters of Latin are set whole"
