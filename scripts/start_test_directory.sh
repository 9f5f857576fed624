#!/usr/bin/env bash
# Starts a Samba AD domain controller for the tests, on 127.0.0.10 only, with its state in FOLDER.
# It stays in the foreground; end it by its process id. Usage: start_test_directory.sh FOLDER PASSWORD
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"  # where Debian keeps samba, and no user's shell looks
folder=$1 password=$2

if [ ! -e "$folder/filled" ]; then
    mkdir -p "$folder"
    samba-tool domain provision --realm=CONTOSO.EXAMPLE --domain=CONTOSO --host-name=dc01 \
        --server-role=dc --adminpass="$password" --dns-backend=NONE --targetdir="$folder" \
        --host-ip=127.0.0.10 --option="interfaces=127.0.0.10/8" \
        --option="bind interfaces only=yes" --option="log file=$folder/samba.log" \
        --option="server services=ldap, kdc" \
        --option="ldap server require strong auth=allow_sasl_over_tls" >"$folder/provision.log" 2>&1
    for part in directory exchange; do
        /usr/bin/python3 "$(dirname "$0")/fill_test_$part.py" "$folder/etc/smb.conf"
    done
    touch "$folder/filled"
fi
exec samba -F -M single --configfile="$folder/etc/smb.conf" --option="pid directory=$folder"
