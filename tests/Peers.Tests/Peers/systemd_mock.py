# Part of Farwire (Apache-2.0). A mock of systemd with three services, on a bus of its own, by python-dbusmock.
# With the argument "stopping" the system goes down.
# usage: systemd_mock.py ; prints the bus's address, ends with its standard input. With the argument "empty" there is a bus without systemd.
import subprocess
import sys

import dbus
import dbusmock

daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
address = daemon.stdout.readline().strip()
mock = None
if "empty" not in sys.argv:
    bus = dbus.bus.BusConnection(address)
    mock = subprocess.Popen(
        [sys.executable, "-m", "dbusmock", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"],
        env={"DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL)
    while not bus.name_has_owner("org.freedesktop.systemd1"):
        pass
    manager = dbus.Interface(bus.get_object("org.freedesktop.systemd1", "/org/freedesktop/systemd1"), dbusmock.MOCK_IFACE)
    units, files = [], []
    for name, active, sub, state, pid in (("alpha", "active", "running", "enabled", 41), ("beta-2", "failed", "failed", "static", 0), ("gamma", "inactive", "dead", "disabled", 0)):
        path = "/org/freedesktop/systemd1/unit/" + name.replace("-", "_2d") + "_2eservice"
        manager.AddObject(path, "org.freedesktop.systemd1.Unit", {
            "Id": name + ".service", "LoadState": "loaded", "ActiveState": active, "SubState": sub, "Description": name + " of the mock",
            "UnitFileState": state, "CanStop": True, "FailureAction": "none"}, dbus.Array([], signature="(ssss)"))
        unit = dbus.Interface(bus.get_object("org.freedesktop.systemd1", path), dbusmock.MOCK_IFACE)
        start = dbus.Array([dbus.Struct(("/bin/" + name, ["/bin/" + name, "a b"], False, dbus.UInt64(0), dbus.UInt64(0), dbus.UInt64(0), dbus.UInt64(0), dbus.UInt32(0), dbus.Int32(0), dbus.Int32(0)))], signature="(sasbttttuii)")
        unit.AddProperties("org.freedesktop.systemd1.Service", {
            "MainPID": dbus.UInt32(pid), "User": "nobody" if pid else "", "ExecStart": start,
            "ExecMainStatus": dbus.Int32(3), "ExecMainExitTimestamp": dbus.UInt64(0 if pid else 1700000000000000)})
        if active != "inactive":
            units.append('("%s.service", "%s of the mock", "loaded", "%s", "%s", "", "%s", dbus.UInt32(0), "", "/")' % (name, name, active, sub, path))
        files.append('("/etc/systemd/system/%s.service", "%s")' % (name, state))
    manager.AddMethod("", "ListUnitsByPatterns", "asas", "a(ssssssouso)", 'ret = dbus.Array([%s], signature="(ssssssouso)")' % ",".join(units))
    manager.AddMethod("", "ListUnitFilesByPatterns", "asas", "a(ss)", 'ret = dbus.Array([%s], signature="(ss)")' % ",".join(files))
    manager.AddMethod("", "Subscribe", "", "", "")
    manager.AddProperties("org.freedesktop.systemd1.Manager", {"SystemState": "stopping" if "stopping" in sys.argv else "running"})
print(address, flush=True)
sys.stdin.read()
for process in (mock, daemon):
    if process:
        process.kill()
