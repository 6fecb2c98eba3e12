// Documents in the made-up world: adding one, with a word of its own in its title and in its
// content.
#ifndef KNOOPPUNT_TESTS_PROPERTY_DOCUMENTS_H_
#define KNOOPPUNT_TESTS_PROPERTY_DOCUMENTS_H_

#include <optional>

#include "tests/property/world.h"

namespace knooppunt::property {

// The thing that came of it, with its label as the answer has it; nothing when it was refused.
std::optional<Thing> AddDocument(World* world, const Family& f, const Caller& who,
                                 const common::v1::Label& label);

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_DOCUMENTS_H_
