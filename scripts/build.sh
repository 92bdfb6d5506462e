# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Building: Maven under the right JDK, one build at a time, and only when something changed.

# shellcheck source=scripts/packages.sh
source "$MAKAS_HOME/scripts/packages.sh"

BUILD_LOG=$MAKAS_HOME/target/build.log

# maven ARGUMENTS...
maven() {
    find_jdk
    require_packages build
    # Maven's own libraries use what new JDKs warn about.
    export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
    (cd "$MAKAS_HOME" && exec mvn --batch-mode --no-transfer-progress -Dstyle.color=never "$@")
}

# locked COMMAND...: two builds of one checkout at the same time would trip over each other.
locked() {
    mkdir -p "$MAKAS_HOME/target"
    (
        flock 9
        "$@"
    ) 9>"$MAKAS_HOME/target/build.lock"
}

# begin_stamp / end_stamp: what is edited during a build counts as newer than the build.
begin_stamp() {
    # Old libraries must not stay on the class path; running programs keep the deleted files open.
    rm -rf "$MAKAS_HOME/target/dist"
    mkdir -p "$MAKAS_HOME/target/dist"
    touch "$BUILD_STAMP.new"
}

end_stamp() {
    mv "$BUILD_STAMP.new" "$BUILD_STAMP"
}

build() {
    locked build_now
}

build_now() {
    find_jdk
    require_packages build
    [ -d "$HOME/.m2/repository/io/grpc" ] || say "building; the first time Maven fetches libraries, which takes minutes"
    begin_stamp
    maven verify -DskipTests >"$BUILD_LOG" 2>&1 || {
        show_errors "$BUILD_LOG" >&2
        die "the build failed; the whole log is $BUILD_LOG"
    }
    end_stamp
}

# Maven says everything twice, and adds advice to itself.
MAVEN_NOISE='^.ERROR. *($|-> |.Help|Re-run|To see|For more|After correcting|Please refer|See |Command was| mvn )'

# show_errors LOG
show_errors() {
    { grep -E '^\[(ERROR|WARNING)\]' "$1" || true; } | { grep -vE "$MAVEN_NOISE" || true; } |
        awk '!seen[$0]++' | head -n 60
}

build_is_stale() {
    [ -e "$BUILD_STAMP" ] || return 0
    # Folders count too: their time changes when a file is taken away.
    [ -n "$(cd "$MAKAS_HOME" && find pom.xml ./*/pom.xml .mvn config ./*/src/main -newer "$BUILD_STAMP" -print -quit)" ]
}

build_if_stale() {
    locked build_if_stale_now
}

build_if_stale_now() {
    build_is_stale || return 0
    say "building"
    build_now
}

format() {
    locked maven --quiet spotless:apply
}
