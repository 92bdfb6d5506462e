#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles the CNI launcher into one static file: compile-cni.sh SOURCE OUTPUT
set -euo pipefail

source=$1
output=$2
if [ ! -e "$source" ] || { [ "$output" -nt "$source" ] && [ "$output" -nt "$0" ]; }; then
    exit 0
fi
mkdir -p "$(dirname "$output")"
gcc -static -O2 -Wall -Wextra -Werror -o "$output.tmp" "$source"
mv "$output.tmp" "$output"
