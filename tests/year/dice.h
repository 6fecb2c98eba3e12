// Drawing from a seed: the same seed gives the same draws on any machine. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_YEAR_DICE_H_
#define KNOOPPUNT_TESTS_YEAR_DICE_H_

#include <cstdint>
#include <iterator>
#include <random>

namespace knooppunt::year {

class Dice {
 public:
  explicit Dice(uint32_t seed) : random_(seed * 2654435761U + 1) {}
  // 0 up to and without `n`. std::uniform_int_distribution differs between libraries.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() >> 8U) % n; }
  int Between(int low, int high) { return low + static_cast<int>(Below(high - low + 1)); }
  bool Chance(int percent) { return static_cast<int>(Below(100)) < percent; }
  template <typename List>
  auto& Pick(List& list) {
    return list[Below(static_cast<uint32_t>(std::size(list)))];
  }

 private:
  std::mt19937 random_;
};

}  // namespace knooppunt::year

#endif  // KNOOPPUNT_TESTS_YEAR_DICE_H_
