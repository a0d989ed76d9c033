"""Opens a shell of a plug-in with pywinrm: pywinrm_plugin_shell.py ADDRESS USER PASSWORD URI."""
import sys
from winrm.protocol import Protocol

address, user, password, uri = sys.argv[1:]


class PluginProtocol(Protocol):
    """pywinrm speaks to the command shell alone: the same messages, for another kind of shell, which takes no options."""

    def _get_soap_header(self, action=None, resource_uri=None, shell_id=None, message_id=None):
        return super()._get_soap_header(action=action, resource_uri=uri, shell_id=shell_id, message_id=message_id)

    def send_message(self, message):
        begin, end = message.find("<w:OptionSet"), message.find("</w:OptionSet>")
        if begin >= 0:
            message = message[:begin] + message[end + len("</w:OptionSet>"):]
        return super().send_message(message)


protocol = PluginProtocol(endpoint=address, transport="basic", username=user, password=password, server_cert_validation="ignore")
shell = protocol.open_shell()
command = protocol.run_command(shell, "echo", ["hello", "from", "afar"])
output, errors, code = protocol.get_command_output(shell, command)
print(output.decode(), end="")
print(code)
protocol.cleanup_command(shell, command)
protocol.close_shell(shell)
