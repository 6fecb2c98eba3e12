#include "absl/strings/str_cat.h"
#include "tests/integration/documents_testing.h"
#include "tests/property/documents.h"

namespace knooppunt::property {

std::optional<Thing> AddDocument(World* world, const Family& f, const Caller& who,
                                 const common::v1::Label& label) {
  const std::string mark = world->Mark();
  const std::string content = absl::StrCat("Een verslag over ", mark, ".\n");
  documents::v1::UploadDocumentRequest opening;
  opening.set_parent(f.case_name);
  opening.set_title(absl::StrCat("Stuk ", mark));
  opening.set_media_type("text/plain");
  opening.set_size_bytes(static_cast<int64_t>(content.size()));
  opening.set_request_id(world->region().RequestId());
  *opening.mutable_label() = label;
  const auto added = integration::UploadChunks(
      world->region(), who, opening, [&](int n) { return n == 0 ? content : std::string(); });
  if (!added.ok()) return std::nullopt;
  return Thing{.kind = Kind::kDocument,
               .name = added->name(),
               .mark = mark,
               .scope = "",
               .label = added->label(),
               .author = ""};
}

}  // namespace knooppunt::property
