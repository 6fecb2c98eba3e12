#include "security/crypto/envelope.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"
#include "security/crypto/envelope_testing.h"

namespace knooppunt::crypto {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using testing::MakeCertificate;
using testing::ReadAll;
using testing::ReadCorrespondent;
using testing::RunOrDie;
using testing::WriteAll;

constexpr char kContent[] = "Wat van de ene school naar de andere gaat.";

class EnvelopeTest : public ::testing::Test {
 protected:
  EnvelopeTest() {
    folder_ = ::knooppunt::testing::NewFolder("envelope");
    for (const char* who : {"maastricht", "venlo", "vreemd"}) MakeCertificate(folder_, who);
    maastricht_ = std::make_unique<Correspondent>(ReadCorrespondent(folder_, "maastricht"));
    venlo_ = std::make_unique<Correspondent>(ReadCorrespondent(folder_, "venlo"));
    vreemd_ = std::make_unique<Correspondent>(ReadCorrespondent(folder_, "vreemd"));
  }
  ~EnvelopeTest() override { std::filesystem::remove_all(folder_); }
  std::string Path(const char* file) const { return absl::StrCat(folder_, "/", file); }
  std::string Signed() { return *Envelope::Sign(*maastricht_, kContent); }
  std::string Sealed(const std::string& content) {
    return *Envelope::Seal(venlo_->certificate(), content);
  }

