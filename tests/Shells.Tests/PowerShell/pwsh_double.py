"""Stands in for `pwsh -SSHServerMode`: goes through a transcript, a JSON list of steps. ["in", line] is a line that must come, and is acknowledged;
["out", line] is a line that is sent. At its end, and at the end of its input, it ends."""
import json
import re
import sys

assert sys.argv[2:4] == ["-SSHServerMode", "-NoLogo"], sys.argv
print("a profile may print what it likes", flush=True)
for what, line in json.load(open(sys.argv[1])):
    if what == "out":
        print(line, flush=True)
        continue
    got = sys.stdin.readline().rstrip("\n")
    if got == "":
        break
    if got != line:
        sys.exit(f"expected {line[:200]}\nbut got {got[:200]}")
    name, target = re.match(r"<(\w+).* PSGuid='([^']+)'", got).groups()
    print(f"<{name}Ack PSGuid='{target}' />", flush=True)
sys.stdin.read()
