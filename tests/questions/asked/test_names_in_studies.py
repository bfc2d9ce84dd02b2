"""Names in a study that are not there: told all at once with their places by whatever asks, not by `check` alone."""

import pytest

import corridor_net as cn
from corridor_net.errors import FileFaults, UnknownName
from corridor_net.questions.asked.study import study_for, study_of

STUDY = """study: mine
title: Mine
baselines: [baseline-2019]
origins: [harbin, harbn]
destinations: [nigata]
focus: nigata
cargo: dry_44
"""


@pytest.fixture(scope="module")
def model():
    return cn.load()


def test_each_has_its_place(model, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(STUDY, encoding="utf-8")
    with pytest.raises(FileFaults) as caught:
        study_of(model, [str(path)])
    assert [fault.place.line for fault in caught.value.faults] == [4, 5, 6, 7]
    assert all(fault.hint for fault in caught.value.faults)


def test_what_is_asked_in_its_place_is_not_looked_at(model, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(STUDY, encoding="utf-8")
    asked = model.with_options(cargo="dry_20")
    study = study_for(asked, [str(path)], origins=["harbin"], destinations=["niigata"])
    assert (study.file.origins, study.file.focus, study.file.cargo) == (["harbin"], "niigata", "dry_20")


def test_a_main_baseline_that_is_none_has_its_place(model, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(STUDY.split("origins")[0] + "main_baseline: baseline-2091\n", encoding="utf-8")
    with pytest.raises(UnknownName, match="is not one of the baselines") as caught:
        study_of(model, [str(path)])
    assert caught.value.place.line == 4
    assert caught.value.hint == "did you mean 'baseline-2019'?"
