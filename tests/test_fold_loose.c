/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loose key: which spellings of one name it makes one, which names it keeps apart, what it says
 * it spent, where its units come from, and that it is its own loose key.
 */
#include "company.h"
#include "fold.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define KEY_MAX 512

static kbr_folded folded;
static uint16_t key[KEY_MAX];
static uint16_t other[KEY_MAX];

static int set_up(void **state) {
    (void)state;
    kbr_folded_init(&folded, &kbr_allocator_default);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kbr_folded_free(&folded);
    return 0;
}

static size_t loose(uint16_t *out, const char *text, uint32_t *folds) {
    assert_int_equal(kbr_fold(&folded, (kaburi_text){text, strlen(text)}), KABURI_OK);
    assert_true(folded.len <= KEY_MAX);
    *folds = 0;
    return kbr_fold_loose(out, folded.unit, folded.len, folds);
}

static bool one_key(const char *a, const char *b) {
    uint32_t folds;
    size_t len = loose(key, a, &folds);
    return loose(other, b, &folds) == len && memcmp(key, other, len * sizeof *key) == 0;
}

static void match(const char *a, const char *b) {
    if (!one_key(a, b)) {
        fail_msg("%s and %s have different loose keys", a, b);
    }
}

static void differ(const char *a, const char *b) {
    if (one_key(a, b)) {
        fail_msg("%s and %s have one loose key", a, b);
    }
}

static void key_is(const char *text, const char *expected) {
    uint32_t folds;
    char found[3 * KEY_MAX + 1];
    found[kbr_text_from_units(found, key, loose(key, text, &folds))] = '\0';
    if (strcmp(found, expected) != 0) {
        fail_msg("%s: '%s', expected '%s'", text, found, expected);
    }
}

static void spends(const char *text, uint32_t expected) {
    uint32_t folds;
    (void)loose(key, text, &folds);
    if (folds != expected) {
        fail_msg("%s spends %#x, expected %#x", text, folds, expected);
    }
}

/* ---- one name ---- */

static void goes_without_width_and_spaces(void **state) {
    (void)state;
    match("ＮＴＴデータ", "NTTデータ");
    match("ﾄﾖﾀ自動車", "トヨタ自動車");
    match("ABC456株式会社", "ＡＢＣ４５６株式会社");
    match("富士通 エフサス", "富士通エフサス");
    match("株式会社　山田製作所", "株式会社山田製作所");
    match("株式会社\u00A0山田\u200B製作所", "株式会社山田製作所");
}

static void goes_without_middle_dots_and_signs(void **state) {
    (void)state;
    match("アメリカン・エキスプレス", "アメリカンエキスプレス");
    match("ジョンソン･エンド･ジョンソン", "ジョンソンエンドジョンソン");
    match("A·B•C", "ABC");
    match("(株)【山田】『製作所』", "株山田製作所");
}

static void goes_without_long_vowels(void **state) {
    (void)state;
    match("コンピューター販売", "コンピュータ販売");
    match("サーバー更改", "サーバ更改");
    match("デ−タセンタ−", "データセンター");
    match("デ―タセンタ‐", "データセンター");
    match("デ-タ", "データ");
    match("デ一タ", "データ"); /* the kanji one */
    match("スーパ一マーケット", "スーパーマーケット");
}

static void takes_and_for_its_sign(void **state) {
    (void)state;
    match("Procter & Gamble Japan", "Procter and Gamble Japan");
    match("P&G", "P＆G");
    match("A ＆ B", "a AND b");
    differ("Anderson", "erson");
    differ("Brand New", "Br New");
    differ("Sand Box", "SBox");
}

static void makes_small_kana_large(void **state) {
    (void)state;
    match("キャノン", "キヤノン");
    match("富士フィルム", "富士フイルム");
    match("シャチハタ", "シヤチハタ");
    match("ニッカ", "ニツカ");
    match("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ");
    match("霞ヶ関", "霞ケ関");
}

static void makes_rare_sounds_common(void **state) {
    (void)state;
    match("ブリジストン", "ブリヂストン");
    match("ラジエーター工業", "ラヂエーター工業");
    match("ツヅキ", "ツズキ");
    match("ヴァイオリン工房", "バイオリン工房");
    match("エヴァーグリーン", "エバーグリーン");
    match("ヴィヴェヴォヴ", "ビベボブ");
    match("ゔぁ", "バ");
    match("ラヴソング", "ラブソング");
    match("ニッカウイスキー", "ニッカウヰスキー");
    match("エビスビール販売", "ヱビスビール販売");
    match("ヲ", "オ");
}

static void writes_hiragana_as_katakana(void **state) {
    (void)state;
    match("さくら印刷", "サクラ印刷");
    match("いすず自動車", "いすゞ自動車");
}

