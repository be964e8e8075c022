# Against the system that tests/run brings up, like those of tests/flow.
add_test(NAME contract/test_live COMMAND ${PATEN_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/test_live.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(contract/test_live PROPERTIES LABELS contract TIMEOUT 900 RUN_SERIAL TRUE)
