# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What every command of the launcher uses: messages, and starting Java on what was built.

# Services and cron jobs have none; the shell knows it all the same.
export HOME=${HOME:-~}

LIB_DIR=$MAKAS_HOME/target/dist/lib
# As old as the sources it was built from; missing when nothing was built.
BUILD_STAMP=$MAKAS_HOME/target/dist/stamp

say() {
    printf 'makas: %s\n' "$*" >&2
}

die() {
    say "$@"
    exit 1
}

is_root() {
    [ "$EUID" -eq 0 ]
}

build_if_missing() {
    [ -e "$BUILD_STAMP" ] && return
    # shellcheck source=scripts/build.sh
    source "$MAKAS_HOME/scripts/build.sh"
    build
}

# run_java MAIN_CLASS ARGUMENTS...: becomes the Java program.
run_java() {
    local main_class=$1 class_path
    shift
    find_java
    class_path=$(printf '%s:' "$LIB_DIR"/*.jar)
    local options=(
        --enable-native-access=ALL-UNNAMED    # Netty and our own native calls
        --sun-misc-unsafe-memory-access=allow # protobuf and Netty still use it; no warning about what we cannot change
    )
    # A command that lives for a blink is quickest without the optimising compiler and with the simplest collector.
    [ "$main_class" != io.makas.cli.Main ] || options+=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
    # shellcheck disable=SC2206 # several options in one variable are meant to be split
    options+=(${MAKAS_JAVA_OPTS:-})
    exec "$MAKAS_JAVA" "${options[@]}" -cp "${class_path%:}" "$main_class" "$@"
}
