/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opposed words: which pairs of names are told apart by them, in one script and across scripts, and
 * which names of one company are not.
 */
#include "cores.h"
#include "opposed.h"

typedef struct found {
    kbr_opposed words[KBR_OPPOSED_MAX];
    size_t count;
} found;

static found words_of(const char *name) {
    kbr_reading reading;
    found out;
    read_core(&reading, name);
    out.count =
        kbr_opposed_find(out.words, core_company.core.data, core_company.core.len, &reading);
    return out;
}

static bool conflict(const char *a, const char *b) {
    found x = words_of(a);
    found y = words_of(b);
    kbr_opposed_list of_a = {x.words, x.count};
    kbr_opposed_list of_b = {y.words, y.count};
    bool told = kbr_opposed_conflict(of_a, of_b);
    assert_true(told == kbr_opposed_conflict(of_b, of_a));
    return told;
}

static bool parent(const char *longer, const char *shorter) {
    found x = words_of(longer);
    found y = words_of(shorter);
    return kbr_opposed_parent((kbr_opposed_list){x.words, x.count},
                              (kbr_opposed_list){y.words, y.count});
}

static void tells_opposed_words_apart_in_every_script(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"東日本旅客鉄道", "西日本旅客鉄道"},
        {"ヒガシニホンリヨカクテツドウ(カ", "ニシニホンリヨカクテツドウ(カ"},
        {"Higashi Nihon Ryokaku Tetsudo", "Nishi Nihon Ryokaku Tetsudo"},
        {"東日本旅客鉄道", "ニシニホンリヨカクテツドウ(カ"},
        {"東日本旅客鉄道", "Nishinihon Ryokaku Tetsudo K.K."},
        {"東日本旅客鉄道", "West Japan Railway Company"},
        {"ヒガシニホンリョカクテツドウ", "West Japan Railway Company"},
        {"第一生命保険", "ダイニセイメイホケン(カ"},
        {"第二生命保険", "First Life Insurance"},
        {"関東電機工業", "Kansai Denki Kogyo"},
        {"東京コンピュータサービス", "カ)オオサカコンピユータサービス"},
        {"長崎県建設協会", "ヤマガタケンケンセツキヨウカイ"},
        {"横浜市立大学", "ヨコハマコクリツダイガク"},
        {"横浜国立大学", "ヨコハマシリツダイガク"},
        {"横浜市立大学", "Yokohama National University"},
        {"三菱商事", "ミツビシカガク(カ"},
        {"ミツビシシヨウジ(カ", "ミツビシカガク(カ"},
        {"NTTヒガシニホン", "NTT西日本"},
        {"東京電機", "東京電気"},
        {"East Bank", "Western Bank"},
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        if (!conflict(pairs[i][0], pairs[i][1])) {
            fail_msg("%s and %s are not told apart", pairs[i][0], pairs[i][1]);
        }
    }
}

static void leaves_the_names_of_one_company_together(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"東日本旅客鉄道", "ヒガシニホンリヨカクテツドウ(カ"},
        {"東日本旅客鉄道", "East Japan Railway Company"},
        {"東日本旅客鉄道", "Higashi Nihon Ryokaku Tetsudo"},
        {"東日本電設", "ヒガシニッポンデンセツ"},
        {"Eastern Bank", "East Bank"},
        {"第一生命保険", "Daiichi Seimei Hoken"},
        {"第一生命保険", "First Life Insurance"},
        {"横浜市立大学", "ヨコハマシリツダイガク"},
        {"横浜市立大学", "Yokohama City University"},
        {"東京電機", "トウキヨウデンキ(カ"}, /* デンキ is either of the two */
        {"東京電気", "トウキヨウデンキ(カ"},
        {"長崎県立病院", "ナガサキケンリツビヨウイン"},
        {"三菱化学", "Mitsubishi Chemical"}, /* a translation, not ケミカル */
        {"富士通ジャパン", "Fujitsu Japan"},
        {"西村製作所", "ニシムラセイサクシヨ(カ"},
        {"国重商事", "クニシゲシヨウジ(カ"},             /* ニシ is no word in it */
        {"東光電気工業", "トウコウデンキコウギヨウ(カ"}, /* 東 is read otherwise */
        {"東レ", "Toray"},
        {"中西工業", "ナカニシコウギヨウ(ユ"},
        {"Beast Systems", "West Systems"}, /* East is no word of it */
    };
    for (size_t i = 0; i < KBR_COUNT(pairs); i++) {
        if (conflict(pairs[i][0], pairs[i][1])) {
            fail_msg("%s and %s are told apart", pairs[i][0], pairs[i][1]);
        }
    }
}

static void knows_a_holding_from_its_company(void **state) {
    (void)state;
    assert_true(parent("ソニーグループ", "ソニー"));
    assert_true(parent("Sony Group", "ソニー"));
    assert_false(parent("ソニーグループ", "Sony Group"));
    assert_false(parent("三菱ケミカルホールディングス", "Mitsubishi Chemical Holdings"));
    assert_true(parent("三菱ケミカルホールディングス", "Mitsubishi Chemical Group"));
}

static void finds_no_more_words_than_there_is_room_for(void **state) {
    (void)state;
    assert_int_equal(words_of("東西南北東西南北東西南北").count, KBR_OPPOSED_MAX);
    assert_int_equal(words_of("ヒガシ ニシ ミナミ キタ トウキョウ オオサカ ナゴヤ ヨコハマ").count,
                     KBR_OPPOSED_MAX);
    assert_int_equal(words_of("伊藤").count, 0);
    assert_int_equal(kbr_opposed_find(words_of("伊藤").words, NULL, 0, &(kbr_reading){0}), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_opposed_words_apart_in_every_script),
        cmocka_unit_test(leaves_the_names_of_one_company_together),
        cmocka_unit_test(knows_a_holding_from_its_company),
        cmocka_unit_test(finds_no_more_words_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, set_up_cores, tear_down_cores);
}
