"""Runs a command through pywinrm with Kerberos, and lets the service act in the user's name: pywinrm_delegate.py ADDRESS COMMAND."""
import sys
from winrm.protocol import Protocol

address, command = sys.argv[1:]
protocol = Protocol(endpoint=address, transport="kerberos", kerberos_delegation=True, message_encryption="never", kerberos_hostname_override="localhost")
shell = protocol.open_shell()
started = protocol.run_command(shell, command)
output, errors, code = protocol.get_command_output(shell, started)
protocol.cleanup_command(shell, started)
protocol.close_shell(shell)
sys.stdout.write(output.decode())
sys.stderr.write(errors.decode())
sys.exit(code)
