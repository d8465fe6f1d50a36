/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merge advice. What a CRM merges by hand is lost where nobody looks: the other record's owner, its
 * amount, and the campaigns that brought it, to which the deal is then no longer attributed.
 */
#include "advice.h"

#include <string.h>

/* ---- which to keep ---- */

static int stage_rank(int32_t stage) {
    static const int ranks[] = {[KABURI_STAGE_LOST] = 0,
                                [KABURI_STAGE_UNKNOWN] = 1,
                                [KABURI_STAGE_OPEN] = 2,
                                [KABURI_STAGE_WON] = 3};
    return ranks[stage];
}

static int kind_rank(int32_t kind) {
    static const int ranks[] = {[KABURI_KIND_LEAD] = 0,
                                [KABURI_KIND_MQL] = 1,
                                [KABURI_KIND_UNKNOWN] = 2,
                                [KABURI_KIND_OPPORTUNITY] = 3};
    return ranks[kind];
}

static const kaburi_text *const *texts_of(const kaburi_record *record, const kaburi_text **out) {
    out[0] = &record->company;
    out[1] = &record->company_reading;
    out[2] = &record->corporate_number;
    out[3] = &record->domain;
    out[4] = &record->deal;
    out[5] = &record->department;
    out[6] = &record->owner;
    return out;
}

#define TEXTS 7

static int filled(const kaburi_record *record) {
    const kaburi_text *texts[TEXTS];
    int count = record->amount != KABURI_AMOUNT_ABSENT;
    count += record->close_date != KABURI_DATE_ABSENT;
    count += record->campaigns.size > 0;
    (void)texts_of(record, texts);
    for (size_t i = 0; i < TEXTS; i++) {
        count += texts[i]->size > 0;
    }
    return count;
}

int kbr_advice_kept(const kaburi_record *a, const kaburi_record *b,
                    const kaburi_merge_options *options, int *reason) {
    bool dated =
        options->created_a != KABURI_DATE_ABSENT && options->created_b != KABURI_DATE_ABSENT;
    int64_t age = dated ? (int64_t)options->created_a - options->created_b : 0;
    int64_t better[KBR_KEEP_REASONS] = {
        [KBR_KEEP_STAGE] = stage_rank(b->stage) - stage_rank(a->stage),
        [KBR_KEEP_KIND] = kind_rank(b->kind) - kind_rank(a->kind),
        [KBR_KEEP_AGE] = age,
        [KBR_KEEP_FILLED] = filled(b) - filled(a),
        [KBR_KEEP_ID] = b->id < a->id ? 1 : 0,
    };
    for (*reason = 0; *reason < KBR_KEEP_ID && better[*reason] == 0;) {
        (*reason)++;
    }
    return better[*reason] > 0;
}

/* ---- campaigns ---- */

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t';
}

/* The code at or after *place; moves it behind. False when there is none. */
static bool next_code(kaburi_text list, size_t *place, kaburi_text *out) {
    while (*place < list.size) {
        size_t begin = *place;
        size_t end = begin;
        while (end < list.size && list.data[end] != ',' && list.data[end] != ';') {
            end++;
        }
        *place = end + 1;
        while (begin < end && is_space(list.data[begin])) {
            begin++;
        }
        while (end > begin && is_space(list.data[end - 1])) {
            end--;
        }
        if (end > begin) {
            *out = (kaburi_text){list.data + begin, end - begin};
            return true;
        }
    }
    return false;
}

