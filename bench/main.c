/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kaburi-bench: finds duplicates in files, and measures how well and how fast. Picks the verb.
 */
#include "output.h"

#include <string.h>

typedef struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;
} verb;

static const verb verbs[] = {
    {"match", bench_match,
     "--records F --queries F [--top 10] [--except-self] [--out F] [--stats F]\n"
     "      the records that may be the same deal as each query, as TSV; --except-self: but for "
     "the one\n"
     "      with the query's id, for a file against itself"},
    {"compare", bench_compare,
     "--pairs F [--out F]\n"
     "      judges pairs: columns company_a, deal_a, amount_a ..., company_b ..."},
    {"dedupe", bench_dedupe,
     "--records F [--threads N] [--decision alert] [--verdict LIST] [--out F] [--clusters F] "
     "[--stats F]\n"
     "      the duplicates inside one file, as TSV: cluster (\"-\": the two are in none together), "
     "a, b,\n"
     "      probability, verdict, decision, evidence; --clusters: cluster, size, id of each record "
     "in one;\n"
     "      --decision allow|alert|block: the least of a duplicate; --verdict renewal,parallel "
     "...: "
     "list\n"
     "      these pairs too; --partners-max 100, --cluster-max 1000: see kaburi.h"},
    {"explain", bench_explain,
     "--company A --deal A --company B --deal B [--lang ja|en] [--json]\n"
     "      why two deals are, or are not, the same"},
    {"merge", bench_merge,
     "--company A --deal A ... --company B --deal B ... [--lang ja|en] [--json]\n"
     "      [--first-touch-a D] [--first-touch-b D] [--created-a D] [--created-b D]\n"
     "      which of two deals to keep if they are merged, and what would be lost"},
    {"normalize", bench_normalize,
     "--company A --deal A | --records F [--out F]\n"
     "      the parts kaburi reads in a name"},
    {"keys", bench_keys,
     "--company A --deal A | --records F [--out F]\n"
     "      the keys a record is filed under"},
    {"generate", bench_generate,
     "--records F --count N --set FOLDER [--seed 1] | --records F --grow N [--seed 1] [--out F]\n"
     "      deals of a file entered again by department, and deals that only look like them, as a "
     "set for\n"
     "      quality; or N distinct records of parts of real ones, to measure speed with"},
    {"quality", bench_quality,
     "--set FOLDER [--out F]\n"
     "      recall, alerts and verdicts on a labelled set; both sketches side by side"},
    {"tune", bench_tune,
     "--pairs F [--model F] [--policy F] [--report F.html] [--sweep F] [--out F]\n"
     "      [--from-model F] [--from-policy F] [--aliases F] [--unlabelled] [--prior 20]\n"
     "      [--cost-miss 1] [--cost-alarm 1] [--bootstrap 500] [--seed 1] [--records F --queries "
     "F]\n"
     "      learns from pairs with a column label (duplicate, renewal, parallel, group, homonym,\n"
     "      unrelated, different, 1, 0, or empty) and maybe one group, whose pairs stay together;\n"
     "      writes model and policy, what they are worth, and a page that shows it; --records and\n"
     "      --queries: counts alerts per 100 creates"},
    {"dry-run", bench_dry_run,
     "--records F --queries F [--out F]\n"
     "      alerts and blocks per 100 creates: the queries, looked up under a model and a policy"},
    {"speed", bench_speed_verb,
     "[--records F] [--queries F] [--sizes N,N] [--oracle 100] [--filter REGEX] [--min-time 0.2]\n"
     "        [--repetitions 5] [--format table|json] [--out F] [--seed 1]\n"
     "      every stage by itself and an index end to end, both sketches; JSON as of Google "
     "Benchmark;\n"
     "      --oracle: queries whose best matches are sought among all records, for the recall"},
    {"demo", bench_demo,
     "[--records F] [--queries F] [--lang ja|en]\n"
     "      the tour: real contracts, new deals as a salesperson would type them"},
};

static void print_usage(FILE *file) {
    (void)fputs("usage: kaburi-bench VERB OPTIONS\n\n", file);
    for (size_t i = 0; i < BENCH_COUNT(verbs); i++) {
        (void)fprintf(file, "  %s %s\n", verbs[i].name, verbs[i].usage);
    }
    (void)fputs(
        "\n"
        "Input: TSV or CSV with a header row, gzip read too. Columns, any of: id, company, deal,\n"
        "company_reading, corporate_number, domain, amount, close_date (YYYY-MM-DD or YYYY/M/D), "
        "stage\n"
        "(open, won, lost), kind (opportunity, mql, lead), department, owner, campaigns.\n"
        "  --encoding NAME     of the input, default utf-8; cp932 for what Excel writes in Japan\n"
        "  --skip-bad-rows     counts rows that cannot be read instead of stopping at the first\n"
        "  --model F           weights and calibration; default: built in\n"
        "  --policy F          thresholds of alerts and blocks; default: built in\n"
        "  --aliases F         table of other names: columns name, alias, kind (abbreviation, "
        "former,\n"
        "                      translation, group), tabs between; \"default\": the built-in one\n"
        "  --fiscal-month N    the month that fiscal years begin with, 1..12; default: 4, April\n"
        "Index, for match, dedupe, quality, speed and demo (see kaburi.h):\n"
        "  --sketch rarity|minhash --record-rarest N --query-rarest N --deletion-max N\n"
        "  --bands N --rows N --unweighted --postings-max N --scored-max N\n"
        "  --no-reading        as spelt only: no match between kanji, kana, romaji and English\n"
        "  --no-sound --no-term --no-skeleton --no-acronym   the same for single kinds of keys\n"
        "\n"
        "kaburi-bench --version tells what it was built from, as JSON.\n"
        "Exit: 0 done, 1 done and the answer is no, 2 usage, 3 input data, 5 input or output.\n",
        file);
}

/* Whether all of stdout was written. */
static int end_stdout(void) {
    bench_output output;
    (void)bench_output_open(&output, NULL);
    return bench_output_close(&output, BENCH_OK);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_usage(stderr);
        return BENCH_USAGE;
    }
    bool help = strcmp(argv[1], "help") == 0;
    for (int i = 1; i < argc; i++) {
        help |= strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    }
    if (help) {
        print_usage(stdout);
        return end_stdout();
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts(kaburi_build_info());
        return end_stdout();
    }
    for (size_t i = 0; i < BENCH_COUNT(verbs); i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            return verbs[i].run(argc - 2, argv + 2);
        }
    }
    return bench_fail(BENCH_USAGE, "no verb \"%s\"; kaburi-bench --help lists them", argv[1]);
}
