/*
 * What a read from a source comes to when it brings no bytes (source_read, and those of the kinds of sources).
 */
#ifndef SCOPE_SOURCE_RESULT_H
#define SCOPE_SOURCE_RESULT_H

enum { SOURCE_END = 0, SOURCE_FAILED = -1, SOURCE_AGAIN = -2, SOURCE_WRITER_LEFT = -3 };

#endif
