/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explaining. One line a field, in the order of the fields, with both values where they differ and
 * the weight in bits; phrases are data.
 */
#include "explain.h"

#include "model.h"
#include "rests.h"
#include "words.h"

#include <math.h>
#include <string.h>

static const char *const verdict_words[2][6] = {
    {"unrelated", "another company of the same name", "related companies, not the same customer",
     "same customer, another deal", "same deal, another period (renewal)", "duplicate"},
    {"無関係", "同名の別会社", "関連会社(別の顧客)", "同じ顧客の別商談", "更新・継続商談(期間違い)",
     "重複"},
};
static const char *const decision_words[2][3] = {{"allow", "alert", "block"},
                                                 {"許可", "警告", "阻止"}};
static const char *const field_words[2][KABURI_FIELD_COUNT] = {
    {"company", "legal form", "branch", "reading", "corporate number", "domain", "deal", "year",
     "period", "phase", "lot", "kind of sale", "site", "number", "amount", "close date"},
    {"会社", "法人格", "拠点", "読み", "法人番号", "ドメイン", "商談", "年度", "期間", "フェーズ",
     "ロット", "商談種類", "場所", "番号", "金額", "完了予定日"},
};

const char *kbr_explain_verdict(int32_t verdict, int32_t language) {
    return verdict_words[language][verdict];
}

/* ---- values ---- */

bool kbr_explain_number(kbr_bytes *out, const kbr_number *number) {
    if (number->role == KBR_NUMBER_OPPOSED) {
        const kbr_word *word = &kbr_words_deal_opposed.words[KBR_OPPOSED_WORD(number->value)];
        kbr_bytes_units(out, kbr_words_deal_opposed.pool + word->text, word->len);
        return !out->failed;
    }
    static const char *const before[] = {
        [KBR_NUMBER_HALF] = "H", [KBR_NUMBER_QUARTER] = "Q", [KBR_NUMBER_AMOUNT] = ""};
    static const char *const behind[] = {
        [KBR_NUMBER_MONTH] = "月", [KBR_NUMBER_DAY] = "日", [KBR_NUMBER_AMOUNT] = "円"};
    long long value = number->value;
    if (before[number->role] != NULL) {
        kbr_bytes_string(out, before[number->role]);
    }
    if (number->scale == 1000) {
        long long fraction = value % 1000;
        int digits = 3;
        for (; digits > 1 && fraction % 10 == 0; digits--) {
            fraction /= 10;
        }
        kbr_bytes_format(out, "%lld.%0*lld", value / 1000, digits, fraction);
    } else {
        kbr_bytes_format(out, "%lld", value);
    }
    if (behind[number->role] != NULL) {
        kbr_bytes_string(out, behind[number->role]);
    }
    return !out->failed;
}

static void numbers(kbr_bytes *out, const kbr_deal *deal, uint32_t roles) {
    bool first = true;
    for (uint32_t i = 0; i < deal->number_count; i++) {
        if ((roles >> deal->numbers[i].role & 1U) != 0) {
            kbr_bytes_string(out, first ? "" : ", ");
            (void)kbr_explain_number(out, &deal->numbers[i]);
            first = false;
        }
    }
}

static void years(kbr_bytes *out, const kbr_deal *deal, int32_t language) {
    bool first = true;
    for (uint32_t i = 0; i < deal->number_count; i++) {
        if (deal->numbers[i].role == KBR_NUMBER_YEAR) {
            kbr_bytes_string(out, first ? "" : ", ");
            (void)kbr_explain_number(out, &deal->numbers[i]);
            kbr_bytes_string(out, language == KABURI_LANGUAGE_JAPANESE ? "年度" : "");
            first = false;
        }
    }
}

bool kbr_explain_sales(kbr_bytes *out, uint32_t sales, int32_t language) {
    static const struct {
        uint32_t bit;
        const char *name[2];
    } names[] = {{KBR_SALE_NEW, {"new", "新規"}},
                 {KBR_SALE_RENEWAL, {"renewal", "更新"}},
                 {KBR_SALE_ADDITIONAL, {"additional", "追加"}},
                 {KBR_SALE_MAINTENANCE, {"maintenance", "保守"}},
                 {KBR_SALE_CANCELLATION, {"cancellation", "解約"}},
                 {KBR_SALE_TRIAL, {"trial", "試行"}},
                 {KBR_SALE_PRODUCTION, {"production", "本番"}}};
    bool first = true;
    for (size_t i = 0; i < KBR_COUNT(names); i++) {
        if ((sales & names[i].bit) != 0) {
            kbr_bytes_string(out, first ? "" : ", ");
            kbr_bytes_string(out, names[i].name[language]);
            first = false;
        }
    }
    return !out->failed;
}

