#!/bin/sh
# accounts.sh FOLDER COMMAND…: runs COMMAND where five more accounts exist, all with the password p@ss; locked has expired, closed is locked by usermod -L. Nothing outside changes.
set -e
folder=$1
shift
mount --make-rprivate / 2>/dev/null || true
for file in passwd shadow group; do cp -p /etc/$file "$folder/$file"; done
hash=$(openssl passwd -6 'p@ss')
number=60001
for name in alice locked outsider admin closed; do
    echo "$name:x:$number:$number::/:/bin/sh" >> "$folder/passwd"
    [ $name = locked ] && expires=1 || expires=
    [ $name = closed ] && lock=! || lock=
    echo "$name:$lock$hash:19000:0:99999:7::$expires:" >> "$folder/shadow"
    number=$((number + 1))
done
echo 'alice:x:60001:' >> "$folder/group"
echo 'remote-management:x:60010:alice,locked,closed' >> "$folder/group"
echo 'farwire-admin:x:60011:admin' >> "$folder/group"
for file in passwd shadow group; do mount --bind "$folder/$file" /etc/$file; done
exec "$@"
