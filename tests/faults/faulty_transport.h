// Stands between two units and fails what a test says. Thread-safe.
#ifndef KNOOPPUNT_TESTS_FAULTS_FAULTY_TRANSPORT_H_
#define KNOOPPUNT_TESTS_FAULTS_FAULTY_TRANSPORT_H_

#include <memory>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "base/mutex.h"
#include "clients/cpp/transport.h"
#include "services/server/process.h"

namespace knooppunt::faults {

// What does not get through: calls of methods whose name holds such a word.
class Outage {
 public:
  void Break(const std::string& word) {
    base::MutexLock lock(mu_);
    broken_.insert(word);
  }
  void Mend() {
    base::MutexLock lock(mu_);
    broken_.clear();
  }
  bool Breaks(const std::string& method) {
    base::MutexLock lock(mu_);
    for (const std::string& word : broken_) {
      if (absl::StrContains(method, word)) {
        ++failed_;
        tried_.NotifyAll();
        return true;
      }
    }
    return false;
  }
  // Until another call has failed.
  void AwaitFailure() {
    base::MutexLock lock(mu_);
    const int before = failed_;
    while (failed_ == before) tried_.Wait(mu_);
  }

  // For server::Process::Options. The outage must outlive the process.
  server::Process::Options::Between Between();

 private:
  base::Mutex mu_;
  base::CondVar tried_;
  std::set<std::string> broken_ ABSL_GUARDED_BY(mu_);
  int failed_ ABSL_GUARDED_BY(mu_) = 0;
};

class FaultyTransport final : public client::Transport {
 public:
  FaultyTransport(Outage* outage, client::Transport* way) : outage_(outage), way_(way) {}
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response,
                    const client::CallOptions& options) override {
    if (outage_->Breaks(method)) return absl::UnavailableError("broken by the test");
    return way_->Call(method, request, response, options);
  }

 private:
  Outage* const outage_;
  client::Transport* const way_;
};

inline server::Process::Options::Between Outage::Between() {
  return [this](const std::string&, const std::string&, client::Transport* way) {
    return std::make_unique<FaultyTransport>(this, way);
  };
}

}  // namespace knooppunt::faults

#endif  // KNOOPPUNT_TESTS_FAULTS_FAULTY_TRANSPORT_H_