static void forms(kbr_bytes *out, const kbr_company *company, int32_t language) {
    static const char *const places[2][4] = {{"", "head", "middle", "tail"},
                                             {"", "前", "中", "後"}};
    for (uint32_t i = 0; i < company->form_count; i++) {
        const char *name = kbr_company_form_name(company->forms[i].form);
        kbr_bytes_string(out, i == 0 ? "" : ", ");
        kbr_bytes_string(out, name != NULL ? name : "?");
        kbr_bytes_format(out, " (%s)", places[language][company->forms[i].place & 3]);
    }
}

/* A note in brackets stands for the branch where none is named, as on the card. */
static void branch(kbr_bytes *out, const kbr_company *company) {
    const kbr_units *told = company->branch.len > 0 ? &company->branch : &company->note;
    kbr_bytes_units(out, told->data, told->len);
}

/* Days since 1970 as a date of the proleptic Gregorian calendar (Hinnant, civil_from_days). */
void kbr_explain_date(kbr_bytes *out, int32_t days) {
    int64_t shifted = (int64_t)days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    month += month < 10 ? 3 : -9;
    long long year = year_of_era + era * 400 + (month <= 2);
    kbr_bytes_format(out, "%04lld-%02lld-%02lld", year, (long long)month, (long long)day);
}

static void text(kbr_bytes *out, kaburi_text value) {
    kbr_bytes_append(out, value.data, value.size);
}

/* What a record says in a field, as a person would read it. */
static void value_of(kbr_bytes *out, int field, const kaburi_record *record,
                     const kbr_reader *parsed, int32_t language) {
    const kbr_company *company = &parsed->company;
    const kbr_deal *deal = &parsed->deal;
    switch (field) {
    case KABURI_FIELD_COMPANY:
        text(out, record->company);
        break;
    case KABURI_FIELD_FORM:
        forms(out, company, language);
        break;
    case KABURI_FIELD_BRANCH:
        branch(out, company);
        break;
    case KABURI_FIELD_READING:
        text(out, record->company_reading);
        break;
    case KABURI_FIELD_CORPORATE_NUMBER:
        text(out, record->corporate_number);
        break;
    case KABURI_FIELD_DOMAIN:
        text(out, record->domain);
        break;
    case KABURI_FIELD_DEAL:
        text(out, record->deal);
        break;
    case KABURI_FIELD_YEAR:
        years(out, deal, language);
        break;
    case KABURI_FIELD_PERIOD:
        numbers(out, deal,
                1U << KBR_NUMBER_HALF | 1U << KBR_NUMBER_QUARTER | 1U << KBR_NUMBER_MONTH);
        break;
    case KABURI_FIELD_PHASE:
        numbers(out, deal, 1U << KBR_NUMBER_PHASE);
        break;
    case KABURI_FIELD_LOT:
        numbers(out, deal, 1U << KBR_NUMBER_LOT);
        break;
    case KABURI_FIELD_SALE:
        (void)kbr_explain_sales(out, deal->sales, language);
        break;
    case KABURI_FIELD_SITE:
        kbr_bytes_units(out, deal->site.data, deal->site.len);
        break;
    case KABURI_FIELD_NUMBER:
        numbers(out, deal, 1U << KBR_NUMBER_PLAIN | 1U << KBR_NUMBER_DAY);
        break;
    case KABURI_FIELD_AMOUNT:
        if (record->amount != KABURI_AMOUNT_ABSENT) {
            kbr_bytes_format(out, "%lld", (long long)record->amount);
        } else {
            numbers(out, deal, 1U << KBR_NUMBER_AMOUNT);
        }
        break;
    default:
        if (record->close_date != KABURI_DATE_ABSENT) {
            kbr_explain_date(out, record->close_date);
        }
        break;
    }
}

/* ---- the two forms ---- */

typedef struct sides {
    kbr_bytes a;
    kbr_bytes b;
    kbr_bytes apart; /* the words that tell two related companies apart */
} sides;

