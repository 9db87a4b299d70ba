/* SPDX-License-Identifier: MIT */
/* What interposed-server and interposed-client both know. */
#ifndef TESTS_INTERPOSED_H
#define TESTS_INTERPOSED_H

#define TYPE_BY_SERVER "text/x-by-server"
#define KEYMAP "xkb_keymap { of no layout };"

#endif
