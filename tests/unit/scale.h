/* SCALED(full, small): how much a test does; the small amount under a sanitizer, which is many times slower. */
#ifndef TESTS_SCALE_H
#define TESTS_SCALE_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SCALED(full, small) (small)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SCALED(full, small) (small)
#endif
#endif

#ifndef SCALED
#define SCALED(full, small) (full)
#endif

#endif
