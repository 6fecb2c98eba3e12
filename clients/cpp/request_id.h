// Request ids (AIP-155): one for each act, kept when the act is sent again. Thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CPP_REQUEST_ID_H_
#define KNOOPPUNT_CLIENTS_CPP_REQUEST_ID_H_

#include <string>

namespace knooppunt::client {

// A random UUID (RFC 9562, version 4) from the operating system's generator, which other
// callers cannot guess. Ends the process when that source fails: no caller could go on.
std::string NewRequestId();

}  // namespace knooppunt::client

#endif  // KNOOPPUNT_CLIENTS_CPP_REQUEST_ID_H_
