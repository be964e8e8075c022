# cpack's half of deploy/systemd/stage: DESTDIR is where it gathers the files of the package.
execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=DESTDIR ${CPACK_PATEN_STAGE} $ENV{DESTDIR} ${CPACK_PATEN_BUILD} COMMAND_ERROR_IS_FATAL ANY)
