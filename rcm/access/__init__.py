"""Who may do what: actors, their roles and rights, and the record of what they did."""

from rcm.access.actor import Actor
from rcm.access.api_keys import create_api_key, find_api_key
from rcm.access.rights import Right, Role

__all__ = ["Actor", "Right", "Role", "create_api_key", "find_api_key"]
