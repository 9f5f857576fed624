#!/usr/bin/env bash
# Installs what the tests need beside Python packages: Python with venv, make, and the browser
# that the HTML report is tested in. Does nothing where all of it is there.
set -euo pipefail

packages=()
command -v make >/dev/null || packages+=(make)
command -v python3 >/dev/null || packages+=(python3)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
command -v chromium >/dev/null || packages+=(chromium fonts-liberation)

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
