/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a record: what is refused and how the message puts it, how numbers, domains and readings
 * are understood, and that a card is whole and its reader still good after a failure.
 */
#include "record.h"
#include "samples.h"
#include "starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kbr_reader reader;
static kaburi_record record;
static kaburi_error error;

static int set_up(void **state) {
    (void)state;
    kbr_reader_init(&reader, &kbr_allocator_default);
    kaburi_record_init(&record);
    memset(&error, 0, sizeof error);
    record.company = kaburi_text_of("株式会社山田製作所");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_reader_free(&reader);
    return 0;
}

static const struct {
    const char *name;
    size_t place;
} fields[] = {
    {"company", offsetof(kaburi_record, company)},
    {"company_reading", offsetof(kaburi_record, company_reading)},
    {"corporate_number", offsetof(kaburi_record, corporate_number)},
    {"domain", offsetof(kaburi_record, domain)},
    {"deal", offsetof(kaburi_record, deal)},
    {"department", offsetof(kaburi_record, department)},
    {"owner", offsetof(kaburi_record, owner)},
    {"campaigns", offsetof(kaburi_record, campaigns)},
};

static kaburi_text *field_at(size_t i) {
    return (kaburi_text *)(void *)((char *)&record + fields[i].place);
}

static void refuses_as(kaburi_status status, const char *message) {
    assert_int_equal(kbr_reader_read(&reader, &record, &error), status);
    assert_int_equal(error.status, status);
    assert_string_equal(error.message, message);
}

/* Refused with the field named first in the message. */
static void refuses_field(kaburi_status status, uint64_t offset, const char *field) {
    assert_int_equal(kbr_reader_read(&reader, &record, &error), status);
    assert_int_equal(error.status, status);
    assert_int_equal(error.offset, offset);
    assert_int_equal(strncmp(error.message, field, strlen(field)), 0);
    assert_non_null(memchr(" :", error.message[strlen(field)], 2));
}

static void takes_record(void) {
    if (kbr_reader_read(&reader, &record, &error) != KABURI_OK) {
        fail_msg("refused: %s", error.message);
    }
}

static char *filled(size_t size, char byte) {
    char *data = malloc(size);
    assert_non_null(data);
    memset(data, byte, size);
    return data;
}

/* ---- refused ---- */

static void refuses_a_record_nobody_initialised(void **state) {
    (void)state;
    static const uint32_t wrong[] = {0, 1, sizeof record - 8, sizeof record + 8, UINT32_MAX};
    for (size_t i = 0; i < KBR_COUNT(wrong); i++) {
        char message[100];
        (void)snprintf(message, sizeof message,
                       "record.struct_size is %u; kaburi_record_init sets %zu", wrong[i],
                       sizeof record);
        record.struct_size = wrong[i];
        refuses_as(KABURI_ERROR_ARGUMENT, message);
    }
}

static void refuses_a_record_without_company_and_deal(void **state) {
    (void)state;
    record.company = kaburi_text_of(NULL);
    record.domain = kaburi_text_of("example.co.jp");
    refuses_as(KABURI_ERROR_ARGUMENT, "record has neither company nor deal");
    record.deal = kaburi_text_of("ERP導入");
    takes_record();
}

static void refuses_a_stage_or_kind_out_of_range(void **state) {
    (void)state;
    record.stage = -1;
    refuses_as(KABURI_ERROR_ARGUMENT, "stage is -1; allowed are 0..3");
    record.stage = 4;
    refuses_as(KABURI_ERROR_ARGUMENT, "stage is 4; allowed are 0..3");
    record.stage = KABURI_STAGE_LOST;
    record.kind = INT32_MIN;
    refuses_as(KABURI_ERROR_ARGUMENT, "kind is -2147483648; allowed are 0..3");
    record.kind = 4;
    refuses_as(KABURI_ERROR_ARGUMENT, "kind is 4; allowed are 0..3");
    record.kind = KABURI_KIND_LEAD;
    takes_record();
    assert_int_equal(reader.card->stage, KABURI_STAGE_LOST);
    assert_int_equal(reader.card->kind, KABURI_KIND_LEAD);
}

