add_test(NAME contract/openapi_static
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/openapi_static.py $<TARGET_FILE:gateway>)
add_test(NAME contract/registry_static COMMAND ${PATEN_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/registry_static.py)
set_tests_properties(contract/openapi_static contract/registry_static PROPERTIES LABELS contract TIMEOUT 600)
