add_unit_test (test_intake service_intake)
