#include "services/plan/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "services/plan/errors.h"

namespace knooppunt::plan {
namespace {

// A4 in points, and where text may stand.
constexpr double kPageWidth = 595.28;
constexpr double kPageHeight = 841.89;
constexpr double kMargin = 56;
constexpr double kFootHeight = 28;
constexpr double kTextWidth = kPageWidth - 2 * kMargin;
constexpr double kTextBottom = kPageHeight - kMargin - kFootHeight;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
struct FreeDescription {
  void operator()(PangoFontDescription* d) const { pango_font_description_free(d); }
};
struct FreeIterator {
  void operator()(PangoLayoutIter* i) const { pango_layout_iter_free(i); }
};
struct DestroySurface {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
struct DestroyContext {
  void operator()(cairo_t* c) const { cairo_destroy(c); }
};
using FontMap = std::unique_ptr<PangoFontMap, Unref>;
using Context = std::unique_ptr<PangoContext, Unref>;
using Layout = std::unique_ptr<PangoLayout, Unref>;
using Description = std::unique_ptr<PangoFontDescription, FreeDescription>;
using Iterator = std::unique_ptr<PangoLayoutIter, FreeIterator>;
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Canvas = std::unique_ptr<cairo_t, DestroyContext>;

struct Style {
  double size = 10.5;  // points
  bool bold = false;
  bool italic = false;
  double indent = 0;
  double before = 0;        // room above
  double keep_with = 0;     // room that must be left below it on the page
  bool in_outline = false;  // a heading: in the reader's list of contents
};

constexpr Style kTitle = {.size = 20, .bold = true};
constexpr Style kHeading2 = {
    .size = 15, .bold = true, .before = 20, .keep_with = 60, .in_outline = true};
constexpr Style kHeading3 = {.size = 12.5, .bold = true, .before = 14, .keep_with = 48};
constexpr Style kEntryTitle = {.size = 11, .bold = true, .before = 10, .keep_with = 30};
constexpr Style kBody = {.before = 4};
constexpr Style kQuote = {.size = 11.5, .italic = true, .indent = 14, .before = 3};
constexpr Style kLabel = {.size = 9.5, .bold = true, .indent = 14, .before = 4, .keep_with = 14};
constexpr Style kLine = {.indent = 14, .before = 1};

struct Paragraph {
  Layout layout;
  Style style;
  std::string text;
};

// A line of a paragraph and where its baseline stands.
struct Placed {
  PangoLayoutLine* line = nullptr;  // owned by the paragraph's layout
  double x = 0;
  double baseline = 0;
  const Paragraph* begins = nullptr;  // the paragraph, for its first line
};
using Page = std::vector<Placed>;

class Typesetter {
 public:
  explicit Typesetter(PangoContext* context) : context_(context) {}

