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
manager.AddMethod("", "SetWallMessage", "sb", "", 'f = open("%s", "a"); f.write("SetWallMessage %%s\\n" %% args[0]); f.close()' % sys.argv[1])
manager.AddMethod("", "ScheduleShutdown", "st", "", 'import time; f = open("%s", "a"); f.write("ScheduleShutdown %%s in %%d minutes\\n" %% (args[0], round((args[1] / 1e6 - time.time()) / 60))); f.close()' % sys.argv[1])
clock = subprocess.Popen(
    [sys.executable, "-m", "dbusmock", "org.freedesktop.timedate1", "/org/freedesktop/timedate1", "org.freedesktop.timedate1"],
    env={"DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL)
while not bus.name_has_owner("org.freedesktop.timedate1"):
    pass
dbus.Interface(bus.get_object("org.freedesktop.timedate1", "/org/freedesktop/timedate1"), dbusmock.MOCK_IFACE).AddMethod(
    "", "SetTime", "xbb", "", 'f = open("%s", "a"); f.write("SetTime %%d\\n" %% args[0]); f.close()' % sys.argv[1])
print(address, flush=True)
sys.stdin.read()
mock.kill()
clock.kill()
daemon.kill()
