# The document station: its rules, and the data that templates get.
add_unit_test(test_document service_document)
add_unit_test(test_document_data service_document)
add_unit_test(test_printable service_document)