static void write_rest(kbr_bytes *out, const uint16_t *unit, size_t len) {
    while (len > 0 && *unit == ' ') {
        unit++;
        len--;
    }
    while (len > 0 && unit[len - 1] == ' ') {
        len--;
    }
    kbr_bytes_units(out, unit, len);
}

/* 九州 of X and X九州; 企画 / サービス of X企画 and Xサービス. */
static void words_apart(kbr_bytes *out, const kbr_units *a, const kbr_units *b) {
    kbr_rest rest = kbr_rest_of(a->data, a->len, b->data, b->len);
    write_rest(out, a->data + rest.at, rest.x_len);
    kbr_bytes_string(out, rest.x_len > 0 && rest.y_len > 0 ? " / " : "");
    write_rest(out, b->data + rest.at, rest.y_len);
}

static bool is_apart(const kaburi_match *match) {
    int level = match->level[KABURI_FIELD_COMPANY];
    return level == KBR_COMPANY_RELATED_2 || level == KBR_COMPANY_RELATED_1 ||
           level == KBR_COMPANY_PARENT;
}

/* What a conflict makes of a duplicate, in a word. */
static const char *const turn_words[2][6] = {
    {"", "another company", "", "another deal", "renewal", ""},
    {"", "別会社", "", "別商談", "更新", ""},
};

/* The verdict that a field's conflict turned the match to; -1: none, or it was another's. */
static int32_t turned_to(const kaburi_match *match, int field) {
    int level = match->level[field];
    int32_t verdict = -1;
    switch (field) {
    case KABURI_FIELD_CORPORATE_NUMBER:
        verdict = level == KBR_ID_CONFLICT ? KABURI_VERDICT_HOMONYM : -1;
        break;
    case KABURI_FIELD_DEAL:
        verdict = level == KBR_DEAL_OPPOSED ? KABURI_VERDICT_PARALLEL : -1;
        break;
    case KABURI_FIELD_YEAR:
    case KABURI_FIELD_PERIOD:
        verdict = level >= KBR_TOLD_CONFLICT ? KABURI_VERDICT_RENEWAL : -1;
        break;
    case KABURI_FIELD_BRANCH:
        verdict = level == KBR_TOLD_CONFLICT || level == KBR_BRANCH_FACILITY
                      ? KABURI_VERDICT_PARALLEL
                      : -1;
        break;
    case KABURI_FIELD_PHASE:
    case KABURI_FIELD_LOT:
    case KABURI_FIELD_SALE:
    case KABURI_FIELD_SITE:
    case KABURI_FIELD_NUMBER:
        verdict = level == KBR_TOLD_CONFLICT ? KABURI_VERDICT_PARALLEL : -1;
        break;
    default:
        break;
    }
    return verdict == match->verdict ? verdict : -1;
}

/* "  +4.1  ", so that the weights stand under one another. */
static void write_weight(kbr_bytes *out, double weight) {
    double size = fabs(weight);
    kbr_bytes_string(out, size < 9.95 ? "  " : size < 99.95 ? " " : "");
    kbr_bytes_string(out, weight > -0.05 ? "+" : "");
    kbr_bytes_fixed(out, weight, 1);
    kbr_bytes_string(out, "  ");
}

/* A name may hold line breaks; it must not look as if it were two lines. */
static void write_value(kbr_bytes *out, const kbr_bytes *value) {
    if (value->size > 0) {
        kbr_bytes_line(out, value->data, value->size);
    } else {
        kbr_bytes_string(out, "-");
    }
}

static void write_line(kbr_bytes *out, const kaburi_match *match, int field, const sides *values,
                       int32_t language) {
    write_weight(out, (double)match->weight[field]);
    kbr_bytes_string(out, field_words[language][field]);
    kbr_bytes_string(out, ": ");
    kbr_bytes_string(out, kbr_explain_phrases[language][field][match->level[field]]);
    if (values->a.size > 0 || values->b.size > 0) {
        bool same = values->a.size == values->b.size &&
                    memcmp(values->a.data, values->b.data, values->a.size) == 0;
        kbr_bytes_string(out, ": ");
        write_value(out, &values->a);
        if (!same) {
            kbr_bytes_string(out, " / ");
            write_value(out, &values->b);
        }
    }
    if (values->apart.size > 0) {
        kbr_bytes_string(out, " (");
        write_value(out, &values->apart);
        kbr_bytes_string(out, ")");
    }
    int32_t turned = turned_to(match, field);
    if (turned >= 0) {
        kbr_bytes_string(out, " → ");
        kbr_bytes_string(out, turn_words[language][turned]);
    }
    kbr_bytes_string(out, "\n");
}

