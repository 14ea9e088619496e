"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.org import who
from guantong.engine.org.entity import Entity
from guantong.engine.org.team import Team
from guantong.engine.org.token import ApiToken
from guantong.engine.org.user import User

__all__ = ["ApiToken", "Entity", "Team", "User", "who"]
