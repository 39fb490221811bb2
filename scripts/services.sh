#!/usr/bin/env bash
# Installs what production and the browser tests use, from Debian's packages, and starts it. Runs as often as you like.
# All listen on loopback only; Elasticsearch comes from Maven Central (scripts/elasticsearch.sh). nginx and wrk are for `make bench`, gettext is for `make messages`.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 LC_ALL=C.UTF-8
[ "$(id -u)" = 0 ] || { echo "make services installs packages: run it as root (sudo make services)." >&2; exit 1; }
command -v apt-get >/dev/null || { echo "make services knows Debian's packages only." >&2; exit 1; }

wanted=()
need() { [ -x "$1" ] || wanted+=("$2"); }
need /usr/bin/pg_ctlcluster postgresql
need /usr/bin/redis-server redis-server
need /usr/bin/chromium chromium
need /usr/sbin/nginx nginx-light
need /usr/bin/wrk wrk
need /usr/bin/xgettext gettext
command -v java >/dev/null || wanted+=(openjdk-17-jre-headless)
need /usr/bin/mvn maven
need /usr/bin/curl curl
if [ ${#wanted[@]} -gt 0 ]; then
  echo "Installing ${wanted[*]}"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
  case " ${wanted[*]} " in *" nginx-light "*) service nginx stop >/dev/null 2>&1 || true ;; esac
fi

wait_for() { # name, command …
  local name=$1; shift
  for _ in $(seq 60); do "$@" >/dev/null 2>&1 && { echo "$name answers"; return; }; sleep 0.5; done
  echo "$name doesn't answer" >&2; exit 1
}

version=$(pg_lsclusters --no-header | awk 'NR == 1 {print $1}')
if [ -z "$version" ]; then
  version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -1)
  pg_createcluster --locale C.UTF-8 "$version" main >/dev/null
fi
cluster=$(pg_lsclusters --no-header | awk 'NR == 1 {print $2}')
port=$(pg_lsclusters --no-header | awk 'NR == 1 {print $3}')
pg_lsclusters --no-header | awk 'NR == 1 {print $4}' | grep -q online || pg_ctlcluster "$version" "$cluster" start
wait_for PostgreSQL pg_isready --quiet --host 127.0.0.1 --port "$port"

sql() { (cd / && runuser -u postgres -- psql --port "$port" --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"); }
[ "$(sql -c "SELECT 1 FROM pg_roles WHERE rolname = 'mot_cua'")" = 1 ] ||
  sql -c "CREATE ROLE mot_cua LOGIN CREATEDB PASSWORD 'mot_cua'"
[ "$(sql -c "SELECT 1 FROM pg_database WHERE datname = 'mot_cua'")" = 1 ] ||
  # A cluster made under the C locale keeps bytes, not letters: say UTF-8.
  sql -c "CREATE DATABASE mot_cua OWNER mot_cua TEMPLATE template0 ENCODING 'UTF8'"
echo "  postgres://mot_cua:mot_cua@127.0.0.1:$port/mot_cua"

redis-cli -h 127.0.0.1 ping >/dev/null 2>&1 || service redis-server start >/dev/null 2>&1 ||
  redis-server --bind 127.0.0.1 --daemonize yes --save '' >/dev/null
wait_for Redis redis-cli -h 127.0.0.1 ping
echo "  redis://127.0.0.1:6379/"
echo "Chromium: $(chromium --version 2>/dev/null)"
bash "$(dirname "$0")/elasticsearch.sh"