static void writes_iteration_marks_out(void **state) {
    (void)state;
    match("佐々木建設", "佐佐木建設");
    match("いすゞ", "イスズ");
    match("ミスヾ", "ミスズ");
    match("すゝき", "ススキ");
    match("つゞき", "つづき");
    match("ちゞみ", "ちぢみ");
    match("ふゞき", "ふぶき");
    match("カヽシ", "カカシ");
    match("ラヾ", "ララ"); /* nothing to voice */
    key_is("々木", "々木");
    key_is("・ゝ", "ヽ");
}

static void writes_old_kanji_as_new(void **state) {
    (void)state;
    match("野村證券", "野村証券");
    match("渡邊工業", "渡辺工業");
    match("渡邉工業", "渡辺工業");
    match("髙島屋", "高島屋");
    match("﨑山商店", "崎山商店");
    match("齋藤産業", "斎藤産業");
    match("國分グループ", "国分グループ");
    match("學校法人桜", "学校法人桜");
    match("葛\U000E0100飾区役所", "葛飾区役所");
}

static void takes_cyrillic_letters_for_the_latin_ones_they_look_like(void **state) {
    (void)state;
    match("Ｔоｋｙｏ　Ｓｔｙｌｅ", "Tokyo Style");
    match("ＷОＲＫＳ", "works");
    match("Ｃ・Ｏ・М", "COM");
}

static void takes_kanji_and_katakana_that_look_alike_for_one(void **state) {
    (void)state;
    match("二チレイ", "ニチレイ");
    match("エ藤建設", "工藤建設");
    match("タ日商事", "夕日商事");
    match("口ボット", "ロボット");
    match("力メラ", "カメラ");
    match("卜ヨタ", "トヨタ");
    match("八イテク", "ハイテク");
}

static void goes_without_diacritics(void **state) {
    (void)state;
    match("Kōbe Seikō", "Kobe Seiko");
    match("Nestlé", "NESTLE");
    match("Ō", "o");
    match("Ǖber", "uber");
    differ("Ørsted", "Orsted"); /* no diacritic, a letter */
}

/* Brackets that name another company or nothing are the company stage's, on top of the fold. */
static void reads_notes_in_brackets_with_the_company(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"ABC商会(旧XYZ商会)", "ABC商会"},
                                           {"【重要】山田製作所", "山田製作所"}};
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        kbr_company names[2];
        for (size_t j = 0; j < 2; j++) {
            kbr_company_init(&names[j], &kbr_allocator_default);
            const char *name = pairs[i][j];
            assert_int_equal(kbr_fold(&folded, (kaburi_text){name, strlen(name)}), KABURI_OK);
            assert_int_equal(kbr_company_parse(&names[j], &folded), KABURI_OK);
        }
        assert_int_equal(names[0].key.len, names[1].key.len);
        assert_memory_equal(names[0].key.data, names[1].key.data,
                            names[0].key.len * sizeof *names[0].key.data);
        kbr_company_free(&names[0]);
        kbr_company_free(&names[1]);
    }
}

/* ---- other names ---- */

static void keeps_other_names_apart(void **state) {
    (void)state;
    differ("斉藤", "斎藤");
    differ("渡辺", "渡部");
    differ("キリン", "キング");
    differ("ライオン", "ライオンズ");
    differ("サイト", "サイド");
    differ("三菱電機", "三井電機");
    differ("綜合警備保障", "総合警備補償");
    differ("第一生命", "第二生命");
    differ("ハハ", "パパ");
    differ("一般", "般");
    differ("ア一番", "ア番"); /* no katakana behind: a number */
    differ("一アー", "ア");
    differ("佐々木", "佐木");
    differ("ABC1", "ABC2");
}

static void keeps_the_signs_of_programming_languages(void **state) {
    (void)state;
    key_is("C++ 開発", "c++開発");
    key_is("C# 開発", "c#開発");
    key_is("+A #1", "a1");
    differ("C++", "C");
    differ("C#", "C++");
}

static void leaves_signs_where_nothing_else_is(void **state) {
    (void)state;
    key_is("- -", "--");
    key_is("・・・", "・・・");
    key_is("ー", "ー");
    key_is("? !", "?!");
    key_is("& and &", "and");
    key_is("・ and ー", "and");
    key_is("", "");
    spends("- -", 0);
    spends("& and &", KBR_FOLD_PUNCT | KBR_FOLD_SPACE);
}

/* ---- what it says of itself ---- */

static void says_which_folds_it_spent(void **state) {
    (void)state;
    spends("山田製作所abc123", 0);
    spends("キャノン", KBR_FOLD_SMALL);
    spends("ヂ", KBR_FOLD_SOUND);
    spends("ヴ", KBR_FOLD_SOUND);
    spends("ヱビス", KBR_FOLD_SOUND);
    spends("サーバ", KBR_FOLD_LONG);
    spends("佐々木", KBR_FOLD_MARK);
    spends("A・B", KBR_FOLD_PUNCT);
    spends("A B", KBR_FOLD_SPACE);
    spends("工藤", KBR_FOLD_LOOKALIKE);
    spends("デ一タ", KBR_FOLD_LOOKALIKE);
    spends("é", KBR_FOLD_LATIN);
    spends("a and b", KBR_FOLD_SPACE | KBR_FOLD_LATIN);
    spends("C++", 0);
    spends("々", 0);
}

