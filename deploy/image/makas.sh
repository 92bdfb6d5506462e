#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line inside of the image, for people: kubectl exec ds/makas -- makas flow dump
exec /opt/makas/java/bin/java @/opt/makas/java.options -XX:TieredStopAtLevel=1 -XX:+UseSerialGC io.makas.cli.Main "$@"
