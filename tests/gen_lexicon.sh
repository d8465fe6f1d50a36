#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# gen_lexicon refuses bad tables with file and line, and takes good ones. $1: the generator.
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
settings='# version 1\n# kana_cost 448\n# unknown_cost 4095\n'
head="${settings}surface\treading\tcost\n"
terms='term\tsurface\tsource\n'

run() {
    printf "$1" >"$dir/lexicon.tsv"
    printf "$2" >"$dir/terms.tsv"
    said=$("$generator" "$dir/lexicon.tsv" "$dir/terms.tsv" "$dir/out.c" 2>&1)
}

# refuses FILE:LINE MESSAGE LEXICON TERMS
refuses() {
    if run "$3" "$4"; then
        echo "taken, though bad: $3 $4"
        failed=1
    fi
    case $said in
    *"$1: $2"*) ;;
    *)
        echo "expected $1 '$2', got: $said"
        failed=1
        ;;
    esac
}

# takes WRITTEN LEXICON TERMS
takes() {
    if ! run "$2" "$3" || ! grep -q "$1" "$dir/out.c"; then
        echo "refused, or without '$1': $2 $3: $said"
        failed=1
    fi
}

generator=$1
takes 'kbr_lexicon_term_count = 2' "${head}山\tヤマ\t500\n" "${terms}mountain\t山\town\n"
takes '"fuji mountain"' "${head}山\tヤマ\t500\n富士\tフジ\t600\n" "${terms}fuji mountain\t富士山\town\n"
refuses lexicon.tsv:5 'not three columns' "${head}山\tヤマ\n" "$terms"
refuses lexicon.tsv:5 'the reading is not in kana' "${head}山\tyama\t500\n" "$terms"
refuses lexicon.tsv:5 'a reading has 1..64 kana' "${head}山\t\t500\n" "$terms"
refuses lexicon.tsv:5 'not a number in range' "${head}山\tヤマ\t0\n" "$terms"
refuses lexicon.tsv:5 'not a number in range' "${head}山\tヤマ\t40000\n" "$terms"
refuses lexicon.tsv:5 'not a number in range' "${head}山\tヤマ\tmany\n" "$terms"
refuses lexicon.tsv:5 'a surface has 1..24 units' "${head}\tヤマ\t500\n" "$terms"
refuses lexicon.tsv:6 'a surface has 1..24 units' "${head}山\tヤマ\t500\naaaaaaaaaaaaaaaaaaaaaaaaa\tア\t9\n" "$terms"
refuses lexicon.tsv:5 'surface: malformed' "${head}\377\tヤマ\t500\n" "$terms"
refuses lexicon.tsv:2 "no '# kana_cost N'" "surface\treading\tcost\n山\tヤマ\t500\n" "$terms"
refuses terms.tsv:2 'not three columns' "${head}山\tヤマ\t500\n" "${terms}mountain\t山\n"
refuses terms.tsv:3 'a surface of two terms' "${head}山\tヤマ\t500\n" "${terms}mountain\t山\town\nhill\t山\town\n"
refuses terms.tsv:2 'a term cannot be read' "${head}山\tヤマ\t500\n" "${terms}river\t川\town\n"
big=$(head -c 1000000 /dev/zero | tr '\0' a)
refuses lexicon.tsv:5 'surface has 1000000 bytes' "${head}$big\tヤマ\t500\n" "$terms"
exit $failed
