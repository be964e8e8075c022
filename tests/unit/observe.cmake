# Figures and readiness of a process.
add_unit_test(test_metrics common)
add_unit_test(test_monitor common)
add_test(NAME unit/metrics_judge COMMAND ${PATEN_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/metrics_judge.py $<TARGET_FILE:test_metrics> --sample)
set_tests_properties(unit/metrics_judge PROPERTIES LABELS unit TIMEOUT 600)
