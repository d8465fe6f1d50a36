#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shared library exports the functions that the header declares KABURI_API, and nothing else.
# $1: the library, $2: the header.
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
tr '\n' ' ' <"$2" | grep -oE 'KABURI_API [^;(]*kaburi_[a-z0-9_]+\(' |
    grep -oE 'kaburi_[a-z0-9_]+\($' | tr -d '(' | sort >"$dir/declared"
# Sanitizers add names of their own.
nm -D --defined-only "$1" | awk '{print $3}' | grep -vE '^__(odr_)?[aut]san' | sort >"$dir/exported"
if [ "$(wc -l <"$dir/declared")" -lt 30 ]; then
    echo "found only these in the header:"
    cat "$dir/declared"
    exit 1
fi
if ! diff "$dir/declared" "$dir/exported"; then
    echo "< declared in the header, not exported; > exported, not declared"
    exit 1
fi
