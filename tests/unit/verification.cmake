add_unit_test (test_verification service_verification)
add_unit_test (test_local_time common)
