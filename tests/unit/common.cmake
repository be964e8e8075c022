add_unit_test (test_text common)
add_unit_test (test_json common)
add_unit_test (test_schema common)
