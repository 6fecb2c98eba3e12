// Archives that are damaged, forged, sealed anew, or well signed by a peer that means harm. Each is
// refused by name, and nothing is stored (R28).
#include <functional>

#include "base/error.h"
#include "google/protobuf/io/coded_stream.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "services/handover/archive_testing.h"
#include "services/handover/package.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchivePayload;
using ::testing::_;
using testing::Certificates;
using ::testing::HasSubstr;
using testing::Keys;

class HostileTest : public testing::ArchiveTest {
 protected:
  // The reason of the refusal, after which there is as much stored as before.
  std::string Refused(const std::string& archive) {
    const int64_t before = StoredAtVenlo();
    const auto preview = Preview(archive, b.receiver);
    const auto taken = Import(archive);
    EXPECT_FALSE(taken.ok());
    EXPECT_EQ(StoredAtVenlo(), before);
    last_ = std::string(taken.status().message());
    if (base::ReasonOf(preview.status()) != base::ReasonOf(taken.status())) {
      return absl::StrCat(base::ReasonOf(preview.status()), " and ",
                          base::ReasonOf(taken.status()));
    }
    return base::ReasonOf(taken.status());
  }
  // Signed by the real peer and sealed to us, whatever it says.
  std::string Packed(const std::string& content) {
    return *at_maastricht->Pack(*at_maastricht->Find("venlo"), content);
  }
  std::string Packed(const ArchivePayload& payload) { return Packed(EncodeArchive(payload)); }
  ArchivePayload Good(const std::string& archive) {
    return *DecodeArchive(at_venlo->Unpack(archive)->content);
  }
  // What the package would be if a peer made its hashes to fit.
  static void Rehash(ArchivePayload* payload) {
    std::vector<std::string> hashes(payload->withheld().begin(), payload->withheld().end());
    for (const auto& part : payload->parts()) hashes.push_back(PartHash(HashedPart(part)));
    payload->set_package_sha256(PackageHashOf(std::move(hashes)));
    payload->set_archive(ArchiveId(payload->handover(), payload->package_sha256()));
  }
  static archive::v1::ArchivePart* Part(ArchivePayload* payload, absl::string_view kind) {
    for (auto& part : *payload->mutable_parts()) {
      if (part.kind() == kind) return &part;
    }
    return nullptr;
  }

  std::string last_;
};

TEST_F(HostileTest, R28DamagedOnTheWay) {
  const std::string archive = OnItsWay();
  EXPECT_EQ(Refused(""), "ARCHIVE_TOO_LARGE");
  EXPECT_EQ(Refused("hallo"), "ARCHIVE_DAMAGED");
  EXPECT_EQ(Refused(std::string(kMaxArchiveBytes + 1, 'x')), "ARCHIVE_TOO_LARGE");
  EXPECT_EQ(Refused(std::string(kMaxArchiveBytes, '\x30')), "ARCHIVE_DAMAGED");
  for (const size_t size : {size_t{1}, archive.size() / 3, archive.size() - 1}) {
    EXPECT_EQ(Refused(archive.substr(0, size)), "ARCHIVE_DAMAGED");
  }
  EXPECT_EQ(Refused(archive + '\0'), "ARCHIVE_DAMAGED");
  int refused = 0;
  for (size_t i = 0; i < archive.size(); i += 61) {
    std::string flipped = archive;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    b.office.clock().Advance(absl::Seconds(10));
    const std::string reason = Refused(flipped);
    EXPECT_TRUE(reason == "ARCHIVE_DAMAGED" || reason == "ARCHIVE_FOR_ANOTHER_INSTALLATION")
        << i << " " << reason;
    ++refused;
  }
  std::printf("%zu bytes, %d flipped one by one, each refused\n", archive.size(), refused);
  EXPECT_TRUE(Import(archive).ok());
}

