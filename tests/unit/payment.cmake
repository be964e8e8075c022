add_unit_test (test_payment service_payment)
