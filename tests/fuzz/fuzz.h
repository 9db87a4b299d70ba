/* SPDX-License-Identifier: MIT */
/* What every fuzz target defines, for libFuzzer or for replay.c. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Feed @data to the parser; anything wrong aborts. Return: 0. */
__attribute__((visibility("default"))) int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
