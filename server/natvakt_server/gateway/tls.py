"""The listeners' certificate, which may be renewed while they serve: every handshake uses the newest."""

import logging
from collections.abc import Callable

import grpc

from natvakt_server.gateway.tls_files import TlsFiles

_log = logging.getLogger(__name__)


def server_credentials(
    first: TlsFiles, newest: Callable[[], TlsFiles | None] | None, *, clients_show_certificates: bool
) -> grpc.ServerCredentials:
    """`newest` is asked at every handshake; None or a failure keeps what was served before."""
    if newest is None:
        return grpc.ssl_server_credentials(
            [(first.private_key, first.certificate_chain)],
            root_certificates=first.agents_ca if clients_show_certificates else None,
            require_client_auth=clients_show_certificates,
        )
    renewal = _Renewal(first, newest, clients_show_certificates)
    return grpc.dynamic_ssl_server_credentials(_configuration(first, clients_show_certificates), renewal.look, clients_show_certificates)


class _Renewal:
    def __init__(self, served: TlsFiles, newest: Callable[[], TlsFiles | None], clients_show_certificates: bool) -> None:
        self._served = served
        self._newest = newest
        self._clients_show_certificates = clients_show_certificates

    def look(self) -> grpc.ServerCertificateConfiguration | None:
        try:
            found = self._newest()
        except Exception:
            # gRPC's own thread, in the middle of a handshake: it goes on with the certificate it had.
            _log.exception("the renewed server certificate cannot be read")
            return None
        if found is None or found.certificate_chain == self._served.certificate_chain:
            return None
        self._served = found
        _log.info("server certificate renewed")
        return _configuration(found, self._clients_show_certificates)


def _configuration(files: TlsFiles, clients_show_certificates: bool) -> grpc.ServerCertificateConfiguration:
    roots = files.agents_ca if clients_show_certificates else None
    return grpc.ssl_server_certificate_configuration([(files.private_key, files.certificate_chain)], root_certificates=roots)
