// The caps of login: they bound what is taken from strangers and from providers, and how often a
// provider is asked. The rest stands in base/limits.h.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_LIMITS_H_
#define KNOOPPUNT_SECURITY_IDENTITY_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace knooppunt::identity {

inline constexpr size_t kMaxIdTokenBytes = 16 << 10;  // some providers put groups in
inline constexpr size_t kMaxKeyIdBytes = 256;
inline constexpr size_t kMaxSubjectBytes = 255;  // OpenID Connect Core 1.0, section 2
inline constexpr size_t kMaxClaimValues = 64;    // audiences, methods
// A login is fresh: an older id token is not exchanged, however long its provider lets it live.
inline constexpr int kMaxIdTokenAgeSeconds = 3600;

inline constexpr size_t kMaxKeySetBytes = 256 << 10;
inline constexpr size_t kMaxKeysPerSet = 100;
inline constexpr int kMinRsaBits = 2048;  // RFC 7518, section 3.3
inline constexpr int kMaxRsaBits = 8192;

// Keys are asked for anew after this long, and not used after the second even when the provider
// does not answer: so long does a key live that its provider took back.
inline constexpr int kKeySetRefreshSeconds = 300;
inline constexpr int kKeySetMaxAgeSeconds = 3600;
// Unknown key ids make us ask, so strangers can: this many times at once, then one more for each
// interval that passes.
inline constexpr int kKeySetFetchBurst = 3;
inline constexpr int kKeySetFetchIntervalSeconds = 10;
inline constexpr int kKeySetFetchTimeoutSeconds = 5;
inline constexpr int kMaxKeySetWaiters = 8;  // of the executor's threads, for the first answer

inline constexpr size_t kMaxHttpAnswerBytes = 1 << 20;
inline constexpr int kMaxHttpTimeoutSeconds = 30;

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_LIMITS_H_