static void refuses_malformed_utf8_in_every_field(void **state) {
    (void)state;
    static const char *const malformed[] = {
        "\x80",             /* no lead byte */
        "\xC0\xAF",         /* overlong */
        "\xE0\x80\xAF",     /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xF4\x90\x80\x80", /* over U+10FFFF */
        "\xE5\xB1",         /* ends too early */
        "\xFF",
    };
    for (size_t i = 0; i < KBR_COUNT(fields); i++) {
        for (size_t j = 0; j < KBR_COUNT(malformed); j++) {
            char text[16] = "山a";
            memcpy(text + 4, malformed[j], strlen(malformed[j]) + 1);
            kaburi_text before = *field_at(i);
            *field_at(i) = kaburi_text_of(text);
            refuses_field(KABURI_ERROR_TEXT, 4, fields[i].name);
            assert_non_null(strstr(error.message, "malformed UTF-8 at byte 4"));
            *field_at(i) = before;
        }
    }
}

static void refuses_nul_in_every_field(void **state) {
    (void)state;
    for (size_t i = 0; i < KBR_COUNT(fields); i++) {
        kaburi_text before = *field_at(i);
        *field_at(i) = (kaburi_text){"ab\0c", 4};
        refuses_field(KABURI_ERROR_TEXT, 2, fields[i].name);
        assert_non_null(strstr(error.message, "NUL at byte 2"));
        *field_at(i) = before;
    }
}

static void refuses_a_text_over_the_limit_in_every_field(void **state) {
    (void)state;
    static const size_t sizes[] = {KABURI_TEXT_SIZE_MAX + 1, 1 << 20};
    char *data = filled(1 << 20, 'x');
    for (size_t i = 0; i < KBR_COUNT(fields); i++) {
        for (size_t j = 0; j < KBR_COUNT(sizes); j++) {
            kaburi_text before = *field_at(i);
            *field_at(i) = (kaburi_text){data, sizes[j]};
            refuses_field(KABURI_ERROR_TOO_LONG, 0, fields[i].name);
            assert_non_null(strstr(error.message, "allowed are 16384"));
            *field_at(i) = before;
        }
    }
    free(data);
}

static void takes_texts_of_the_greatest_size(void **state) {
    (void)state;
    uint64_t seed = 13;
    char *data = filled(KABURI_TEXT_SIZE_MAX, 'x');
    for (size_t i = 0; i < KABURI_TEXT_SIZE_MAX; i++) {
        data[i] = (char)('a' + sample_draw(&seed, 26));
    }
    for (size_t i = 0; i < KBR_COUNT(fields); i++) {
        if (strcmp(fields[i].name, "corporate_number") != 0) {
            *field_at(i) = (kaburi_text){data, KABURI_TEXT_SIZE_MAX};
        }
    }
    takes_record();
    assert_int_equal(reader.card->company_len, KABURI_TEXT_SIZE_MAX);
    assert_in_range(reader.card->company_shingles, 900, KBR_CARD_SHINGLES_MAX);
    assert_in_range(reader.card->deal_shingles, 900, KBR_CARD_SHINGLES_MAX);
    free(data);
}

/* U+FDFA is 3 bytes and folds to 18 units. */
static void refuses_a_text_that_folds_to_more_than_the_limit(void **state) {
    (void)state;
    char data[3 * 1000];
    for (size_t i = 0; i < sizeof data; i += 3) {
        memcpy(data + i, "ﷺ", 3);
    }
    static const size_t folding[] = {0, 1, 2, 3, 4};
    for (size_t i = 0; i < KBR_COUNT(folding); i++) {
        kaburi_text before = *field_at(folding[i]);
        *field_at(folding[i]) = (kaburi_text){data, sizeof data};
        refuses_field(KABURI_ERROR_TOO_LONG, 0, fields[folding[i]].name);
        assert_non_null(strstr(error.message, "folds to 18000 UTF-16 units; allowed are 16384"));
        *field_at(folding[i]) = before;
    }
}

static void refuses_null_with_a_size_in_every_field(void **state) {
    (void)state;
    for (size_t i = 0; i < KBR_COUNT(fields); i++) {
        kaburi_text before = *field_at(i);
        *field_at(i) = (kaburi_text){NULL, 3};
        refuses_field(KABURI_ERROR_ARGUMENT, 0, fields[i].name);
        assert_non_null(strstr(error.message, "is NULL with a size of 3"));
        *field_at(i) = before;
    }
}

