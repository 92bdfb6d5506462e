# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sets up the machine for ports that share memory with their peers.

WANTED_HUGEPAGES=1024 # of 2 MiB
HUGEPAGES=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages

# Reserves hugepages if this may be done and memory allows; never takes any away.
reserve_hugepages() {
    is_root && [ -w "$HUGEPAGES" ] || return 0
    local present available_kib affordable target
    present=$(<"$HUGEPAGES")
    if [ "$present" -lt "$WANTED_HUGEPAGES" ]; then
        available_kib=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
        # At most a quarter of the memory that nobody uses.
        affordable=$((present + available_kib / 4 / 2048))
        target=$((affordable < WANTED_HUGEPAGES ? affordable : WANTED_HUGEPAGES))
        echo "$target" >"$HUGEPAGES" 2>/dev/null || true
        say "reserved $(<"$HUGEPAGES") hugepages of 2 MiB for shared packet memory" \
            "(back to before: echo $present > $HUGEPAGES)"
    fi
    if ! grep -q ' hugetlbfs ' /proc/mounts; then
        mkdir -p /dev/hugepages
        mount -t hugetlbfs hugetlbfs /dev/hugepages || say "could not mount hugetlbfs at /dev/hugepages"
    fi
}