  std::string folder_;
  std::unique_ptr<Correspondent> maastricht_, venlo_, vreemd_;
};

TEST_F(EnvelopeTest, WhatIsSignedAndSealedComesOut) {
  const auto opened = Envelope::Open(*venlo_, Sealed(Signed()));
  ASSERT_OK(opened.status());
  const auto verified =
      Envelope::Verify({vreemd_->certificate(), maastricht_->certificate()}, *opened);
  ASSERT_OK(verified.status());
  EXPECT_EQ(verified->content, kContent);
  EXPECT_EQ(verified->signer, 1u);
  EXPECT_EQ(maastricht_->certificate().fingerprint().size(), 64u);
  EXPECT_EQ(*Envelope::Open(*venlo_, Sealed("")), "");
  const std::string large(900'000, 'x');
  EXPECT_EQ(*Envelope::Open(*venlo_, Sealed(large)), large);
}

TEST_F(EnvelopeTest, AnotherRecipientOpensNothing) {
  EXPECT_THAT(Envelope::Open(*vreemd_, Sealed(kContent)).status(),
              StatusIs(StatusCode::kPermissionDenied, ::testing::_));
  // A key of another under the recipient's name opens nothing either.
  const Correspondent liar = ReadCorrespondent(folder_, "vreemd");
  EXPECT_FALSE(
      Correspondent::FromPem(ReadAll(Path("venlo.crt")), ReadAll(Path("vreemd.key"))).ok());
}

TEST_F(EnvelopeTest, AStrangersSignatureIsNamedAsThat) {
  const std::string message = *Envelope::Sign(*vreemd_, kContent);
  EXPECT_THAT(Envelope::Verify({maastricht_->certificate()}, message).status(),
              StatusIs(StatusCode::kUnauthenticated, ::testing::_));
  EXPECT_THAT(Envelope::Verify({}, message).status(),
              StatusIs(StatusCode::kUnauthenticated, ::testing::_));
}

TEST_F(EnvelopeTest, OfOneFlippedByteAnywhereNothingElseComesOut) {
  const std::string signed_message = Signed();
  const std::string sealed = Sealed(signed_message);
  for (size_t i = 0; i < sealed.size(); ++i) {
    for (const char bit : {'\x01', '\x80'}) {
      std::string damaged = sealed;
      damaged[i] = static_cast<char>(damaged[i] ^ bit);
      EXPECT_FALSE(Envelope::Open(*venlo_, damaged).ok()) << i;
    }
  }
  size_t same = 0;
  for (size_t i = 0; i < signed_message.size(); ++i) {
    for (const char bit : {'\x01', '\x80'}) {
      std::string damaged = signed_message;
      damaged[i] = static_cast<char>(damaged[i] ^ bit);
      const auto verified = Envelope::Verify({maastricht_->certificate()}, damaged);
      if (!verified.ok()) continue;
      ++same;
      EXPECT_EQ(verified->content, kContent) << i;
    }
  }
  std::printf("signed: %zu bytes, %zu of %zu damaged ones say the same all the same\n",
              signed_message.size(), same, 2 * signed_message.size());
  // Two version numbers of the form, which say nothing and stand under no signature.
  EXPECT_LE(same, 4u);
}

TEST_F(EnvelopeTest, CutOffLengthenedOrOfAnotherFormIsRefused) {
  const std::string signed_message = Signed();
  const std::string sealed = Sealed(signed_message);
  for (size_t size = 0; size < sealed.size(); size += 7) {
    EXPECT_THAT(Envelope::Open(*venlo_, sealed.substr(0, size)).status(),
                StatusIs(StatusCode::kDataLoss, ::testing::_));
  }
  for (const std::string& other :
       {absl::StrCat(sealed, std::string(1, '\0')), absl::StrCat(sealed, sealed), signed_message,
        std::string(1000, '\x30'), std::string("\x30\x84\xff\xff\xff\xff", 6),
        std::string("\x30\x80", 2)}) {
    EXPECT_THAT(Envelope::Open(*venlo_, other).status(),
                StatusIs(StatusCode::kDataLoss, ::testing::_));
  }
  for (const std::string& other : {absl::StrCat(signed_message, "x"), sealed, std::string()}) {
    EXPECT_THAT(Envelope::Verify({maastricht_->certificate()}, other).status(),
                StatusIs(StatusCode::kDataLoss, ::testing::_));
  }
}

TEST_F(EnvelopeTest, OtherKindsOfMessageThatOpensslMakesAreRefused) {
  WriteAll(Path("content"), kContent);
  // Without authentication, as older mail programs seal.
  RunOrDie(absl::StrCat("cd ", folder_,
                        " && openssl cms -encrypt -binary -aes-256-cbc -outform DER "
                        "-in content -out cbc.cms venlo.crt"));
  EXPECT_THAT(Envelope::Open(*venlo_, ReadAll(Path("cbc.cms"))).status(),
              StatusIs(StatusCode::kDataLoss, ::testing::_));
  // To two recipients, of whom one is nobody's business.
  RunOrDie(absl::StrCat("cd ", folder_,
                        " && openssl cms -encrypt -binary -aes-256-gcm -outform DER "
                        "-in content -out two.cms venlo.crt vreemd.crt"));
  EXPECT_THAT(Envelope::Open(*venlo_, ReadAll(Path("two.cms"))).status(),
              StatusIs(StatusCode::kDataLoss, ::testing::_));
  // Signed with an older hash, by two, and without the content.
  for (const char* how : {"-md sha1 -signer maastricht.crt -inkey maastricht.key -nodetach",
                          "-signer maastricht.crt -inkey maastricht.key -nodetach -noattr",
                          "-signer maastricht.crt -inkey maastricht.key -signer vreemd.crt -inkey "
                          "vreemd.key -nodetach",
                          "-signer maastricht.crt -inkey maastricht.key"}) {
    RunOrDie(absl::StrCat("cd ", folder_, " && openssl cms -sign -binary -outform DER -in content ",
                          how, " -out other.cms"));
    EXPECT_FALSE(Envelope::Verify({maastricht_->certificate()}, ReadAll(Path("other.cms"))).ok())
        << how;
  }
}

TEST_F(EnvelopeTest, TheOpensslCommandReadsIt) {
  WriteAll(Path("archive"), Sealed(Signed()));
  RunOrDie(absl::StrCat("cd ", folder_,
                        " && openssl cms -decrypt -binary -inform DER -in archive -recip venlo.crt "
                        "-inkey venlo.key -out signed && openssl cms -verify -binary -inform DER "
                        "-in signed -certfile maastricht.crt -nointern -noverify "
                        "-out content 2>/dev/null"));
  EXPECT_EQ(ReadAll(Path("content")), kContent);
}

TEST_F(EnvelopeTest, OnlyCertificatesOnP256) {
  RunOrDie(absl::StrCat("cd ", folder_,
                        " && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=rsa -keyout "
                        "rsa.key -out rsa.crt 2>/dev/null"));
  EXPECT_THAT(Certificate::FromPem(ReadAll(Path("rsa.crt"))).status(),
              StatusIs(StatusCode::kInvalidArgument, ::testing::_));
  EXPECT_THAT(Certificate::FromPem("").status(),
              StatusIs(StatusCode::kInvalidArgument, ::testing::_));
  EXPECT_THAT(Correspondent::FromPem(ReadAll(Path("venlo.crt")), "").status(),
              StatusIs(StatusCode::kInvalidArgument, ::testing::_));
}

}  // namespace
}  // namespace knooppunt::crypto
