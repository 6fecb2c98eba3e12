#include "services/handover/archive_format.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/wire_format_lite.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "services/dossier/request.h"
#include "services/dossier/text.h"
#include "services/handover/archive_errors.h"
#include "services/handover/errors.h"
#include "services/handover/package.h"
#include "services/handover/rules.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchiveGezag;
using archive::v1::ArchivePart;
using archive::v1::ArchivePayload;
using archive::v1::ArchivePerson;
using archive::v1::ArchivePiece;
using archive::v1::ArchiveReceipt;
using errors::ArchiveSays;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using v1::ArchiveConversation;

constexpr absl::string_view kForm = "knooppunt-handover-archive-v";
constexpr absl::string_view kArchiveLine = "knooppunt-handover-archive-v1\n";
constexpr absl::string_view kReceiptForm = "knooppunt-handover-archive-receipt-v";
constexpr absl::string_view kReceiptLine = "knooppunt-handover-archive-receipt-v1\n";

constexpr absl::string_view kPieceForm = "knooppunt-handover-archive-piece-v";
constexpr absl::string_view kPieceLine = "knooppunt-handover-archive-piece-v1\n";

std::string Canonical(const Message& message) {
  std::string out;
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return out;
}

// Few enough fields at the top, before a message is made of each: millions of empty ones would
// cost a hundred times their bytes.
bool FewFields(absl::string_view bytes) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  int fields = 0;
  while (const uint32_t tag = in.ReadTag()) {
    if (++fields > kMaxArchiveFields || !WireFormatLite::SkipField(&in, tag)) return false;
  }
  return in.CurrentPosition() == static_cast<int>(bytes.size());
}

// One message in its one form: no unknown field, nothing twice, nothing in another order.
template <typename M>
absl::StatusOr<M> Read(absl::string_view bytes, absl::string_view form, absl::string_view line) {
  if (!absl::ConsumePrefix(&bytes, line)) {
    return absl::StartsWith(bytes, form) && absl::ascii_isdigit(bytes[form.size()])
               ? errors::ArchiveVersion()
               : errors::ArchiveDamaged();
  }
  M message;
  if (!FewFields(bytes) || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return errors::ArchiveDamaged();
  }
  message.DiscardUnknownFields();
  if (Canonical(message) != bytes) return errors::ArchiveDamaged();
  if (message.version() != kArchiveVersion) return errors::ArchiveVersion();
  return message;
}