static void write_object(kbr_bytes *out, const kaburi_match *match, int field, const sides *values,
                         int32_t language) {
    const char *phrase = kbr_explain_phrases[language][field][match->level[field]];
    kbr_bytes_format(out,
                     "{\"field\":\"%s\",\"level\":\"%s\",\"weight\":", kaburi_field_name(field),
                     kbr_compare_level_name(field, match->level[field]));
    kbr_bytes_fixed(out, (double)match->weight[field], 3);
    kbr_bytes_string(out, ",\"text\":");
    kbr_bytes_json(out, phrase, strlen(phrase));
    kbr_bytes_string(out, ",\"a\":");
    kbr_bytes_json(out, values->a.data, values->a.size);
    kbr_bytes_string(out, ",\"b\":");
    kbr_bytes_json(out, values->b.data, values->b.size);
    if (values->apart.size > 0) {
        kbr_bytes_string(out, ",\"apart\":");
        kbr_bytes_json(out, values->apart.data, values->apart.size);
    }
    int32_t turned = turned_to(match, field);
    if (turned >= 0) {
        kbr_bytes_format(out, ",\"verdict\":\"%s\"", kaburi_verdict_name(turned));
    }
    kbr_bytes_string(out, "}");
}

static void write_json_head(kbr_bytes *out, const kaburi_match *match) {
    kbr_bytes_format(out,
                     "{\"verdict\":\"%s\",\"probability\":", kaburi_verdict_name(match->verdict));
    kbr_bytes_fixed(out, match->probability, 6);
    kbr_bytes_format(out, ",\"decision\":\"%s\",\"fields\":[",
                     kaburi_decision_name(match->decision));
}

/* A twin that is closed already, which is told by no field. */
static void write_stage(kbr_bytes *out, const kaburi_match *match, int32_t language) {
    static const char *const words[2][2] = {
        {"stage: the other is won already: a successor", "stage: the other is lost: a hint"},
        {"段階: 一方は受注済み(後続の商談)", "段階: 一方は失注済み(再商談の手がかり)"}};
    const uint64_t closed = KABURI_EVIDENCE_STAGE_WON | KABURI_EVIDENCE_STAGE_LOST;
    if ((match->evidence & closed) == 0) {
        return;
    }
    kbr_bytes_string(out, "        ");
    kbr_bytes_string(out, words[language][(match->evidence & KABURI_EVIDENCE_STAGE_LOST) != 0]);
    if (match->verdict == KABURI_VERDICT_RENEWAL) {
        kbr_bytes_string(out, " → ");
        kbr_bytes_string(out, turn_words[language][KABURI_VERDICT_RENEWAL]);
    }
    kbr_bytes_string(out, "\n");
}

static void write_stage_object(kbr_bytes *out, const kaburi_match *match) {
    const uint64_t closed = KABURI_EVIDENCE_STAGE_WON | KABURI_EVIDENCE_STAGE_LOST;
    if ((match->evidence & closed) != 0) {
        kbr_bytes_format(out, ",\"closed\":\"%s\"",
                         (match->evidence & KABURI_EVIDENCE_STAGE_WON) != 0 ? "won" : "lost");
    }
}

static void write_signed(kbr_bytes *out, double bits) {
    kbr_bytes_string(out, bits > -0.05 ? "+" : "");
    kbr_bytes_fixed(out, bits, 1);
}

static void write_percent(kbr_bytes *out, double probability) {
    kbr_bytes_fixed(out, probability * 100, 1);
    kbr_bytes_string(out, " %");
}

/* The sum, so that the probability can be followed: of the customer and of the deal the odds before
 * any evidence and with it, then their product and what calibration makes of it. */
