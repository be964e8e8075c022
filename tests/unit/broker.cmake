add_unit_test (test_broker service_broker)
