#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# include/kaburi.h stands alone, twice over, without a warning and without padding in any struct.
# $1: the header's folder, $2: the C++ compiler or "", $3 ...: the C compiler.
set -u
folder=$1
cxx=$2
shift 2
failed=0
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
{
    printf '#include "kaburi.h"\n#include "kaburi.h"\nunsigned long size(void);\n'
    printf 'unsigned long size(void) {\n    return 0'
    # Some compilers lay a struct out, and see its padding, only where it is used.
    sed -n 's/^typedef struct \(kaburi_[a-z_]*\) {.*/ + sizeof(\1)/p' "$folder/kaburi.h"
    printf ';\n}\n'
} >"$dir/alone.c"
[ "$(grep -c sizeof "$dir/alone.c")" -ge 8 ] || failed=1
cp "$dir/alone.c" "$dir/alone.cpp"
warnings="-Wall -Wextra -pedantic -Wpadded -Werror"
for standard in c99 c11 c17; do
    # shellcheck disable=SC2086
    "$@" -std=$standard $warnings -I"$folder" -c "$dir/alone.c" -o "$dir/alone.o" || failed=1
done
if [ -z "$cxx" ]; then
    echo "no C++ compiler: not tried as C++17"
    [ $failed = 0 ] && exit 77
else
    # shellcheck disable=SC2086
    "$cxx" -std=c++17 $warnings -I"$folder" -c "$dir/alone.cpp" -o "$dir/alone.o" || failed=1
fi
# That the check would see padding.
printf 'struct padded { char a; long b; };\nint size[sizeof(struct padded)];\n' >"$dir/padded.c"
# shellcheck disable=SC2086
if "$@" -std=c17 $warnings -I"$folder" -c "$dir/padded.c" -o "$dir/alone.o" 2>/dev/null; then
    echo "the compiler says nothing of padding"
    failed=1
fi
exit $failed
