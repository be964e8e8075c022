add_test(NAME contract/openapi_static
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/openapi_static.py $<TARGET_FILE:gateway>)
set_tests_properties(contract/openapi_static PROPERTIES LABELS contract TIMEOUT 120)
