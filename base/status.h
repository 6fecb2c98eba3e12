// Status macros: early return on error. Thread-safe (no state).
#ifndef KNOOPPUNT_BASE_STATUS_H_
#define KNOOPPUNT_BASE_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns the status of `expr` from the enclosing function unless it is OK.
#define KP_RETURN_IF_ERROR(expr)                                               \
  do {                                                                         \
    if (absl::Status kp_status_ = (expr); !kp_status_.ok()) return kp_status_; \
  } while (false)

#define KP_STATUS_CONCAT_INNER_(a, b) a##b
#define KP_STATUS_CONCAT_(a, b) KP_STATUS_CONCAT_INNER_(a, b)

// Declares or assigns `lhs` from a StatusOr, or returns its status.
#define KP_ASSIGN_OR_RETURN(lhs, expr) \
  KP_ASSIGN_OR_RETURN_IMPL_(KP_STATUS_CONCAT_(kp_statusor_, __LINE__), lhs, expr)
#define KP_ASSIGN_OR_RETURN_IMPL_(tmp, lhs, expr) \
  auto tmp = (expr);                              \
  if (!tmp.ok()) return std::move(tmp).status();  \
  lhs = *std::move(tmp)

#endif  // KNOOPPUNT_BASE_STATUS_H_
