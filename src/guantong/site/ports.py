"""The address that the web process listens on."""

from __future__ import annotations

import errno
import http.client
import socket

from guantong.site.faults import RIGHT, USAGE, Stop


def refuse_taken(host: str, port: int) -> None:
    """Raise Stop when nobody may listen there: granian itself would share a taken port without a word."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as fault:
        raise Stop(f"{host} is no address of this machine.", USAGE) from fault
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                sentence = f"Port {port} is in use: stop what listens there, or choose another with --port."
                raise Stop(sentence, USAGE) from fault
            if fault.errno == errno.EACCES:
                raise Stop(
                    f"Port {port} needs more rights: choose one above 1023 with --port.", RIGHT
                ) from fault
            raise Stop(f"Nobody can listen on {host}:{port}: {fault.strerror}.", USAGE) from fault


def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """Say whether the web process answers there."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a comparison
    connection = http.client.HTTPConnection(near, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
