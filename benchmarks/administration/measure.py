#!/usr/bin/env python3
"""What administration costs: start, settings a second, and the latency of traffic while listeners change.

usage: measure.py FARWIRED [ROUNDS]     as root; it uses folders and ports of its own
"""
import base64, http.client, os, socket, statistics, subprocess, sys, tempfile, threading, time

PROGRAM, ROUNDS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
CONFIG = "http://schemas.microsoft.com/wbem/wsman/1/config"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"


class Local(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def message(action, uri, body="", selectors=""):
    return f"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><a:To>http://localhost/wsman</a:To><a:MessageID>uuid:00000000-0000-0000-0000-000000000001</a:MessageID>
 <a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action>{action}</a:Action>
 <w:ResourceURI>{uri}</w:ResourceURI>{selectors}</s:Header><s:Body>{body}</s:Body></s:Envelope>"""


def send(connection, text, **headers):
    connection.request("POST", "/wsman", text.encode(), {"Content-Type": "application/soap+xml;charset=UTF-8", **headers})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return body


def start(folder):
    path = folder + "/run/local.sock"
    began = time.perf_counter()
    process = subprocess.Popen(
        [PROGRAM, "run", "--alone", "--config-dir", folder + "/etc", "--state-dir", folder + "/state", "--socket", path], stderr=subprocess.DEVNULL)
    while True:
        try:
            local = Local(path)
            send(local, GET)
            return process, local, time.perf_counter() - began
        except (FileNotFoundError, ConnectionRefusedError):
            time.sleep(0.001)


def percentiles(times):
    times = sorted(times)
    return f"median {times[len(times) // 2] * 1000:.2f} ms, 99 % {times[int(len(times) * 0.99)] * 1000:.2f} ms, longest {times[-1] * 1000:.1f} ms"


GET = message(TRANSFER + "Get", CONFIG + "/winrs")
SECTION = CONFIG + "/winrs"
folder = tempfile.mkdtemp(prefix="farwire-measure-")
os.makedirs(folder + "/etc")
os.makedirs(folder + "/state")
starts = []
for _ in range(ROUNDS):
    process, local, took = start(folder)
    starts.append(took)
    process.terminate()
    process.wait()
print(f"start to the first answer: median {statistics.median(starts) * 1000:.0f} ms, best {min(starts) * 1000:.0f} ms, of {ROUNDS}")

subprocess.run([PROGRAM, "user", "add", "ann", "--file", folder + "/state/users", "--account", "root"], input=b"Passw0rd!\n", check=True)
process, local, _ = start(folder)
for name, text in (("get", lambda i: GET), ("set", lambda i: message(TRANSFER + "Put", SECTION, f'<c:Winrs xmlns:c="{SECTION}"><c:MaxShellsPerUser>{1 + i}</c:MaxShellsPerUser></c:Winrs>'))):
    for i in range(200):
        send(local, text(i))
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < 2:
        send(local, text(count))
        count += 1
    print(f"{name} of a section: {count / (time.perf_counter() - began):.0f} a second, one after another")

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port, other = probe.getsockname()[1], probe.getsockname()[1] + 1
uri = CONFIG + "/listener"
keys = '<w:SelectorSet><w:Selector Name="Address">IP:127.0.0.{0}</w:Selector><w:Selector Name="Transport">HTTP</w:Selector></w:SelectorSet>'
create = lambda last, port: message(TRANSFER + "Create", uri, f'<c:Listener xmlns:c="{uri}"><c:Port>{port}</c:Port></c:Listener>', keys.format(last))
send(local, create(1, port))
send(local, message(TRANSFER + "Put", CONFIG + "/service", f'<c:Service xmlns:c="{CONFIG}/service"><c:AllowUnencrypted>true</c:AllowUnencrypted><c:Auth><c:Basic>true</c:Basic></c:Auth></c:Service>'))
authorization = "Basic " + base64.b64encode(b"ann:Passw0rd!").decode()
remote = http.client.HTTPConnection("127.0.0.1", port)


def traffic(until):
    times = []
    while not until():
        began = time.perf_counter()
        send(remote, GET, Authorization=authorization)
        times.append(time.perf_counter() - began)
    return times


for _ in range(200):
    send(remote, GET, Authorization=authorization)
end = time.perf_counter() + 2
print("requests at rest:", percentiles(traffic(lambda: time.perf_counter() > end)))
changes = 200
done = threading.Event()


def change():
    for _ in range(changes // 2):
        send(local, create(3, other))
        send(local, message(TRANSFER + "Delete", uri, "", keys.format(3)))
    done.set()


changing = threading.Thread(target=change)
began = time.perf_counter()
changing.start()
times = traffic(done.is_set)
changing.join()
print(f"requests while listeners change: {percentiles(times)}; {changes / (time.perf_counter() - began):.0f} changes a second, no request lost of {len(times)}")
process.terminate()
process.wait()
