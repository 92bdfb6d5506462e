# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test: first those that need nothing, then the fuzz tests, then those that need root, namespaces and peers.

# shellcheck source=scripts/build.sh
source "$MAKAS_HOME/scripts/build.sh"
# shellcheck source=scripts/machine.sh
source "$MAKAS_HOME/scripts/machine.sh"

# run_tests MAVEN_ARGUMENTS...
run_tests() {
    require_packages build run demo bench test
    reserve_hugepages
    find_jdk
    locked run_tests_now "$@"
}

run_tests_now() {
    local broken=() whole=()
    rm -rf "$MAKAS_HOME"/*/target/surefire-reports

    if [ $# -eq 0 ]; then
        whole=(--every-class)
        say "building, and running the tests that need nothing"
        begin_stamp
        if test_phase pure verify; then end_stamp; else broken+=(pure); fi
    else
        # A choice of tests must not leave behind a part of a build.
        build_if_stale_now
        say "running those of the tests that need nothing"
        test_phase pure test "$@" || broken+=(pure)
    fi

    # One fuzz test a process is what the fuzzer can do.
    say "fuzzing, for as long as each fuzz test says"
    JAZZER_FUZZ=1 test_phase fuzz test -Dmakas.test.kind=fuzz -DexcludedGroups= -Dgroups=jazzer \
        -Dmakas.test.reuseForks=false "$@" || broken+=(fuzz)

    say "running the tests that need root, namespaces, hugepages or peers"
    test_phase system test -Dmakas.test.kind=system -DexcludedGroups= -Dgroups=system \
        -Dmakas.test.reuseForks=false "$@" || broken+=(system)

    "$MAKAS_JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$MAKAS_HOME/scripts/TestSummary.java" \
        "$MAKAS_HOME" "${broken[@]}" "${whole[@]}"
}

# test_phase NAME MAVEN_ARGUMENTS...: shows one line for each test class and all errors; fails only if Maven
# itself does (a failed test is read from the reports afterwards).
test_phase() {
    local log=$MAKAS_HOME/target/test-$1.log
    shift
    maven --fail-at-end -Dmaven.test.failure.ignore=true "$@" 2>&1 |
        tee "$log" |
        { grep --line-buffered -E '^\[(INFO|WARNING)\] Tests run:.* -- in |^\[ERROR\] [^[:space:]]' |
            grep --line-buffered -vE "$MAVEN_NOISE" || true; } >&2
}
