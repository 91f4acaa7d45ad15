"""What a listener serves with, as the worker leaves it in the gateway's folder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM. `agents_ca`: whoever it signed may connect; who they are stands in their certificate."""

    certificate_chain: bytes
    private_key: bytes
    agents_ca: bytes = b""

    def __repr__(self) -> str:
        return "TlsFiles(***)"
