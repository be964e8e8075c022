# The build's own vocabulary: add_service(), add_unit_test().
find_package(PkgConfig REQUIRED)
find_program(PATEN_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

# find_packages(NAME MODULE...): the target PkgConfig::NAME for pkg-config's modules.
# Those of libczmq carry -isystem: CMake 3.25 takes it for a directory when it asks pkg-config and for an option when it reads
# its own cache, so that every second run of CMake would change all command lines and compile everything again.
macro(find_packages name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
  set_property(TARGET PkgConfig::${name} PROPERTY INTERFACE_COMPILE_OPTIONS "")
  get_target_property(directories PkgConfig::${name} INTERFACE_INCLUDE_DIRECTORIES)
  if(directories)
    list(FILTER directories EXCLUDE REGEX "/mit-krb5$")
    set_property(TARGET PkgConfig::${name} PROPERTY INTERFACE_INCLUDE_DIRECTORIES "${directories}")
  endif()
endmacro()

# add_service(NAME [PACKAGES pkg-config modules...])
# services/NAME: every *.c but main.c becomes the library service_NAME (so that unit tests can link it), main.c the program NAME.
# sql/queries.sql becomes NAME_sql.h (tools/embed_sql.py); proto/requests/NAME.*.json becomes NAME_requests.h (tools/embed_json.py).
function(add_service name)
  cmake_parse_arguments(ARG "" "" "PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/main.c)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(headers)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/sql/queries.sql)
    add_custom_command(
      OUTPUT ${generated}/${name}_sql.h
      COMMAND ${PATEN_PYTHON} ${CMAKE_SOURCE_DIR}/tools/embed_sql.py ${name} ${CMAKE_CURRENT_SOURCE_DIR}/sql/queries.sql ${generated}/${name}_sql.h
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/queries.sql ${CMAKE_SOURCE_DIR}/tools/embed_sql.py)
    list(APPEND headers ${generated}/${name}_sql.h)
  endif()
  file(GLOB requests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/proto/requests/${name}.*.json)
  add_custom_command(
    OUTPUT ${generated}/${name}_requests.h
    COMMAND ${PATEN_PYTHON} ${CMAKE_SOURCE_DIR}/tools/embed_json.py ${name}_requests ${generated}/${name}_requests.h ${requests}
    DEPENDS ${requests} ${CMAKE_SOURCE_DIR}/tools/embed_json.py)
  list(APPEND headers ${generated}/${name}_requests.h)

  add_library(service_${name} STATIC ${sources} ${headers})
  target_include_directories(service_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR} ${generated})
  target_link_libraries(service_${name} PUBLIC common)
  if(ARG_PACKAGES)
    find_packages(${name}_deps ${ARG_PACKAGES})
    target_link_libraries(service_${name} PUBLIC PkgConfig::${name}_deps)
  endif()
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/main.c)
    add_executable(${name} main.c)
    target_link_libraries(${name} PRIVATE service_${name})
    install(TARGETS ${name} RUNTIME DESTINATION bin)
  endif()
endfunction()

# add_unit_test(NAME libraries...): tests/unit/NAME.c with cmocka, run by CTest under the label "unit" from the source folder.
function(add_unit_test name)
  add_executable(${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name}.c)
  target_link_libraries(${name} PRIVATE ${ARGN} cmocka)
  add_test(NAME unit/${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  math(EXPR longest "600 * ${PATEN_PATIENCE}")
  set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT ${longest})
endfunction()
