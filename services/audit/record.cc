// A family's records, opened for the one who reads and filtered to what is theirs (R25).
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"
#include "services/audit/opened_records.h"
#include "services/audit/rules.h"
#include "services/audit/service.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {
namespace {

constexpr absl::string_view kUnreadable =
    "De inhoud van dit record kan niet (meer) worden gelezen.";

struct Page {
  int64_t after = -1;  // index of the last record of the page before
  size_t size = 0;
};

absl::StatusOr<Page> PageOf(const audit::v1::ListRecordsRequest& request) {
  if (request.page_size() < 0) return errors::InvalidField("page_size", "is 0 or more");
  Page page;
  page.size = request.page_size() == 0 ? limits::kDefaultPageSize
                                       : std::min<int>(request.page_size(), limits::kMaxPageSize);
  if (request.page_token().empty()) return page;
  const absl::StatusOr<std::string> token = crypto::Base64UrlDecode(request.page_token());
  if (!token.ok() || !absl::SimpleAtoi(*token, &page.after) || page.after < 0) {
    return errors::BadPageToken();
  }
  return page;
}

// Nothing when the record is not the reader's to see. An auditor also sees that there is
// one that cannot be read.
std::optional<audit::v1::Record> Show(const Reader& reader, const SealedRecord& sealed,
                                      const OrganisationName& organisation_name, Opener* opener) {
  audit::v1::Record record;
  record.set_index(sealed.index);
  const std::optional<RecordParts> parts = OpenedFor(reader, sealed, opener);
  if (!parts.has_value()) {
    if (!reader.auditor) return std::nullopt;
    record.set_text_nl(std::string(kUnreadable));
    return record;
  }
  std::optional<RecordView> view = ViewFor(reader, parts->who, parts->about);
  if (!view.has_value()) return std::nullopt;
  record.set_text_nl(Sentence(*view, organisation_name));
  record.mutable_time()->set_seconds(view->who.time_ms() / 1000);
  record.mutable_time()->set_nanos(static_cast<int32_t>(view->who.time_ms() % 1000 * 1'000'000));
  *record.mutable_who() = std::move(view->who);
  *record.mutable_about() = std::move(view->about);
  return record;
}

std::string TokenAfter(int64_t index) { return crypto::Base64UrlEncode(absl::StrCat(index)); }

}  // namespace

absl::Status AuditService::ListRecords(const AuthorizedCall& call, ReadTx& tx,
                                       const audit::v1::ListRecordsRequest& request,
                                       audit::v1::ListRecordsResponse* response) const {
  if (!base::ResourceName::Parse(request.parent(), "families/*").ok() &&
      !base::ResourceName::Parse(request.parent(), "subjects/*").ok()) {
    return errors::InvalidField("parent", "is families/{f} or subjects/{pseudonym}");
  }
  const Reader reader = ReaderOf(call);
  if (reader.subject.empty()) return errors::NoView();
  KP_ASSIGN_OR_RETURN(const Page page, PageOf(request));
  KP_ASSIGN_OR_RETURN(Opener opener, Opener::Create(call.audit_view()));
  call.touched().family = true;

  // Pages are filled from what the reader sees, and the token stands only when there is
  // more of that: neither shows what was left out (R18).
  const int step_size = std::min<int>(static_cast<int>(page.size) + 1, kRecordsPerStep);
  int64_t after = page.after;
  for (int looked_at = 0; looked_at < kMaxRecordsPerList;) {
    KP_ASSIGN_OR_RETURN(const std::vector<SealedRecord> step,
                        audit_service::ListRecords(call, tx, reader.subject, after, step_size));
    for (const SealedRecord& sealed : step) {
      auto record = Show(reader, sealed, options_.organisation_name, &opener);
      if (!record.has_value()) continue;
      if (static_cast<size_t>(response->records_size()) == page.size) {
        response->set_next_page_token(TokenAfter(response->records().rbegin()->index()));
        return absl::OkStatus();
      }
      *response->add_records() = *std::move(record);
    }
    if (static_cast<int>(step.size()) < step_size) return absl::OkStatus();
    after = step.back().index;
    looked_at += static_cast<int>(step.size());
  }
  response->set_next_page_token(TokenAfter(after));
  return absl::OkStatus();
}

}  // namespace knooppunt::audit_service
