#include "security/identity/json.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace knooppunt::identity {
namespace {

TEST(R17Json, TwinsTailsAndJunkAreRefused) {
  for (const std::string& text :
       {std::string(R"({"a":1,"a":2})"), std::string(R"({"o":{"b":1,"b":1}})"),
        std::string(R"({"a":1}x)"), std::string(R"({"a":1}{})"), std::string("[]"),
        std::string("\"a\""), std::string("{"), std::string(), std::string("{\"a\":\"\xff\"}"),
        std::string("{\"a\":\"x\0y\"}", 11), std::string(R"({"a":"\u0000"})"),
        std::string(R"({'a':1})"), std::string(R"({"a":01})"), std::string(R"({"a":NaN})"),
        std::string(10'000, '[')}) {
    EXPECT_FALSE(JsonObject::Parse(text, 100'000).ok()) << text.substr(0, 40);
  }
  EXPECT_TRUE(JsonObject::Parse(R"({"a":"12345"})", 13).ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":"12345"})", 12).ok());
}

TEST(R17Json, EachReaderTakesItsTypeAndNoOther) {
  const auto json = JsonObject::Parse(
      R"({"s":"t","n":7,"f":7.9,"neg":-1,"big":1e300,"list":["a","b"],"mixed":["a",1],"null":null,
          "objects":[{"x":"y"}]})",
      1000);
  ASSERT_TRUE(json.ok());
  std::string s = "as it was";
  EXPECT_TRUE(json->Read("absent", &s));
  EXPECT_EQ(s, "as it was");
  EXPECT_TRUE(json->Read("s", &s));
  EXPECT_EQ(s, "t");
  EXPECT_FALSE(json->Read("n", &s));
  EXPECT_FALSE(json->Read("null", &s));
  int64_t t = 0;
  EXPECT_TRUE(json->ReadSeconds("n", &t));
  EXPECT_EQ(t, 7);
  EXPECT_TRUE(json->ReadSeconds("f", &t));
  EXPECT_EQ(t, 7);
  for (const char* name : {"s", "neg", "big", "null"}) EXPECT_FALSE(json->ReadSeconds(name, &t));
  std::vector<std::string> list;
  EXPECT_TRUE(json->ReadStrings("list", 2, &list));
  EXPECT_EQ(list, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(json->ReadStrings("list", 1, &list));
  EXPECT_FALSE(json->ReadStrings("mixed", 9, &list));
  EXPECT_FALSE(json->ReadStrings("s", 9, &list));
  EXPECT_TRUE(json->ReadStringOrStrings("s", 9, &list));
  EXPECT_EQ(list, std::vector<std::string>{"t"});
  std::vector<JsonObject> objects;
  EXPECT_FALSE(json->ReadObjects("list", 9, &objects));
  ASSERT_TRUE(json->ReadObjects("objects", 9, &objects));
  ASSERT_EQ(objects.size(), 1);
  EXPECT_TRUE(objects[0].Read("x", &s));
  EXPECT_EQ(s, "y");
}

}  // namespace
}  // namespace knooppunt::identity