static void refuses_names_that_are_empty_once_folded(void **state) {
    (void)state;
    static const char *const empty[] = {"\u200B", "\uFE0F\uFE0E", "\u3000 \t", "\u00AD\uFEFF"};
    for (size_t i = 0; i < KBR_COUNT(empty); i++) {
        record.company = kaburi_text_of(empty[i]);
        record.deal = kaburi_text_of(NULL);
        refuses_as(KABURI_ERROR_ARGUMENT, "company and deal are empty after folding");
        record.deal = kaburi_text_of(empty[i]);
        refuses_as(KABURI_ERROR_ARGUMENT, "company and deal are empty after folding");
        record.deal = kaburi_text_of("ERP導入");
        takes_record();
        assert_true(reader.card->company == 0 && kbr_card_word(reader.card, KBR_CARD_DEAL) != 0);
    }
}

/* ---- single fields ---- */

static uint64_t corporate_number_of(const char *text) {
    record.corporate_number = kaburi_text_of(text);
    takes_record();
    return kbr_card_word(reader.card, KBR_CARD_CORPORATE_NUMBER);
}

/* 7000012050002 is 国税庁's own. */
static void takes_corporate_numbers_in_every_spelling(void **state) {
    (void)state;
    assert_true(corporate_number_of("7000012050002") == UINT64_C(7000012050002));
    assert_true(corporate_number_of("T7000012050002") == UINT64_C(7000012050002));
    assert_true(corporate_number_of("t7000012050002") == UINT64_C(7000012050002));
    assert_true(corporate_number_of("７０００012050002") == UINT64_C(7000012050002));
    assert_true(corporate_number_of("Ｔ7000012050002") == UINT64_C(7000012050002));
    assert_true(corporate_number_of(" 7000012050002\n") == UINT64_C(7000012050002));
    assert_true(corporate_number_of("") == 0);
}

static void refuses_a_wrong_corporate_number(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "700001205000",  "70000120500021", "T700001205000", "X7000012050002",
        "700001205000a", "7000-012050002", "七〇〇",        "0",
        "TT000012050002"};
    for (size_t i = 0; i < KBR_COUNT(wrong); i++) {
        record.corporate_number = kaburi_text_of(wrong[i]);
        refuses_as(KABURI_ERROR_ARGUMENT, "corporate_number is not 13 digits");
    }
}

/* Nine first digits are wrong, and so is every exchange of one digit but 0 for 9. */
static void refuses_a_wrong_check_digit(void **state) {
    (void)state;
    char number[] = "7000012050002";
    for (int first = '0'; first <= '9'; first++) {
        number[0] = (char)first;
        record.corporate_number = kaburi_text_of(number);
        if (first == '7') {
            takes_record();
        } else {
            refuses_as(KABURI_ERROR_ARGUMENT, "corporate_number has a wrong check digit");
        }
    }
}

static uint64_t domain_of(const char *text) {
    record.domain = kaburi_text_of(text);
    takes_record();
    return kbr_card_word(reader.card, KBR_CARD_DOMAIN);
}

static void reads_the_host_of_every_form_of_a_domain(void **state) {
    (void)state;
    static const char *const forms[] = {
        "example.co.jp",
        "EXAMPLE.co.jp",
        "ｅｘａｍｐｌｅ．ｃｏ．ｊｐ",
        "www.example.co.jp",
        "http://example.co.jp",
        "https://www.example.co.jp/",
        "https://www.example.co.jp/news?id=1",
        "https://example.co.jp:8443/a",
        "https://example.co.jp?x=1",
        "https://example.co.jp#top",
        "https://user:secret@example.co.jp/",
        "example.co.jp/?from=https://other.example.com/",
        "example.co.jp#https://other.example.com",
        "https://example.co.jp/@shop",
        "sales@example.co.jp",
        "mailto:sales@example.co.jp",
        "mailto:sales@example.co.jp?subject=a@b",
        "Sales Team <sales@example.co.jp>",
        "example.co.jp.",
    };
    uint64_t expected = domain_of(forms[0]);
    assert_true(expected != 0);
    for (size_t i = 0; i < KBR_COUNT(forms); i++) {
        if (domain_of(forms[i]) != expected) {
            fail_msg("another domain than example.co.jp: %s", forms[i]);
        }
    }
    assert_true(domain_of("sub.example.co.jp") != expected);
    assert_true(domain_of("example.com") != expected);
}

static void takes_free_mail_for_no_domain(void **state) {
    (void)state;
    static const char *const absent[] = {"gmail.com",
                                         "taro@gmail.com",
                                         "Taro@GMAIL.com",
                                         "mailto:taro@yahoo.co.jp",
                                         "",
                                         "/",
                                         "@",
                                         "https://",
                                         "."};
    for (size_t i = 0; i < KBR_COUNT(absent); i++) {
        if (domain_of(absent[i]) != 0) {
            fail_msg("taken for a domain: %s", absent[i]);
        }
    }
    assert_true(domain_of("notgmail.com") != 0);
}

