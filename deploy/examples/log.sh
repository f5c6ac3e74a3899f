#!/bin/sh
# Logs one question: log.sh KEY TEXT
# SKRANKE is the service's address, TOKEN_FILE a file with a token that may `log`.
set -eu
: "${SKRANKE:?the address, such as https://skranke.example.org}"
: "${TOKEN_FILE:?the file with the token}"

# A quotation mark or a line end would end the text within the JSON.
quoted() {
  printf '%s' "$1" | tr '\n\r\t' '   ' | sed 's/\\/\\\\/g; s/"/\\"/g'
}

body=$(printf '{"key": "%s", "text": "%s", "channel": "phone"}' "$(quoted "$1")" "$(quoted "$2")")
# The token is read from standard input: everybody on the machine sees what a command is started with.
printf 'Authorization: Bearer %s\n' "$(cat "$TOKEN_FILE")" |
  curl --fail-with-body --silent --show-error --retry 5 --retry-connrefused \
    --header @- --header 'Content-Type: application/json' --data-binary "$body" \
    "$SKRANKE/api/v1/inquiries"
echo
