"""Runs commands through pywinrm: pywinrm_run.py ADDRESS USER PASSWORD TRANSPORT ENCRYPTION [CERTIFICATE KEY]. Silent when all is as it should be."""
import sys
from winrm.protocol import Protocol

address, user, password, transport, encryption, *certificate = sys.argv[1:]
more = {"cert_pem": certificate[0], "cert_key_pem": certificate[1]} if certificate else {}
protocol = Protocol(
    endpoint=address, transport=transport, username=user, password=password, server_cert_validation="ignore", message_encryption=encryption,
    kerberos_hostname_override="localhost", **more)
shell = protocol.open_shell()
for i in range(3):
    command = protocol.run_command(shell, "printf gr\u00fc\u00dfe; printf oops >&2; exit %d" % i)
    output, errors, code = protocol.get_command_output(shell, command)
    assert (output.decode(), errors.decode(), code) == ("gr\u00fc\u00dfe", "oops", i), (output, errors, code)
    protocol.cleanup_command(shell, command)
protocol.close_shell(shell)
