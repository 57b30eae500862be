# cmake -DLIBRARY=FILE -DNM=PROGRAM -DDIRECTORY=DIR -DSOURCES=LIST -P check_no_sdl.cmake
#
# A stage of scope that is no business of SDL's: no object in the library refers to it (nm), and no source includes it
# (types and macros alone leave no trace in objects). A library or list that is missing or empty is a failure, not a pass.
if(NOT EXISTS "${LIBRARY}")
  message(FATAL_ERROR "'${LIBRARY}': no such library")
endif()
execute_process(COMMAND "${NM}" "${LIBRARY}" OUTPUT_VARIABLE symbols RESULT_VARIABLE status ERROR_VARIABLE errors)
if(NOT status EQUAL 0 OR NOT symbols MATCHES "\n[0-9a-f]+ T [a-z]")
  message(FATAL_ERROR "'${LIBRARY}': no function in it; nm says: ${status} ${errors}")
endif()
if(symbols MATCHES "[ \n]((SDL|TTF|IMG)_[A-Za-z_]+)")
  message(FATAL_ERROR "'${LIBRARY}' refers to ${CMAKE_MATCH_1}")
endif()

list(LENGTH SOURCES count)
if(count EQUAL 0)
  message(FATAL_ERROR "no sources given")
endif()
foreach(source IN LISTS SOURCES)
  cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${DIRECTORY}")
  file(STRINGS "${source}" includes REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"](SDL|[^\">]*/SDL)")
  if(includes)
    message(FATAL_ERROR "${source}: ${includes}")
  endif()
endforeach()
message(STATUS "${count} sources without SDL")
