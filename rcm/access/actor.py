"""Who acts: a person or a program."""

from dataclasses import dataclass
from uuid import UUID

from rcm.access.rights import Right, Role, rights_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who signed in, or a program with an API key."""

    id: UUID
    name: str
    roles: frozenset[Role]
    is_person: bool = False  #: Somebody who signed in; else a program with a key.
    practices: frozenset[UUID] | None = None  #: Billing provider ids; None: every practice.

    def may(self, right: Right) -> bool:
        """Tell whether one of the roles gives this right."""
        return right in rights_of(self.roles)
