# Document rendering: Indonesian writing, templates, PDF.
add_unit_test(test_indonesian common)
add_unit_test(test_template service_document)
add_library(render_fixture STATIC ${CMAKE_CURRENT_SOURCE_DIR}/render_fixture.c)
target_link_libraries(render_fixture PUBLIC service_document cmocka)
add_unit_test(test_render render_fixture)
add_unit_test(test_render_same render_fixture)
add_unit_test(test_render_hostile render_fixture)
add_unit_test(test_render_page render_fixture)

# For developers' eyes: draws every demo template into PDFs.
add_executable(render_sample ${CMAKE_CURRENT_SOURCE_DIR}/render_sample.c)
target_link_libraries(render_sample PRIVATE service_document)
