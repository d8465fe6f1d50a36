#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# gen_aliases refuses a bad table with file and line, and takes a good one. $1: the generator.
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

# refuses MESSAGE ROWS: the table of these rows is refused with that message.
refuses() {
    printf "$2" >"$dir/in.tsv"
    if said=$("$generator" "$dir/in.tsv" "$dir/out.c" 2>&1); then
        echo "taken, though bad: $2"
        failed=1
    fi
    case $said in
    *"in.tsv:$1"*) ;;
    *)
        echo "expected '$1', got: $said"
        failed=1
        ;;
    esac
}

generator=$1
head='# comment\nname\talias\tkind\tsource\n'
printf "${head}山田製作所\tヤマセイ\tabbreviation\ts\n" >"$dir/in.tsv"
if ! said=$("$generator" "$dir/in.tsv" "$dir/out.c" 2>&1) || ! grep -q 'count = 2, ' "$dir/out.c"; then
    echo "refused, or without both directions: $said"
    failed=1
fi
refuses '3: aliases line 3: kind is not' "${head}a\tb\tfriend\ts\n"
refuses '1: aliases line 1: not a table of aliases' 'a\tb\tformer\n'
refuses ' no alias in the table' "${head}a\tA\tformer\ts\n"
rm -f "$dir/in.tsv"
if "$generator" "$dir/in.tsv" "$dir/out.c" 2>/dev/null; then
    echo "taken, though there is no table"
    failed=1
fi
exit $failed
