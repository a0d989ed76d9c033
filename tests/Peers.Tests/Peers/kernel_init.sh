#!/bin/busybox sh
# The first program of a machine in QEMU: brings the kernel's modules up, mounts the files of the host, runs the script in them, and ends the machine.
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
while read module; do $b insmod /mod/$module; done < /mod/order
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 root /host
$b mount -t tmpfs tmpfs /host/tmp
$b mount -t proc proc /host/proc; $b mount -t sysfs sys /host/sys; $b mount -o bind /dev /host/dev
i=0; while [ ! -e /dev/ipmi0 ] && [ $i -lt 100 ]; do $b sleep 0.1; i=$((i+1)); done
$b ip link set lo up
$b hostname in-qemu
$b cp /script /host/tmp/script
HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin $b chroot /host /bin/bash /tmp/script
$b poweroff -f
