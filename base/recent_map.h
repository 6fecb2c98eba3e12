// A map of what was used of late, of a bounded size: for caches. It has two halves. What is put in
// or found goes into the young one; when that is full it becomes the old one, and what nobody asked
// for since it became old goes. So the memory is bounded, what is in use stays, and nothing is done
// for all entries at once while a call waits.
//
// Not thread-safe: the owner's lock guards it. Values are destroyed when they go, which wipes a
// SecretBytes.
#ifndef KNOOPPUNT_BASE_RECENT_MAP_H_
#define KNOOPPUNT_BASE_RECENT_MAP_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace knooppunt::base {

template <typename V>
class RecentMap {
 public:
  // At most `most` entries, 2 or more.
  explicit RecentMap(size_t most) : half_(most / 2) {}

  // nullptr when it is not there. The pointer holds until the next call of any method.
  V* Find(absl::string_view key) {
    if (const auto young = young_.find(key); young != young_.end()) return &young->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return nullptr;
    auto node = old_.extract(old);
    MakeRoom();
    return &young_.insert(std::move(node)).position->second;
  }

  // In place of what `key` had.
  void Put(absl::string_view key, V value) {
    old_.erase(key);
    if (!young_.contains(key)) MakeRoom();
    young_.insert_or_assign(std::string(key), std::move(value));
  }

  void Erase(absl::string_view key) {
    young_.erase(key);
    old_.erase(key);
  }

  void Clear() {
    young_.clear();
    old_.clear();
  }

  size_t size() const { return young_.size() + old_.size(); }

 private:
  using Map = absl::flat_hash_map<std::string, V>;

  void MakeRoom() {
    if (young_.size() < half_) return;
    old_ = std::move(young_);
    young_ = Map();
  }

  const size_t half_;
  Map young_, old_;
};

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_RECENT_MAP_H_
