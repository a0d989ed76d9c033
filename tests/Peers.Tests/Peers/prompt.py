"""Runs a program on a pseudo terminal, types a secret when asked, and prints all that the terminal showed: prompt.py PROMPT SECRET PROGRAM ARGUMENT…
SECRET may be ^C, which is typed as Ctrl-C. The exit code is the program's."""
import os
import pty
import sys
import termios

prompt, secret, program = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(program[0], program)
shown = b""
typed = False
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # the terminal's other side is closed
        break
    if not part:
        break
    shown += part
    if not typed and prompt.encode() in shown:
        typed = True
        assert not termios.tcgetattr(terminal)[3] & termios.ECHO, "the terminal echoes when the program asks"
        os.write(terminal, b"\x03" if secret == "^C" else secret.encode() + b"\r")
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status))
