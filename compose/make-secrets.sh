#!/usr/bin/env bash
# make-secrets.sh [FOLDER]: makes what docker-compose.yml takes as secrets, each once: what is there stays as it is.
# To renew one, delete it and run this again. FOLDER is compose/secrets unless said otherwise.
#
# Files are readable by all, since a container's user is not yours; the folder is closed, so that on this machine only you
# reach them. The key of the certificate authority is for nobody's container; keep it elsewhere if you can.
set -euo pipefail
folder=${1:-$(dirname "${BASH_SOURCE[0]}")/secrets}
umask 077
mkdir -p "$folder"
chmod 0700 "$folder"
cd "$folder"
work=$(mktemp -d "$PWD/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

absent() { [ ! -s "$1" ]; }

# publish NAME: standard input becomes the file, whole or not at all.
publish() {
  cat >"$work/next"
  chmod 0444 "$work/next"
  mv -f "$work/next" "$1"
  echo "made $folder/$1"
}

word() { openssl rand -hex 32; }

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }

# certificate NAME USAGE ALTERNATIVE_NAMES: NAME_cert and NAME_key, signed by the authority.
certificate() {
  if absent "$1_cert" || absent "$1_key"; then
    new_key >"$work/key"
    openssl req -new -key "$work/key" -subj "/O=Mantle/CN=${1//_/-}" -out "$work/request"
    printf 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nsubjectAltName=%s\n' \
      "$2" "$3" >"$work/extensions"
    openssl x509 -req -in "$work/request" -CA ca -CAkey ca-key.pem -set_serial "0x$(openssl rand -hex 16)" -days 365 \
      -sha256 -extfile "$work/extensions" -out "$work/certificate" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
    publish "$1_key" <"$work/key"
    publish "$1_cert" <"$work/certificate"
  fi
}

if absent ca || absent ca-key.pem; then
  rm -f ./*_cert ./*_key   # of an authority that is gone
  new_key >ca-key.pem
  # With a configuration of its own: what the system's says of extensions is not the same everywhere.
  printf '[req]\ndistinguished_name=name\nx509_extensions=authority\n[name]\n[authority]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' \
    >"$work/authority"
  openssl req -x509 -new -config "$work/authority" -key ca-key.pem -sha256 -days 3650 \
    -subj "/O=Mantle/CN=Mantle internal authority" | publish ca
fi
certificate control_plane serverAuth \
  "DNS:control-plane,DNS:localhost,IP:127.0.0.1,DNS:mantle-control-plane,DNS:mantle-control-plane.mantle.svc"
certificate extproc clientAuth "DNS:extproc"

# Passwords are hexadecimal, so they mean themselves in a URL and in a file of settings.
if absent postgres_password; then word | publish postgres_password; fi
if absent database_password || absent database_url; then
  password=$(word)
  printf '%s\n' "$password" | publish database_password
  printf 'postgres://mantle:%s@postgres:5432/mantle\n' "$password" | publish database_url
fi
if absent redis_conf || absent vault_url; then
  password=$(word)
  printf 'requirepass %s\n' "$password" | publish redis_conf
  printf 'redis://default:%s@redis:6379\n' "$password" | publish vault_url
fi
if absent master_key; then openssl rand -base64 32 | publish master_key; fi
if absent master_keyset; then
  # A Tink keyset with one key for AES-256-GCM: in "value" the message AesGcmKey, field 3 of 32 bytes.
  id=$((0x$(openssl rand -hex 4) % 2147483647 + 1))
  value=$({ printf '\032\040'; openssl rand 32; } | openssl base64 -A)
  printf '{"primaryKeyId":%d,"key":[{"keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.AesGcmKey","value":"%s","keyMaterialType":"SYMMETRIC"},"status":"ENABLED","keyId":%d,"outputPrefixType":"TINK"}]}\n' \
    "$id" "$value" "$id" | publish master_keyset
fi
if absent admin_token; then word | publish admin_token; fi
if absent grafana_password; then word | publish grafana_password; fi
