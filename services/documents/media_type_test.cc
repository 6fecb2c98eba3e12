#include "services/documents/media_type.h"

#include <vector>

#include "base/limits.h"
#include "base/status_testing.h"

namespace knooppunt::documents {
namespace {

// A packed file with these entries, stored as they are: what ODT and DOCX are underneath.
std::string Packed(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out;
  const auto number = [&](size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  };
  for (const auto& [name, content] : entries) {
    out += std::string("PK\x03\x04\x14\0\0\0\0\0", 10);
    number(0, 8);  // time and checksum: nobody looks
    number(content.size(), 4);
    number(content.size(), 4);
    number(name.size(), 2);
    number(0, 2);
    out += name + content;
  }
  return out;
}

std::string Docx() {
  return Packed({{"[Content_Types].xml", "<Types/>"},
                 {"_rels/.rels", "<Relationships/>"},
                 {"word/document.xml", "<document/>"},
                 {"word/styles.xml", "<styles/>"}});
}

struct Sample {
  const char* what;
  std::string content;
  std::string media_type;
  bool allowed;
};

TEST(MediaTypesTest, AreFoundInTheContent) {
  const std::vector<Sample> samples = {
      {"pdf", "%PDF-1.7\n%\xe2\xe3\n1 0 obj", "application/pdf", true},
      {"png", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\2\0\0\0", 29),
       "image/png", true},
      {"jpeg", std::string("\xff\xd8\xff\xe0\0\x10JFIF\0\1", 13), "image/jpeg", true},
      {"odt",
       Packed({{"mimetype", "application/vnd.oasis.opendocument.text"},
               {"content.xml", "<content/>"}}),
       "application/vnd.oasis.opendocument.text", true},
      {"docx", Docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
       true},
      {"a text", "Sem slaapt beter.\n", "text/plain", true},
      {"a list with commas", "naam,groep\nSem,8\n", "text/plain", true},
      {"something like JSON", "{\"naam\": \"Sem\"}\n", "text/plain", true},
      {"a page for a browser", "<!DOCTYPE html><html><body>", "text/html", false},
      {"a drawing that can hold a script",
       "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", "image/svg+xml", false},
      {"a script", "#!/bin/sh\nrm -rf /\n", "text/x-shellscript", false},
      {"a spreadsheet",
       Packed({{"[Content_Types].xml", "<Types/>"},
               {"_rels/.rels", "<Relationships/>"},
               {"xl/workbook.xml", "<workbook/>"},
               {"xl/styles.xml", "<styles/>"}}),
       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
  };
  MediaTypes types;
  for (const Sample& s : samples) {
    ASSERT_OK_AND_ASSIGN(const std::string found, types.Of(s.content));
    EXPECT_EQ(found, s.media_type) << s.what;
    EXPECT_EQ(IsAllowed(found), s.allowed) << s.what;
  }
}

TEST(MediaTypesTest, WhatIsNothingKnownIsNotAllowed) {
  MediaTypes types;
  for (const std::string& content :
       {std::string("MZ\x90\0\3\0\0\0", 8), std::string(1000, '\0'),
        std::string("\x7f"
                    "ELF\2\1\1",
                    7),
        Packed({{"hallo.txt", "hallo"}}), std::string("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8)}) {
    ASSERT_OK_AND_ASSIGN(const std::string found, types.Of(content));
    EXPECT_FALSE(IsAllowed(found)) << found;
  }
  EXPECT_FALSE(IsAllowed(""));
  EXPECT_FALSE(IsAllowed("application/pdf; charset=binary"));
  EXPECT_FALSE(IsAllowed("APPLICATION/PDF"));
}

TEST(MediaTypesTest, LooksAtNoMoreThanTheBeginning) {
  MediaTypes types;
  std::string content(2 * limits::kStreamChunkBytes, 'x');
  content.back() = '\0';
  ASSERT_OK_AND_ASSIGN(const std::string found, types.Of(content));
  EXPECT_EQ(found, "text/plain");
}

bool IsText(const std::string& text) {
  TextCheck check;
  return check.Add(text) && check.Complete();
}

TEST(TextCheckTest, TextIsUtf8WithoutControlCharacters) {
  for (const std::string& text :
       {std::string(), std::string("Zoë en Sören\r\n\tén de €"),
        std::string("\xef\xbb\xbf"
                    "met BOM"),
        std::string("\xf0\x9f\x99\x82"), std::string("\xf4\x8f\xbf\xbf")}) {
    EXPECT_TRUE(IsText(text)) << text;
  }
  for (const std::string& text :
       {std::string("nul \0", 5), std::string("\x1b[31m"), std::string("\x7f"),
        std::string("caf\xe9"), std::string("\xc0\xaf"), std::string("\xe0\x80\xaf"),
        std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80"),
        std::string("\xf8\x88\x80\x80"), std::string("\x80"), std::string("half \xe2\x82")}) {
    EXPECT_FALSE(IsText(text)) << text;
  }
}

TEST(TextCheckTest, ACharacterMayBeCutBetweenParts) {
  const std::string text = "prijs: € 5, en \xf0\x9f\x99\x82";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    TextCheck check;
    EXPECT_TRUE(check.Add(text.substr(0, cut)));
    EXPECT_TRUE(check.Add(text.substr(cut)));
    EXPECT_TRUE(check.Complete());
  }
  TextCheck broken;
  EXPECT_TRUE(broken.Add("\xe2\x82"));
  EXPECT_FALSE(broken.Add("x"));
}

}  // namespace
}  // namespace knooppunt::documents
