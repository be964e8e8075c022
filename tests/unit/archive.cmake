add_unit_test (test_archive service_archive)