  void Add(const Style& style, const std::string& text) {
    if (text.empty()) return;
    Layout layout(pango_layout_new(context_));
    const Description font(pango_font_description_from_string("DejaVu Sans"));
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    if (style.italic) pango_font_description_set_style(font.get(), PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(),
                           static_cast<int>((kTextWidth - style.indent) * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    paragraphs_.push_back({std::move(layout), style, text});
  }

  // The lines of all paragraphs over as many pages as they need.
  std::vector<Page> Pages() const {
    std::vector<Page> pages(1);
    double y = kMargin;
    for (const Paragraph& p : paragraphs_) {
      if (!pages.back().empty()) y += p.style.before;
      if (y + p.style.size + p.style.keep_with > kTextBottom) NextPage(&pages, &y);
      Place(p, &pages, &y);
    }
    return pages;
  }

 private:
  static void NextPage(std::vector<Page>* pages, double* y) {
    if (pages->back().empty()) return;
    pages->emplace_back();
    *y = kMargin;
  }

  static void Place(const Paragraph& p, std::vector<Page>* pages, double* y) {
    const Iterator it(pango_layout_get_iter(p.layout.get()));
    bool first = true;
    do {
      PangoRectangle extents;
      pango_layout_iter_get_line_extents(it.get(), nullptr, &extents);
      const double height = static_cast<double>(extents.height) / PANGO_SCALE;
      const double rise =
          static_cast<double>(pango_layout_iter_get_baseline(it.get()) - extents.y) / PANGO_SCALE;
      if (*y + height > kTextBottom) NextPage(pages, y);
      pages->back().push_back({.line = pango_layout_iter_get_line_readonly(it.get()),
                               .x = kMargin + p.style.indent,
                               .baseline = *y + rise,
                               .begins = first ? &p : nullptr});
      *y += height;
      first = false;
    } while (pango_layout_iter_next_line(it.get()));
  }

  PangoContext* context_;
  std::vector<Paragraph> paragraphs_;
};

void AddBlock(const Block& block, Typesetter* out) {
  if (block.kind == Block::Kind::kText) {
    out->Add(kBody, block.text);
    return;
  }
  out->Add(kEntryTitle, block.title);
  out->Add(block.kind == Block::Kind::kQuote ? kQuote : kBody, block.text);
  for (const Line& line : block.lines) {
    out->Add(kLabel, line.label);
    out->Add(kLine, line.text);
  }
}

void AddDocument(const Document& document, Typesetter* out) {
  out->Add(kTitle, document.title);
  out->Add(kBody, document.made);
  out->Add(kBody, document.notice);
  for (const Section& section : document.sections) {
    out->Add(section.level == 2 ? kHeading2 : kHeading3, section.heading);
    for (const Block& block : section.blocks) AddBlock(block, out);
  }
}

void DrawFoot(PangoContext* context, cairo_t* canvas, const std::string& text) {
  const Layout foot(pango_layout_new(context));
  const Description font(pango_font_description_from_string("DejaVu Sans"));
  pango_font_description_set_absolute_size(font.get(), 8.5 * PANGO_SCALE);
  pango_layout_set_font_description(foot.get(), font.get());
  pango_layout_set_width(foot.get(), static_cast<int>(kTextWidth * PANGO_SCALE));
  pango_layout_set_text(foot.get(), text.data(), static_cast<int>(text.size()));
  cairo_move_to(canvas, kMargin, kTextBottom + 12);
  pango_cairo_show_layout(canvas, foot.get());
}

void DrawPage(const Page& page, int number, cairo_surface_t* surface, cairo_t* canvas) {
  for (const Placed& placed : page) {
    if (placed.begins != nullptr && placed.begins->style.in_outline) {
      cairo_pdf_surface_add_outline(surface, CAIRO_PDF_OUTLINE_ROOT, placed.begins->text.c_str(),
                                    absl::StrCat("page=", number).c_str(),
                                    static_cast<cairo_pdf_outline_flags_t>(0));
    }
    cairo_move_to(canvas, placed.x, placed.baseline);
    pango_cairo_show_layout_line(canvas, placed.line);
  }
}

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

bool HasFonts(PangoFontMap* map) {
  PangoFontFamily** families = nullptr;
  int count = 0;
  pango_font_map_list_families(map, &families, &count);
  g_free(families);
  return count > 0;
}

}  // namespace

absl::StatusOr<std::string> PdfOf(const Document& document) {
  const FontMap map(pango_cairo_font_map_new());
  if (map == nullptr || !HasFonts(map.get())) return errors::NoFonts();
  std::string out;
  Surface surface(cairo_pdf_surface_create_for_stream(Append, &out, kPageWidth, kPageHeight));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, document.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_SUBJECT, document.made.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Knooppunt");
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 base::FormatInstant(document.time).c_str());
  Canvas canvas(cairo_create(surface.get()));
  const Context context(pango_font_map_create_context(map.get()));
  pango_context_set_language(context.get(), pango_language_from_string("nl"));
  pango_cairo_update_context(canvas.get(), context.get());

  Typesetter typesetter(context.get());
  AddDocument(document, &typesetter);
  const std::vector<Page> pages = typesetter.Pages();
  for (size_t i = 0; i < pages.size(); ++i) {
    DrawPage(pages[i], static_cast<int>(i) + 1, surface.get(), canvas.get());
    DrawFoot(context.get(), canvas.get(),
             absl::StrCat("Gemaakt voor ", document.made_for, " op ", document.made_on,
                          ". Bladzijde ", i + 1, " van ", pages.size(), "."));
    cairo_show_page(canvas.get());
  }
  const bool drawn = cairo_status(canvas.get()) == CAIRO_STATUS_SUCCESS;
  canvas.reset();
  cairo_surface_finish(surface.get());
  if (!drawn || cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    return absl::InternalError("the document cannot be written as PDF");
  }
  return out;
}

}  // namespace knooppunt::plan