static void adds_to_the_folds_given(void **state) {
    (void)state;
    uint32_t folds = KBR_FOLD_WIDTH;
    static const uint16_t text[] = {'a', ' ', 'b'};
    assert_int_equal(kbr_fold_loose(key, text, 3, &folds), 2);
    assert_int_equal(folds, KBR_FOLD_WIDTH | KBR_FOLD_SPACE);
}

static void tells_where_its_units_come_from(void **state) {
    (void)state;
    static const char text[] = "ヴァン・佐々 and デ一タC+";
    static const uint16_t expected[] = {0, 2, 4, 5, 11, 13, 14, 15};
    static uint16_t origin[KEY_MAX];
    uint32_t folds = 0;
    uint32_t same_folds;
    size_t len = loose(key, text, &same_folds);
    size_t count = kbr_fold_loose_from(other, origin, folded.unit, folded.len, &folds);
    assert_int_equal(count, len);
    assert_memory_equal(other, key, len * sizeof *key);
    assert_int_equal(folds, same_folds);
    assert_int_equal(count, KBR_COUNT(expected));
    assert_memory_equal(origin, expected, sizeof expected);
    static const uint16_t signs[] = {'-', ' ', '&'};
    assert_int_equal(kbr_fold_loose_from(other, origin, signs, 3, &folds), 2);
    assert_int_equal(origin[0], 0);
    assert_int_equal(origin[1], 2);
}

static uint32_t seed = 1;

static uint32_t draw(uint32_t below) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

/* A random folded text: pieces that rules look at, in any order. */
static void draw_text(char *text) {
    static const char *const pieces[] = {
        "ア", "カ", "チ", "ツ", "ハ", "ッ", "ヴ", "ァ", "ィ",    "ヂ",  "ヅ", "ヱ",
        "ー", "一", "ヽ", "ヾ", "ゞ", "々", "工", "二", "力",    "山",  "a",  "c",
        "é",  "+",  "#",  "&",  "・", "-",  " ",  " ",  " and ", "and", "1",  "〇",
        "𠮷", "ガ", "が", "゙",   "ヶ", "(",  "?",  "→",  "ヷ",
    };
    text[0] = '\0';
    for (uint32_t left = 1 + draw(10); left > 0; left--) {
        strcat(text, pieces[draw(KBR_COUNT(pieces))]);
    }
}

static void is_its_own_loose_key(void **state) {
    (void)state;
    char text[128];
    for (int round = 0; round < 300000; round++) {
        draw_text(text);
        uint32_t folds;
        size_t len = loose(key, text, &folds);
        assert_true(len <= folded.len);
        if (folded.len > 0 && len == 0) {
            fail_msg("nothing is left of '%s'", text);
        }
        size_t again = kbr_fold_loose(other, key, len, &folds);
        if (again != len || memcmp(other, key, len * sizeof *key) != 0) {
            fail_msg("the loose key of '%s' is not its own", text);
        }
    }
}

static void is_the_same_in_place_and_with_origins(void **state) {
    (void)state;
    static uint16_t origin[KEY_MAX];
    char text[128];
    for (int round = 0; round < 50000; round++) {
        draw_text(text);
        uint32_t folds;
        size_t len = loose(key, text, &folds);
        uint32_t folds_from = 0;
        assert_int_equal(kbr_fold_loose_from(other, origin, folded.unit, folded.len, &folds_from),
                         len);
        assert_memory_equal(other, key, len * sizeof *key);
        assert_int_equal(folds_from, folds);
        for (size_t i = 0; i < len; i++) {
            assert_in_range(origin[i], i == 0 ? 0U : origin[i - 1] + 1U, folded.len - 1);
        }
        uint32_t in_place = 0;
        assert_int_equal(kbr_fold_loose(folded.unit, folded.unit, folded.len, &in_place), len);
        assert_memory_equal(folded.unit, key, len * sizeof *key);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(goes_without_width_and_spaces),
        TEST(goes_without_middle_dots_and_signs),
        TEST(goes_without_long_vowels),
        TEST(takes_and_for_its_sign),
        TEST(makes_small_kana_large),
        TEST(makes_rare_sounds_common),
        TEST(writes_hiragana_as_katakana),
        TEST(writes_iteration_marks_out),
        TEST(writes_old_kanji_as_new),
        TEST(takes_cyrillic_letters_for_the_latin_ones_they_look_like),
        TEST(takes_kanji_and_katakana_that_look_alike_for_one),
        TEST(goes_without_diacritics),
        TEST(reads_notes_in_brackets_with_the_company),
        TEST(keeps_other_names_apart),
        TEST(keeps_the_signs_of_programming_languages),
        TEST(leaves_signs_where_nothing_else_is),
        TEST(says_which_folds_it_spent),
        TEST(adds_to_the_folds_given),
        TEST(tells_where_its_units_come_from),
        TEST(is_its_own_loose_key),
        TEST(is_the_same_in_place_and_with_origins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
