"""Sits at a pseudo terminal before a program: session.py COLUMNS PROGRAM ARGUMENT… reads steps from standard input, a JSON list of pairs, and does them in
order: ["see", TEXT] waits until the terminal has shown TEXT after what was seen before, ["type", TEXT] types it, ["interrupt", ""] presses Ctrl-C.
Prints all that the terminal showed; the exit code is the program's, or 99 when something was not seen in time."""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

columns, program = int(sys.argv[1]), sys.argv[2:]
steps = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execv(program[0], program)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
shown = b""
seen = 0
failed = ""
closed = False


def read(patience):
    global shown, closed
    if closed or not select.select([terminal], [], [], patience)[0]:
        return False
    try:
        part = os.read(terminal, 65536)
    except OSError:  # the other side is closed
        part = b""
    closed = not part
    shown += part
    if b"\x1b[6n" in part:  # the program asks where the cursor is
        os.write(terminal, b"\x1b[1;1R")
    return True


for what, text in steps:
    if what == "see":
        end = time.monotonic() + 60
        while text.encode() not in shown[seen:] and time.monotonic() < end and not closed:
            read(0.2)
        at = shown.find(text.encode(), seen)
        if at < 0:
            failed = text
            break
        seen = at + len(text.encode())
    else:
        os.write(terminal, b"\x03" if what == "interrupt" else text.encode())
if failed:
    os.kill(pid, 9)
else:
    while read(60):
        pass
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
if failed:
    sys.stdout.buffer.write(f"\n!! not seen: {failed!r}\n".encode())
    sys.exit(99)
sys.exit(os.waitstatus_to_exitcode(status))