static uint64_t reading_of(const char *text) {
    record.company_reading = kaburi_text_of(text);
    takes_record();
    return (reader.card->traits & KBR_TRAIT_READING_GIVEN) != 0
               ? kbr_card_word(reader.card, KBR_CARD_READING) & KBR_SPOKEN_SOUND
               : 0;
}

static void reads_a_reading_without_its_legal_form(void **state) {
    (void)state;
    uint64_t expected = reading_of("ヤマダセイサクショ");
    assert_true(expected != 0);
    assert_true(reading_of("やまだせいさくしょ") == expected);
    assert_true(reading_of("ﾔﾏﾀﾞｾｲｻｸｼｮ") == expected);
    assert_true(reading_of("株式会社ヤマダセイサクショ") == expected);
    assert_true(reading_of("ヤマーダセイサクショ") == expected); /* by the loose key */
    assert_true(reading_of("ヤマダセイサクジョ") != expected);
    assert_true(reading_of("") == 0);
}

/* ---- the card ---- */

static void packs_everything_inside_the_card(void **state) {
    (void)state;
    uint64_t seed = 11;
    for (int round = 0; round < 4000; round++) {
        sample made;
        sample_make(&made, &seed);
        made.record.id = seed;
        assert_int_equal(kbr_reader_read(&reader, &made.record, NULL), KABURI_OK);
        kbr_card *card = malloc(reader.card->size); /* a read behind it is seen by the sanitizer */
        assert_non_null(card);
        memcpy(card, reader.card, reader.card->size);
        uint32_t company = 0;
        uint32_t deal = 0;
        for (size_t i = 0; i < card->company_shingles; i++) {
            company += kbr_card_company_rarities(card)[i];
        }
        for (size_t i = 0; i < card->deal_shingles; i++) {
            deal += kbr_card_deal_rarities(card)[i];
        }
        assert_int_equal(company, card->company_weight);
        assert_int_equal(deal, card->deal_weight);
        const uint8_t *end = kbr_card_threes(card, KBR_FIELD_OF_DEAL) +
                             kbr_card_threes_size(card, KBR_FIELD_OF_DEAL);
        assert_in_range(end - (const uint8_t *)card, card->size - 7, card->size);
        assert_true(card->id == seed);
        assert_true(card->company ==
                    (card->company_len == 0
                         ? 0
                         : kbr_record_key_hash(kbr_card_company_key(card), card->company_len)));
        free(card);
    }
}

/* Every word by itself, and then with all others before and behind it. */
static void keeps_each_word_under_its_own_bit(void **state) {
    (void)state;
    static const struct {
        int word;
        const char *field;
        const char *text;
    } cases[] = {
        {KBR_CARD_FORMER, "company", "株式会社山田製作所（旧佐藤商会）"},
        {KBR_CARD_BRANCH, "company", "株式会社山田製作所 札幌支店"},
        {KBR_CARD_CORPORATE_NUMBER, "corporate_number", "7000012050002"},
        {KBR_CARD_DOMAIN, "domain", "yamada.example.co.jp"},
        {KBR_CARD_DEAL, "deal", "会計システム更改"},
        {KBR_CARD_SITE, "deal", "名古屋工場 空調更新"},
    };
    uint64_t alone[KBR_COUNT(cases)];
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        kaburi_record_init(&record);
        record.company = kaburi_text_of("株式会社山田製作所");
        for (size_t at = 0; at < KBR_COUNT(fields); at++) {
            if (strcmp(fields[at].name, cases[i].field) == 0) {
                *field_at(at) = kaburi_text_of(cases[i].text);
            }
        }
        takes_record();
        alone[i] = kbr_card_word(reader.card, cases[i].word);
        assert_true(alone[i] != 0);
        for (size_t j = 0; j < KBR_COUNT(cases); j++) {
            bool there =
                i == j || (cases[i].word == KBR_CARD_SITE && cases[j].word == KBR_CARD_DEAL);
            assert_true((kbr_card_word(reader.card, cases[j].word) != 0) == there);
        }
        assert_true(kbr_card_amount(reader.card) == KABURI_AMOUNT_ABSENT);
    }
    record.company = kaburi_text_of("株式会社山田製作所（旧佐藤商会）札幌支店");
    record.corporate_number = kaburi_text_of("7000012050002");
    record.domain = kaburi_text_of("yamada.example.co.jp");
    record.deal = kaburi_text_of("名古屋工場 空調更新");
    record.amount = -5;
    takes_record();
    assert_true(kbr_card_amount(reader.card) == -5);
    for (size_t i = 0; i < KBR_COUNT(cases); i++) {
        if (cases[i].word != KBR_CARD_DEAL) {
            assert_true(kbr_card_word(reader.card, cases[i].word) == alone[i]);
        }
    }
}

