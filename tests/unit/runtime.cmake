add_unit_test (test_broker service_broker)
add_unit_test (test_service common)
add_unit_test (test_wire common)
