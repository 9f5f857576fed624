#!/usr/bin/env bash
# A complete example on loopback: smtp-source → Postfix → exward → sink, counted.
#
#   sudo bash scripts/mail_example.sh [MESSAGES] [CONNECTIONS] [BYTES]
#
# Needs Debian's postfix package (smtp-source and smtp-sink come with it) and root, as Postfix does.
# Everything lies in one temporary folder; the system's own Postfix is not touched.
set -euo pipefail

messages=${1:-200} connections=${2:-10} bytes=${3:-30000}
smtp_port=${SMTP_PORT:-2525} sink_port=${SINK_PORT:-2526} filter_port=${FILTER_PORT:-8891}
python=${PYTHON:-python3}
folder=$(mktemp -d)
chmod 755 "$folder"
started=()

stop() {
    postfix -c "$folder/etc" stop 2>/dev/null || true
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap stop EXIT

mkdir -p "$folder"/{etc,spool,data}
chown postfix "$folder/data"
cat >"$folder/etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $folder/spool
data_directory = $folder/data
maillog_file = $folder/mail.log
maillog_file_prefixes = $folder
myhostname = gateway.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:$sink_port
default_transport = smtp
message_size_limit = 36700160
enable_long_queue_ids = yes
smtpd_client_connection_count_limit = 0
smtpd_milters = inet:127.0.0.1:$filter_port
milter_protocol = 6
milter_default_action = tempfail
milter_content_timeout = 180s
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_tls_security_level = none
smtp_host_lookup = native
EOF
cat >"$folder/etc/master.cf" <<EOF
127.0.0.1:$smtp_port inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOF

wait_for() {
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    echo "nothing listens on port $1" >&2
    exit 1
}

"$python" -m exward mail serve --listen "127.0.0.1:$filter_port" --no-dns 2>"$folder/exward.log" &
started+=($!)
smtp-sink -u nobody -c "127.0.0.1:$sink_port" 512 >"$folder/sink.log" 2>&1 &
started+=($!)
wait_for "$filter_port"
wait_for "$sink_port"
postfix -c "$folder/etc" start
wait_for "$smtp_port"

begin=$(date +%s.%N)
smtp-source -s "$connections" -m "$messages" -l "$bytes" -f sender@source.example \
    -t receiver@target.example "127.0.0.1:$smtp_port"
accepted=$(date +%s.%N)
for _ in $(seq 600); do
    if [ "$(grep -c 'status=sent' "$folder/mail.log")" -ge "$messages" ]; then break; fi
    sleep 0.1
done
end=$(date +%s.%N)

judged=$(grep -c ': deliver\|: tag\|: quarantine\|: reject' "$folder/exward.log" || true)
sent=$(grep -c 'status=sent' "$folder/mail.log" || true)
unique=$(grep 'status=sent' "$folder/mail.log" | grep -o '[0-9A-Za-z]*: to=' | sort -u | wc -l)
failed=$(grep -c 'milter-reject\|status=deferred' "$folder/mail.log" || true)
awk -v n="$messages" -v a="$begin" -v b="$accepted" -v c="$end" 'BEGIN {
    printf "%d messages: accepted in %.1f s (%.0f/s), delivered in %.1f s (%.0f/s)\n",
        n, b - a, n / (b - a), c - a, n / (c - a) }'
echo "judged $judged, delivered $sent ($unique different), deferred or refused $failed"
[ "$sent" -eq "$messages" ] && [ "$unique" -eq "$messages" ]
