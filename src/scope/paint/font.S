/*
 * font.h's bytes. An assembler reads megabytes in no time where a C compiler takes seconds for an array.
 * FONT_SANS and so on are the files' names in quotes, from cmake/EmbedFont.cmake. For any ELF platform of gcc or clang:
 * % instead of @ in section types, as @ starts a comment on ARM.
 */
#ifdef __CET__
#include <cet.h> /* says that this file is fit for control-flow protection; one that does not say so ends it for all */
#endif

#if __SIZEOF_SIZE_T__ == 8
#define SIZE .8byte
#else
#define SIZE .4byte
#endif

.macro font name, file
  .balign 16
  .globl \name
  .hidden \name
  .type \name, %object
\name:
  .incbin "\file"
.L\name\()_end:
  .size \name, .L\name\()_end - \name

  .balign 8
  .globl \name\()_size
  .hidden \name\()_size
  .type \name\()_size, %object
\name\()_size:
  SIZE .L\name\()_end - \name
  .size \name\()_size, . - \name\()_size
.endm

  .section .rodata.scope_font, "a", %progbits
  font font_sans, FONT_SANS
  font font_sans_bold, FONT_SANS_BOLD
  font font_mono, FONT_MONO

  .section .note.GNU-stack, "", %progbits /* no executable stack on our account */
