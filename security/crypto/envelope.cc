#include "security/crypto/envelope.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "security/crypto/hash.h"
#include "security/crypto/openssl_handles.h"

namespace knooppunt::crypto {
namespace {

using internal::Handle;

struct CmsFree {
  void operator()(CMS_ContentInfo* p) const { CMS_ContentInfo_free(p); }
  void operator()(X509* p) const { X509_free(p); }
};
using Cms = std::unique_ptr<CMS_ContentInfo, CmsFree>;

// What OpenSSL noted of an error would stand in the way of the next caller, and says too much.
absl::Status Failed(absl::StatusCode code, absl::string_view what) {
  ERR_clear_error();
  return absl::Status(code, what);
}
absl::Status Damaged() {
  return Failed(absl::StatusCode::kDataLoss, "the message is damaged or is none of this form");
}
absl::Status Broken() {
  return Failed(absl::StatusCode::kInternal, "the message could not be made");
}

Handle<BIO> Reader(absl::string_view bytes) {
  Handle<BIO> bio(BIO_new_mem_buf(internal::Data(bytes), static_cast<int>(bytes.size())));
  internal::RequireOpenSsl(bio != nullptr, "memory");
  return bio;
}
Handle<BIO> Writer() {
  Handle<BIO> bio(BIO_new(BIO_s_mem()));
  internal::RequireOpenSsl(bio != nullptr, "memory");
  return bio;
}
std::string Written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size <= 0 ? "" : std::string(data, static_cast<size_t>(size));
}

absl::StatusOr<std::string> ToDer(CMS_ContentInfo* cms) {
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(cms, &der);
  if (size <= 0) return Broken();
  std::string out(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

// One message of this type, in the one way in which DER writes it: no byte before, between or
// after.
absl::StatusOr<Cms> FromDer(absl::string_view der, int type) {
  const unsigned char* at = internal::Data(der);
  Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  if (cms == nullptr || OBJ_obj2nid(CMS_get0_type(cms.get())) != type) return Damaged();
  const absl::StatusOr<std::string> again = ToDer(cms.get());
  if (!again.ok() || *again != der) return Damaged();
  return cms;
}

bool OnP256(EVP_PKEY* key) {
  char group[32] = {};
  size_t size = 0;
  return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group, sizeof(group), &size) == 1 &&
         absl::string_view(group) == SN_X9_62_prime256v1;
}

// The signature is of the kind that Sign makes.
bool AsWeSign(CMS_SignerInfo* signer) {
  X509_ALGOR *digest = nullptr, *signature = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
  const ASN1_OBJECT *digest_id = nullptr, *signature_id = nullptr;
  X509_ALGOR_get0(&digest_id, nullptr, nullptr, digest);
  X509_ALGOR_get0(&signature_id, nullptr, nullptr, signature);
  return OBJ_obj2nid(digest_id) == NID_sha256 &&
         OBJ_obj2nid(signature_id) == NID_ecdsa_with_SHA256 &&
         CMS_signed_get_attr_count(signer) > 0;
}

// Everything that DER says of a message but for what is random in it: each tag and length, and the
// values of all but octet strings, sealed content and keys. Of two messages of one size to one
// recipient it is the same, or one of them is of another form: with another algorithm, a shorter
// tag, something added where no seal reaches. `der` has been read by OpenSSL and written again.
bool AddForm(absl::string_view der, int depth, std::string* out) {
  constexpr int kDeepest = 16;
  while (!der.empty()) {
    const unsigned char* at = internal::Data(der);
    long size = 0;
    int tag = 0, kind = 0;
    const int how = ASN1_get_object(&at, &size, &tag, &kind, static_cast<long>(der.size()));
    if ((how & 0x80) != 0 || depth > kDeepest) return false;
    const size_t head = static_cast<size_t>(at - internal::Data(der));
    const absl::string_view value = der.substr(head, static_cast<size_t>(size));
    out->append(der.data(), head);
    if ((how & V_ASN1_CONSTRUCTED) != 0) {
      if (!AddForm(value, depth + 1, out)) return false;
    } else if (kind == V_ASN1_UNIVERSAL && tag == V_ASN1_BIT_STRING) {
      out->append(value.substr(0, 1).data(), value.empty() ? 0 : 1);
    } else if (kind == V_ASN1_UNIVERSAL && tag != V_ASN1_OCTET_STRING) {
      out->append(value.data(), value.size());
    }
    der.remove_prefix(head + value.size());
  }
  return true;
}
bool OneForm(absl::string_view a, absl::string_view b) {
  std::string form_a, form_b;
  return AddForm(a, 0, &form_a) && AddForm(b, 0, &form_b) && form_a == form_b;
}

// The one recipient that Seal names.
CMS_RecipientInfo* OnlyRecipient(CMS_ContentInfo* cms) {
  STACK_OF(CMS_RecipientInfo)* all = CMS_get0_RecipientInfos(cms);
  if (all == nullptr || sk_CMS_RecipientInfo_num(all) != 1) return nullptr;
  CMS_RecipientInfo* info = sk_CMS_RecipientInfo_value(all, 0);
  if (CMS_RecipientInfo_type(info) != CMS_RECIPINFO_AGREE) return nullptr;
  STACK_OF(CMS_RecipientEncryptedKey)* keys = CMS_RecipientInfo_kari_get0_reks(info);
  return keys != nullptr && sk_CMS_RecipientEncryptedKey_num(keys) == 1 ? info : nullptr;
}
bool IsFor(CMS_RecipientInfo* info, X509* certificate) {
  STACK_OF(CMS_RecipientEncryptedKey)* keys = CMS_RecipientInfo_kari_get0_reks(info);
  return CMS_RecipientEncryptedKey_cert_cmp(sk_CMS_RecipientEncryptedKey_value(keys, 0),
                                            certificate) == 0;
}

}  // namespace

absl::StatusOr<Certificate> Certificate::FromPem(absl::string_view pem) {
  const Handle<BIO> in = Reader(pem);
  std::unique_ptr<X509, CmsFree> x509(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  if (x509 == nullptr || !OnP256(X509_get0_pubkey(x509.get()))) {
    return Failed(absl::StatusCode::kInvalidArgument,
                  "not a certificate in PEM with an EC key on P-256");
  }
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509.get(), &der);
  if (size <= 0) return Broken();
  std::string fingerprint = HexEncode(
      Sha256(absl::string_view(reinterpret_cast<const char*>(der), static_cast<size_t>(size))));
  OPENSSL_free(der);
  return Certificate(std::shared_ptr<X509>(x509.release(), X509_free), std::move(fingerprint));
}

absl::StatusOr<Correspondent> Correspondent::FromPem(absl::string_view certificate_pem,
                                                     absl::string_view key_pem) {
  absl::StatusOr<Certificate> certificate = Certificate::FromPem(certificate_pem);
  if (!certificate.ok()) return certificate.status();
  const Handle<BIO> in = Reader(key_pem);
  const auto no_password = [](char*, int, int, void*) { return -1; };
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr),
                                EVP_PKEY_free);
  if (key == nullptr || !OnP256(key.get()) ||
      X509_check_private_key(certificate->x509_.get(), key.get()) != 1) {
    return Failed(absl::StatusCode::kInvalidArgument,
                  "the private key (PEM, no password) is not that of the certificate");
  }
  return Correspondent(*std::move(certificate), std::move(key));
}

