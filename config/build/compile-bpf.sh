#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles every eBPF program of a folder: compile-bpf.sh SOURCE_DIR OUTPUT_DIR
# Only those older than their source (or than any shared header) are compiled again.
set -euo pipefail
shopt -s nullglob

source_dir=$1
output_dir=$2
programs=("$source_dir"/*.bpf.c)
headers=("$source_dir"/*.h)
[ ${#programs[@]} -eq 0 ] && exit 0

mkdir -p "$output_dir"
for program in "${programs[@]}"; do
    object=$output_dir/$(basename "${program%.c}").o
    stale=false
    for input in "$program" "${headers[@]}" "$0"; do
        [ "$object" -nt "$input" ] || stale=true
    done
    $stale || continue
    clang -O2 -g -target bpf -Wall -Wextra -Werror -I"/usr/include/$(uname -m)-linux-gnu" -I"$source_dir" \
        -c "$program" -o "$object.tmp"
    mv "$object.tmp" "$object"
done
