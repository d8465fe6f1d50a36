#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A program prints what a file holds, and no error. $1: the file, $2 ...: the program.
set -u
expected=$1
shift
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
"$@" >"$dir/out" 2>"$dir/err" || {
    cat "$dir/err"
    exit 1
}
[ ! -s "$dir/err" ] && diff "$expected" "$dir/out"
