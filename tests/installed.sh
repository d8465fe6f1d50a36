#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is installed can be used: kaburi.pc finds header and library, a program links to the shared
# and to the static one and runs, and version and soname are those of the header.
# $1: meson, $2: build folder, $3: version, $4 ...: C compiler.
set -u
meson=$1
build=$2
version=$3
shift 3
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "$1"
    exit 1
}

DESTDIR=$dir "$meson" install -C "$build" --no-rebuild >"$dir/log" 2>&1 || {
    cat "$dir/log"
    fail "meson install failed"
}
file=$(find "$dir" -name kaburi.pc)
[ -f "$file" ] || fail "no kaburi.pc is installed"
prefix=$dir$(sed -n 's/^prefix=//p' "$file")
PKG_CONFIG_PATH=$(dirname "$file")
export PKG_CONFIG_PATH
pkg() {
    pkg-config --define-variable=prefix="$prefix" "$@" kaburi
}
libraries=$(pkg --variable=libdir)

[ "$(pkg --modversion)" = "$version" ] || fail "kaburi.pc has version $(pkg --modversion)"
soname=libkaburi.so.${version%%.*}
readelf -d "$libraries/libkaburi.so" | grep -q "SONAME.*\[$soname\]" || fail "soname is not $soname"
[ -f "$libraries/libkaburi.so.$version" ] || fail "no libkaburi.so.$version"

cat >"$dir/program.c" <<'END'
#include <kaburi.h>
#include <stdio.h>
int main(void) {
    kaburi_record record;
    kaburi_match match;
    kaburi_record_init(&record);
    record.company = kaburi_text_of("kaburi");
    if (kaburi_compare(&record, &record, NULL, &match, NULL) != KABURI_OK) {
        return 1;
    }
    printf("%d.%d.%d %u.%u.%u %s\n", KABURI_VERSION_MAJOR, KABURI_VERSION_MINOR,
           KABURI_VERSION_PATCH, kaburi_version() >> 16, kaburi_version() >> 8 & 255,
           kaburi_version() & 255, kaburi_verdict_name(match.verdict));
    return 0;
}
END
# shellcheck disable=SC2046
"$@" "$dir/program.c" $(pkg --cflags) $(pkg --libs) -o "$dir/shared" || fail "not linked"
readelf -d "$dir/shared" | grep -q "NEEDED.*\[$soname\]" || fail "the program does not need $soname"
# shellcheck disable=SC2046
"$@" "$dir/program.c" $(pkg --cflags) "$libraries/libkaburi.a" \
    $(pkg --static --libs | sed 's/-lkaburi//') -o "$dir/static" || fail "not linked statically"
for program in shared static; do
    said=$(LD_LIBRARY_PATH=$libraries "$dir/$program") || fail "the $program program does not run"
    [ "$said" = "$version $version duplicate" ] || fail "the $program program says: $said"
done
