/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Legal forms in a folded name: finds one at the head, the tail, in the middle or in brackets, in
 * kanji (株式会社), short ((株)), as banks write it (カ)) and in Latin letters (Co., Ltd.). Takes a
 * stretch of folded units; never claims the whole of it. The words are src/data/legal_forms.tsv.
 */
#ifndef KBR_FORMS_H
#define KBR_FORMS_H

#include "words.h"

/* Bits of kbr_word.attribute in kbr_words_legal_forms; the TSV says what each is for. */
#define KBR_FORMS_CLASS UINT32_C(0xFF)
#define KBR_FORMS_HEAD UINT32_C(0x100)
#define KBR_FORMS_TAIL UINT32_C(0x200)
#define KBR_FORMS_MIDDLE UINT32_C(0x400)
#define KBR_FORMS_BRACKET UINT32_C(0x800)
#define KBR_FORMS_ZENGIN UINT32_C(0x1000)
#define KBR_FORMS_LATIN UINT32_C(0x2000)
#define KBR_FORMS_FINAL UINT32_C(0x4000)
#define KBR_FORMS_KEEP UINT32_C(0x8000)
#define KBR_FORMS_EXPAND UINT32_C(0x10000)
#define KBR_FORMS_JOIN UINT32_C(0x20000)
#define KBR_FORMS_DOTTED UINT32_C(0x40000)
#define KBR_FORMS_OFFICE UINT32_C(0x80000)
#define KBR_FORMS_CANONICAL UINT32_C(0x100000)

/* A stretch of a folded text, unit[begin..end). */
typedef struct kbr_stretch {
    const uint16_t *unit;
    size_t begin;
    size_t end;
    bool kana; /* neither kanji nor hiragana in the text: zengin brackets may be meant */
} kbr_stretch;

/* A letter of Latin, Greek or Cyrillic: what words are made of that spaces set apart. */
bool kbr_forms_is_letter(uint16_t unit);
/* Whether the stretch has anything but spaces and punctuation. O(length up to the first). */
bool kbr_forms_names(const uint16_t *unit, size_t begin, size_t end);

/* The form that the stretch begins with, or NULL; the name goes on at *next. O(1). */
const kbr_word *kbr_forms_head(kbr_stretch name, size_t *next);
/* The form that the stretch ends with, or NULL; the name ends at *stop. O(1). */
const kbr_word *kbr_forms_tail(kbr_stretch name, size_t *stop);
/* The first form inside the stretch, at [*from, *to), or NULL. O(length). */
const kbr_word *kbr_forms_middle(kbr_stretch name, size_t *from, size_t *to);
/* The form that a bracket's content is, abbreviations with it; or NULL. O(1). */
const kbr_word *kbr_forms_bracketed(kbr_stretch content);
/* Whether the whole stretch is nothing but one form. O(1). */
bool kbr_forms_whole(kbr_stretch name);
/* The word at the end of a name that its key has one spelling for (HD, Japan), or NULL. O(1). */
const kbr_word *kbr_forms_canonical(kbr_stretch name, size_t *stop);

#endif