/* What would be a place beyond a table or a divisor of 0 is refused, each by itself. */
static void takes_no_card_that_leads_astray(void **state) {
    (void)state;
    record.deal = kaburi_text_of("ERP保守更新 2024年度");
    takes_record();
    const size_t size = reader.card->size;
    kbr_card *card = malloc(size);
    assert_non_null(card);
    for (int fault = -1; fault < 8; fault++) {
        memcpy(card, reader.card, size);
        switch (fault) {
        case 0:
            card->stage = KABURI_STAGE_LOST + 1;
            break;
        case 1:
            card->kind = KABURI_KIND_LEAD + 1;
            break;
        case 2:
            card->company_weight++;
            break;
        case 3:
            card->deal_weight = UINT32_MAX - card->deal_weight;
            break;
        case 4:
            card->sound_weight++;
            break;
        case 5:
            card->number_count = KBR_DEAL_NUMBERS_MAX + 1;
            break;
        case 6:
            card->word_count++;
            break;
        case 7:
            card->size++;
            break;
        default:
            break;
        }
        assert_int_equal(kbr_card_is_sound(card, size), fault == -1);
    }
    free(card);
}

static void makes_the_same_card_whatever_was_read_before(void **state) {
    (void)state;
    uint64_t seed = 12;
    for (int round = 0; round < 1000; round++) {
        sample made;
        sample_make(&made, &seed);
        kbr_reader fresh;
        kbr_reader_init(&fresh, &kbr_allocator_default);
        assert_int_equal(kbr_reader_read(&reader, &made.record, NULL), KABURI_OK);
        assert_int_equal(kbr_reader_read(&fresh, &made.record, NULL), KABURI_OK);
        assert_int_equal(reader.card->size, fresh.card->size);
        assert_memory_equal(reader.card, fresh.card, fresh.card->size);
        kbr_reader_free(&fresh);
    }
}

static void reads_on_after_a_record_it_refused(void **state) {
    (void)state;
    record.company_reading = kaburi_text_of("スズキ");
    record.domain = kaburi_text_of("example.com");
    takes_record();
    record.deal = kaburi_text_of("\xFF");
    refuses_field(KABURI_ERROR_TEXT, 0, "deal");
    record.deal = kaburi_text_of("ERP導入");
    record.company_reading = kaburi_text_of(NULL);
    record.domain = kaburi_text_of(NULL);
    takes_record();
    assert_true((reader.card->traits & KBR_TRAIT_READING_GIVEN) == 0 &&
                kbr_card_word(reader.card, KBR_CARD_DOMAIN) == 0 &&
                kbr_card_word(reader.card, KBR_CARD_DEAL) != 0);
}

static void fills_no_error_that_nobody_wants(void **state) {
    (void)state;
    record.stage = 9;
    assert_int_equal(kbr_reader_read(&reader, &record, NULL), KABURI_ERROR_ARGUMENT);
    record.stage = 0;
    record.deal = kaburi_text_of("\xFF");
    assert_int_equal(kbr_reader_read(&reader, &record, NULL), KABURI_ERROR_TEXT);
}