static void write_account(kbr_bytes *out, const kaburi_match *match, const kaburi_model *model,
                          int32_t language) {
    static const char *const names[2][2] = {{"customer", "deal"}, {"顧客", "商談"}};
    static const char *const priors[2] = {": prior ", ": 事前 "};
    if (model == NULL) {
        return;
    }
    kbr_account account;
    kbr_model_account(&account, model, match);
    for (int i = 0; i < account.parts; i++) {
        kbr_bytes_string(out, i == 0 ? "  = " : " × ");
        kbr_bytes_string(out, names[language][i]);
        kbr_bytes_string(out, " ");
        write_percent(out, account.likely[i]);
        kbr_bytes_string(out, " (");
        write_signed(out, account.bits[i]);
        kbr_bytes_string(out, priors[language]);
        write_signed(out, account.prior[i]);
        kbr_bytes_string(out, ")");
    }
    kbr_bytes_string(out, language == KABURI_LANGUAGE_JAPANESE ? "、較正後 " : ", calibrated ");
    write_percent(out, match->probability);
    kbr_bytes_string(out, "\n");
}

static void write_account_object(kbr_bytes *out, const kaburi_match *match,
                                 const kaburi_model *model) {
    static const char *const names[2] = {"customer", "deal"};
    if (model == NULL) {
        return;
    }
    kbr_account account;
    kbr_model_account(&account, model, match);
    for (int i = 0; i < account.parts; i++) {
        kbr_bytes_format(out, ",\"%s\":{\"prior\":", names[i]);
        kbr_bytes_fixed(out, account.prior[i], 3);
        kbr_bytes_string(out, ",\"bits\":");
        kbr_bytes_fixed(out, account.bits[i], 3);
        kbr_bytes_string(out, ",\"probability\":");
        kbr_bytes_fixed(out, account.likely[i], 6);
        kbr_bytes_string(out, "}");
    }
    kbr_bytes_string(out, ",\"weighed\":");
    kbr_bytes_fixed(out, account.weighed, 6);
}

static void write_text_head(kbr_bytes *out, const kaburi_match *match, int32_t language) {
    bool japanese = language == KABURI_LANGUAGE_JAPANESE;
    kbr_bytes_string(out, japanese ? "判定: " : "verdict: ");
    kbr_bytes_string(out, verdict_words[language][match->verdict]);
    kbr_bytes_string(out, japanese ? " (確率 " : " (probability ");
    kbr_bytes_fixed(out, match->probability * 100, 1);
    kbr_bytes_string(out, japanese ? " %、" : " %, ");
    kbr_bytes_string(out, decision_words[language][match->decision]);
    kbr_bytes_string(out, ")\n");
}

bool kbr_explain(kbr_bytes *out, const kaburi_match *match, const kaburi_record *a,
                 const kbr_reader *a_parsed, const kaburi_record *b, const kbr_reader *b_parsed,
                 const kaburi_model *model, int32_t language, int32_t format) {
    sides values = {.a = {.allocator = out->allocator},
                    .b = {.allocator = out->allocator},
                    .apart = {.allocator = out->allocator}};
    bool first = true;
    if (format == KABURI_FORMAT_JSON) {
        write_json_head(out, match);
    } else {
        write_text_head(out, match, language);
    }
    for (int field = 0; field < KABURI_FIELD_COUNT; field++) {
        if (match->level[field] == KBR_LEVEL_ABSENT) {
            continue;
        }
        values.a.size = 0;
        values.b.size = 0;
        values.apart.size = 0;
        value_of(&values.a, field, a, a_parsed, language);
        value_of(&values.b, field, b, b_parsed, language);
        if (field == KABURI_FIELD_COMPANY && is_apart(match)) {
            words_apart(&values.apart, &a_parsed->company.core, &b_parsed->company.core);
        }
        if (values.a.failed || values.b.failed || values.apart.failed) {
            out->failed = true;
            break;
        }
        if (format == KABURI_FORMAT_JSON) {
            kbr_bytes_string(out, first ? "" : ",");
            write_object(out, match, field, &values, language);
        } else {
            write_line(out, match, field, &values, language);
        }
        first = false;
    }
    if (format == KABURI_FORMAT_JSON) {
        kbr_bytes_string(out, "]");
        write_stage_object(out, match);
        write_account_object(out, match, model);
        kbr_bytes_string(out, "}");
    } else {
        write_stage(out, match, language);
        write_account(out, match, model, language);
    }
    kbr_bytes_free(&values.a);
    kbr_bytes_free(&values.b);
    kbr_bytes_free(&values.apart);
    return !out->failed;
}