static bool same_text(kaburi_text a, kaburi_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Whether a code stands in the list before `end`. */
static bool has_code(kaburi_text list, size_t end, kaburi_text code) {
    kaburi_text found;
    for (size_t place = 0; place < end && next_code(list, &place, &found);) {
        if (place <= end && same_text(found, code)) {
            return true;
        }
    }
    return false;
}

/* Each code once, those of the record that is kept first. */
static void write_codes(kbr_bytes *out, const kaburi_record *const both[2], bool json) {
    bool first = true;
    for (int side = 0; side < 2; side++) {
        kaburi_text list = both[side]->campaigns;
        kaburi_text code;
        for (size_t place = 0; next_code(list, &place, &code);) {
            size_t begin = (size_t)(code.data - list.data);
            if (has_code(list, begin, code) ||
                (side == 1 && has_code(both[0]->campaigns, both[0]->campaigns.size + 1, code))) {
                continue;
            }
            kbr_bytes_string(out, first ? "" : json ? "," : ", ");
            if (json) {
                kbr_bytes_json(out, code.data, code.size);
            } else {
                kbr_bytes_line(out, code.data, code.size);
            }
            first = false;
        }
    }
    if (first && !json) {
        kbr_bytes_string(out, "-");
    }
}

/* ---- fields ---- */

#define FIELDS 11

static const char *const names[FIELDS] = {
    "company", "company_reading", "corporate_number", "domain", "deal", "department",
    "owner",   "amount",          "close_date",       "stage",  "kind"};
static const char *const words[2][FIELDS] = {
    {"company", "reading", "corporate number", "domain", "deal", "department", "owner", "amount",
     "close date", "stage", "kind"},
    {"会社", "読み", "法人番号", "ドメイン", "商談", "部門", "所有者", "金額", "完了予定日", "段階",
     "種別"},
};
/* As CRMs in Japan have them; in JSON and English as everywhere in kaburi. */
static const char *const stages[2][4] = {{"", "open", "won", "lost"},
                                         {"", "進行中", "受注", "失注"}};
static const char *const kinds[2][4] = {{"", "opportunity", "mql", "lead"},
                                        {"", "商談", "MQL", "リード"}};

/* What a record says in a field; nothing when it is absent. */
static void write_value(kbr_bytes *out, const kaburi_record *record, int field, int32_t language) {
    const kaburi_text *texts[TEXTS];
    if (field < TEXTS) {
        const kaburi_text *text = texts_of(record, texts)[field];
        kbr_bytes_append(out, text->data, text->size);
    } else if (field == TEXTS) {
        if (record->amount != KABURI_AMOUNT_ABSENT) {
            kbr_bytes_format(out, "%lld", (long long)record->amount);
        }
    } else if (field == TEXTS + 1) {
        if (record->close_date != KABURI_DATE_ABSENT) {
            kbr_explain_date(out, record->close_date);
        }
    } else {
        kbr_bytes_string(out, field == TEXTS + 2 ? stages[language][record->stage]
                                                 : kinds[language][record->kind]);
    }
}

typedef struct values {
    kbr_bytes kept;
    kbr_bytes other;
} values;

/* Both values of a field. False: the two say the same, or only the one that is kept says anything.
 */
static bool differ(values *at, const kaburi_record *const both[2], int field, int32_t language) {
    at->kept.size = 0;
    at->other.size = 0;
    write_value(&at->kept, both[0], field, language);
    write_value(&at->other, both[1], field, language);
    return at->other.size > 0 && !same_text((kaburi_text){at->kept.data, at->kept.size},
                                            (kaburi_text){at->other.data, at->other.size});
}

static void write_line(kbr_bytes *out, const values *at, int field, int32_t language) {
    static const char *const heads[2][2] = {{"  take over  ", "  lost       "},
                                            {"  引き継ぐ  ", "  失われる  "}};
    bool lost = at->kept.size > 0;
    kbr_bytes_string(out, heads[language][lost]);
    kbr_bytes_string(out, words[language][field]);
    kbr_bytes_string(out, ": ");
    kbr_bytes_line(out, at->other.data, at->other.size);
    if (lost) {
        kbr_bytes_string(out, language == KABURI_LANGUAGE_JAPANESE ? " (残る値: " : " (kept: ");
        kbr_bytes_line(out, at->kept.data, at->kept.size);
        kbr_bytes_string(out, ")");
    }
    kbr_bytes_string(out, "\n");
}

static void write_object(kbr_bytes *out, const values *at, int field) {
    kbr_bytes_format(out, "{\"field\":\"%s\",\"action\":\"%s\",\"kept\":", names[field],
                     at->kept.size > 0 ? "lose" : "take");
    kbr_bytes_json(out, at->kept.data, at->kept.size);
    kbr_bytes_string(out, ",\"other\":");
    kbr_bytes_json(out, at->other.data, at->other.size);
    kbr_bytes_string(out, "}");
}

/* ---- the whole ---- */

static const char *const reason_names[] = {"stage", "kind", "created", "filled", "id"};
static const char *const reason_words[2][KBR_KEEP_REASONS] = {
    {"its stage is further on", "its kind is further on", "it was created first",
     "it has more fields", "nothing else tells them apart"},
    {"段階が進んでいる", "種別が進んでいる", "先に作成された", "入力項目が多い",
     "ほかに違いがない"},
};

/* Of two dates the earlier; *side is whose. False when both are absent. */
static bool first_touch(const kaburi_merge_options *options, int32_t *days, int *side) {
    const int32_t both[] = {options->first_touch_a, options->first_touch_b};
    *side = both[0] == KABURI_DATE_ABSENT || (both[1] != KABURI_DATE_ABSENT && both[1] < both[0]);
    *days = both[*side];
    return *days != KABURI_DATE_ABSENT;
}

static void write_text_head(kbr_bytes *out, const kaburi_match *match, int kept, int reason,
                            int32_t language) {
    bool japanese = language == KABURI_LANGUAGE_JAPANESE;
    char side = kept == 0 ? 'A' : 'B';
    if (match->verdict != KABURI_VERDICT_DUPLICATE) {
        kbr_bytes_string(out, japanese ? "統合は勧めない: " : "do not merge: ");
    } else {
        kbr_bytes_format(out, japanese ? "%cを残す(%s): " : "keep %c, for %s: ", side,
                         reason_words[language][reason]);
    }
    kbr_bytes_string(out, kbr_explain_verdict(match->verdict, language));
    kbr_bytes_string(out, ", ");
    kbr_bytes_fixed(out, match->probability * 100, 1);
    kbr_bytes_string(out, " %\n");
}

static void write_json_head(kbr_bytes *out, const kaburi_match *match, int kept, int reason) {
    kbr_bytes_format(out,
                     "{\"verdict\":\"%s\",\"probability\":", kaburi_verdict_name(match->verdict));
    kbr_bytes_fixed(out, match->probability, 6);
    kbr_bytes_format(out, ",\"advised\":%s,\"keep\":\"%c\",\"because\":\"%s\",\"fields\":[",
                     match->verdict == KABURI_VERDICT_DUPLICATE ? "true" : "false",
                     kept == 0 ? 'a' : 'b', reason_names[reason]);
}

static void write_text_tail(kbr_bytes *out, const kaburi_record *const both[2],
                            const kaburi_merge_options *options, int32_t language) {
    bool japanese = language == KABURI_LANGUAGE_JAPANESE;
    int32_t days;
    int side;
    kbr_bytes_string(out, japanese ? "  統合      キャンペーン: " : "  unite      campaigns: ");
    write_codes(out, both, false);
    kbr_bytes_string(out, "\n");
    if (first_touch(options, &days, &side)) {
        kbr_bytes_string(out, japanese ? "  最も早い  初回接触: " : "  earliest   first touch: ");
        kbr_explain_date(out, days);
        kbr_bytes_format(out, " (%c)\n", side == 0 ? 'A' : 'B');
    }
}

static void write_json_tail(kbr_bytes *out, const kaburi_record *const both[2],
                            const kaburi_merge_options *options) {
    int32_t days;
    int side;
    kbr_bytes_string(out, "],\"campaigns\":[");
    write_codes(out, both, true);
    kbr_bytes_string(out, "],\"first_touch\":");
    if (first_touch(options, &days, &side)) {
        kbr_bytes_string(out, "\"");
        kbr_explain_date(out, days);
        kbr_bytes_format(out, "\",\"first_touch_of\":\"%c\"}", side == 0 ? 'a' : 'b');
    } else {
        kbr_bytes_string(out, "null,\"first_touch_of\":null}");
    }
}

bool kbr_advise(kbr_bytes *out, const kaburi_match *match, const kaburi_record *a,
                const kaburi_record *b, const kaburi_merge_options *options, int32_t language,
                int32_t format) {
    bool json = format == KABURI_FORMAT_JSON;
    int reason;
    int kept = kbr_advice_kept(a, b, options, &reason);
    const kaburi_record *const both[2] = {kept == 0 ? a : b, kept == 0 ? b : a};
    values at = {.kept = {.allocator = out->allocator}, .other = {.allocator = out->allocator}};
    bool first = true;
    if (json) {
        write_json_head(out, match, kept, reason);
    } else {
        write_text_head(out, match, kept, reason, language);
    }
    for (int field = 0; field < FIELDS; field++) {
        if (!differ(&at, both, field, json ? KABURI_LANGUAGE_ENGLISH : language)) {
            continue;
        }
        if (json) {
            kbr_bytes_string(out, first ? "" : ",");
            write_object(out, &at, field);
        } else {
            write_line(out, &at, field, language);
        }
        first = false;
    }
    if (json) {
        write_json_tail(out, both, options);
    } else {
        write_text_tail(out, both, options, language);
    }
    out->failed |= at.kept.failed || at.other.failed;
    kbr_bytes_free(&at.kept);
    kbr_bytes_free(&at.other);
    return !out->failed;
}