TEST_F(HostileTest, R28OfOrForSomebodyElse) {
  const std::string archive = OnItsWay();
  const std::string content = at_venlo->Unpack(archive)->content;
  // Sealed to another.
  EXPECT_EQ(Refused(*at_maastricht->Pack(*at_maastricht->Find("vreemd"), content)),
            "ARCHIVE_FOR_ANOTHER_INSTALLATION");
  // Signed by nobody who is known here, whatever it says of its sender.
  const auto stranger = testing::Installed(
      "vreemd", {{.name = "venlo", .certificate = Keys("venlo").certificate(), .places = {}}});
  EXPECT_EQ(Refused(*stranger->Pack(*stranger->Find("venlo"), content)), "ARCHIVE_FROM_STRANGER");
  // Sealed without any signature.
  EXPECT_EQ(Refused(*crypto::Envelope::Seal(Keys("venlo").certificate(), content)),
            "ARCHIVE_DAMAGED");
  // Surreptitious forwarding: another opens what was sent to it, and seals it to us, signature
  // and all.
  ArchivePayload for_another = Good(archive);
  for_another.set_recipient(Keys("vreemd").certificate().fingerprint());
  const std::string to_another =
      *at_maastricht->Pack(*at_maastricht->Find("vreemd"), EncodeArchive(for_another));
  const std::string signed_message = *crypto::Envelope::Open(Keys("vreemd"), to_another);
  EXPECT_EQ(Refused(*crypto::Envelope::Seal(Keys("venlo").certificate(), signed_message)),
            "ARCHIVE_FOR_ANOTHER_INSTALLATION");
}

// Of two peers that are both known, one hands on what the other said.
class TwoPeersTest : public testing::ArchiveTest {
 protected:
  TwoPeersTest()
      : ArchiveTest(testing::Installed(
            "venlo",
            {{.name = "maastricht", .certificate = Keys("maastricht").certificate(), .places = {}},
             {.name = "vreemd", .certificate = Keys("vreemd").certificate(), .places = {}}})) {}
};

TEST_F(TwoPeersTest, R28SignedAnewByAnotherPeer) {
  const std::string archive = OnItsWay();
  const auto other = testing::Installed(
      "vreemd", {{.name = "venlo", .certificate = Keys("venlo").certificate(), .places = {}}});
  const std::string anew = *other->Pack(*other->Find("venlo"), at_venlo->Unpack(archive)->content);
  EXPECT_EQ(base::ReasonOf(Import(anew).status()), "ARCHIVE_FROM_STRANGER");
  EXPECT_EQ(StoredAtVenlo(), 0);
}

class RemovedPeerTest : public testing::ArchiveTest {
 protected:
  RemovedPeerTest() : ArchiveTest(testing::Installed("venlo", {})) {}
};

TEST_F(RemovedPeerTest, R28APeerThatIsTakenOffTheListIsAStranger) {
  EXPECT_EQ(base::ReasonOf(Import(OnItsWay()).status()), "ARCHIVE_FROM_STRANGER");
  EXPECT_EQ(StoredAtVenlo(), 0);
}

TEST_F(HostileTest, R28AnotherVersionIsNamedAsThat) {
  const std::string content = at_venlo->Unpack(OnItsWay())->content;
  std::string newer = content;
  newer.replace(newer.find("v1\n"), 3, "v2\n");
  EXPECT_EQ(Refused(Packed(newer)), "ARCHIVE_VERSION");
  ArchivePayload payload = *DecodeArchive(content);
  payload.set_version(2);
  EXPECT_EQ(Refused(Packed(payload)), "ARCHIVE_VERSION");
  payload.set_version(0);
  EXPECT_EQ(Refused(Packed(payload)), "ARCHIVE_VERSION");
}

