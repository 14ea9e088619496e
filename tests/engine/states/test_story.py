"""The story and the pages of objects: complete, bounded, and as fresh as the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guantong.base.errors import NotFound
from guantong.engine.access import everyone, own, role, team, when
from guantong.engine.objects.registry import all_objects, by_name
from guantong.engine.org.user import User
from guantong.engine.states.graph import final_states, in_words, reachable_states, states_graph
from guantong.engine.states.reaction import Reaction, all_reactions
from guantong.engine.states.story import pages_of, render, tree, write_docs
from guantong.site.version import CHECKOUT


@pytest.fixture
def reaction() -> Any:
    """Something that follows `user.disable` and calls a verb that something follows."""
    verbs = by_name()["user"].verbs

    def wake_up(user: User) -> None:
        user.enable()

    def send_home(user: User) -> None:
        user.disable()

    added = [
        (verbs["disable"].after, Reaction("tests.wake_up", wake_up, User.disable, False)),
        (verbs["enable"].within, Reaction("tests.send_home", send_home, User.enable, True)),
    ]
    for held, one in added:
        held.append(one)
    yield
    for held, one in added:
        held.remove(one)


def test_a_tree_follows_reactions_into_the_verbs_that_they_call(reaction: None):
    assert tree("user.disable").split("\n") == [
        "user.disable [active → disabled]  Shut the person out, from the next request on; records keep their owner.",
        "└─ after tests.wake_up  ",
        "   └─ calls user.enable [disabled → active]  Let the person in again.",
        "      └─ within tests.send_home  ",
        "         └─ calls user.disable [active → disabled]  Shut the person out, from the next request on; "
        "records keep their owner. …",
    ]


def test_a_verb_that_nothing_follows_is_a_tree_too():
    assert tree("users.enable").startswith("user.enable [disabled → active]")
    for wrong in ("nothing", "user.nothing"):
        with pytest.raises(NotFound):
            tree(wrong)


def test_every_reaction_stands_in_the_story():
    story = render()
    for one in all_reactions():
        assert f" {one.name}  " in story, one.name


def test_states_as_a_graph():
    spec = by_name()["user"]
    assert states_graph(spec).split("\n") == [
        "stateDiagram-v2", "    [*] --> active", "    active --> disabled: disable", "    disabled --> active: enable",
    ]  # fmt: skip
    assert final_states(spec) == []
    assert reachable_states(spec) == {"active", "disabled"}


@pytest.mark.parametrize("name", sorted(spec.name for spec in all_objects().values() if spec.states))
def test_every_state_can_be_reached(name: str):
    spec = by_name()[name]
    assert reachable_states(spec) == set(spec.states)


def test_rules_in_words():
    assert in_words(own | team | role("finance", "sales")) == (
        "the owner, or whoever leads the owner's team, or role finance or sales"
    )
    assert in_words((own | team) & when(state=("draft", "open"))) == (
        "(the owner, or whoever leads the owner's team) and while state is draft or open"
    )
    assert in_words(everyone) == "everyone"


def test_written_pages_are_stable_and_old_ones_go(tmp_path: Path):
    changed = write_docs(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in changed} == set(pages_of())
    (tmp_path / "objects" / "gone.md").write_text("old")
    (tmp_path / "story.md").write_text("touched")
    assert {path.name for path in write_docs(tmp_path)} == {"gone.md", "story.md"}
    assert write_docs(tmp_path) == []


@pytest.mark.parametrize("name", sorted(pages_of()))
def test_docs_are_fresh(name: str):
    path = CHECKOUT / "docs" / name
    assert path.exists() and path.read_text(encoding="utf-8") == pages_of()[name], (
        "run: guantong story --write docs"
    )


def test_no_page_of_an_object_that_is_gone():
    found = {f"objects/{path.name}" for path in (CHECKOUT / "docs" / "objects").glob("*.md")}
    assert found == {name for name in pages_of() if name.startswith("objects/")}
