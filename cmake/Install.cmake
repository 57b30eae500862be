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

# lib, not CMAKE_INSTALL_LIBDIR: systemd looks there, under /usr and /usr/local alike.
configure_file(assets/systemd/timed.service.in timed.service @ONLY)
install(FILES assets/systemd/timed.socket "${CMAKE_CURRENT_BINARY_DIR}/timed.service" DESTINATION lib/systemd/system)

install(FILES LICENSE CHANGELOG.md ${SCOPE_FONT_LICENSE} DESTINATION "${CMAKE_INSTALL_DOCDIR}")
