add_unit_test (test_identity service_identity)
