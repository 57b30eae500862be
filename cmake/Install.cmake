# Everything that gets installed beside the programs: manuals, desktop entry, icon, completions, units, licences.
# Include it last in the top CMakeLists.txt; CMAKE_INSTALL_... come from GNUInstallDirs, SCOPE_FONT_LICENSE from EmbedFont.
foreach(program IN ITEMS scope timed forker)
  install(FILES "src/${program}/${program}.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES "assets/completions/${program}.bash" RENAME "${program}"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES "assets/completions/_${program}" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endforeach()
install(FILES assets/scope.desktop DESTINATION "${CMAKE_INSTALL_DATADIR}/applications")
install(FILES assets/scope.svg DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps")

# lib, not CMAKE_INSTALL_LIBDIR: systemd looks there, under /usr and /usr/local alike. The unit names the program where it
# is installed, which --prefix may change.
install(FILES assets/systemd/timed.socket DESTINATION lib/systemd/system)
install(CODE "
  set(TIMED \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/timed\")
  configure_file(\"${PROJECT_SOURCE_DIR}/assets/systemd/timed.service.in\" \"${PROJECT_BINARY_DIR}/timed.service\" @ONLY)")
install(FILES "${PROJECT_BINARY_DIR}/timed.service" DESTINATION lib/systemd/system)

install(FILES LICENSE CHANGELOG.md ${SCOPE_FONT_LICENSE} DESTINATION "${CMAKE_INSTALL_DOCDIR}")