static void reports_missing_memory_at_every_allocation(void **state) {
    (void)state;
    record.company = kaburi_text_of("株式会社山田製作所（旧鈴木工業）大阪支店");
    record.company_reading = kaburi_text_of("ヤマダ");
    record.corporate_number = kaburi_text_of("7000012050002");
    record.domain = kaburi_text_of("example.co.jp");
    record.deal = kaburi_text_of("【展示会】2024年度 名古屋工場 ERP導入 第2期");
    size_t failures = 0;
    for (size_t granted = 0;; granted++) {
        starved memory = {granted, 0};
        kaburi_allocator allocator = starved_allocator(&memory);
        kbr_reader hungry;
        kbr_reader_init(&hungry, &allocator);
        kaburi_status status = kbr_reader_read(&hungry, &record, &error);
        if (status != KABURI_OK) {
            failures++;
            assert_int_equal(status, KABURI_ERROR_MEMORY);
            assert_string_equal(error.message, "out of memory");
            memory.left = SIZE_MAX; /* the same reader works once there is memory */
            assert_int_equal(kbr_reader_read(&hungry, &record, NULL), KABURI_OK);
        }
        takes_record();
        assert_memory_equal(hungry.card, reader.card, reader.card->size);
        kbr_reader_free(&hungry);
        assert_int_equal(memory.blocks, 0);
        if (status == KABURI_OK) {
            break;
        }
    }
    assert_true(failures >= 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What a card tells of its shingles is what splitting its key gives, of short keys, of those that
 * have one twice, and of very long ones. */
static void tells_the_shingles_of_its_keys(void **state) {
    (void)state;
    static const char *const pieces[] = {"あい", "abc", "山田 ", "x1 ", "ー", "山山山", "第2期a"};
    static kbr_shingle split[2 * KABURI_TEXT_SIZE_MAX];
    kbr_window windows[KBR_CARD_SHINGLES_MAX];
    uint64_t seed = 3;
    size_t repeats = 0;
    size_t longer = 0;
    for (int round = 0; round < 3000; round++) {
        char text[4096] = "";
        uint32_t parts = round % 50 == 0 ? 200 : sample_draw(&seed, 12) + 1;
        sample_join(text, sizeof text, &seed, pieces, KBR_COUNT(pieces), parts);
        kaburi_record twice;
        kaburi_record_init(&twice);
        twice.company = kaburi_text_of(text);
        twice.deal = kaburi_text_of(text);
        if (kbr_reader_read(&reader, &twice, NULL) != KABURI_OK) {
            continue;
        }
        const kbr_card *card = reader.card;
        for (int field = KBR_FIELD_OF_COMPANY; field <= KBR_FIELD_OF_DEAL; field++) {
            const kbr_units *key =
                field == KBR_FIELD_OF_COMPANY ? &reader.company.key : &reader.deal.key;
            size_t all = key->len == 0 ? 0 : kbr_shingle_split(split, key->data, key->len, field);
            size_t count = kbr_card_shingle_windows(windows, card, field);
            assert_int_equal(count, kbr_card_shingles(card, field));
            size_t at = 0; /* beyond 64 shingles twins were left out */
            for (size_t i = 0; i < count; i++) {
                while (at < all &&
                       kbr_window_identity(windows[i]) != kbr_shingle_identity(&split[at])) {
                    assert_true(all > KBR_SHINGLE_REACH);
                    at++;
                }
                assert_true(at < all);
                at++;
            }
            assert_true(count == all || all > KBR_SHINGLE_REACH);
            repeats += kbr_card_has_repeats(card, field) && count <= KBR_CARD_WINDOWS_MAX;
            longer += count > KBR_CARD_WINDOWS_MAX;
        }
    }
    assert_true(repeats > 100);
    assert_true(longer > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(refuses_a_record_nobody_initialised),
        TEST(refuses_a_record_without_company_and_deal),
        TEST(refuses_a_stage_or_kind_out_of_range),
        TEST(refuses_malformed_utf8_in_every_field),
        TEST(refuses_nul_in_every_field),
        TEST(refuses_a_text_over_the_limit_in_every_field),
        TEST(takes_texts_of_the_greatest_size),
        TEST(refuses_a_text_that_folds_to_more_than_the_limit),
        TEST(refuses_null_with_a_size_in_every_field),
        TEST(refuses_names_that_are_empty_once_folded),
        TEST(takes_corporate_numbers_in_every_spelling),
        TEST(refuses_a_wrong_corporate_number),
        TEST(refuses_a_wrong_check_digit),
        TEST(reads_the_host_of_every_form_of_a_domain),
        TEST(takes_free_mail_for_no_domain),
        TEST(reads_a_reading_without_its_legal_form),
        TEST(packs_everything_inside_the_card),
        TEST(tells_the_shingles_of_its_keys),
        TEST(keeps_each_word_under_its_own_bit),
        TEST(takes_no_card_that_leads_astray),
        TEST(makes_the_same_card_whatever_was_read_before),
        TEST(reads_on_after_a_record_it_refused),
        TEST(fills_no_error_that_nobody_wants),
        TEST(reports_missing_memory_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
