// What kind of file a content is, by looking at it: never by its name (issue: files that lie about
// their type are refused). Thread-safe.
#ifndef KNOOPPUNT_SERVICES_DOCUMENTS_MEDIA_TYPE_H_
#define KNOOPPUNT_SERVICES_DOCUMENTS_MEDIA_TYPE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"

namespace knooppunt::documents {

// Whether a document may be of `media_type`: PDF, PNG, JPEG, ODT, DOCX, plain text.
bool IsAllowed(absl::string_view media_type);

// libmagic, with its database of signatures loaded at first use.
class MediaTypes {
 public:
  MediaTypes();
  ~MediaTypes();
  MediaTypes(const MediaTypes&) = delete;
  MediaTypes& operator=(const MediaTypes&) = delete;

  // The media type of a content that begins with `head`, of which the first
  // limits::kStreamChunkBytes are looked at. INTERNAL when libmagic cannot work.
  absl::StatusOr<std::string> Of(absl::string_view head);

 private:
  struct Cookie;
  base::Mutex mu_;
  std::unique_ptr<Cookie> cookie_ ABSL_GUARDED_BY(mu_);
};

// Whether all of a text that comes in parts is UTF-8 without control characters but tab, line feed,
// carriage return and form feed. Not thread-safe.
class TextCheck {
 public:
  // False: `part` is no text, or goes on wrongly from the part before.
  bool Add(absl::string_view part);
  // False: it ended within a character.
  bool Complete() const { return expected_ == 0; }

 private:
  bool AddByte(unsigned char byte);

  int expected_ = 0;                        // bytes that the character under way still needs
  unsigned char low_ = 0x80, high_ = 0xBF;  // bounds of the next of them
};

}  // namespace knooppunt::documents

#endif  // KNOOPPUNT_SERVICES_DOCUMENTS_MEDIA_TYPE_H_
