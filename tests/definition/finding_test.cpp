#include "definition/finding.hpp"

#include <gtest/gtest.h>

namespace sallyport::definition {
namespace {

TEST(Finding, TheNearestWordIsGuessed) {
    std::vector<std::string> const words{"properties", "public", "plural", "relations"};
    EXPECT_EQ(closest("propertys", words), "properties");
    EXPECT_EQ(closest("porperties", words), "properties");
    EXPECT_EQ(closest("Public", words), "public");
    EXPECT_EQ(closest("plrual", words), "plural");
    EXPECT_EQ(closest("zebra", words), "");
    EXPECT_EQ(did_you_mean("relation", words), "did you mean \"relations\"?");
}

TEST(Finding, IsWrittenWithPlaceAndHint) {
    Finding finding{
        .kind = Finding::Kind::mistake, .file = "a.json", .line = 2, .column = 3, .text = "wrong", .hint = "right"};
    EXPECT_EQ(to_text(finding), "a.json:2:3: wrong\n  hint: right");
    finding.kind = Finding::Kind::note;
    finding.line = 0;
    finding.hint.clear();
    EXPECT_EQ(to_text(finding), "a.json: note: wrong");
}

TEST(Finding, FindingsComeInFileOrder) {
    Findings findings;
    findings.mistake({.file = "b", .line = 1, .column = 1}, "third", "do");
    findings.note({.file = "a", .line = 9, .column = 1}, "second");
    findings.mistake({.file = "a", .line = 2, .column = 5}, "first", "do");

    auto const found = findings.take();

    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].text, "first");
    EXPECT_EQ(found[1].text, "second");
    EXPECT_EQ(found[2].text, "third");
    EXPECT_TRUE(findings.take().empty());
}

}  // namespace
}  // namespace sallyport::definition
