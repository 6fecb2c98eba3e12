# The headers that nearly every file of ours reads, compiled once, in the preset "dev": a third of
# the time of its build.
#
# Each file still includes all that it uses: in the other presets and for clang-tidy nothing is
# precompiled, and a file that leaned on this does not compile.
option(KNOOPPUNT_PCH "Precompile the headers that most files read" OFF)

set(KNOOPPUNT_PCH_COMMON
  <algorithm> <cstdint> <functional> <map> <memory> <optional> <set> <string> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/match.h> <absl/strings/str_cat.h> <absl/strings/str_join.h>
  <absl/strings/str_split.h> <absl/strings/string_view.h> <absl/time/time.h>
  <google/protobuf/descriptor.h> <google/protobuf/generated_message_reflection.h>
  <google/protobuf/map_entry.h> <google/protobuf/message.h> <google/protobuf/timestamp.pb.h>
  <google/protobuf/unknown_field_set.h>)

# One object library for each set of headers, from which the targets take what was compiled. What
# they are compiled with must be the same, or the compiler sets the precompiled header aside.
function(knooppunt_precompile name)
  cmake_parse_arguments(ARG "" "" "HEADERS;DEPS" ${ARGN})
  file(WRITE ${CMAKE_BINARY_DIR}/gen/pch/${name}.cc.new "// Carries a precompiled header.\n")
  file(COPY_FILE ${CMAKE_BINARY_DIR}/gen/pch/${name}.cc.new ${CMAKE_BINARY_DIR}/gen/pch/${name}.cc
    ONLY_IF_DIFFERENT)
  add_library(knooppunt_pch_${name} OBJECT ${CMAKE_BINARY_DIR}/gen/pch/${name}.cc)
  target_link_libraries(knooppunt_pch_${name} PRIVATE Threads::Threads protobuf::libprotobuf
    absl::flat_hash_map absl::statusor absl::time ${ARG_DEPS})
  target_compile_options(knooppunt_pch_${name} PRIVATE ${KNOOPPUNT_WARNINGS})
  target_precompile_headers(knooppunt_pch_${name} PRIVATE ${KNOOPPUNT_PCH_COMMON} ${ARG_HEADERS})
endfunction()

if(KNOOPPUNT_PCH)
  add_compile_options(-pthread)  # some dependencies ask for it, and then the headers differ
  if(CCACHE)
    # Of a precompiled header it cannot see which macros were defined: ours are the same for all.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      add_compile_options(-fpch-preprocess)
    endif()
  endif()
  knooppunt_precompile(library)
  knooppunt_precompile(cli HEADERS <CLI/CLI.hpp>)
  knooppunt_precompile(test HEADERS <gmock/gmock.h> <gtest/gtest.h> DEPS GTest::gmock GTest::gtest)
endif()

# knooppunt_use_precompiled(target library): `target` reads what knooppunt_precompile(library) made.
function(knooppunt_use_precompiled target name)
  if(KNOOPPUNT_PCH)
    target_link_libraries(${target} PRIVATE Threads::Threads)
    target_precompile_headers(${target} REUSE_FROM knooppunt_pch_${name})
  endif()
endfunction()
