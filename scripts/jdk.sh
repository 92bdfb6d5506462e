# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Finds a JDK that is new enough, by reading the `release` file of each; no JVM is started.

MIN_JDK=25

# jdk_is_new_enough HOME
jdk_is_new_enough() {
    local line version
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*)
                version=${line#JAVA_VERSION=\"}
                version=${version%%[.\"+-]*}
                [ "$version" -ge "$MIN_JDK" ] 2>/dev/null
                return
                ;;
        esac
    done <"$1/release"
    return 1
}

# Sets and exports MAKAS_JAVA (the java command).
find_java() {
    local home path_java
    path_java=$(readlink -f "$(command -v java || true)" || true)
    for home in "${JAVA_HOME:-}" "${path_java%/bin/java}" \
        /usr/lib/jvm/* /opt/java* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
        if [ -n "$home" ] && jdk_is_new_enough "$home"; then
            export MAKAS_JAVA=$home/bin/java
            return
        fi
    done
    die "no Java $MIN_JDK or newer found (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman).
  Install a JDK $MIN_JDK: Debian 13 and newer, Ubuntu 25.10 and newer: apt-get install openjdk-$MIN_JDK-jdk-headless;
  elsewhere: Eclipse Temurin $MIN_JDK from https://adoptium.net. If it lies in an unusual place, set JAVA_HOME."
}

# The same, for building: sets and exports JAVA_HOME, and insists on a compiler.
find_jdk() {
    find_java
    export JAVA_HOME=${MAKAS_JAVA%/bin/java}
    [ -x "$JAVA_HOME/bin/javac" ] || die "$JAVA_HOME can run Java but not compile it; install a full JDK $MIN_JDK"
}
