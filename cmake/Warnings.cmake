# The interface target `warnings`: every warning that has ever pointed at a real mistake in a C program.
# -Wdouble-promotion is for gcc alone: clang's counts each NAN and INFINITY, which are floats in C.
add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wold-style-definition -Wundef -Wwrite-strings -Wcast-align -Wcast-qual -Wformat=2 -Wimplicit-fallthrough
  -Wnull-dereference -Wpointer-arith -Wswitch-enum -Wredundant-decls -Wdate-time
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wstringop-overflow -Walloca
    -Wdouble-promotion>
  $<$<C_COMPILER_ID:Clang>:-Wcomma -Wunreachable-code -Wmissing-variable-declarations>
  $<$<BOOL:${SCOPE_WERROR}>:-Werror>)
