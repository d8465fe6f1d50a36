/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seeded records made of pieces that real names are made of, so that a property is tried on names
 * that are the same, alike, contained, opposed and unrelated, with every field there or absent.
 */
#ifndef KBR_TEST_SAMPLES_H
#define KBR_TEST_SAMPLES_H

#include "kaburi.h"

#include <stdio.h>
#include <string.h>

/* The upper bits of a linear congruential generator (Knuth's MMIX constants): 0..bound-1. */
static inline uint32_t sample_draw(uint64_t *seed, uint32_t bound) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % bound;
}

typedef struct sample {
    kaburi_record record; /* its texts are those below */
    char company[512];
    char reading[128];
    char number[16];
    char domain[64];
    char deal[512];
} sample;

static inline void sample_join(char *out, size_t size, uint64_t *seed, const char *const *pieces,
                               size_t count, uint32_t parts) {
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < parts; i++) {
        const char *piece = pieces[sample_draw(seed, (uint32_t)count)];
        if (used + strlen(piece) + 1 > size) {
            break;
        }
        memcpy(out + used, piece, strlen(piece) + 1);
        used += strlen(piece);
    }
}

/* 法人番号 of twelve drawn digits; its first digit is the check digit. */
static inline void sample_number(char *out, uint64_t *seed) {
    unsigned sum = 0;
    for (int i = 0; i < 12; i++) {
        unsigned digit = i < 11 ? 0 : sample_draw(seed, 10);
        out[12 - i] = (char)('0' + digit);
        sum += digit * (i % 2 == 0 ? 1U : 2U);
    }
    out[0] = (char)('0' + (9 - sum % 9));
    out[13] = '\0';
}

static inline void sample_make(sample *out, uint64_t *seed) {
    static const char *const names[] = {
        "株式会社", "(株)",   "㈱",     "有限会社", "山田", "山",   "製作所",     "大阪支店",
        "東日本",   "西日本", "商事",   "重工",     "様",   "電機", "（旧鈴木）", "Yamada",
        "ヤマダ",   "Inc.",   "不明",   " ",        "C",    "2",    "病院",       "サービス",
        "佐々木",   "齋藤",   "ソニー", "グループ", "御中", "・",   "テスト",     "長崎県"};
    static const char *const deals[] = {
        "ERP",   "導入",      "更改",       "リプレース", "2024年度", "FY24",       "令和6年",
        "第2期", "フェーズ1", "ロット3",    "保守",       "新規",     "追加",       "【展示会】",
        "の件",  "_",         "会計",       "人事",       "システム", "10月",       "Q1",
        "上期",  "大阪",      "名古屋工場", "365",        "5.5mm",    "ライセンス", "PoC",
        " ",     "山田",      "500万円",    "未定"};
    static const char *const readings[] = {"", "", "ヤマダ", "やまだ", "スズキ"};
    static const char *const domains[] = {
        "", "", "example.co.jp", "https://www.example.co.jp/", "info@example.com", "gmail.com"};
    static const int64_t amounts[] = {KABURI_AMOUNT_ABSENT, 0, -5, 1000000, 1050000, 1900000};
    static const int32_t dates[] = {KABURI_DATE_ABSENT, 0, 19700, 19730, 19900, INT32_MAX};
    memset(out, 0, sizeof *out);
    kaburi_record_init(&out->record);
    sample_join(out->company, sizeof out->company, seed, names, sizeof names / sizeof *names,
                sample_draw(seed, 5));
    sample_join(out->deal, sizeof out->deal, seed, deals, sizeof deals / sizeof *deals,
                sample_draw(seed, 6));
    sample_join(out->reading, sizeof out->reading, seed, readings,
                sizeof readings / sizeof *readings, 1);
    sample_join(out->domain, sizeof out->domain, seed, domains, sizeof domains / sizeof *domains,
                1);
    if (sample_draw(seed, 3) == 0) {
        sample_number(out->number, seed);
    }
    if (out->company[strspn(out->company, " ")] == '\0' &&
        out->deal[strspn(out->deal, " ")] == '\0') {
        (void)snprintf(out->company, sizeof out->company, "山田製作所");
    }
    out->record.company = kaburi_text_of(out->company);
    out->record.deal = kaburi_text_of(out->deal);
    out->record.company_reading = kaburi_text_of(out->reading);
    out->record.domain = kaburi_text_of(out->domain);
    out->record.corporate_number = kaburi_text_of(out->number);
    out->record.amount = amounts[sample_draw(seed, 6)];
    out->record.close_date = dates[sample_draw(seed, 6)];
    out->record.stage = (int32_t)sample_draw(seed, 4);
    out->record.kind = (int32_t)sample_draw(seed, 4);
}

#endif