TEST_F(HostileTest, R28BytesThatAreNotTheOneForm) {
  const std::string content = at_venlo->Unpack(OnItsWay())->content;
  const std::string line = content.substr(0, content.find('\n') + 1);
  const std::string body = content.substr(line.size());
  EXPECT_EQ(Refused(Packed("")), "ARCHIVE_DAMAGED");
  EXPECT_EQ(Refused(Packed(line)), "ARCHIVE_VERSION");  // version 0
  EXPECT_EQ(Refused(Packed(body)), "ARCHIVE_DAMAGED");
  EXPECT_EQ(Refused(Packed(content + std::string("\xfa\x7f\x01x", 4))), "ARCHIVE_DAMAGED");
  EXPECT_EQ(Refused(Packed(content + std::string("\x08\x01", 2))), "ARCHIVE_DAMAGED");  // twice
  // Millions of tiny parts: refused before one is made.
  std::string tiny;
  while (tiny.size() < 800'000) tiny += std::string("\xa2\x01\x00", 3);
  EXPECT_EQ(Refused(Packed(line + body + tiny)), "ARCHIVE_DAMAGED");
  // Fields within fields within fields, as deep as they go.
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "\x1b";  // start of a group
  EXPECT_EQ(Refused(Packed(line + body + deep)), "ARCHIVE_DAMAGED");
  std::string nested = "x";
  for (int i = 0; i < 2000; ++i) {
    nested = absl::StrCat("\x42", std::string(1, static_cast<char>(0x80 | (nested.size() & 0x7f))),
                          std::string(1, static_cast<char>(0x80 | (nested.size() >> 7 & 0x7f))),
                          std::string(1, static_cast<char>(nested.size() >> 14)), nested);
  }
  EXPECT_EQ(Refused(Packed(line + "\x08\x01" + nested)), "ARCHIVE_DAMAGED");
  // A length that promises four gigabytes.
  EXPECT_EQ(Refused(Packed(line + body + std::string("\xa2\x01\xff\xff\xff\xff\x0f", 7))),
            "ARCHIVE_DAMAGED");
  // Larger than any archive, well signed and sealed.
  const std::string large = *crypto::Envelope::Seal(
      Keys("venlo").certificate(),
      *crypto::Envelope::Sign(Keys("maastricht"), content + std::string(2 << 20, 'x')));
  EXPECT_EQ(Refused(large), "ARCHIVE_TOO_LARGE");
}

// Whatever a peer signs: what is let in is in its one form, and is what it was checked to be.
TEST_F(HostileTest, R28RandomChangesUnderAGoodSignature) {
  const std::string content = at_venlo->Unpack(OnItsWay())->content;
  crypto::SeededRandom random(20261122);
  const auto draw = [&](size_t below) {
    const std::string bytes = random.Bytes(4);
    size_t n = 0;
    for (const char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
    return n % below;
  };
  int let_in = 0;
  constexpr int kRounds = 20'000;
  for (int i = 0; i < kRounds; ++i) {
    std::string changed = content;
    for (size_t changes = 1 + draw(3); changes > 0; --changes) {
      const size_t at = draw(changed.size());
      switch (draw(3)) {
        case 0:
          changed[at] = static_cast<char>(draw(256));
          break;
        case 1:
          changed.erase(at, 1 + draw(40));
          break;
        default:
          changed.insert(at, changed.substr(draw(changed.size()), 1 + draw(40)));
      }
    }
    const auto read = DecodeArchive(changed);
    if (!read.ok()) continue;
    ++let_in;
    EXPECT_EQ(EncodeArchive(*read), changed);
    EXPECT_OK(CheckArchive(*read));
  }
  std::printf("%d of %d changed at random are let in: names of people and days, still in form\n",
              let_in, kRounds);
  EXPECT_LT(let_in, kRounds / 20);
}

TEST_F(HostileTest, R28WellSignedAndNotWhatAnArchiveMaySay) {
  const ArchivePayload good = Good(OnItsWay());
  struct Harm {
    const char* what;
    const char* said;  // the field that the message names
    std::function<void(ArchivePayload*)> change;
  };
  const std::string bidi = "Sem\xe2\x80\xae!";  // right-to-left override
  const std::vector<Harm> harms = {
      {"a path as a part", "parts.item",
       [](ArchivePayload* p) { Part(p, "contribution")->set_item("../../../etc/passwd"); }},
      {"a path within a name", "parts.item",
       [](ArchivePayload* p) {
         Part(p, "contribution")->set_item(absl::StrCat(p->case_(), "/contributions/../x"));
       }},
      {"a part of another case", "parts.item",
       [](ArchivePayload* p) {
         Part(p, "contribution")->set_item("families/f-x/cases/c-x/contributions/x");
       }},
      {"another kind than its name says", "parts.item",
       [](ArchivePayload* p) { Part(p, "contribution")->set_kind("goal"); }},
      {"a path as the handover", "handover and case",
       [](ArchivePayload* p) { p->set_handover("families/../handovers/.."); }},
      {"a path as the werkplaats", "to_werkplaats",
       [](ArchivePayload* p) { p->set_to_werkplaats("werkplaatsen/../../x"); }},
      {"control characters in a text", "parts.text",
       [](ArchivePayload* p) { Part(p, "contribution")->set_text("a\x1b[2Jb"); }},
      {"characters that turn the text around", "parts.text",
       [&](ArchivePayload* p) { Part(p, "contribution")->set_text(bidi); }},
      {"the same in a name", "persons.given_name",
       [&](ArchivePayload* p) { p->mutable_persons(0)->set_given_name(bidi); }},
      {"the same in the family's view", "family_view",
       [&](ArchivePayload* p) { p->set_family_view(bidi); }},
      {"a line feed in a name", "from_werkplaats_name",
       [](ArchivePayload* p) { p->set_from_werkplaats_name("a\nb"); }},
      {"a text without end", "parts.text",
       [](ArchivePayload* p) {
         Part(p, "contribution")->set_text(std::string(kMaxPartTextBytes + 1, 'x'));
       }},
      {"a part twice", "parts",
       [](ArchivePayload* p) { *p->add_parts() = p->parts(p->parts_size() - 1); }},
      {"a person twice", "persons.key",
       [](ArchivePayload* p) { *p->add_persons() = p->persons(0); }},
      {"gezag of nobody in it", "gezag.holder",
       [](ArchivePayload* p) { p->mutable_gezag(0)->set_holder("p9"); }},
      {"gezag over nobody in it", "gezag.over",
       [](ArchivePayload* p) { p->mutable_gezag(0)->set_over("p9"); }},
      {"gezag over oneself", "gezag.over",
       [](ArchivePayload* p) { p->mutable_gezag(0)->set_over(p->gezag(0).holder()); }},
      {"a child who is a parent", "children",
       [](ArchivePayload* p) { p->set_children(0, p->gezag(0).holder()); }},
      {"about nobody in it", "parts.about",
       [](ArchivePayload* p) { Part(p, "contribution")->set_about(0, "p9"); }},
      {"another compartment", "parts.compartment",
       [](ArchivePayload* p) {
         Part(p, "contribution")->set_compartment(common::v1::COMPARTMENT_SAFETY);
       }},
      {"a document that is none", "parts.document",
       [](ArchivePayload* p) { Part(p, "contribution")->mutable_document()->set_title("x"); }},
      {"a person whom the family was not shown", "persons",
       [](ArchivePayload* p) { p->mutable_persons(0)->set_birth_date("2014-03-14"); }},
      {"a kind that does not go elsewhere", "kind",
       [](ArchivePayload* p) { p->set_kind(v1::HANDOVER_KIND_ADULTHOOD); }},
      {"no day", "expire_date", [](ArchivePayload* p) { p->set_expire_date("morgen"); }},
  };
  for (const Harm& harm : harms) {
    SCOPED_TRACE(harm.what);
    ArchivePayload payload = good;
    harm.change(&payload);
    Rehash(&payload);  // so that it is not the package that gives it away
    b.office.clock().Advance(absl::Minutes(1));
    EXPECT_EQ(Refused(Packed(payload)), "ARCHIVE_INVALID");
    EXPECT_THAT(last_, HasSubstr(harm.said));
  }
  // A text that the family was not shown.
  ArchivePayload payload = good;
  Part(&payload, "contribution")->set_text("Iets anders.");
  EXPECT_EQ(Refused(Packed(payload)), "ARCHIVE_INVALID");
  EXPECT_THAT(last_, HasSubstr("the package that the family was shown"));
  payload = good;
  payload.set_archive(std::string(64, 'a'));
  EXPECT_EQ(Refused(Packed(payload)), "ARCHIVE_INVALID");
}

TEST_F(HostileTest, R28ADocumentIsWhatItsTextSays) {
  ArchivePayload payload = Good(OnItsWay());
  archive::v1::ArchivePart* part = Part(&payload, "contribution");
  part->set_item(absl::StrCat(payload.case_(), "/documents/d-x/versions/1"));
  part->set_kind("document");
  part->mutable_document()->set_title("Verslag");
  part->mutable_document()->set_media_type("application/pdf");
  part->mutable_document()->set_size_bytes(10);
  part->mutable_document()->set_sha256(std::string(64, 'a'));
  part->set_text(
      absl::StrCat("Verslag\napplication/pdf, 10 bytes\nSHA-256 ", std::string(64, 'b')));
  std::sort(payload.mutable_parts()->begin(), payload.mutable_parts()->end(),
            [](const auto& x, const auto& y) { return x.item() < y.item(); });
  Rehash(&payload);
  EXPECT_EQ(Refused(Packed(payload)), "ARCHIVE_INVALID");
  EXPECT_THAT(last_, HasSubstr("parts.document"));
  const auto with = [&](const std::string& content, const std::string& media_type) {
    ArchivePayload out = payload;
    archive::v1::ArchivePart* document = Part(&out, "document");
    document->mutable_document()->set_content(content);
    document->mutable_document()->set_media_type(media_type);
    document->mutable_document()->set_size_bytes(static_cast<int64_t>(content.size()));
    document->mutable_document()->set_sha256(crypto::HexEncode(crypto::Sha256(content)));
    document->set_text(absl::StrCat("Verslag\n", media_type, ", ", content.size(),
                                    " bytes\nSHA-256 ", document->document().sha256()));
    return out;
  };
  const std::string pdf = "%PDF-1.7\nHet verslag.\n%%EOF\n";
  ArchivePayload other = with(pdf, "application/pdf");
  Part(&other, "document")->mutable_document()->mutable_content()->back() = '!';
  Rehash(&other);
  EXPECT_EQ(Refused(Packed(other)), "ARCHIVE_INVALID");
  EXPECT_THAT(last_, HasSubstr("parts.document.content"));
  // Content that is something else than it says, or that nobody may add.
  for (const auto& [content, type] : std::vector<std::pair<std::string, std::string>>{
           {"MZ\x90 een programma", "application/pdf"},
           {"#!/bin/sh\nrm -rf /\n", "text/x-shellscript"},
           {"\x1f\x8b\x08 een bom", "application/gzip"},
           {std::string("tekst\x1b[2J\n"), "text/plain"}}) {
    ArchivePayload lies = with(content, type);
    Rehash(&lies);
    const int64_t before = StoredAtVenlo();
    b.office.clock().Advance(absl::Minutes(1));
    EXPECT_EQ(Import(Packed(lies)).status().code(), absl::StatusCode::kInvalidArgument) << type;
    EXPECT_EQ(StoredAtVenlo(), before);
  }
  ArchivePayload good = with(pdf, "application/pdf");
  Rehash(&good);
  const auto taken = Import(Packed(good));
  ASSERT_OK(taken);
  EXPECT_THAT(taken->items(), ::testing::Contains(HasSubstr("/documents/")));
  auto preview = Preview(Packed(good), b.receiver);
  ASSERT_OK(preview);
  EXPECT_TRUE(Part(preview->mutable_payload(), "document")->document().content().empty());
}

TEST_F(HostileTest, R28ADocumentWithoutItsContentIsKnownToCome) {
  ArchivePayload payload = Good(OnItsWay());
  archive::v1::ArchivePart* part = Part(&payload, "contribution");
  part->set_item(absl::StrCat(payload.case_(), "/documents/d-x/versions/1"));
  part->set_kind("document");
  part->mutable_document()->set_title("Verslag");
  part->mutable_document()->set_media_type("application/pdf");
  part->mutable_document()->set_size_bytes(10'000'000);
  part->mutable_document()->set_sha256(std::string(64, 'a'));
  part->set_text(
      absl::StrCat("Verslag\napplication/pdf, 10000000 bytes\nSHA-256 ", std::string(64, 'a')));
  std::sort(payload.mutable_parts()->begin(), payload.mutable_parts()->end(),
            [](const auto& x, const auto& y) { return x.item() < y.item(); });
  Rehash(&payload);
  const auto preview = Preview(Packed(payload), b.receiver);
  ASSERT_OK(preview);
  ASSERT_EQ(preview->apart_size(), 1);
  EXPECT_EQ(preview->apart(0).size_bytes(), 10'000'000);
  // Of a kind that nobody may add, or larger than a document may be, it is not waited for.
  const auto as = [&](const std::string& media_type, int64_t size_bytes) {
    ArchivePayload out = payload;
    auto* document = Part(&out, "document");
    document->mutable_document()->set_media_type(media_type);
    document->mutable_document()->set_size_bytes(size_bytes);
    document->set_text(absl::StrCat("Verslag\n", media_type, ", ", size_bytes, " bytes\nSHA-256 ",
                                    std::string(64, 'a')));
    Rehash(&out);
    return Packed(out);
  };
  EXPECT_EQ(base::ReasonOf(Import(as("application/gzip", 100)).status()),
            "DOCUMENT_TYPE_NOT_ALLOWED");
  EXPECT_EQ(Refused(as("application/pdf", (50 << 20) + 1)), "ARCHIVE_INVALID");
  EXPECT_EQ(StoredAtVenlo(), 0);
  const auto taken = Import(Packed(payload));
  ASSERT_OK(taken);
  EXPECT_EQ(b.Get(b.ib).contributions_size(), 1);
  ASSERT_EQ(taken->elsewhere().apart_size(), 1);
  const v1::ApartDocument& apart = taken->elsewhere().apart(0);
  EXPECT_THAT(taken->items(), ::testing::Contains(apart.document()));
  documents::v1::GetDocumentRequest get;
  get.set_name(apart.document());
  const auto document = b.office.Call<documents::v1::Document>("documents.v1.DocumentService",
                                                               "GetDocument", b.ib, get);
  ASSERT_OK(document);
  EXPECT_EQ(document->state(), documents::v1::DOCUMENT_STATE_AWAITED);
  EXPECT_EQ(document->title(), "Verslag");
  EXPECT_EQ(document->versions(0).sha256(), std::string(64, 'a'));
}

TEST_F(HostileTest, R11AGuardianInstitutionIsNamedByWhoTakesItIn) {
  ArchivePayload payload = Good(OnItsWay());
  payload.mutable_gezag(0)->clear_holder();
  payload.mutable_gezag(0)->set_institution("organisations/jbz");
  const std::string archive = Packed(payload);
  EXPECT_EQ(base::ReasonOf(Import(archive).status()), "UNKNOWN_INSTITUTION");
  archive::v1::ImportHandoverRequest req;
  req.set_archive(archive);
  auto* here = req.add_institutions();
  here->set_institution("organisations/jbz");
  here->set_organisation("organisations/bestaat-niet");
  const auto import = [&] {
    return b.office.Call<v1::Handover>("archive.v1.ArchiveService", "ImportHandover", b.receiver,
                                       req);
  };
  EXPECT_EQ(base::ReasonOf(import().status()), "UNKNOWN_INSTITUTION");
  b.office.AddOrganisation("organisations/bj", common::v1::ORGANISATION_KIND_YOUTH_CARE_PROVIDER);
  here->set_organisation("organisations/bj");
  auto* more = req.add_institutions();
  more->set_institution("organisations/niet-genoemd");
  more->set_organisation("organisations/bj");
  EXPECT_EQ(base::ReasonOf(import().status()), "UNKNOWN_INSTITUTION");
  req.mutable_institutions()->RemoveLast();
  const auto taken = import();
  ASSERT_OK(taken);
  const std::string family = taken->case_().substr(9, taken->case_().find("/cases/") - 9);
  EXPECT_EQ(b.office.facts(family).gezag(0).holder_organisation(), "organisations/bj");
}

}  // namespace
}  // namespace knooppunt::handover
