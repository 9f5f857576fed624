#!/usr/bin/env bash
# Installs what the tests need beside Python packages: Python with venv, make, the browser that the
# HTML report is tested in, Samba, Postfix, a test client for mail filters, and ClamAV's daemon (whose
# signatures are not fetched: the tests bring their own). Does nothing where all is there.
set -euo pipefail

packages=()
command -v make >/dev/null || packages+=(make)
command -v python3 >/dev/null || packages+=(python3)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
command -v chromium >/dev/null || packages+=(chromium fonts-liberation)
# A real Active Directory for the tests of LDAP: a Samba domain controller on loopback.
[ -x /usr/sbin/samba ] && command -v samba-tool >/dev/null ||
    packages+=(samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind)
command -v miltertest >/dev/null || packages+=(miltertest)
[ -x /usr/sbin/clamd ] || packages+=(clamav-daemon)
[ -x /usr/sbin/postfix ] || packages+=(postfix)

if [ ${#packages[@]} -eq 0 ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${packages[*]} (names of Debian packages). Install them and start again." >&2
    exit 1
fi
echo "Installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
