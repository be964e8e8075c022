# add_system_tests(AREA): every tests/AREA/test_*.py is a test "AREA/test_x" against the system that tests/run brings up.
# They run one after the other: they share that system, and some stop parts of it.
function(add_system_tests area)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${area}/test_*.py)
  math(EXPR longest "900 * ${PATEN_PATIENCE}")
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME_WE)
    add_test(NAME ${area}/${name} COMMAND ${PATEN_PYTHON} -B ${script} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${area}/${name} PROPERTIES LABELS ${area} TIMEOUT ${longest} RUN_SERIAL TRUE)
  endforeach()
endfunction()
