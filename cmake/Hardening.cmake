# The interface target `hardening`: what distributions build their own programs with, and the sanitizers when asked.
include(CheckCCompilerFlag)

add_library(hardening INTERFACE)
target_compile_options(hardening INTERFACE -fPIE)
target_link_options(hardening INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)

if(SCOPE_SANITIZE)
  # -O1: two to three times as fast as none, with whole stack traces all the same.
  target_compile_options(hardening INTERFACE
    -fsanitize=${SCOPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g -O1)
  target_link_options(hardening INTERFACE -fsanitize=${SCOPE_SANITIZE})
else()
  # The first two are of every architecture, the others of x86 and of aarch64. With -Werror, as clang only warns of some.
  foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "HAVE${flag}" have)
    set(CMAKE_REQUIRED_FLAGS -Werror)
    check_c_compiler_flag(${flag} ${have})
    unset(CMAKE_REQUIRED_FLAGS)
    if(${have})
      target_compile_options(hardening INTERFACE ${flag})
    endif()
  endforeach()
  # Needs optimisation; -U because some distributions' compilers define it already.
  target_compile_options(hardening INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
endif()
