"""Runs commands through pywinrm's shell calls: pywinrm_shell.py ADDRESS USER PASSWORD. Silent when all is as it should be."""
import base64
import sys
import uuid
import xmltodict
import winrm
from winrm.protocol import Protocol

address, user, password = sys.argv[1:]
session = winrm.Session(address, auth=(user, password), transport="basic", server_cert_validation="ignore")

result = session.run_cmd("printf 'grüße\\n'; printf oops >&2; exit 5")
assert result.std_out.decode() == "grüße\n", result.std_out
assert result.std_err == b"oops", result.std_err
assert result.status_code == 5, result.status_code
assert session.run_cmd("echo", ["a", "b"]).std_out == b"a b\n"
assert session.run_cmd("head -c 1000000 /dev/zero").std_out == bytes(1000000)

protocol = Protocol(endpoint=address, transport="basic", username=user, password=password, server_cert_validation="ignore")
shell = protocol.open_shell(working_directory="/usr", env_vars={"A": "x"}, idle_timeout="PT180S")
try:
    command = protocol.run_command(shell, "echo $(pwd) $A; cat")
    # pywinrm has no call for input: its own message with its own transport.
    send = {"env:Envelope": protocol._get_soap_header(
        action="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Send",
        resource_uri="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd",
        shell_id=shell, message_id=uuid.uuid4())}
    send["env:Envelope"]["env:Body"] = {"rsp:Send": {"rsp:Stream": {
        "@Name": "stdin", "@CommandId": command, "@End": "true", "#text": base64.b64encode("über\n".encode()).decode()}}}
    protocol.send_message(xmltodict.unparse(send))
    output, errors, code = protocol.get_command_output(shell, command)
    assert output.decode() == "/usr x\nüber\n", output
    assert code == 0
    protocol.cleanup_command(shell, command)
finally:
    protocol.close_shell(shell)
