"""Every command explains itself, and a wrong word gets a sentence."""

from __future__ import annotations

import pytest

from guantong.site import cli
from guantong.site.faults import USAGE


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([name, "--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert f"guantong {name}" in said and len(said) > 120


def test_the_first_page_lists_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in cli.COMMANDS)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["sevre"])
    assert end.value.code == USAGE
