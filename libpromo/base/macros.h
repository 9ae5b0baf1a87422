/* SPDX-License-Identifier: MIT */
#pragma once

/* Small language helpers that every layer uses; nothing here has state. */

/* Headers of the installed interface stand between these two; all other symbols are hidden. */
#define PROMO_BEGIN_DECLS _Pragma("GCC visibility push(default)")
#define PROMO_END_DECLS   _Pragma("GCC visibility pop")

/* The result has to be looked at; (void) says that it is ignored on purpose. */
#define PROMO_CHECK               __attribute__((warn_unused_result))
#define PROMO_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Runs fn(&variable) when the variable goes out of scope. */
#define PROMO_CLEANUP(fn) __attribute__((cleanup(fn)))

#define PROMO_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Moves a pointer out of a variable, which is NULL afterwards. */
#define TAKE_PTR(p)                                                                                \
	__extension__({                                                                            \
		__typeof__(p) *taken_from_ = &(p);                                                 \
		__typeof__(p) taken_ = *taken_from_;                                               \
		*taken_from_ = NULL;                                                               \
		taken_;                                                                            \
	})
