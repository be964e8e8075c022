add_executable(test_schemas test_schemas.c)
target_link_libraries(test_schemas PRIVATE common cmocka)
add_test(NAME contract/schemas COMMAND test_schemas WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(contract/schemas PROPERTIES LABELS contract TIMEOUT 600)
