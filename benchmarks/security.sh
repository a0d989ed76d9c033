#!/usr/bin/env bash
# Measures what proof and sealing cost, with a Kerberos realm of its own when the KDC is installed: benchmarks/security.sh [--quick]
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build benchmarks/security -c Release --nologo -v quiet -clp:ErrorsOnly
folder=$(mktemp -d)
kdc=
trap '[ -z "$kdc" ] || kill "$kdc"; rm -rf "$folder"' EXIT
PATH=$PATH:/usr/sbin
if command -v krb5kdc kinit kadmin.local >/dev/null; then
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    export KRB5_CONFIG=$folder/krb5.conf KRB5_KDC_PROFILE=$folder/kdc.conf KRB5_KTNAME=$folder/keytab KRB5CCNAME=FILE:$folder/tickets
    printf '[libdefaults]\n default_realm=TEST.LOCAL\n dns_lookup_kdc=false\n dns_canonicalize_hostname=false\n rdns=false\n udp_preference_limit=1\n[realms]\n TEST.LOCAL={\n  kdc=127.0.0.1:%s\n  auth_to_local_names={\n   alice=%s\n  }\n }\n[domain_realm]\n localhost=TEST.LOCAL\n' "$port" "$(id -un)" > "$KRB5_CONFIG"
    printf '[kdcdefaults]\n kdc_listen=127.0.0.1:%s\n kdc_tcp_listen=127.0.0.1:%s\n[realms]\n TEST.LOCAL={\n  database_name=%s/principal\n  key_stash_file=%s/stash\n }\n' "$port" "$port" "$folder" "$folder" > "$KRB5_KDC_PROFILE"
    {
        kdb5_util create -s -P master -r TEST.LOCAL
        for query in 'addprinc -pw secret alice' 'addprinc -randkey HTTP/localhost' "ktadd -k $KRB5_KTNAME HTTP/localhost"; do kadmin.local -q "$query"; done
    } > "$folder/log" 2>&1
    krb5kdc -n > "$folder/kdc.log" 2>&1 &
    kdc=$!
    until echo secret | kinit alice > "$folder/kinit.log" 2>&1; do kill -0 "$kdc"; sleep 0.1; done
fi

dotnet artifacts/bin/security/release/security.dll "$@"
