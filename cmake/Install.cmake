# Everything that gets installed beside the programs: manual, desktop entry, icon, completions, licences.
# Include it last in the top CMakeLists.txt; CMAKE_INSTALL_... come from GNUInstallDirs, SCOPE_FONT_LICENSE from EmbedFont.
install(FILES src/scope/scope.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES assets/scope.desktop DESTINATION "${CMAKE_INSTALL_DATADIR}/applications")
install(FILES assets/scope.svg DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps")
install(FILES assets/completions/scope.bash DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME scope)
install(FILES assets/completions/_scope DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES LICENSE CHANGELOG.md ${SCOPE_FONT_LICENSE} DESTINATION "${CMAKE_INSTALL_DOCDIR}")
