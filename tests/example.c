/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The example of README.md, which holds the same text from the first #include on; what it prints is
 * compared with example.out.
 */
#include <kaburi.h>
#include <stdio.h>

static kaburi_record opportunity(uint64_t id, const char *company, const char *deal) {
    kaburi_record record;
    kaburi_record_init(&record);
    record.id = id;
    record.company = kaburi_text_of(company);
    record.deal = kaburi_text_of(deal);
    return record;
}

int main(void) {
    const kaburi_record known[] = {
        opportunity(0, "株式会社山田製作所", "ERP保守更新 2024年度"),
        opportunity(1, "山田製作所株式会社", "ERP保守更新 2023年度"),
        opportunity(2, "三菱重工業株式会社", "会計システム更改"),
    };
    const kaburi_record entered = opportunity(3, "㈱山田製作所", "【展示会】ERPの保守更新 FY24");
    kaburi_index *index = NULL;
    kaburi_matches *matches = NULL;
    kaburi_error error = {.message = ""};

    kaburi_status status = kaburi_index_create(&index, NULL, &error);
    for (size_t i = 0; i < 3 && status == KABURI_OK; i++) {
        status = kaburi_index_add(index, &known[i], &error);
    }
    if (status == KABURI_OK) {
        status = kaburi_matches_create(&matches, NULL, &error);
    }
    if (status == KABURI_OK) {
        status = kaburi_search(index, &entered, NULL, matches, &error);
    }
    for (size_t i = 0; i < kaburi_matches_count(matches) && status == KABURI_OK; i++) {
        const kaburi_match *match = &kaburi_matches_data(matches)[i];
        char why[4096];
        size_t size;
        status = kaburi_explain(&entered, &known[match->id], NULL, KABURI_LANGUAGE_JAPANESE,
                                KABURI_FORMAT_TEXT, why, sizeof why, &size, &error);
        if (status == KABURI_OK) {
            printf("%llu: %s, %s\n%s\n", (unsigned long long)match->id,
                   kaburi_verdict_name(match->verdict), kaburi_decision_name(match->decision), why);
        }
    }
    if (status != KABURI_OK) {
        fprintf(stderr, "%s: %s\n", kaburi_status_name(status), error.message);
    }
    kaburi_matches_free(matches);
    kaburi_index_free(index);
    return status == KABURI_OK ? 0 : 1;
}
