# Part of Farwire (Apache-2.0). A mock of logind on a bus of its own, by python-dbusmock, that writes down what it is called with.
# usage: login_mock.py FILE ; prints the bus's address, ends with its standard input.
import subprocess
import sys

import dbus
import dbusmock

daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
address = daemon.stdout.readline().strip()
bus = dbus.bus.BusConnection(address)
mock = subprocess.Popen(
    [sys.executable, "-m", "dbusmock", "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"],
    env={"DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL)
while not bus.name_has_owner("org.freedesktop.login1"):
    pass
manager = dbus.Interface(bus.get_object("org.freedesktop.login1", "/org/freedesktop/login1"), dbusmock.MOCK_IFACE)
for name in ("Reboot", "PowerOff"):
    manager.AddMethod("", name, "b", "", 'f = open("%s", "a"); f.write("%s %%s\\n" %% bool(args[0])); f.close()' % (sys.argv[1], name))
print(address, flush=True)
sys.stdin.read()
mock.kill()
daemon.kill()
