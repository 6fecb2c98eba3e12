#include "services/worklist/digest.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::worklist {
namespace {

// In the order in which they are told.
enum Heading {
  kLateSteps,
  kLateAnswers,
  kSteps,
  kAnswers,
  kInvitations,
  kMeetingInvitations,
  kOffered,
  kLateRequests,
  kRequests,
  kMeetings,
  kSign,
  kLapses,
  kTasks,
  kFresh,
  kHeadings
};
constexpr absl::string_view kHeadingText[kHeadings] = {
    "Afspraken die te laat zijn",
    "Bevestigingen en beslissingen die te laat zijn",
    "Afspraken om te doen",
    "Om te bevestigen of over te beslissen",
    "Uitnodigingen om aan tafel te komen",
    "Uitnodigingen voor een overleg om te beantwoorden",
    "Overdrachten die u worden aangeboden",
    "AVG-verzoeken waarvan de termijn voorbij is",
    "AVG-verzoeken om te beantwoorden",
    "Overleggen in de komende twee weken",
    "Toestemmingen om te tekenen of te weigeren",
    "Toestemmingen die binnenkort aflopen",
    "Andere taken",
    "Nieuwe berichten",
};
constexpr absl::string_view kLinkText = "Log in bij het knooppunt om te zien waar het om gaat.";
constexpr absl::string_view kWhy =
    "In dit bericht staan alleen aantallen: het is een gewone e-mail, en die is niet geheim.";

Heading HeadingOf(const v1::Entry& e) {
  switch (e.kind()) {
    case v1::ENTRY_KIND_STEP:
      return e.overdue() ? kLateSteps : kSteps;
    case v1::ENTRY_KIND_PROPOSAL:
    case v1::ENTRY_KIND_REACTION:
    case v1::ENTRY_KIND_OUTCOME:
      return e.overdue() ? kLateAnswers : kAnswers;
    case v1::ENTRY_KIND_MEETING:
      return kMeetings;
    case v1::ENTRY_KIND_INVITATION:
      return kInvitations;
    case v1::ENTRY_KIND_MEETING_INVITATION:
      return kMeetingInvitations;
    case v1::ENTRY_KIND_OFFERED:
      return kOffered;
    case v1::ENTRY_KIND_REQUEST:
      return e.overdue() ? kLateRequests : kRequests;
    case v1::ENTRY_KIND_SIGN:
      return kSign;
    case v1::ENTRY_KIND_LAPSE:
      return kLapses;
    default:
      return kTasks;
  }
}

}  // namespace

v1::Digest MakeDigest(const DigestInput& input) {
  int counts[kHeadings] = {};
  for (const v1::Entry& e : input.entries) {
    if (e.kind() == v1::ENTRY_KIND_MEETING && e.due_date() >= input.meetings_before) continue;
    ++counts[HeadingOf(e)];
  }
  counts[kFresh] = input.fresh;
  v1::Digest out;
  std::string text = "Er staat iets voor u klaar in het knooppunt:\n\n";
  for (int h = 0; h < kHeadings; ++h) {
    if (counts[h] == 0) continue;
    v1::DigestCount* count = out.add_counts();
    count->set_heading_nl(std::string(kHeadingText[h]));
    count->set_count(counts[h]);
    absl::StrAppend(&text, "- ", kHeadingText[h], ": ", counts[h], "\n");
  }
  out.set_empty(out.counts().empty());
  if (out.empty()) return out;
  absl::StrAppend(&text, "\n", kLinkText, "\n\n", kWhy, "\n");
  out.set_text_nl(std::move(text));
  out.set_link_text_nl(std::string(kLinkText));
  return out;
}

}  // namespace knooppunt::worklist
