# PAdES: signing and verifying, with a demo CA made by deploy/keys/ca and Debian's own tools as judges.
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
add_library(signing_fixture STATIC ${CMAKE_CURRENT_SOURCE_DIR}/signing_fixture.c)
target_link_libraries(signing_fixture PUBLIC service_signing OpenSSL::Crypto)
add_unit_test(test_pades signing_fixture)
add_unit_test(test_pdf_verify signing_fixture)
add_unit_test(test_signer_key signing_fixture)
add_unit_test(test_signing service_signing)
