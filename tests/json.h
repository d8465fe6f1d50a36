/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict JSON checker (RFC 8259) for tests: tells whether a terminated text is one JSON value and
 * nothing else. Builds nothing; reads no deeper than JSON_DEPTH_MAX.
 */
#ifndef KBR_TEST_JSON_H
#define KBR_TEST_JSON_H

#include <stdbool.h>
#include <string.h>

#define JSON_DEPTH_MAX 16

static inline bool json_value(const char **at, int depth);

static inline void json_space(const char **at) {
    *at += strspn(*at, " \t\r\n");
}

static inline bool json_take(const char **at, const char *word) {
    size_t size = strlen(word);
    if (strncmp(*at, word, size) != 0) {
        return false;
    }
    *at += size;
    return true;
}

static inline bool json_digits(const char **at) {
    size_t size = strspn(*at, "0123456789");
    *at += size;
    return size > 0;
}

static inline bool json_number(const char **at) {
    (void)json_take(at, "-");
    if (!json_take(at, "0") && !json_digits(at)) {
        return false;
    }
    if (json_take(at, ".") && !json_digits(at)) {
        return false;
    }
    if (json_take(at, "e") || json_take(at, "E")) {
        (void)(json_take(at, "+") || json_take(at, "-"));
        return json_digits(at);
    }
    return true;
}

static inline bool json_string(const char **at) {
    if (!json_take(at, "\"")) {
        return false;
    }
    for (; **at != '"'; (*at)++) {
        if ((unsigned char)**at < 0x20) {
            return false; /* the end, or a bare control character */
        }
        if (**at != '\\') {
            continue;
        }
        (*at)++;
        if (**at == 'u') {
            if (strspn(*at + 1, "0123456789abcdefABCDEF") < 4) {
                return false;
            }
            *at += 4;
        } else if (**at == '\0' || strchr("\"\\/bfnrt", **at) == NULL) {
            return false;
        }
    }
    (*at)++;
    return true;
}

/* Members up to `close`, each with a name and a colon before it in an object. */
static inline bool json_members(const char **at, const char *close, int depth) {
    json_space(at);
    if (json_take(at, close)) {
        return true;
    }
    do {
        json_space(at);
        if (*close == '}') {
            if (!json_string(at)) {
                return false;
            }
            json_space(at);
            if (!json_take(at, ":")) {
                return false;
            }
        }
        if (!json_value(at, depth)) {
            return false;
        }
    } while (json_take(at, ","));
    return json_take(at, close);
}

static inline bool json_value(const char **at, int depth) {
    bool sound = false;
    json_space(at);
    if (depth < JSON_DEPTH_MAX && json_take(at, "{")) {
        sound = json_members(at, "}", depth + 1);
    } else if (depth < JSON_DEPTH_MAX && json_take(at, "[")) {
        sound = json_members(at, "]", depth + 1);
    } else if (**at == '"') {
        sound = json_string(at);
    } else {
        sound = json_take(at, "true") || json_take(at, "false") || json_take(at, "null") ||
                json_number(at);
    }
    json_space(at);
    return sound;
}

static inline bool json_is_sound(const char *text) {
    return json_value(&text, 0) && *text == '\0';
}

#endif
