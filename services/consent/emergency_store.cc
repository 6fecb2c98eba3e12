#include "services/consent/emergency_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"

namespace knooppunt::consent {
namespace {

using policy::AuthorizedCall;
using storage::ReadTx;
using storage::Row;
using storage::WriteTx;

constexpr char kColumns[] =
    "SELECT id, family, subject, case_id, professional, organisation, function, meldcode_step, "
    "start_time, end_time, review_due_time, review_time, reviewer, justified FROM emergency ";

InboxRow FromRow(const Row& row) {
  InboxRow out;
  EmergencyFact& fact = out.fact;
  fact.set_id(std::string(row.Text(0)));
  out.family = std::string(row.Text(1));
  out.subject = std::string(row.Text(2));
  out.case_id = std::string(row.Text(3));
  fact.set_professional(std::string(row.Text(4)));
  fact.set_organisation(std::string(row.Text(5)));
  fact.set_function(static_cast<common::v1::Function>(row.Int(6)));
  fact.set_meldcode_step(static_cast<int32_t>(row.Int(7)));
  fact.set_start_time(row.Int(8));
  fact.set_end_time(row.Int(9));
  fact.set_review_due_time(row.Int(10));
  fact.set_review_time(row.Int(11));
  fact.set_reviewer(std::string(row.Text(12)));
  fact.set_justified(row.Int(13) != 0);
  return out;
}

// Adds what `where` finds, in the order it says, as far as the caller asked for it.
absl::Status Add(const AuthorizedCall& call, ReadTx& tx, const InboxFilter& filter,
                 absl::string_view where, absl::string_view order, std::vector<InboxRow>* out) {
  const int64_t limit = limits::kMaxEmergenciesListed;
  const auto add = [&](const Row& row) {
    out->push_back(FromRow(row));
    return absl::OkStatus();
  };
  if (!filter.own) {
    return tx.Query(absl::StrCat(kColumns, "WHERE ", where, " ORDER BY ", order, " LIMIT ?"),
                    {limit}, add);
  }
  return tx.Query(
      absl::StrCat(kColumns, "WHERE ", where,
                   " AND professional = ? AND organisation = ? AND function = ? "
                   "ORDER BY ",
                   order, " LIMIT ?"),
      {absl::string_view(call.claims().subject()), absl::string_view(call.claims().organisation()),
       static_cast<int64_t>(call.claims().function()), limit},
      add);
}

}  // namespace

absl::Status InsertEmergency(const AuthorizedCall& call, WriteTx& tx, const InboxRow& row) {
  const EmergencyFact& fact = row.fact;
  return tx
      .Exec(
          "INSERT INTO emergency (id, family, subject, case_id, professional, organisation, "
          "function, meldcode_step, start_time, end_time, review_due_time, review_time, reviewer, "
          "justified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0)",
          {absl::string_view(fact.id()), absl::string_view(call.family()),
           absl::string_view(row.subject), absl::string_view(row.case_id),
           absl::string_view(fact.professional()), absl::string_view(fact.organisation()),
           static_cast<int64_t>(fact.function()), static_cast<int64_t>(fact.meldcode_step()),
           fact.start_time(), fact.end_time(), fact.review_due_time()})
      .status();
}

absl::Status UpdateEmergency(const AuthorizedCall& call, WriteTx& tx, const EmergencyFact& fact) {
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE emergency SET end_time = ?, review_time = ?, reviewer = ?, justified = ? "
              "WHERE id = ? AND family = ?",
              {fact.end_time(), fact.review_time(), absl::string_view(fact.reviewer()),
               static_cast<int64_t>(fact.justified() ? 1 : 0), absl::string_view(fact.id()),
               absl::string_view(call.family())}));
  return changed == 1 ? absl::OkStatus()
                      : absl::DataLossError("an emergency is not in the officer's inbox");
}

absl::StatusOr<std::vector<InboxRow>> ListEmergencyRows(const AuthorizedCall& call, ReadTx& tx,
                                                        const InboxFilter& filter) {
  std::vector<InboxRow> out;
  KP_RETURN_IF_ERROR(Add(call, tx, filter, "review_time = 0", "start_time, id", &out));
  if (filter.reviewed) {
    KP_RETURN_IF_ERROR(Add(call, tx, filter, "review_time > 0", "start_time DESC, id DESC", &out));
  }
  std::sort(out.begin(), out.end(), [](const InboxRow& a, const InboxRow& b) {
    return std::make_pair(a.fact.start_time(), a.fact.id()) <
           std::make_pair(b.fact.start_time(), b.fact.id());
  });
  return out;
}

absl::StatusOr<int64_t> CountOpenedSince(const AuthorizedCall& call, ReadTx& tx, absl::Time since) {
  int64_t count = 0;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT count(*) FROM emergency WHERE professional = ? AND start_time >= ?",
               {absl::string_view(call.claims().subject()), absl::ToUnixSeconds(since)},
               [&](const Row& row) {
                 count = row.Int(0);
                 return absl::OkStatus();
               }));
  return count;
}

absl::StatusOr<int64_t> CountOverdueReviews(ReadTx& tx, absl::Time now) {
  int64_t count = 0;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT count(*) FROM emergency WHERE review_time = 0 AND review_due_time <= ?",
               {absl::ToUnixSeconds(now)}, [&](const Row& row) {
                 count = row.Int(0);
                 return absl::OkStatus();
               }));
  return count;
}

}  // namespace knooppunt::consent
