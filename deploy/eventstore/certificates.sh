#!/usr/bin/env bash
# Certificates for EventStoreDB, of an authority of its own: certificates.sh NODE...
# Makes only what is missing; to renew a node's, remove its folder in the volume and run again (deploy/README.md).
set -euo pipefail
umask 077

# EventStoreDB's image runs as this user.
owner=1000:1000

if [ ! -s /authority/ca.crt ]; then
  es-gencert-cli create-ca -days 3650 -out /authority
fi
install -m 644 /authority/ca.crt /trusted/ca.crt
chmod 755 /trusted

for node in "$@"; do
  folder="/certificates/$node"
  if [ ! -s "$folder/node.crt" ]; then
    # `eventstore` is the name of the whole cluster, `localhost` that of the health check.
    es-gencert-cli create-node -days 825 -ca-certificate /authority/ca.crt -ca-key /authority/ca.key \
      -out "$folder" -ip-addresses 127.0.0.1 -dns-names "$node,eventstore,localhost"
  fi
done
chown -R "$owner" /certificates
find /certificates -type d -exec chmod 700 {} \;
find /certificates -type f -exec chmod 600 {} \;
