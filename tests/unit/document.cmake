# Document rendering: Indonesian writing, templates, PDF.
add_unit_test(test_indonesian common)
add_unit_test(test_template service_document)
add_unit_test(test_render service_document)

# For developers' eyes: draws every demo template into PDFs.
add_executable(render_sample ${CMAKE_CURRENT_SOURCE_DIR}/render_sample.c)
target_link_libraries(render_sample PRIVATE service_document)
