#!/usr/bin/env bash
# Takes Elasticsearch from Maven Central by its coordinates and starts it on loopback, as a user of its own, with a small
# heap. Runs as often as you like; called by services.sh, which installs Java and Maven. ES_PORT moves it from 9200.
set -euo pipefail
version=8.19.8
port=${ES_PORT:-9200}
home=/var/lib/mot-cua-elasticsearch
user=mot-cua-search
place=$home/elasticsearch-$version
url=http://127.0.0.1:$port

answers() { curl --silent --fail --max-time 3 "$url/_cluster/health" >/dev/null; }
if answers; then echo "Elasticsearch answers"; echo "  $url"; exit 0; fi

if [ ! -e "$place/.ready" ]; then
  echo "Fetching Elasticsearch $version from Maven Central (94 MB, once)"
  artifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip
  mkdir -p "$home"
  mvn --batch-mode --quiet dependency:get -Dartifact="$artifact" -Dtransitive=false
  mvn --batch-mode --quiet dependency:copy -Dartifact="$artifact" -DoutputDirectory="$home"
  rm -rf "$place"
  python3 -m zipfile -e "$home/elasticsearch-$version.zip" "$home"
  rm "$home/elasticsearch-$version.zip"
  chmod +x "$place"/bin/* # Python's zipfile drops the permission to run.
  cat > "$place/config/elasticsearch.yml" <<END
cluster.name: mot-cua
discovery.type: single-node
network.host: 127.0.0.1
http.port: $port
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
END
  touch "$place/.ready"
fi
id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$home" --shell /usr/sbin/nologin "$user"
chown -R "$user" "$home"
java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
sed -i "s/^http.port:.*/http.port: $port/" "$place/config/elasticsearch.yml"
runuser -u "$user" -- env -i PATH="$PATH" HOME="$home" ES_JAVA_HOME="$java_home" ES_JAVA_OPTS="-Xms512m -Xmx512m" \
  "$place/bin/elasticsearch" -d -p "$home/pid" >"$home/start.log" 2>&1 ||
  { echo "Elasticsearch didn't start:" >&2; tail -n 20 "$home/start.log" >&2; exit 1; }
for _ in $(seq 120); do
  if answers; then echo "Elasticsearch answers"; echo "  $url"; exit 0; fi
  sleep 0.5
done
echo "Elasticsearch doesn't answer; its log: $place/logs/mot-cua.log" >&2
exit 1
