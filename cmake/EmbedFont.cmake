# The static library `scope_font`: the fonts of the plot inside the program, so that it draws the same everywhere and
# starts without a search for fonts. They come from the distribution's package; src/scope/paint/font.h says what is in it.
#
# SCOPE_FONT_LICENSE is set to the fonts' licence text, a file to be installed with the program, or to "".
set(SCOPE_FONT_DIR "" CACHE PATH "Directory of DejaVuSans.ttf, DejaVuSans-Bold.ttf and DejaVuSansMono.ttf")

set(font_directories
  /usr/share/fonts/truetype/dejavu                                              # Debian: fonts-dejavu-core
  /usr/share/fonts/dejavu-sans-fonts /usr/share/fonts/dejavu-sans-mono-fonts    # Fedora
  /usr/share/fonts/TTF                                                          # Arch: ttf-dejavu
  /usr/share/fonts/dejavu)                                                      # Alpine, older Fedora
set(font_names DejaVuSans.ttf DejaVuSans-Bold.ttf DejaVuSansMono.ttf)
set(font_files)
foreach(name IN LISTS font_names)
  if(SCOPE_FONT_DIR)
    find_file(file ${name} PATHS "${SCOPE_FONT_DIR}" NO_DEFAULT_PATH NO_CACHE)
  else()
    find_file(file ${name} PATHS ${font_directories} NO_DEFAULT_PATH NO_CACHE)
  endif()
  if(NOT file)
    message(FATAL_ERROR "The font ${name} was not found. Install the package with the DejaVu fonts "
      "(Debian, Ubuntu: fonts-dejavu-core; Fedora: dejavu-sans-fonts and dejavu-sans-mono-fonts; Arch: ttf-dejavu), "
      "or name the directory that has it: cmake -DSCOPE_FONT_DIR=DIRECTORY")
  endif()
  list(APPEND font_files "${file}")
  unset(file)
endforeach()
list(GET font_files 0 font_sans)
list(GET font_files 1 font_sans_bold)
list(GET font_files 2 font_mono)

add_library(scope_font STATIC "${PROJECT_SOURCE_DIR}/src/scope/paint/font.S" "${PROJECT_SOURCE_DIR}/src/scope/paint/font.h")
set_source_files_properties("${PROJECT_SOURCE_DIR}/src/scope/paint/font.S" PROPERTIES OBJECT_DEPENDS "${font_files}")
target_compile_definitions(scope_font PRIVATE
  FONT_SANS="${font_sans}" FONT_SANS_BOLD="${font_sans_bold}" FONT_MONO="${font_mono}")
target_include_directories(scope_font PUBLIC "${PROJECT_SOURCE_DIR}/src")
target_link_libraries(scope_font PUBLIC hardening)

set(SCOPE_FONT_LICENSE "")
foreach(text IN ITEMS
    "${SCOPE_FONT_DIR}/LICENSE"
    /usr/share/doc/fonts-dejavu-core/copyright
    /usr/share/licenses/dejavu-sans-fonts/LICENSE
    /usr/share/licenses/ttf-dejavu/LICENSE)
  if(EXISTS "${text}" AND NOT SCOPE_FONT_LICENSE)
    configure_file("${text}" "${PROJECT_BINARY_DIR}/LICENSE.fonts" COPYONLY)
    set(SCOPE_FONT_LICENSE "${PROJECT_BINARY_DIR}/LICENSE.fonts")
  endif()
endforeach()
if(NOT SCOPE_FONT_LICENSE)
  message(WARNING "The licence text of the DejaVu fonts was not found; add it when you pass the program on.")
endif()