absl::StatusOr<std::string> Envelope::Sign(const Correspondent& by, absl::string_view content) {
  constexpr unsigned kFlags = CMS_BINARY | CMS_NOCERTS | CMS_NOSMIMECAP;
  const Handle<BIO> in = Reader(content);
  const Cms cms(CMS_sign(nullptr, nullptr, nullptr, in.get(), kFlags | CMS_PARTIAL));
  if (cms == nullptr ||
      CMS_add1_signer(cms.get(), by.certificate_.x509_.get(), by.key_.get(), EVP_sha256(),
                      kFlags) == nullptr ||
      CMS_final(cms.get(), in.get(), nullptr, kFlags) != 1) {
    return Broken();
  }
  return ToDer(cms.get());
}

absl::StatusOr<Envelope::Verified> Envelope::Verify(const std::vector<Certificate>& known,
                                                    absl::string_view message) {
  absl::StatusOr<Cms> cms = FromDer(message, NID_pkcs7_signed);
  if (!cms.ok()) return cms.status();
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms->get());
  if (OBJ_obj2nid(CMS_get0_eContentType(cms->get())) != NID_pkcs7_data || signers == nullptr ||
      sk_CMS_SignerInfo_num(signers) != 1) {
    return Damaged();
  }
  CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, 0);
  if (!AsWeSign(signer)) return Damaged();
  Verified out;
  while (out.signer < known.size() &&
         CMS_SignerInfo_cert_cmp(signer, known[out.signer].x509_.get()) != 0) {
    ++out.signer;
  }
  if (out.signer == known.size()) {
    return Failed(absl::StatusCode::kUnauthenticated, "signed by nobody who is known");
  }
  STACK_OF(X509)* only = sk_X509_new_null();
  internal::RequireOpenSsl(only != nullptr && sk_X509_push(only, known[out.signer].x509_.get()) > 0,
                           "memory");
  const Handle<BIO> content = Writer();
  const int good = CMS_verify(cms->get(), only, nullptr, nullptr, content.get(),
                              CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY);
  sk_X509_free(only);
  if (good != 1) return Damaged();
  out.content = Written(content.get());
  return out;
}