bool IsHash(absl::string_view s) {
  return s.size() == 64 && std::all_of(s.begin(), s.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}
bool IsInstant(absl::string_view s) {
  absl::Time time;
  std::string ignored;
  return absl::ParseTime("%Y-%m-%dT%H:%M:%SZ", s, &time, &ignored) &&
         base::FormatInstant(time) == s;
}
template <typename List>
bool SortedHashes(const List& list) {
  return list.size() <= kMaxParts && std::all_of(list.begin(), list.end(), IsHash) &&
         std::adjacent_find(list.begin(), list.end(), std::greater_equal<>()) == list.end();
}

// Of errors that name a field of a request: which one is said by the caller.
absl::Status Name(absl::string_view field, absl::string_view text) {
  return dossier::ValidateName(field, text).ok()
             ? absl::OkStatus()
             : ArchiveSays(field, "be one line of plain text, not empty");
}
absl::Status Text(absl::string_view field, absl::string_view text,
                  const dossier::TextRules& rules) {
  return dossier::ValidateText(field, text, rules).ok()
             ? absl::OkStatus()
             : ArchiveSays(field, "be plain text within its size");
}
absl::Status Day(absl::string_view field, absl::string_view iso) {
  return base::ParseDate(iso).ok() ? absl::OkStatus() : ArchiveSays(field, "be a day");
}

absl::Status CheckHead(const ArchivePayload& a) {
  for (const std::string* hash : {&a.archive(), &a.sender(), &a.recipient(), &a.package_sha256()}) {
    if (!IsHash(*hash)) return ArchiveSays("archive, sender, recipient and package", "be SHA-256");
  }
  const auto handover = base::ResourceName::Parse(a.handover(), "families/*/handovers/*");
  const auto of_case = base::ResourceName::Parse(a.case_(), "families/*/cases/*");
  if (!handover.ok() || !of_case.ok() || handover->Id("families") != of_case->Id("families")) {
    return ArchiveSays("handover and case", "be names of one family");
  }
  if (a.archive() != ArchiveId(a.handover(), a.package_sha256())) {
    return ArchiveSays("archive", "follow from the handover and the package");
  }
  if (!v1::HandoverKind_IsValid(a.kind()) || a.kind() == v1::HANDOVER_KIND_UNSPECIFIED ||
      a.kind() == v1::HANDOVER_KIND_ADULTHOOD) {
    return ArchiveSays("kind", "be one that goes to another installation");
  }
  KP_RETURN_IF_ERROR(Name("from_werkplaats_name", a.from_werkplaats_name()));
  KP_RETURN_IF_ERROR(Name("contact_name", a.contact_name()));
  if (!base::ResourceName::Parse(a.to_werkplaats(), "werkplaatsen/*").ok() ||
      !base::ResourceName::Parse(a.to_organisation(), "organisations/*").ok()) {
    return ArchiveSays("to_werkplaats and to_organisation", "be names of the directory");
  }
  if (!IsInstant(a.offer_time())) return ArchiveSays("offer_time", "be an instant in UTC");
  KP_RETURN_IF_ERROR(Day("expire_date", a.expire_date()));
  if (!SortedHashes(a.withheld())) {
    return ArchiveSays("withheld", "be SHA-256, sorted, each once");
  }
  return Text("family_view", a.family_view(), {.required = false});
}

absl::Status CheckPersons(const ArchivePayload& a,
                          std::map<std::string, const ArchivePerson*>* by) {
  if (a.persons().empty() || a.persons_size() > limits::kMaxPersonsPerFamily) {
    return ArchiveSays("persons", "be one to 32");
  }
  for (int i = 0; i < a.persons_size(); ++i) {
    const ArchivePerson& p = a.persons(i);
    if (p.key() != absl::StrCat("p", i + 1)) return ArchiveSays("persons.key", "count from p1");
    KP_RETURN_IF_ERROR(Name("persons.given_name", p.given_name()));
    KP_RETURN_IF_ERROR(Name("persons.family_name", p.family_name()));
    KP_RETURN_IF_ERROR(Day("persons.birth_date", p.birth_date()));
    if (!access::v1::FamilyRole_IsValid(p.role()) ||
        p.role() == access::v1::FAMILY_ROLE_UNSPECIFIED) {
      return ArchiveSays("persons.role", "be a role in a family");
    }
    by->emplace(p.key(), &p);
  }
  std::set<std::string> children;
  for (const std::string& key : a.children()) {
    const auto child = by->find(key);
    if (child == by->end() || child->second->role() != access::v1::FAMILY_ROLE_CHILD ||
        !children.insert(key).second) {
      return ArchiveSays("children", "be children in the archive, each once");
    }
  }
  return children.empty() ? ArchiveSays("children", "not be empty") : absl::OkStatus();
}

absl::Status CheckGezag(const ArchivePayload& a,
                        const std::map<std::string, const ArchivePerson*>& persons) {
  if (a.gezag_size() > limits::kMaxGezagPerFamily) return ArchiveSays("gezag", "be at most 256");
  std::set<std::string> seen;
  for (const ArchiveGezag& g : a.gezag()) {
    if (g.holder().empty() == g.institution().empty()) {
      return ArchiveSays("gezag", "be held by a person or by an institution");
    }
    if (!g.holder().empty() && !persons.contains(g.holder())) {
      return ArchiveSays("gezag.holder", "be a person in the archive");
    }
    if (!g.institution().empty()) KP_RETURN_IF_ERROR(Name("gezag.institution", g.institution()));
    if (!persons.contains(g.over()) || g.over() == g.holder()) {
      return ArchiveSays("gezag.over", "be another person in the archive");
    }
    KP_RETURN_IF_ERROR(Day("gezag.start_date", g.start_date()));
    if (!g.end_date().empty()) KP_RETURN_IF_ERROR(Day("gezag.end_date", g.end_date()));
    if (!seen.insert(
                 absl::StrCat(g.holder(), "/", g.institution(), "/", g.over(), "/", g.start_date()))
             .second) {
      return ArchiveSays("gezag", "stand there once");
    }
  }
  return absl::OkStatus();
}

// What kind of part the name says that it is, in the word of the package.
absl::string_view WordOf(PickedName::Kind kind) {
  switch (kind) {
    case PickedName::Kind::kPerson:
      return "person";
    case PickedName::Kind::kOpening:
      return "opening";
    case PickedName::Kind::kWish:
      return "wish";
    case PickedName::Kind::kGoal:
      return "goal";
    case PickedName::Kind::kAsset:
      return "asset";
    case PickedName::Kind::kArrangement:
      return "arrangement";
    case PickedName::Kind::kStep:
      return "step";
    case PickedName::Kind::kContribution:
      return "contribution";
    case PickedName::Kind::kDocument:
      return "document";
  }
  return "";
}

absl::Status CheckDocument(const ArchivePart& part) {
  if (!part.has_document()) return ArchiveSays("parts.document", "be there for a document alone");
  const archive::v1::ArchiveDocument& d = part.document();
  KP_RETURN_IF_ERROR(Name("parts.document.title", d.title()));
  KP_RETURN_IF_ERROR(Name("parts.document.media_type", d.media_type()));
  if (!IsHash(d.sha256()) || d.size_bytes() < 1 || d.size_bytes() > limits::kMaxDocumentBytes ||
      part.text() != absl::StrCat(d.title(), "\n", d.media_type(), ", ", d.size_bytes(),
                                  " bytes\nSHA-256 ", d.sha256())) {
    return ArchiveSays("parts.document", "be what its text says");
  }
  if (!d.content().empty() && (static_cast<int64_t>(d.content().size()) != d.size_bytes() ||
                               crypto::HexEncode(crypto::Sha256(d.content())) != d.sha256())) {
    return ArchiveSays("parts.document.content", "have the hash that the family was shown");
  }
  return absl::OkStatus();
}

absl::Status CheckPart(const ArchivePart& part, const ArchivePayload& a,
                       const std::map<std::string, const ArchivePerson*>& persons) {
  const auto of_case = base::ResourceName::Parse(a.case_());
  const auto pick = ParsePick(part.item(), of_case->Id("families"), of_case->Id("cases"));
  if (!pick.ok() || part.kind() != WordOf(pick->kind)) {
    return ArchiveSays("parts.item", "be a part of that case, of the kind that it says");
  }
  KP_RETURN_IF_ERROR(Text("parts.text", part.text(), {.max_bytes = kMaxPartTextBytes}));
  if (part.about().empty() && !part.about_family()) {
    return ArchiveSays("parts.about", "be somebody");
  }
  for (int i = 0; i < part.about_size(); ++i) {
    if (!persons.contains(part.about(i)) || (i > 0 && part.about(i - 1) >= part.about(i))) {
      return ArchiveSays("parts.about", "be persons in the archive, sorted, each once");
    }
  }
  if (part.compartment() != common::v1::COMPARTMENT_EDUCATION ||
      part.regime() != common::v1::REGIME_EDUCATION) {
    return ArchiveSays("parts.compartment", "be education");
  }
  if (pick->kind == PickedName::Kind::kDocument) return CheckDocument(part);
  return part.has_document() ? ArchiveSays("parts.document", "be there for a document alone")
                             : absl::OkStatus();
}

// R28: what is taken in is what the family was shown: the parts hash to the package, and the
// persons are those among the parts.
absl::Status CheckParts(const ArchivePayload& a,
                        const std::map<std::string, const ArchivePerson*>& persons) {
  if (a.parts().empty() || a.parts_size() + a.withheld_size() > kMaxParts) {
    return ArchiveSays("parts", "be one to 400, with those that do not travel");
  }
  std::vector<std::string> hashes(a.withheld().begin(), a.withheld().end());
  std::set<std::string> shown;
  for (int i = 0; i < a.parts_size(); ++i) {
    const ArchivePart& part = a.parts(i);
    KP_RETURN_IF_ERROR(CheckPart(part, a, persons));
    if (i > 0 && a.parts(i - 1).item() >= part.item()) {
      return ArchiveSays("parts", "be sorted, each once");
    }
    hashes.push_back(PartHash(HashedPart(part)));
    if (part.kind() != "person") continue;
    const ArchivePerson* who = part.about_size() == 1 ? persons.at(part.about(0)) : nullptr;
    if (who == nullptr || !shown.insert(who->key()).second ||
        part.text() != absl::StrCat(who->given_name(), " ", who->family_name(), ", geboren op ",
                                    who->birth_date())) {
      return ArchiveSays("persons", "be those that the family was shown");
    }
  }
  if (static_cast<int>(shown.size()) != a.persons_size()) {
    return ArchiveSays("persons", "be those that the family was shown");
  }
  return PackageHashOf(std::move(hashes)) == a.package_sha256()
             ? absl::OkStatus()
             : ArchiveSays("parts", "be the package that the family was shown");
}

absl::Status CheckTalk(const ArchiveConversation& talk) {
  KP_RETURN_IF_ERROR(Day("conversation.date", talk.date()));
  KP_RETURN_IF_ERROR(Name("conversation.how", talk.how()));
  if (talk.attendees_size() > limits::kMaxSeatsPerCase ||
      talk.absences_size() >= v1::HandoverParty_ARRAYSIZE) {
    return ArchiveSays("conversation", "name each once");
  }
  for (const auto& attendee : talk.attendees()) {
    KP_RETURN_IF_ERROR(Name("conversation.attendees.name", attendee.name()));
  }
  for (const auto& absence : talk.absences()) {
    KP_RETURN_IF_ERROR(Text("conversation.absences.reason", absence.reason(), {.max_bytes = 2048}));
  }
  return absl::OkStatus();
}

absl::Status CheckReceipt(const ArchiveReceipt& r) {
  for (const std::string* hash : {&r.archive(), &r.sender(), &r.recipient(), &r.package_sha256()}) {
    if (!IsHash(*hash)) return ArchiveSays("archive, sender, recipient and package", "be SHA-256");
  }
  if (!base::ResourceName::Parse(r.handover(), "families/*/handovers/*").ok()) {
    return ArchiveSays("handover", "be a name");
  }
  KP_RETURN_IF_ERROR(Name("signer_name", r.signer_name()));
  if (!IsInstant(r.time())) return ArchiveSays("time", "be an instant in UTC");
  if (!SortedHashes(r.travelled())) {
    return ArchiveSays("travelled", "be SHA-256, sorted, each once");
  }
  const bool accepted = r.stage() == archive::v1::ARCHIVE_STAGE_ACCEPTED;
  const bool returned = r.stage() == archive::v1::ARCHIVE_STAGE_RETURNED;
  if (!accepted && !returned && r.stage() != archive::v1::ARCHIVE_STAGE_RECEIVED) {
    return ArchiveSays("stage", "be received, accepted or returned");
  }
  KP_RETURN_IF_ERROR(Text("reason", r.reason(), {.required = returned}));
  if (accepted != r.has_conversation() || accepted == r.regisseur_name().empty() ||
      (!returned && !r.reason().empty())) {
    return ArchiveSays("stage", "have what belongs to it and no more");
  }
  if (!accepted) return absl::OkStatus();
  KP_RETURN_IF_ERROR(Name("regisseur_name", r.regisseur_name()));
  return CheckTalk(r.conversation());
}

// Whether it is the piece that is asked for now is for who knows the archive and what came before.
absl::Status CheckPiece(const ArchivePiece& p) {
  for (const std::string* hash : {&p.archive(), &p.sender(), &p.recipient()}) {
    if (!IsHash(*hash)) return ArchiveSays("archive, sender and recipient", "be SHA-256");
  }
  if (!base::ResourceName::Parse(p.item(), "families/*/cases/*/documents/*/versions/*").ok()) {
    return ArchiveSays("item", "be a version of a document");
  }
  if (p.offset_bytes() < 0 || p.offset_bytes() >= limits::kMaxDocumentBytes ||
      p.offset_bytes() % kPieceBytes != 0) {
    return ArchiveSays("offset_bytes", "be a multiple of 1 MiB below 50 MiB");
  }
  if (p.content().empty() || static_cast<int64_t>(p.content().size()) > kPieceBytes) {
    return ArchiveSays("content", "be 1 byte to 1 MiB");
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeArchive(const ArchivePayload& payload) {
  return absl::StrCat(kArchiveLine, Canonical(payload));
}
std::string EncodeReceipt(const ArchiveReceipt& receipt) {
  return absl::StrCat(kReceiptLine, Canonical(receipt));
}

std::string EncodePiece(const ArchivePiece& piece) {
  return absl::StrCat(kPieceLine, Canonical(piece));
}

absl::StatusOr<ArchivePayload> DecodeArchive(absl::string_view signed_bytes) {
  KP_ASSIGN_OR_RETURN(ArchivePayload payload,
                      Read<ArchivePayload>(signed_bytes, kForm, kArchiveLine));
  KP_RETURN_IF_ERROR(CheckArchive(payload));
  return payload;
}

absl::StatusOr<ArchiveReceipt> DecodeReceipt(absl::string_view signed_bytes) {
  KP_ASSIGN_OR_RETURN(ArchiveReceipt receipt,
                      Read<ArchiveReceipt>(signed_bytes, kReceiptForm, kReceiptLine));
  KP_RETURN_IF_ERROR(CheckReceipt(receipt));
  return receipt;
}

absl::StatusOr<ArchivePiece> DecodePiece(absl::string_view signed_bytes) {
  KP_ASSIGN_OR_RETURN(ArchivePiece piece, Read<ArchivePiece>(signed_bytes, kPieceForm, kPieceLine));
  KP_RETURN_IF_ERROR(CheckPiece(piece));
  return piece;
}

absl::Status CheckArchive(const ArchivePayload& payload) {
  std::map<std::string, const ArchivePerson*> persons;
  KP_RETURN_IF_ERROR(CheckHead(payload));
  KP_RETURN_IF_ERROR(CheckPersons(payload, &persons));
  KP_RETURN_IF_ERROR(CheckGezag(payload, persons));
  return CheckParts(payload, persons);
}

std::string ArchiveId(absl::string_view handover, absl::string_view package_sha256) {
  return crypto::HexEncode(crypto::Sha256(
      crypto::JoinLengthPrefixed({"knooppunt-handover-archive-v1", handover, package_sha256})));
}

v1::HandoverPart HashedPart(const ArchivePart& part) {
  v1::HandoverPart out;
  out.set_item(part.item());
  out.set_kind(part.kind());
  out.set_text(part.text());
  return out;
}

absl::Status CheckConversation(const ArchiveConversation& talk, const v1::HandoverKindRow& row,
                               base::Date today) {
  KP_RETURN_IF_ERROR(CheckTalk(talk));
  KP_ASSIGN_OR_RETURN(const base::Date date, base::ParseDate(talk.date()));
  if (date > today) return errors::ConversationInFuture();
  const auto there = [&](v1::HandoverParty party) {
    return std::any_of(talk.attendees().begin(), talk.attendees().end(),
                       [&](const auto& a) { return a.party() == party; });
  };
  const auto excused = [&](v1::HandoverParty party) {
    return std::any_of(talk.absences().begin(), talk.absences().end(),
                       [&](const auto& a) { return a.party() == party; });
  };
  const bool family = there(v1::HANDOVER_PARTY_FAMILY) || there(v1::HANDOVER_PARTY_YOUTH) ||
                      excused(v1::HANDOVER_PARTY_FAMILY);
  if (!there(v1::HANDOVER_PARTY_SENDER) || !there(v1::HANDOVER_PARTY_RECEIVER) || !family) {
    return errors::ConversationLacksSomebody();
  }
  for (const int asked : row.must_take_part()) {
    const auto party = static_cast<v1::HandoverParty>(asked);
    if (party == v1::HANDOVER_PARTY_FAMILY) continue;
    if (!there(party) && !excused(party)) return errors::ConversationLacksSomebody();
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
