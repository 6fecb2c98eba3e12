// A stream of one method: messages that come or go one by one, each of them a call of its own.
//
// Rule R13 and promise P3: each message is authenticated, decided with a permit of its own, and
// recorded before it goes out or is answered (R22, P5). What ended in the meantime, a consent or a
// session, ends the stream at its next message. Between messages nothing is held but the state of
// the handler, which has no key: no thread, no transaction, no permit (P6).
//
// Whoever carries the stream (the port, the direct transport) asks for the next step when the one
// before is done and its message has been taken: that is the backpressure, and the reason that no
// more than one message is in memory. Not thread-safe, but for `done`, which may come on any
// thread. One step at a time; the stream must live until it is done.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_STREAM_H_
#define KNOOPPUNT_SERVICES_RUNTIME_STREAM_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "services/runtime/host.h"
#include "services/runtime/host_call.h"

namespace knooppunt::runtime {

class Stream {
 public:
  using Message = google::protobuf::Message;

  Stream(Host* host, const Registry::Entry& entry, CallMeta meta, std::string subject);
  // Takes away what a stream of requests kept and did not finish.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Of a stream of answers: the next message into `response`. On OK the flow says what it is; the
  // stream is over after any other status.
  using Sent = std::function<void(absl::Status, Flow)>;
  void Next(std::shared_ptr<const Message> request, std::shared_ptr<Message> response, Sent done);

  // Of a stream of requests: one message has come. On OK, `answered` says that `response` is the
  // answer already (the act of this request_id was done before), else the next may come.
  using Taken = std::function<void(absl::Status, bool answered)>;
  void Take(std::shared_ptr<const Message> message, std::shared_ptr<Message> response, Taken done);
  // Of a stream of requests: the client sends no more. On OK `response` is the answer.
  void Finish(std::shared_ptr<Message> response, Host::Done done);

  absl::Time deadline() const { return meta_.deadline; }

 private:
  void Run(StreamPart::Kind kind, std::shared_ptr<const Message> request,
           std::shared_ptr<Message> response, Host::Done done);

  Host* const host_;
  const Registry::Entry& entry_;
  const CallMeta meta_;
  const std::string subject_;
  const std::shared_ptr<void> state_;
  std::shared_ptr<const Message> opening_;
  StreamPart part_;
  bool kept_ = false;
  bool finished_ = false;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_STREAM_H_
