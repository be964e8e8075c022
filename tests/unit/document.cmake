# Document rendering: Indonesian writing, templates, PDF.
add_unit_test(test_indonesian common)