absl::StatusOr<std::string> Envelope::Seal(const Certificate& recipient,
                                           absl::string_view content) {
  const Handle<BIO> in = Reader(content);
  const Cms cms(CMS_encrypt(nullptr, in.get(), EVP_aes_256_gcm(), CMS_BINARY | CMS_PARTIAL));
  if (cms == nullptr) return Broken();
  CMS_RecipientInfo* info =
      CMS_add1_recipient_cert(cms.get(), recipient.x509_.get(), CMS_KEY_PARAM);
  EVP_PKEY_CTX* agreement = info == nullptr ? nullptr : CMS_RecipientInfo_get0_pkey_ctx(info);
  if (agreement == nullptr || EVP_PKEY_CTX_set_ecdh_kdf_md(agreement, EVP_sha256()) != 1 ||
      CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY) != 1) {
    return Broken();
  }
  return ToDer(cms.get());
}

absl::StatusOr<std::string> Envelope::Open(const Correspondent& recipient,
                                           absl::string_view message) {
  absl::StatusOr<Cms> cms = FromDer(message, NID_id_smime_ct_authEnvelopedData);
  if (!cms.ok()) return cms.status();
  CMS_RecipientInfo* info = OnlyRecipient(cms->get());
  if (info == nullptr) return Damaged();
  X509* own = recipient.certificate_.x509_.get();
  if (!IsFor(info, own)) {
    return Failed(absl::StatusCode::kPermissionDenied, "sealed to another recipient");
  }
  // What is written before the tag is checked is thrown away with it.
  const Handle<BIO> content = Writer();
  if (CMS_decrypt(cms->get(), recipient.key_.get(), own, nullptr, content.get(), CMS_BINARY) != 1) {
    return Damaged();
  }
  std::string opened = Written(content.get());
  const absl::StatusOr<std::string> ours = Seal(recipient.certificate_, opened);
  if (!ours.ok() || !OneForm(*ours, message)) return Damaged();
  return opened;
}

}  // namespace knooppunt::crypto
