// What is signed in an archive and in a receipt, and what may stand in it
// (doc/handover-archive.md). Whoever made it, it comes from outside: everything is looked at before
// anything of it is used. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_FORMAT_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "base/limits.h"
#include "knooppunt/archive/v1/payload.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/handover/v1/kinds.pb.h"

namespace knooppunt::handover {

inline constexpr int kArchiveVersion = 1;
// Of a file: it goes in one message of the API with its names (limits.h).
inline constexpr size_t kMaxArchiveBytes = 960 << 10;
// Of the content of a document, in each of its pieces but the last: as much as an upload has in a
// message, so that the type of the content is found in as much of it.
inline constexpr int64_t kPieceBytes = limits::kStreamChunkBytes;
// Of a piece, signed and sealed.
inline constexpr size_t kMaxPackedPieceBytes = kPieceBytes + (32 << 10);
// Fields at the top of a message: more is refused before anything is made of it.
inline constexpr int kMaxArchiveFields = 1000;
// Of a part: free text, and what a package puts around it.
inline constexpr size_t kMaxPartTextBytes = 24 << 10;

// The bytes that are signed: the line that names the form, and the message in canonical form.
std::string EncodeArchive(const archive::v1::ArchivePayload& payload);
std::string EncodeReceipt(const archive::v1::ArchiveReceipt& receipt);
std::string EncodePiece(const archive::v1::ArchivePiece& piece);
// The errors of archive_errors.h: another version, damaged, or ARCHIVE_INVALID naming the field.
absl::StatusOr<archive::v1::ArchivePayload> DecodeArchive(absl::string_view signed_bytes);
absl::StatusOr<archive::v1::ArchiveReceipt> DecodeReceipt(absl::string_view signed_bytes);
absl::StatusOr<archive::v1::ArchivePiece> DecodePiece(absl::string_view signed_bytes);
// What DecodeArchive checks of a message: that it says nothing which an archive may not say.
absl::Status CheckArchive(const archive::v1::ArchivePayload& payload);

// The id of the archive of a handover: the same each time.
std::string ArchiveId(absl::string_view handover, absl::string_view package_sha256);
// The part as it was hashed.
v1::HandoverPart HashedPart(const archive::v1::ArchivePart& part);

// R27: both sides by name, the family or a reason, and whom the kind asks for or a reason.
absl::Status CheckConversation(const v1::ArchiveConversation& conversation,
                               const v1::HandoverKindRow& row, base::Date today);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_FORMAT_H_
