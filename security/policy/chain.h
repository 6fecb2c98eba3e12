// The chain of R19, whole: person, organisation, function, place at the table, mandate, consent,
// ground, policy rule. The engine gives the links on which a decision fell; this adds the
// others, each as it is found, so that an explanation shows what holds beside what lacks. Pure;
// thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_CHAIN_H_
#define KNOOPPUNT_SECURITY_POLICY_CHAIN_H_

#include "security/policy/engine.h"

namespace knooppunt::policy {

// What the decision found on its way.
struct ChainContext {
  const access::v1::CaseFact* case_fact = nullptr;
  const access::v1::Seat* seat = nullptr;          // the caller's, invited or joined
  bool once = false;                               // the caller had a seat, now or before
  const access::v1::PersonFact* person = nullptr;  // the caller, as one of the family
};

// Completes outcome->chain and puts it in the order of R19. Who is a stranger to the family gets
// one constant link, whatever there is (R18, R19).
void CompleteChain(const Table& table, const World& world, const Question& question,
                   const ChainContext& context, Outcome* outcome);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_CHAIN_H_
