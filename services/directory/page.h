// Pages of a list in order of id (AIP-158). A token is the id of the last row shown:
// it grants nothing, and every page is decided anew. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_PAGE_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_PAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/directory/store.h"

namespace knooppunt::directory {

// The rows to ask the store for: one more than the page, to know whether there is a next.
// `page_size` 0 is kDefaultPageSize, above kMaxPageSize is kMaxPageSize.
// INVALID_ARGUMENT for a negative size or a token that is not ours.
absl::StatusOr<Slice> SliceOf(int32_t page_size, absl::string_view page_token);

// The token after `last_name`.
std::string TokenAfter(absl::string_view last_name);

// Fills `field` and `token` of a response from rows that SliceOf asked for; `present`
// turns a row into what the caller may see.
template <typename Record, typename Field, typename Present>
void FillPage(const Slice& slice, std::vector<Record> rows, Field* field, std::string* token,
              Present present) {
  const size_t page = static_cast<size_t>(slice.limit) - 1;
  if (rows.size() > page) {
    rows.resize(page);
    *token = TokenAfter(rows.back().name());
  }
  for (Record& row : rows) *field->Add() = present(std::move(row));
}

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_PAGE_H_
