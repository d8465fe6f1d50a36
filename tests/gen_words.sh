#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# gen_words refuses a bad list with file and line, and takes a good one. $1: the generator.
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

# refuses LINE MESSAGE ROWS: the list of these rows is refused at that line with that message.
refuses() {
    printf "$3" >"$dir/in.tsv"
    if said=$("$generator" list "$dir/in.tsv" "$dir/out.c" 2>&1); then
        echo "taken, though bad: $3"
        failed=1
    fi
    case $said in
    *"in.tsv:$1: $2"*) ;;
    *)
        echo "expected line $1 '$2', got: $said"
        failed=1
        ;;
    esac
}

takes() {
    printf "$2" >"$dir/in.tsv"
    if ! said=$("$generator" list "$dir/in.tsv" "$dir/out.c" 2>&1) || ! grep -q "$1" "$dir/out.c"; then
        echo "refused, or without '$1': $2: $said"
        failed=1
    fi
}

generator=$1
head='# comment\nword\tvalue\tattribute\tsource\n'
takes 'kbr_words_list_value_count = 3' "${head}a\tx\t0x10\ts\nb\ty\t\ts\n"
takes '{0, 1, 1, 0x10}' "${head}a\tx\t0x10\ts\nA\tx\t2\tskipped\n"
refuses 4 'this word, once folded, is on an earlier line with another value' \
    "${head}a\tx\t\t\nＡ\ty\t\t\n"
refuses 3 'nothing is left of the word once folded' "${head} \tx\t\t\n"
refuses 3 'another number of columns than the header row' "${head}a\tx\n"
refuses 3 'value is empty' "${head}a\t\t\t\n"
refuses 3 'attribute is not a number' "${head}a\tx\tmany\t\n"
refuses 3 'attribute is not a number' "${head}a\tx\t0x100000000\t\n"
refuses 3 'word: malformed' "${head}\377\tx\t\t\n"
refuses 1 'the header row needs the columns word and value' 'a\tb\n'
refuses 2 'no word in the list' "$(printf "%s" '# c\nword\tvalue\n')"
exit $failed
