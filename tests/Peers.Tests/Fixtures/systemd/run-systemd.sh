#!/bin/bash
# Part of Farwire (Apache-2.0).
# Runs a REAL systemd + dbus-daemon + journald for tests: PID 1 of its own pid/mount/
# cgroup/uts/ipc/net namespaces on a throw-away overlay of the host root.  Needs root,
# packages systemd + dbus.   usage: run-systemd.sh WORKDIR   (prints its own pid)
# From outside:  D-Bus   unix:path=/proc/<pid1>/root/run/dbus/system_bus_socket
#                shell   nsenter -t <pid1> -a systemctl ...
#                stop    nsenter -t <pid1> -a systemctl exit   (or kill -KILL <pid1>)
#   where <pid1> = $(pgrep -P <printed pid>)
set -e
D=${1:?workdir}
mkdir -p $D/{upper,work,root}; U=$D/upper/etc/systemd/system; mkdir -p $U
# nothing that touches host-wide kernel state
for m in systemd-sysctl systemd-binfmt systemd-modules-load systemd-remount-fs systemd-update-utmp \
         systemd-udevd systemd-random-seed systemd-logind getty@ console-getty; do ln -sf /dev/null $U/$m.service; done
cat >$U/farwire-test.target <<'X'
[Unit]
Description=Test target
Requires=dbus.socket
Wants=dbus.service demo.service web.service
After=dbus.socket
X
cat >$U/demo.service <<'X'
[Unit]
Description=Demo long running service
[Service]
ExecStart=/bin/sleep 100000
[Install]
WantedBy=farwire-test.target
X
cat >$U/web.service <<'X'
[Unit]
Description=Demo service that depends on demo
Requires=demo.service
After=demo.service
[Service]
ExecStart=/bin/sleep 100000
User=nobody
[Install]
WantedBy=farwire-test.target
X
cat >$U/farwire-changing.service <<'X'
[Unit]
Description=Demo service that tests start and stop
[Service]
ExecStart=/bin/sleep 100001
User=nobody
[Install]
WantedBy=farwire-test.target
X
printf '[Unit]\nDescription=Demo failing service\n[Service]\nExecStart=/bin/false\n' >$U/broken.service
CG=/sys/fs/cgroup; [ -d $CG/unified ] && CG=$CG/unified
G=$CG/farwire-test-$$; mkdir -p $G; echo $$ >$G/cgroup.procs; echo $G >$D/cgroup
export D
exec unshare --mount --pid --fork --uts --ipc --cgroup --net --propagation private bash -c '
set -e
mount -t overlay overlay -o lowerdir=/,upperdir=$D/upper,workdir=$D/work $D/root
cd $D/root
mount -t proc proc proc
mount --bind proc/sys proc/sys; mount -o remount,ro,bind proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
mount --rbind /dev dev
mkdir -p run/old
pivot_root . run/old
umount -l /run/old
hostname farwire-test
unset D
exec env -i container=docker PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=farwire-test.target --show-status=no --log-target=journal
'
