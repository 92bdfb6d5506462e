#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the container image: deploy/image/build.sh [OPTIONS OF THE BUILDER…]
#
#   deploy/image/build.sh --tag registry.example/makas:0.1.0 --build-arg BASE=debian@sha256:…
#
# BUILDER chooses the program; else the first one there is of podman, buildah and docker.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

version=$(sed -n 's/^appVersion: //p' helm/makas/Chart.yaml)
builder=${BUILDER:-$(command -v podman || command -v buildah || command -v docker)} ||
    die "there is none of podman, buildah and docker; install one (Debian: apt-get install buildah)"

# Files get the time of the commit, so that the image does not depend on when it was built.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
options=(--file deploy/image/Containerfile --tag "localhost/makas:$version")
[[ $builder == *docker* ]] || options+=(--timestamp "$SOURCE_DATE_EPOCH")

./makas build
exec "$builder" build "${options[@]}" "$@" .
