/* What a read of a source says where it brings no bytes; all kinds of sources say it alike. */
#ifndef SCOPE_SOURCE_RESULT_H
#define SCOPE_SOURCE_RESULT_H

enum {
  SOURCE_END = 0,
  SOURCE_FAILED = -1,      /* errno says why */
  SOURCE_AGAIN = -2,       /* nothing after all: wait again */
  SOURCE_WRITER_LEFT = -3, /* a FIFO's last writer is gone, another may come */
};

#endif
