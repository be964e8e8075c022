add_unit_test (test_intake service_intake)
add_unit_test (test_intake_form service_intake)
add_unit_test (test_intake_version service_intake)
