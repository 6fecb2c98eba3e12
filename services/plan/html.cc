#include "services/plan/html.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::plan {
namespace {

// Text of at least 4.5:1 on its ground (WCAG 2.2 AA), lines that can grow, and a printed page on
// which an item is not cut in two and the reader's name stands at the foot.
constexpr char kStyle[] = R"(
:root { color-scheme: light; }
body { font: 1.05rem/1.55 "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: #1a1a1a;
  background: #fff; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.9rem; line-height: 1.2; }
h2 { font-size: 1.4rem; margin-top: 2.4rem; border-bottom: 2px solid #154273; }
h3 { font-size: 1.15rem; margin-top: 1.8rem; }
h4, figure h3 { font-size: 1rem; margin: 0 0 .3rem; }
p, dd, blockquote { white-space: pre-line; overflow-wrap: anywhere; }
blockquote { margin: .3rem 0; padding: .2rem 0 .2rem 1rem; border-left: 4px solid #154273;
  font-size: 1.1rem; }
article, figure { margin: 1rem 0; padding: .8rem 1rem; border: 1px solid #767676;
  border-radius: .3rem; }
figcaption { font-size: .95rem; }
dl { margin: .5rem 0 0; }
dt { font-weight: 600; margin-top: .4rem; }
dd { margin: 0; }
.notice { border: 2px solid #154273; padding: .6rem 1rem; }
footer { margin-top: 3rem; border-top: 1px solid #767676; font-size: .9rem; }
@page { size: A4; margin: 2cm 2cm 2.4cm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 11pt; }
  nav { display: none; }
  h2, h3, h4 { break-after: avoid; }
  article, figure { break-inside: avoid; }
  footer { position: fixed; bottom: -1.6cm; left: 0; right: 0; border: 0; }
}
)";

std::string Element(absl::string_view tag, absl::string_view text) {
  return absl::StrCat("<", tag, ">", Escaped(text), "</", tag, ">\n");
}

std::string IdOf(size_t section) { return absl::StrCat("deel-", section + 1); }

void AddLines(const Block& block, std::string* out) {
  if (block.lines.empty()) return;
  absl::StrAppend(out, "<dl>\n");
  for (const Line& line : block.lines) {
    absl::StrAppend(out, Element("dt", line.label), Element("dd", line.text));
  }
  absl::StrAppend(out, "</dl>\n");
}

// `heading`: the tag of the block's own heading, one below that of its section.
void AddBlock(const Block& block, absl::string_view heading, std::string* out) {
  switch (block.kind) {
    case Block::Kind::kText:
      absl::StrAppend(out, Element("p", block.text));
      break;
    case Block::Kind::kQuote:
      absl::StrAppend(out, "<figure>\n", Element(heading, block.title),
                      Element("blockquote", block.text), "<figcaption>");
      for (const Line& line : block.lines) absl::StrAppend(out, Escaped(line.text));
      absl::StrAppend(out, "</figcaption>\n</figure>\n");
      break;
    case Block::Kind::kEntry:
      absl::StrAppend(out, "<article>\n", Element(heading, block.title), Element("p", block.text));
      AddLines(block, out);
      absl::StrAppend(out, "</article>\n");
      break;
  }
}

void AddContents(const Document& document, std::string* out) {
  absl::StrAppend(out, "<nav aria-label=\"Inhoud\">\n<ul>\n");
  for (size_t i = 0; i < document.sections.size(); ++i) {
    const Section& s = document.sections[i];
    if (s.level != 2) continue;
    absl::StrAppend(out, "<li><a href=\"#", IdOf(i), "\">", Escaped(s.heading), "</a></li>\n");
  }
  absl::StrAppend(out, "</ul>\n</nav>\n");
}

// A section of level 3 stands within the one of level 2 before it.
void AddSections(const Document& document, std::string* out) {
  bool open = false;
  for (size_t i = 0; i < document.sections.size(); ++i) {
    const Section& s = document.sections[i];
    if (s.level == 2) {
      if (open) absl::StrAppend(out, "</section>\n");
      open = true;
    }
    absl::StrAppend(out, "<section aria-labelledby=\"", IdOf(i), "\">\n<h", s.level, " id=\"",
                    IdOf(i), "\">", Escaped(s.heading), "</h", s.level, ">\n");
    for (const Block& block : s.blocks) AddBlock(block, absl::StrCat("h", s.level + 1), out);
    if (s.level != 2) absl::StrAppend(out, "</section>\n");
  }
  if (open) absl::StrAppend(out, "</section>\n");
}

}  // namespace

std::string Escaped(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        absl::StrAppend(&out, "&amp;");
        break;
      case '<':
        absl::StrAppend(&out, "&lt;");
        break;
      case '>':
        absl::StrAppend(&out, "&gt;");
        break;
      case '"':
        absl::StrAppend(&out, "&quot;");
        break;
      case '\'':
        absl::StrAppend(&out, "&#39;");
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string HtmlOf(const Document& document) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n";
  absl::StrAppend(&out,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'\">\n",
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                  "<meta name=\"robots\" content=\"noindex\">\n", Element("title", document.title),
                  "<style>", kStyle, "</style>\n</head>\n<body>\n");
  absl::StrAppend(&out, "<header>\n", Element("h1", document.title), Element("p", document.made),
                  "<p class=\"notice\">", Escaped(document.notice), "</p>\n</header>\n");
  AddContents(document, &out);
  absl::StrAppend(&out, "<main>\n");
  AddSections(document, &out);
  absl::StrAppend(
      &out, "</main>\n<footer>",
      Escaped(absl::StrCat("Gemaakt voor ", document.made_for, " op ", document.made_on, ".")),
      "</footer>\n</body>\n</html>\n");
  return out;
}

}  // namespace knooppunt::plan
